package queue

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOverloadTable(t *testing.T) {
	for _, row := range []struct {
		rho, deadline, dropped, lifo float64
		digits                       int // printed of lifo
	}{
		{1.5, 10, 0.334334545978, 0.959564576, 9},
		{1.5, 2, 0, 0.7727491194, 10},
		{1.2, 5, 0.223855421877, 0.8266253466, 10},
		{0.8, 4, 0.100911933035, 0.6604431106, 10},
	} {
		g, err := Overload{row.rho, 1, row.deadline}.Solve()
		require.NoError(t, err)
		if row.dropped > 0 {
			near(t, row.dropped, 1-g.Expire/row.rho, 12)
		}
		near(t, row.lifo, g.LIFO, row.digits)
		fifo := row.rho * (1 - row.rho*math.Exp(-(1-row.rho)*row.deadline))
		if row.rho >= 1 {
			fifo = 0
		}
		assert.InDelta(t, fifo, g.FIFO, 1e-14)
		faster, err := Overload{row.rho * 7, 7, row.deadline / 7}.Solve()
		require.NoError(t, err)
		near(t, g.LIFO*7, faster.LIFO, 13)
		near(t, g.Expire*7, faster.Expire, 13)
	}
}

// The busy period by quadrature of its density with Bessel functions at 40 digits.
func TestBusyPeriod(t *testing.T) {
	for _, row := range []struct{ rho, x, want float64 }{
		{1.5, 10, 0.63970971734204213},
		{1.5, 2, 0.51516607957950995},
		{1.2, 5, 0.6888544554858411},
		{0.8, 4, 0.78194236030541747},
		{1, 100, 0.94361633665605517},
		{0.99, 1000, 0.9866255309879226},
		{1.2, 0.5, 0.31477217880630923},
		{3, 50, 0.33333333333333191},
	} {
		near(t, row.want, busyWithin(row.rho, row.x), 14, row)
	}
	for _, rho := range []float64{1e-9, 0.5, 2, 1e9} { // it ends at all
		near(t, min(1, 1/rho), busyWithin(rho, 1e4/min(1, rho)/max(1, rho)*math.Max(1, rho)), 9, rho)
	}
}

// Edges: no deadline to speak of, none at all, and load 1 as the limit from both sides.
func TestOverloadEdges(t *testing.T) {
	g, err := Overload{0.8, 1, 0}.Solve()
	require.NoError(t, err)
	near(t, 0.8*0.2, g.FIFO, 13)
	near(t, 0.8*0.2, g.LIFO, 13)
	near(t, 0.8/1.8, g.Expire, 13) // M/M/1/1
	at := func(rho float64) Goodput {
		g, err := Overload{rho, 1, 7}.Solve()
		require.NoError(t, err)
		return g
	}
	one := at(1)
	near(t, 8./9, one.Expire, 13)
	for _, rho := range []float64{1 - 1e-9, 1 + 1e-9} {
		near(t, one.Expire, at(rho).Expire, 8)
		near(t, one.LIFO, at(rho).LIFO, 8)
	}
	g, err = Overload{0.5, 1, 2000}.Solve()
	require.NoError(t, err)
	near(t, 0.5, g.FIFO, 13)
	near(t, 0.5, g.LIFO, 13)
	near(t, 0.5, g.Expire, 13)
}

// Uniformization at 30 digits.
func TestTransientTable(t *testing.T) {
	for _, row := range []struct{ rho, t, want float64 }{
		{0.8, 1, 0.551551858273487},
		{0.8, 5, 1.46946082778554},
		{0.8, 10, 2.03028156357898},
		{0.8, 20, 2.64763492395767},
		{0.8, 200, 3.9629822772266426},
		{0.8, 600, 3.9998717361956465},
		{1, 10, 3.0906208373047067},
		{1.2, 10, 4.3742895024447687},
		{2.5, 7, 11.159368410657732},
		{0.3, 3, 0.33693267020804766},
	} {
		got, err := MM1{row.rho, 1}.MeanInSystemAt(row.t)
		require.NoError(t, err)
		near(t, row.want, got, 13, row)
		got, err = MM1{row.rho * 50, 50}.MeanInSystemAt(row.t / 50)
		require.NoError(t, err)
		near(t, row.want, got, 13, row)
	}
	got, err := MM1{0.8, 1}.MeanInSystemAt(1e6)
	require.NoError(t, err)
	near(t, 4, got, 13)
	before, err := MM1{0.8, 1}.MeanInSystemAt(60 / math.Pow(1-math.Sqrt(0.8), 2) * 0.999)
	require.NoError(t, err)
	near(t, 4, before, 12)
	got, err = MM1{1, 1}.MeanInSystemAt(1e6) // 2 sqrt(t/pi) - 1/2 + ...
	require.NoError(t, err)
	near(t, 2*math.Sqrt(1e6/math.Pi)-0.5, got, 6)
}

func TestBurstTable(t *testing.T) {
	for _, row := range []struct {
		b    Burst
		want Drain
	}{
		{Burst{200, 2000, 60, 500}, Drain{90_000, 300, 180, 90}},
		{Burst{100, 1000, 600, 300}, Drain{420_000, 2_100, 1_400, 700}},
		{Burst{50, 400, 120, 100}, Drain{36_000, 720, 360, 180}},
		{Burst{0, 1000, 10, 100}, Drain{9_000, 90, 90, 45}},
		{Burst{100, 400, 60, 500}, Drain{}},
		{Burst{500, 2000, 60, 500}, Drain{90_000, math.Inf(1), 180, 180}},
	} {
		got, err := row.b.Solve()
		require.NoError(t, err)
		assert.Equal(t, row.want, got, "%+v", row.b)
	}
	got, err := Burst{600, 600, 1, 500}.Solve()
	require.NoError(t, err)
	assert.True(t, math.IsInf(got.PeakBacklog, 1) && math.IsInf(got.Drain, 1))
}

func TestAttemptsTable(t *testing.T) {
	for _, row := range []struct {
		failure          float64
		maximum          int
		deliveries, dead float64
		digits           int
	}{
		{0.3, 3, 1.39, 0.027, 13},
		{0.5, 5, 1.9375, 0.03125, 13},
		{0.9, 10, 6.513215599, 0.3486784401, 10},
		{0, 4, 1, 0, 13},
		{1, 4, 4, 1, 13},
		{1e-9, 2, 1 + 1e-9, 1e-18, 13},
	} {
		deliveries, dead, err := Attempts(row.failure, row.maximum)
		require.NoError(t, err)
		near(t, row.deliveries, deliveries, row.digits)
		near(t, row.dead, dead, row.digits)
	}
	calls, err := Amplification(3, 3)
	require.NoError(t, err)
	near(t, 64, calls, 15)
}

func TestRetryStormTable(t *testing.T) {
	for _, row := range []struct{ arrival, seconds float64 }{{120, 33}, {130, 54.25}, {140, 118}, {145, 245.5}, {150, math.Inf(1)}, {280, math.Inf(1)}} {
		r, err := RetryStorm{row.arrival, 300, 1, 1, 10}.Solve()
		require.NoError(t, err)
		near(t, 150, r.Threshold, 15)
		near(t, 19*row.arrival, r.Backlog, 13)
		if math.IsInf(row.seconds, 1) {
			assert.True(t, math.IsInf(r.Seconds, 1))
			continue
		}
		near(t, row.seconds, r.Seconds, 13)
	}
	r, err := RetryStorm{100, 500, 2, 4, 10}.Solve()
	require.NoError(t, err)
	near(t, 100*(10+6+2), r.Backlog, 13)
	short, err := RetryStorm{280, 300, 1, 1, 0.5}.Solve()
	require.NoError(t, err)
	assert.Zero(t, short.Seconds, "nobody times out")
	for _, row := range []struct{ budget, limit float64 }{{0, 300}, {0.1, 272.727272727273}, {0.02, 294.117647058824}, {1, 150}} {
		limit, err := RetryThreshold(300, row.budget)
		require.NoError(t, err)
		near(t, row.limit, limit, 13)
	}
}

// AWS's example of a target for scaling on a queue: 1500 messages, 0.1 s each, 10 s of latency allowed.
func TestBacklogPerWorker(t *testing.T) {
	target, err := BacklogTarget(10, 0.1)
	require.NoError(t, err)
	near(t, 100, target, 15)
	workers, err := Workers(1500, target)
	require.NoError(t, err)
	near(t, 15, workers, 15)
	workers, err = Workers(1501, target)
	require.NoError(t, err)
	near(t, 16, workers, 15)
	workers, err = Workers(1, 0)
	require.NoError(t, err)
	assert.True(t, math.IsInf(workers, 1))
	l, err := Little(0.8, 5)
	require.NoError(t, err)
	near(t, 4, l, 15)
}
