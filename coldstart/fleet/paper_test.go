package fleet

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/validation"
)

// at makes a function of known requests.
func at(app int, mb float64, init, work time.Duration, times ...time.Duration) trace.Function {
	f := trace.Function{App: app, MemoryMB: mb, Init: init, Work: law.Const(work)}
	for _, t := range times {
		f.Requests = append(f.Requests, trace.Request{Start: t, Duration: work})
	}
	return f
}

// named is a policy with its times without zeros: "keep-alive fixed 10m".
func named(k KeepAlive) string {
	return "keep-alive " + strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(k.String())
}

func run(t testing.TB, c Config, list ...trace.Function) Result {
	t.Helper()
	r, err := Replay(context.Background(), c, list)
	require.NoError(t, err)
	return r
}

// TestPeriodic: one request of 1 s every 1800 s, after the policy has learnt (exact; the constants of the hybrid policy are
// those of Shahrad et al., ATC 2020). All idle times are 1799 s: the hybrid policy loads 0.9 x 29 x 60 s = 1566 s after the finish.
func TestPeriodic(t *testing.T) {
	var times []time.Duration
	for i := range 41 {
		times = append(times, time.Duration(i)*1800*time.Second)
	}
	const source = "exact: idle for 1,799 s; the hybrid policy as in Shahrad et al., ATC 2020, loads 0.9 x 29 min after the finish"
	colds := validation.Claim{Kind: validation.Theory, Name: "cold requests of 20 that come every 30 min and take 1 s", Source: source}
	idle := validation.Claim{Kind: validation.Theory, Name: "memory x time idle in 20 gaps of 1,799 s at 1 GB", Source: source, Unit: "GB-s"}
	loads := validation.Claim{Kind: validation.Theory, Name: "loads ahead of 20 requests that come every 30 min", Source: source}
	for _, x := range []struct {
		keep     KeepAlive
		cold     int64
		idle     float64 // seconds per gap
		prewarms int64
	}{
		{Fixed(600 * time.Second), 20, 600, 0},
		{Fixed(1799 * time.Second), 0, 1799, 0},
		{Fixed(1799*time.Second - 1), 20, 1799, 0},
		{Fixed(time.Hour), 0, 1799, 0},
		{Never(), 0, 1799, 0},
		{Histogram(), 0, 233, 20},
	} {
		for _, limit := range []float64{0, 4096} {
			c := Default()
			c.KeepAlive, c.MemoryCapMB = x.keep, limit
			c.Warmup, c.Duration = 20*1800*time.Second+time.Second, 40*1800*time.Second+time.Second
			r := run(t, c, at(0, 1024, 0, time.Second, times...))
			assert.Equal(t, int64(20), r.Requests)
			name := named(x.keep) + ", no cap"
			if limit > 0 {
				name = named(x.keep) + ", cap of 4 GB"
			}
			colds.Within(t, name, float64(x.cold), float64(r.Cold), 0)
			idle.Within(t, name, 20*x.idle, r.WastedGBSeconds, 1e-6)
			loads.Within(t, name, float64(x.prewarms), float64(r.Prewarms), 0)
		}
	}
	h := newHistogram(&Hybrid{Bin: time.Minute, Range: 4 * time.Hour, Head: 0.05, Tail: 0.99, Margin: 0.1, MinCV: 2, MaxOutOfRange: 0.5, Smoothing: 1})
	for range 7 {
		h.add(int64(1799 * time.Second))
	}
	bins := validation.Claim{Kind: validation.Theory, Name: "coefficient of variation of 240 bins of which one is filled", Source: "sqrt(240)"}
	bins.Within(t, "7 idle times", 15.49, h.cv(), 0.005)
	window := validation.Claim{
		Kind: validation.Published, Name: "when the hybrid policy holds an instance, idle times of 1,799 s", Unit: "s",
		Source: "Shahrad et al., ATC 2020, constants: bins of 1 min, margins of 10 %, so from 0.9 x 29 min to 1.1 x 30 min",
	}
	after, end := h.window()
	window.Within(t, "from", 1566, float64(after)/1e9, 0)
	window.Within(t, "to", 1980, float64(end)/1e9, 0)
}

// TestGreedyDual: 1024 MB; A and B of 512 MB cost 1000 and 100 ms; C needs room (exact; Fuerst and Sharma, ASPLOS 2021,
// the formula as in LambdaScheduler.py). Greedy-dual evicts B, of priority 100/512 = .195, before A, 1.953; LRU evicts A.
func TestGreedyDual(t *testing.T) {
	const source = "Fuerst and Sharma, FaasCache, ASPLOS 2021, LambdaScheduler.py: "
	priority := validation.Claim{Kind: validation.Published, Name: "greedy-dual priority", Source: source + "clock + frequency x cost/size"}
	priority.Within(t, "1 use, 1,000 ms, 512 MB", 1.953, GreedyDual.Priority(0, 1, 1000, 512, 9), 0.001)
	clocks := validation.Claim{Kind: validation.Published, Name: "clock after an eviction, 512 MB and 1,000 or 100 ms", Source: source + "priority of the victim; for Landlord by init time, there by warm run time"}
	// The second call shows who is gone: only one of A and B is warm.
	for _, x := range []struct {
		eviction Eviction
		again    int
		clock    float64
	}{{GreedyDual, 0, 100.0 / 512}, {LRU, 1, 0}, {Freq, 0, 100}, {Size, 1, 1.0 / 512}, {Landlord, 0, 100.0 / 512}} {
		c := FaasCache(1024)
		c.Eviction = x.eviction
		list := []trace.Function{
			at(0, 512, time.Second, 0, 0), at(1, 512, 100*time.Millisecond, 0, 10*time.Second), at(2, 512, time.Second, 0, 20*time.Second),
		}
		r := run(t, c, list...)
		assert.Equal(t, Causes{First: 3}, r.Causes)
		assert.Equal(t, int64(1), r.Evictions)
		clocks.Within(t, x.eviction.String(), x.clock, r.Clock, 1e-12)
		list[x.again].Requests = append(list[x.again].Requests, trace.Request{Start: 30 * time.Second})
		r = run(t, c, list...)
		assert.Equal(t, int64(3), r.Cold, "%v keeps %d", x.eviction, x.again)
		assert.Equal(t, 1024.0, r.MemoryMaxMB)
	}
	// What is busy is no victim, and nobody is evicted in vain.
	c := FaasCache(1024)
	r := run(t, c, at(0, 512, 0, time.Minute, 0), at(1, 256, 0, time.Second, time.Second), at(2, 600, 0, 0, 10*time.Second),
		at(3, 500, 0, 0, 20*time.Second))
	assert.Equal(t, int64(1), r.Dropped)
	assert.Equal(t, int64(1), r.Evictions)
	assert.Equal(t, int64(4), r.Requests)
}

// TestCauses: each in turn, both ways.
func TestCauses(t *testing.T) {
	for _, limit := range []float64{0, 1e6} {
		c := Default()
		c.MemoryCapMB, c.KeepAlive = limit, Fixed(time.Minute)
		s := time.Second
		r := run(t, c, at(0, 100, 0, 10*s, 0, 5*s, 8*s, 30*s, 500*s))
		assert.Equal(t, Causes{First: 1, Concurrency: 2, Expired: 1}, r.Causes)
		assert.Equal(t, int64(1), r.Requests-r.Cold)
		// The hybrid policy has learnt 30 min and is asked after 10.
		c.KeepAlive = Histogram()
		m := time.Minute
		r = run(t, c, at(0, 100, 0, s, 0, 30*m, 60*m, 90*m, 100*m, 100*m+10*s))
		assert.Equal(t, Causes{First: 1, Early: 2}, r.Causes)
	}
	c := FaasCache(100)
	r := run(t, c, at(0, 100, 0, 0, 0, time.Hour), at(1, 100, 0, 0, time.Minute))
	assert.Equal(t, Causes{First: 2, Evicted: 1}, r.Causes)
}

// TestForecast: idle times beyond the range are met by the forecast.
func TestForecast(t *testing.T) {
	var times []time.Duration
	for i := range 10 {
		times = append(times, time.Duration(i)*6*time.Hour)
	}
	c := Default()
	c.KeepAlive, c.Duration = Histogram(), 72*time.Hour
	r := run(t, c, at(0, 1024, 0, 0, times...))
	// The second finds nothing learnt and 4 h over; then f = 6 h: loaded 0.85 f after the last, 0.15 f ahead of the next.
	assert.Equal(t, Causes{First: 1, Expired: 1}, r.Causes)
	claim := validation.Claim{
		Kind: validation.Theory, Name: "memory x time idle when idle times of 6 h are forecast, 1 GB", Unit: "GB-s",
		Source: "4 h after the first, then loaded at 0.85 f until 1.15 f after each finish, f = 6 h",
	}
	claim.Within(t, "10 requests, one in 6 h", 4*3600+8*0.15*6*3600+0.3*6*3600, r.WastedGBSeconds, 1)
}

// TestAutoregression: of idle times that alternate the next one is the other.
func TestAutoregression(t *testing.T) {
	var f forecast
	for i := range 60 {
		f.add(float64(5+2*(i%2)), 0.1)
	}
	claim := validation.Claim{Kind: validation.Theory, Name: "forecast of idle times that alternate between 5 and 7", Source: "the other one follows"}
	claim.Within(t, "after 7", 5, f.next(), 0.3)
	f.add(5, 0.1)
	claim.Within(t, "after 5", 7, f.next(), 0.3)
}

// TestNoRoomToLoadAhead: a load ahead of a request evicts nobody and does not exceed the cap.
func TestNoRoomToLoadAhead(t *testing.T) {
	c, m := Default(), time.Minute
	c.KeepAlive, c.MemoryCapMB = Histogram(), 100
	r := run(t, c, at(0, 100, 0, 0, 0, 30*m, 60*m, 90*m, 120*m), at(1, 100, 0, 30*m, 95*m))
	assert.Equal(t, int64(1), r.PrewarmsLost)
	assert.Equal(t, int64(1), r.Dropped)
	assert.Equal(t, 100.0, r.MemoryMaxMB)
}
