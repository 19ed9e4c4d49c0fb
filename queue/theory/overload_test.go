package theory

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOverloadTable(t *testing.T) {
	dropped := theory("share dropped by an M/M/1 queue that throws out the late", "Barrer: (1 - rho) rho e^(-(1 - rho) D)/(1 - rho^2 e^(-(1 - rho) D)), D in services", "")
	lifo := theory("goodput under a deadline, last in, first out", "lambda (max(1 - rho, 0) + min(rho, 1) B(D)), B the law of a busy period", "/s")
	first := theory("goodput under a deadline, first in, first out", "lambda (1 - rho e^(-(mu - lambda) D)), 0 in overload", "/s")
	scaled := theory("goodput under a deadline, seven times as fast", "seven times that of times seven times as long", "/s")
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
		deadline := fmt.Sprintf("load %v, deadline %v s", row.rho, row.deadline)
		if row.dropped > 0 {
			digits(t, dropped, deadline, row.dropped, 1-g.Expire/row.rho, 12)
		}
		digits(t, lifo, deadline, row.lifo, g.LIFO, row.digits)
		fifo := row.rho * (1 - row.rho*math.Exp(-(1-row.rho)*row.deadline))
		if row.rho >= 1 {
			fifo = 0
		}
		first.Within(t, deadline, fifo, g.FIFO, 1e-14)
		faster, err := Overload{row.rho * 7, 7, row.deadline / 7}.Solve()
		require.NoError(t, err)
		digits(t, scaled, deadline+", last in, first out", g.LIFO*7, faster.LIFO, 13)
		digits(t, scaled, deadline+", late ones thrown out", g.Expire*7, faster.Expire, 13)
	}
}

// The busy period by quadrature of its density with Bessel functions at 40 digits.
func TestBusyPeriod(t *testing.T) {
	law := theory("share of busy periods of an M/M/1 queue that end in time", "quadrature of the density with Bessel functions, in 40 digits", "")
	ends := theory("share of busy periods of an M/M/1 queue that end at all", "min(1, 1/rho)", "")
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
		digits(t, law, fmt.Sprintf("load %v, within %v services", row.rho, row.x), row.want, busyWithin(row.rho, row.x), 14)
	}
	for _, rho := range []float64{1e-9, 0.5, 2, 1e9} { // it ends at all
		digits(t, ends, fmt.Sprintf("load %v", rho), min(1, 1/rho), busyWithin(rho, 1e4/min(1, rho)/max(1, rho)*math.Max(1, rho)), 9)
	}
}

// Edges: no deadline to speak of, none at all, and load 1 as the limit from both sides.
func TestOverloadEdges(t *testing.T) {
	edge := theory("goodput at the edges of a deadline", "lambda (1 - rho) if nobody may wait, M/M/1/1 if those who would are thrown out, the limit from both sides at load 1, lambda if all may wait", "/s")
	g, err := Overload{0.8, 1, 0}.Solve()
	require.NoError(t, err)
	digits(t, edge, "load 0.8, no time to wait, first in, first out", 0.8*0.2, g.FIFO, 13)
	digits(t, edge, "load 0.8, no time to wait, last in, first out", 0.8*0.2, g.LIFO, 13)
	digits(t, edge, "load 0.8, no time to wait, late ones thrown out: M/M/1/1", 0.8/1.8, g.Expire, 13)
	at := func(rho float64) Goodput {
		g, err := Overload{rho, 1, 7}.Solve()
		require.NoError(t, err)
		return g
	}
	one := at(1)
	digits(t, edge, "load 1, 7 s, late ones thrown out", 8./9, one.Expire, 13)
	for _, rho := range []float64{1 - 1e-9, 1 + 1e-9} {
		digits(t, edge, fmt.Sprintf("load %.10g, 7 s, late ones thrown out: as at load 1", rho), one.Expire, at(rho).Expire, 8)
		digits(t, edge, fmt.Sprintf("load %.10g, 7 s, last in, first out: as at load 1", rho), one.LIFO, at(rho).LIFO, 8)
	}
	g, err = Overload{0.5, 1, 2000}.Solve()
	require.NoError(t, err)
	digits(t, edge, "load 0.5, 2000 s, first in, first out", 0.5, g.FIFO, 13)
	digits(t, edge, "load 0.5, 2000 s, last in, first out", 0.5, g.LIFO, 13)
	digits(t, edge, "load 0.5, 2000 s, late ones thrown out", 0.5, g.Expire, 13)
}

// Uniformization at 30 digits.
func TestTransientTable(t *testing.T) {
	number := theory("mean number in an M/M/1 queue that began empty", "uniformization, in 30 digits", "")
	limit := theory("mean number in an M/M/1 queue long after it began empty", "rho/(1 - rho); at load 1: 2 sqrt(t/pi) - 1/2", "")
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
		got, err := MM1{row.rho, 1}.SystemMeanAt(row.t)
		require.NoError(t, err)
		at := fmt.Sprintf("load %v, after %v services", row.rho, row.t)
		digits(t, number, at, row.want, got, 13)
		got, err = MM1{row.rho * 50, 50}.SystemMeanAt(row.t / 50)
		require.NoError(t, err)
		digits(t, number, at+", 50 times as fast", row.want, got, 13)
	}
	got, err := MM1{0.8, 1}.SystemMeanAt(1e6)
	require.NoError(t, err)
	digits(t, limit, "load 0.8, after 1,000,000 services", 4, got, 13)
	before, err := MM1{0.8, 1}.SystemMeanAt(60 / math.Pow(1-math.Sqrt(0.8), 2) * 0.999)
	require.NoError(t, err)
	digits(t, limit, "load 0.8, after 60 relaxation times", 4, before, 12)
	got, err = MM1{1, 1}.SystemMeanAt(1e6) // 2 sqrt(t/pi) - 1/2 + ...
	require.NoError(t, err)
	digits(t, limit, "load 1, after 1,000,000 services", 2*math.Sqrt(1e6/math.Pi)-0.5, got, 6)
}

func TestBurstTable(t *testing.T) {
	const source = "fluid: peak (lambda_p - C) T, drained after peak/(C - lambda_0), oldest peak/C"
	backlog := theory("peak backlog of a burst", source, "")
	times := theory("times of a burst", source+", mean delay half of it if it drains", "s")
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
		burst := fmt.Sprintf("%v/s, %v/s for %v s, capacity %v/s", row.b.Base, row.b.Peak, row.b.Duration, row.b.Capacity)
		backlog.Within(t, burst, row.want.BacklogPeak, got.BacklogPeak, 0)
		times.Within(t, burst+", until it is drained", row.want.Drain, got.Drain, 0)
		times.Within(t, burst+", oldest message", row.want.AgeMax, got.AgeMax, 0)
		times.Within(t, burst+", mean delay", row.want.DelayMean, got.DelayMean, 0)
		assert.Equal(t, row.want, got, burst)
	}
	got, err := Burst{600, 600, 1, 500}.Solve()
	require.NoError(t, err)
	assert.True(t, math.IsInf(got.BacklogPeak, 1) && math.IsInf(got.Drain, 1))
}

func TestAttemptsTable(t *testing.T) {
	attempts := theory("mean deliveries of a message that may fail", "(1 - p^R)/(1 - p)", "")
	dead := theory("share of messages whose deliveries all fail", "p^R", "")
	amplified := theory("calls of a chain of services that all retry", "(1 + retries)^depth", "")
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
		deliveries, share := Attempts(row.failure, row.maximum)
		limit := fmt.Sprintf("p = %v, R = %d", row.failure, row.maximum)
		digits(t, attempts, limit, row.deliveries, deliveries, row.digits)
		digits(t, dead, limit, row.dead, share, row.digits)
	}
	digits(t, amplified, "3 retries, depth 3", 64, Amplification(3, 3), 15)
	digits(t, theory("mean number in any system", "Little: L = lambda W", ""), "0.8/s, 5 s", 4, Little(0.8, 5), 15)
}

func TestRetryStormTable(t *testing.T) {
	threshold := theory("load that recovers from any retry storm", "C/(1 + R), or C/(1 + budget)", "/s")
	backlog := theory("backlog after an outage with retries", "fluid: sum over k <= R of L (d - k tau)^+", "")
	recovery := theory("time to recover from a retry storm", "fluid: (backlog - C tau)/(C - (1 + R) L)", "s")
	for _, row := range []struct{ arrival, seconds float64 }{{120, 33}, {130, 54.25}, {140, 118}, {145, 245.5}, {150, math.Inf(1)}, {280, math.Inf(1)}} {
		r, err := RetryStorm{row.arrival, 300, 1, 1, 10}.Solve()
		require.NoError(t, err)
		storm := fmt.Sprintf("%v/s on 300/s, 1 retry after 1 s, outage of 10 s", row.arrival)
		digits(t, threshold, storm, 150, r.Threshold, 15)
		digits(t, backlog, storm, 19*row.arrival, r.Backlog, 13)
		if math.IsInf(row.seconds, 1) {
			assert.True(t, math.IsInf(r.Seconds, 1))
			continue
		}
		digits(t, recovery, storm, row.seconds, r.Seconds, 13)
	}
	r, err := RetryStorm{100, 500, 2, 4, 10}.Solve()
	require.NoError(t, err)
	digits(t, backlog, "100/s on 500/s, 2 retries after 4 s each, outage of 10 s", 100*(10+6+2), r.Backlog, 13)
	short, err := RetryStorm{280, 300, 1, 1, 0.5}.Solve()
	require.NoError(t, err)
	assert.Zero(t, short.Seconds, "nobody times out")
}
