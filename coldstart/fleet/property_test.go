package fleet

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/validation"
)

func fleetOf(t testing.TB, n int, factor float64) []trace.Function {
	t.Helper()
	a := trace.AzureLike()
	a.Functions, a.RateFactor, a.MaxRate = n, factor, 1e7
	list, err := a.Generate()
	require.NoError(t, err)
	return list
}

func policies() []KeepAlive {
	return []KeepAlive{Fixed(10 * time.Minute), Exponential(10 * time.Minute), Halving(380 * time.Second), Never(), Histogram()}
}

func checkInvariants(t testing.TB, r Result) {
	t.Helper()
	require.Equal(t, r.Cold, r.Causes.Total())
	require.True(t, r.Cold >= 0 && r.Dropped >= 0 && r.Cold+r.Dropped <= r.Requests)
	require.True(t, r.BusyGBSeconds >= 0 && r.WastedGBSeconds >= -1e-9 && !math.IsInf(r.BusyGBSeconds+r.WastedGBSeconds, 0))
	require.True(t, slices.IsSorted(r.AppCold))
	if c := r.Config; c.MemoryCapMB > 0 {
		require.LessOrEqual(t, r.MemoryMaxMB, c.MemoryCapMB*(1+1e-9))
	}
	if len(r.Rows) > 0 && r.Config.Warmup == 0 {
		sum := 0.0
		for i, s := range r.Rows {
			end := r.Config.Duration.Seconds()
			if i+1 < len(r.Rows) {
				end = r.Rows[i+1].At
			}
			sum += s.MemoryMB * (end - s.At) / 1024
		}
		require.InDelta(t, r.BusyGBSeconds+r.WastedGBSeconds, sum, 1e-6*(1+sum), "memory over time is busy and idle memory")
	}
}

// TestAloneIsCapped: with a cap that is never met the merged stream gives the counts of the units run alone. With a plan to load
// later two instances of a unit can trade places, so units of the hybrid policy agree within a part in a thousand.
func TestAloneIsCapped(t *testing.T) {
	const source = "units run alone, each by itself, without a cap"
	cold := validation.Claim{Kind: validation.Theory, Name: "cold starts of 300 functions under a cap that is never met", Source: source}
	wasted := validation.Claim{Kind: validation.Theory, Name: "memory x time wasted by 300 functions under a cap that is never met", Source: source, Unit: "GB-s"}
	functions := fleetOf(t, 300, 0.1)
	for _, unit := range []Unit{PerFunction, PerApp} {
		for _, keep := range policies() {
			c := Default()
			c.Unit, c.KeepAlive, c.Warmup = unit, keep, 0
			a := run(t, c, functions...)
			c.MemoryCapMB = 1e9
			b := run(t, c, functions...)
			checkInvariants(t, a)
			checkInvariants(t, b)
			require.Greater(t, a.Requests, int64(10_000))
			assert.Equal(t, a.Requests, b.Requests)
			assert.Zero(t, b.Dropped+b.Evictions)
			name := fmt.Sprintf("by %v, %s", unit, named(keep))
			if keep.Kind == HybridHistogram {
				cold.Relative(t, name, float64(a.Cold), float64(b.Cold), 1e-3)
				wasted.Relative(t, name, a.WastedGBSeconds, b.WastedGBSeconds, 1e-3)
				continue
			}
			assert.Equal(t, a.Causes, b.Causes, "%v %v", unit, keep)
			assert.Equal(t, a.AppCold, b.AppCold)
			cold.Within(t, name, float64(a.Cold), float64(b.Cold), 0)
			wasted.Relative(t, name, a.WastedGBSeconds, b.WastedGBSeconds, 1e-9)
			assert.InEpsilon(t, a.BusyGBSeconds, b.BusyGBSeconds, 1e-9)
			for i := range a.Rows {
				assert.InDelta(t, a.Rows[i].MemoryMB, b.Rows[i].MemoryMB, 1e-3)
			}
		}
	}
}

// TestProcessorsDoNotMatter: to the last bit.
func TestProcessorsDoNotMatter(t *testing.T) {
	functions := fleetOf(t, 500, 0.02)
	c := Default()
	c.KeepAlive = Histogram()
	before := runtime.GOMAXPROCS(1)
	a := run(t, c, functions...)
	runtime.GOMAXPROCS(5)
	b := run(t, c, functions...)
	runtime.GOMAXPROCS(before)
	assert.Equal(t, a, b)
}

// TestMoreMemoryForFewerColdStarts: on this load a longer fixed time gives fewer cold starts for more memory. (Long init times could
// break it, since a cold start keeps an instance busy for longer.)
func TestMoreMemoryForFewerColdStarts(t *testing.T) {
	functions := fleetOf(t, 300, 0.02)
	var configs []Config
	for _, ttl := range []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, time.Hour, 10 * time.Hour} {
		c := Default()
		c.KeepAlive = Fixed(ttl)
		configs = append(configs, c)
	}
	list, err := Frontier(context.Background(), functions, configs...)
	require.NoError(t, err)
	for i := 1; i < len(list); i++ {
		assert.LessOrEqual(t, list[i].Cold, list[i-1].Cold)
		assert.GreaterOrEqual(t, list[i].WastedGBSeconds, list[i-1].WastedGBSeconds)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Frontier(ctx, functions, configs...)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestErrorsNameAllFields(t *testing.T) {
	c := Default()
	c.Load.Functions, c.Unit, c.KeepAlive.Time, c.MemoryCapMB = 0, 9, 0, math.NaN()
	c.Eviction, c.Warmup, c.Duration, c.Spread = 77, -1, -5, 9
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, name := range []string{"Functions", "Unit", "KeepAlive.Time", "MemoryCapMB", "Eviction", "Warmup", "Duration", "Spread"} {
		assert.ErrorContains(t, err, name)
	}
	c = Default()
	for _, f := range []trace.Function{
		at(1, 10, 0, 0), at(0, 0, 0, 0), at(0, 10, -1, 0), at(0, 10, 0, 0, 5, 4), at(0, 10, 0, -1, 1),
	} {
		_, err = Replay(context.Background(), c, []trace.Function{f})
		assert.ErrorIs(t, err, ErrInvalidConfig, "%+v", f)
	}
	_, err = Replay(context.Background(), c, nil)
	assert.ErrorIs(t, err, ErrInvalidConfig)
}
