package fleet

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// FuzzReplay: numbers make a configuration and some functions; Validate refuses them, or all invariants hold.
func FuzzReplay(f *testing.F) {
	for i, x := range []float64{0, math.Copysign(0, -1), 1, 500, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		f.Add(uint64(i), x, int64(i)*int64(time.Minute), int64(time.Second), uint8(i))
		f.Add(uint64(i), 2000.0, int64(math.MaxInt64), int64(x), uint8(i*7))
		f.Add(uint64(i), 300.0, int64(time.Minute), int64(math.MinInt64), uint8(i*31))
	}
	f.Fuzz(func(t *testing.T, seed uint64, x float64, span, work int64, kinds uint8) {
		r := rng.New(seed)
		c := Default()
		c.KeepAlive = policies()[int(kinds)%5]
		if kinds&1 == 1 && c.KeepAlive.Kind != HybridHistogram {
			c.KeepAlive.Time = time.Duration(span)
		}
		c.Unit, c.Eviction, c.Spread = Unit(kinds>>3&1), Eviction(kinds>>4%6), trace.Spread(kinds>>6)
		c.MemoryCapMB, c.Warmup = x, time.Duration(span%int64(3*time.Hour))
		c.Duration, c.Sample = 6*time.Hour, 7*time.Minute
		if kinds&2 == 2 {
			c.KeepAlive.Hybrid.Head, c.KeepAlive.Hybrid.MinCV, c.KeepAlive.Hybrid.Smoothing = x, x, r.Float64()
		}
		list := make([]trace.Function, 1+r.IntN(12))
		for i := range list {
			list[i] = trace.Function{App: i / 2, MemoryMB: 1 + 200*r.Float64(), Init: time.Duration(r.IntN(1e9)), Work: law.Exp(time.Duration(work))}
			for m := range 400 {
				list[i].Counts.Add(m, int64(r.IntN(8)-5))
			}
		}
		if kinds&4 == 4 {
			list[0].MemoryMB = x
		}
		res, err := Replay(context.Background(), c, list)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		checkInvariants(t, res)
	})
}
