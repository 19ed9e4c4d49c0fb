package theory

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The fuzzers take float64s as raw bits, so that NaN, infinities, denormals and -0 all come.

func FuzzTheory(f *testing.F) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 0, math.Copysign(0, -1), 5e-324, 1e12, 1e-12, -1, 0.8, 1} {
		f.Add(math.Float64bits(v), math.Float64bits(0.8), math.Float64bits(1), 3, 10)
		f.Add(math.Float64bits(0.8), math.Float64bits(v), math.Float64bits(0.5), 1, 1)
		f.Add(math.Float64bits(2.5), math.Float64bits(1), math.Float64bits(v), math.MaxInt64, -1)
	}
	f.Fuzz(func(t *testing.T, a, b, c uint64, n, k int) {
		checkSteady(t, math.Float64frombits(a), math.Float64frombits(b), math.Float64frombits(c), n, k)
		checkNumbers(t, math.Float64frombits(a), math.Float64frombits(b), math.Float64frombits(c), n, k)
	})
}

// solvers are all models with a steady state, from the same numbers.
func solvers(a, b, c float64, n, k int) map[string]interface{ Solve() (Steady, error) } {
	return map[string]interface{ Solve() (Steady, error) }{
		"MM1": MM1{a, b}, "MMc": MMc{a, b, n}, "MMInf": MMInf{a, b}, "MMcK": MMcK{a, b, n, k},
		"ErlangA": ErlangA{a, b, n, c}, "MG1": MG1{a, b, c}, "GGc": GGc{a, b, n, c, 1}, "MDc": MDc{a, b, n},
		"MD1K": MD1K{a, b, k}, "Feedback": Feedback{a, b, n, c}, "BatchArrivals": BatchArrivals{a, b, k},
		"BatchService": BatchService{a, b, k}, "GM1": GM1{exponentialGap{a}, b},
	}
}

// exponentialGap is the law of the gaps of Poisson arrivals, by its mean.
type exponentialGap struct{ mean float64 }

func (e exponentialGap) Mean() float64         { return e.mean }
func (e exponentialGap) LST(s float64) float64 { return 1 / (1 + s*e.mean) }

func checkSteady(t *testing.T, a, b, c float64, n, k int) {
	t.Helper()
	for name, q := range solvers(a, b, c, n, k) {
		s, err := q.Solve()
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig, name)
			assert.Zero(t, s, name)
			continue
		}
		checkInvariants(t, name, q, s)
	}
}

// checkInvariants are what holds for any steady state.
func checkInvariants(t *testing.T, name string, q any, s Steady) {
	t.Helper()
	for what, v := range map[string]float64{"utilization": s.Utilization, "wait probability": s.WaitProbability, "loss": s.LossFraction} {
		require.True(t, v >= 0 && v <= 1, "%s %+v: %s = %v", name, q, what, v)
	}
	for what, v := range map[string]float64{
		"load": s.Load, "throughput": s.Throughput, "wait": s.WaitMean, "sojourn": s.SojournMean, "waiting": s.QueueMean,
		"in system": s.SystemMean,
	} {
		require.True(t, v >= 0, "%s %+v: %s = %v", name, q, what, v)
	}
	require.GreaterOrEqual(t, s.SojournMean, s.WaitMean*(1-1e-12), "%s %+v", name, q)
	require.GreaterOrEqual(t, s.SystemMean, s.QueueMean*(1-1e-12), "%s %+v", name, q)
	if s.law == nil {
		return
	}
	last, scale := 1.0, min(s.SojournMean, 1e300)
	for _, x := range []float64{0, 0.1, 1, 3, 30} {
		p := s.WaitAbove(x * scale)
		require.True(t, p >= 0 && p <= last*(1+1e-9)+1e-12, "%s %+v: P(wait > %v) = %v after %v", name, q, x*scale, p, last)
		longer := s.SojournAbove(x * scale)
		require.True(t, longer >= p*(1-1e-6)-1e-12 && longer <= 1, "%s %+v: %v < %v", name, q, longer, p)
		last = p
	}
	median, p99 := s.WaitQuantile(0.5), s.WaitQuantile(0.99)
	require.True(t, median >= 0 && p99 >= median*(1-1e-9), "%s %+v: %v %v", name, q, median, p99)
	require.GreaterOrEqual(t, s.SojournQuantile(0.99), p99*(1-1e-9), "%s %+v", name, q)
}

// checkNumbers are the formulas that are not a steady state.
func checkNumbers(t *testing.T, a, b, c float64, n, k int) {
	t.Helper()
	within := func(name string, low, high float64, err error, values ...float64) {
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig, name)
			return
		}
		for _, v := range values {
			require.True(t, v >= low && v <= high, "%s(%v, %v, %v, %d, %d) = %v", name, a, b, c, n, k, values)
		}
	}
	inf := math.Inf(1)
	inside := func(name string, low, high float64, values ...float64) {
		for _, v := range values {
			require.True(t, math.IsNaN(v) || v >= low && v <= high, "%s(%v, %v, %v, %d, %d) = %v", name, a, b, c, n, k, values)
		}
	}
	inside("ErlangB", 0, 1, ErlangB(n, a))
	inside("ErlangC", 0, 1, ErlangC(n, a))
	inside("Little", 0, inf, Little(a, b))
	v, err := MM1{a, b}.Relaxation()
	within("Relaxation", 0, inf, err, v)
	v, err = MM1{a, b}.WaitMeanVariance()
	within("WaitMeanVariance", 0, inf, err, v)
	v, err = MM1{a, b}.Messages(c)
	within("Messages", 0, inf, err, v)
	if !(c*b > 1e6) { // longer takes longer
		v, err = MM1{a, b}.SystemMeanAt(c)
		within("SystemMeanAt", 0, inf, err, v)
		g, err := Overload{a, b, c}.Solve()
		within("Overload", 0, a*(1+1e-12), err, g.FIFO, g.Expire, g.LIFO)
		within("Overload", 0, b*(1+1e-9), err, g.FIFO, g.Expire, g.LIFO)
	}
	d, err := Burst{a, b, c, a}.Solve()
	within("Burst", 0, inf, err, d.Drain, d.AgeMax, d.DelayMean, d.BacklogPeak)
	r, err := RetryStorm{a, b, n, c, c}.Solve()
	within("RetryStorm", 0, inf, err, r.Backlog, r.Seconds, r.Threshold)
	deliveries, dead := Attempts(c, n)
	inside("Attempts", 1, float64(n), deliveries)
	inside("Attempts", 0, 1, dead)
	inside("Amplification", 1, inf, Amplification(n, k))
	states, err := MMcPriority{[]float64{a, b, c}, b, n}.Solve()
	if err == nil {
		for _, s := range states {
			checkInvariants(t, "MMcPriority", []float64{a, b, c}, s)
		}
	}
}

// bytes of arrival rates for the priorities.
func FuzzTheoryPriority(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, 1)
	f.Fuzz(func(t *testing.T, data []byte, servers int) {
		var rates []float64
		for len(data) >= 8 {
			rates = append(rates, math.Float64frombits(binary.LittleEndian.Uint64(data)))
			data = data[8:]
		}
		states, err := MMcPriority{rates, 1, servers}.Solve()
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		last := 0.0
		for _, s := range states {
			checkInvariants(t, "MMcPriority", rates, s)
			require.GreaterOrEqual(t, s.WaitMean, last)
			last = s.WaitMean
		}
	})
}
