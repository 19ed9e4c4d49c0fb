package coldstart

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/validation"
)

// calls is a function with handlers of 100 ms that is called at the given times, with all of them recorded.
func calls(at ...time.Duration) Config {
	c := Default()
	c.Arrivals, c.Trace = FromTrace(), at
	c.Warm, c.Cold.Kind, c.MemoryMB = Const(100*time.Millisecond), Phases, 1769
	c.Duration, c.Records = time.Hour, 1000
	return c
}

const ms = time.Millisecond

// Every phase adds up to the latency of a cold start, and only INIT and the handler are billed.
func TestPhasesAddUp(t *testing.T) {
	c := calls(0, time.Second)
	c.Cold.Sandbox, c.Cold.Network = Const(50*ms), Const(20*ms)
	c.Cold.Package, c.Cold.Bandwidth, c.Cold.ReadShare = 100e6, 200e6, 0.5
	c.Cold.Extensions, c.Cold.Function, c.Cold.FirstCall = Const(30*ms), Const(200*ms), Const(40*ms)
	c.MemoryMB = 884 // half a vCPU, nearly
	c.CPU.Work = Const(10 * ms)
	r := simulate(t, c)
	k := 1769.0 / 884
	p := r.Phases
	assert.InDelta(t, 0.05, p.Sandbox, 1e-9)
	assert.InDelta(t, 0.02, p.Network, 1e-9)
	assert.InDelta(t, 0.25, p.Download, 1e-9)
	assert.InDelta(t, 0.03, p.Extensions, 1e-9)
	assert.InDelta(t, 0.2, p.Function, 1e-9)
	assert.InDelta(t, 0.04*k, p.FirstCall, 1e-8)
	cold, warm := r.Records[0], r.Records[1]
	assert.InDelta(t, p.Total()+0.1+0.01*k, cold.End.Seconds(), 1e-8)
	assert.Equal(t, 550*ms, cold.Handler)
	assert.InDelta(t, 0.1+0.01*k, (warm.End - warm.Start).Seconds(), 1e-8)
	wantMS := math.Ceil(1e3*(0.23+0.1+0.05*k)) + math.Ceil(1e3*(0.1+0.01*k))
	assert.InDelta(t, wantMS/1e3*884/1024, r.BilledGBSeconds, 1e-9)
	c.Price.BillInit = false
	less := simulate(t, c)
	assert.InDelta(t, 0.23*884/1024, r.BilledGBSeconds-less.BilledGBSeconds, 1e-9)
	assert.Equal(t, r.LatencyMax, less.LatencyMax)
}

// An init over 10 s is begun anew after 10 s and counts against the function's timeout (Lambda Developer Guide, "lifecycle").
func TestSuppressedInit(t *testing.T) {
	c := calls(0, time.Minute)
	c.Cold.Function = Const(12 * time.Second)
	c.Timeout = 15 * time.Minute
	r := simulate(t, c)
	assert.EqualValues(t, 1, r.Suppressed)
	claim := validation.Claim{
		Kind: validation.Published, Name: "end of a call with an INIT of 12 s and 100 ms of handler",
		Source: "AWS Lambda Developer Guide, execution environment lifecycle: begun anew after 10 s, then under the function's timeout", Unit: "s",
	}
	claim.Within(t, "timeout 15 min", (22*time.Second + 100*ms).Seconds(), r.Records[0].End.Seconds(), exactly)
	assert.InDelta(t, 10, r.Phases.Lost, 1e-9)
	assert.InDelta(t, (22.1+0.1)*1769/1024, r.BilledGBSeconds, 1e-6)
	c.Timeout = 5 * time.Second
	r = simulate(t, c)
	claim.Within(t, "timeout 5 s", 15, r.Records[0].End.Seconds(), exactly)
	assert.EqualValues(t, 2, r.Timeouts)
	assert.EqualValues(t, 2, r.Cold, "the environment is gone")
	assert.EqualValues(t, 2, r.Failed)
	c.Cold.InitLimit = 0
	c.Timeout = 0
	assert.Equal(t, 12*time.Second+100*ms, simulate(t, c).Records[0].End)
}

func TestTimeoutEndsTheEnvironment(t *testing.T) {
	c := calls(0, time.Second, 2*time.Second)
	c.Timeout = 50 * ms
	r := simulate(t, c)
	assert.EqualValues(t, 3, r.Cold)
	assert.EqualValues(t, 3, r.Expired)
	assert.Equal(t, 50*ms, r.Records[0].End)
	assert.Equal(t, Failed, r.Records[0].State)
	assert.InDelta(t, 0.05, r.LifespanMean, 1e-9)
}

func TestSnapStartAndProactive(t *testing.T) {
	c := calls(0)
	c.Cold.Function, c.Cold.SnapStart, c.Cold.Restore, c.Cold.RestorePerGB = Const(6*time.Second), true, Const(500*ms), 100*ms
	c.MemoryMB = 2048
	r := simulate(t, c)
	assert.Equal(t, 800*ms, r.Records[0].End)
	assert.InDelta(t, 0.7, r.Phases.Restore, 1e-9)
	c.Cold.SnapStart, c.Cold.Proactive = false, 1
	r = simulate(t, c)
	assert.Equal(t, 100*ms, r.Records[0].End)
	assert.EqualValues(t, 1, r.Proactive)
	assert.EqualValues(t, 1, r.Cold)
}

// The RPS limit is ten times the concurrency, for warm requests too: 200 requests/s of 10 ms at a concurrency of 10.
func TestRequestRate(t *testing.T) {
	c := Default()
	c.Arrivals = Renewal(Const(5 * ms))
	c.Warm, c.Cold.Response = Const(10*ms), Const(10*ms)
	c.Limits = Limits{Account: 10, Requests: 10}
	c.Duration, c.Warmup = 100*time.Second, 10*time.Second
	r := simulate(t, c)
	claim := validation.Claim{
		Kind: validation.Published, Name: "throttled share of 200 requests/s at a concurrency of 10",
		Source: "AWS Lambda Developer Guide: requests a second are limited to 10 x concurrency",
	}
	claim.Within(t, "10 ms each: the rate is the limit", 0.5, r.ThrottledFraction, 0.001)
	assert.Equal(t, r.Throttles.Total(), r.Throttles.Rate)
	c.Warm, c.Cold.Response = Const(time.Second), Const(time.Second)
	r = simulate(t, c)
	claim.Within(t, "1 s each: the concurrency is the limit", 0.95, r.ThrottledFraction, 0.005)
	assert.Equal(t, r.Throttles.Total(), r.Throttles.Concurrency, "the concurrency is looked at first")
}

// A synchronous caller tries after 1, 2, 4 s; the environment is free after 5 s.
func TestSyncRetries(t *testing.T) {
	c := calls(0, 0)
	c.Warm, c.Limits.Reserved = Const(5*time.Second), 1
	c.Retry = Retry{Kind: SyncRetry, First: time.Second, Most: time.Minute, Factor: 2, Attempts: 4}
	r := simulate(t, c)
	assert.EqualValues(t, 2, r.Served)
	assert.EqualValues(t, 3, r.Throttles.Total())
	assert.Equal(t, 7*time.Second, r.Records[1].Start)
	assert.InDelta(t, 12, r.LatencyMax, 1e-9)
	assert.Equal(t, NotCold, r.Records[1].Cause)
	c.Retry.Attempts = 3
	r = simulate(t, c)
	assert.EqualValues(t, 1, r.Dropped)
	assert.Equal(t, Dropped, r.Records[1].State)
	c.Retry.Attempts, c.Retry.Most = 4, 2*time.Second
	assert.Equal(t, 5*time.Second, simulate(t, c).Records[1].Start)
}

// The asynchronous queue: function errors are tried again after 1 and 2 min, then dead-lettered; throttled events for 6 h, with delays from 1 s to 5 min
// (Lambda Developer Guide, invocation-async-error-handling).
func TestAsyncRetries(t *testing.T) {
	const source = "AWS Lambda Developer Guide, asynchronous invocation: "
	starts := validation.Claim{
		Kind: validation.Published, Name: "start of the last try of an asynchronous call", Unit: "s",
		Source: source + "errors again after 1 and 2 min, throttled ones after 1 s and then twice as long, at most 5 min",
	}
	tries := validation.Claim{
		Kind: validation.Published, Name: "tries of an asynchronous call that stays throttled", Source: source + "delays from 1 s to 5 min, for 6 h",
	}
	c := calls(0)
	c.ErrorProbability, c.Retry = 1, RetryPolicy(AsyncRetry)
	r := simulate(t, c)
	assert.EqualValues(t, 1, r.DeadLettered)
	assert.EqualValues(t, 3, r.Errors)
	assert.Equal(t, 3, r.Records[0].Attempts)
	starts.Within(t, "handler of 100 ms that fails three times", (180*time.Second + 200*ms).Seconds(), r.Records[0].Start.Seconds(), exactly)
	assert.Equal(t, Dead, r.Records[0].State)
	c = calls(0, 0)
	c.Warm, c.Limits.Reserved, c.Retry, c.Duration = Const(15*time.Minute), 1, RetryPolicy(AsyncRetry), 12*time.Hour
	r = simulate(t, c)
	// 1 + 2 + ... + 256 = 511 s, then every 300 s: at 811 and 1111 s.
	starts.Within(t, "throttled for 15 min", 1111, r.Records[1].Start.Seconds(), exactly)
	c.Warm, c.Timeout = Const(10*time.Hour), 0
	r = simulate(t, c)
	assert.EqualValues(t, 1, r.DeadLettered)
	tries.Within(t, "after 1, 2, ... 256 s, then every 300 s", 9+(6*3600-511)/300+1, float64(r.Throttles.Total()), exactly)
	c.Duration = time.Hour
	assert.EqualValues(t, 1, simulate(t, c).Waiting)
}

// One ping every 5 min keeps one environment, and costs a request that lands on it; the second concurrent request is cold all the same.
func TestWarmer(t *testing.T) {
	hour := time.Hour
	c := calls(hour, hour+time.Second, hour+time.Second, 3*hour+10*ms)
	c.Duration = 4 * hour
	assert.EqualValues(t, 3, simulate(t, c).Cold)
	c.Warmer = Warmer{1, 5 * time.Minute, Const(20 * ms)}
	r := simulate(t, c)
	assert.EqualValues(t, 2, r.Cold, "the ping works after 1 h and after 3 h and 10 ms")
	assert.EqualValues(t, 49, r.Pings)
	c.Trace = []time.Duration{hour + time.Second, hour + time.Second}
	r = simulate(t, c)
	assert.EqualValues(t, 1, r.Cold)
	c.Warmer.Concurrent = 2
	r = simulate(t, c)
	assert.Zero(t, r.Cold)
	assert.EqualValues(t, 98, r.Pings)
	assert.InEpsilon(t, r.BilledGBSeconds*c.Price.GBSecond+100*c.Price.Request, r.Cost, 1e-9, "pings are billed")
	assert.EqualValues(t, 2, r.ColdPings)
	c.Warmer.Every = 11 * time.Minute
	assert.EqualValues(t, 2*22-2, simulate(t, c).ColdPings, "two of them find what the requests have left")
}

// Several requests in one environment: none while it starts, then up to the limit.
func TestPerInstance(t *testing.T) {
	c := calls(0, 500*ms, 1500*ms, 1500*ms, 1500*ms)
	c.PerInstance, c.Cold.Sandbox, c.Warm = 2, Const(time.Second), Const(2*time.Second)
	r := simulate(t, c)
	got := []int64{}
	for _, x := range r.Records {
		got = append(got, x.Instance)
	}
	assert.Equal(t, []int64{1, 2, 2, 1, 3}, got)
	assert.EqualValues(t, 3, r.Cold)
	assert.EqualValues(t, 2, r.Warm)
	c.PerInstance = 1
	assert.EqualValues(t, 5, simulate(t, c).Cold)
	c = Default()
	c.PerInstance, c.Arrivals = 10, Poisson(9)
	c.Duration = 1e4 * time.Second
	r = simulate(t, c)
	assert.Less(t, r.InstancesMean, 8.0)
	assert.Greater(t, r.RunningMean, 1.79)
	assert.InEpsilon(t, r.RunningMean*r.Window*128/1024, r.BilledGBSeconds, 1e-9)
}

// Provisioned environments come 60 a minute; a request goes to one first.
func TestProvisionedRamp(t *testing.T) {
	c := calls(0, 500*ms, 500*ms, 1500*ms)
	c.Warm, c.Provisioned, c.Sample = Const(10*time.Second), Provisioned{3, 60}, time.Second
	r := simulate(t, c)
	for i, want := range []int64{1, 2, 3, 3} {
		assert.Equal(t, want, r.Rows[i].Provisioned, i)
	}
	assert.EqualValues(t, 3, r.Rows[1].Busy)
	assert.EqualValues(t, 2, r.Rows[1].Idle+r.Cold)
	assert.EqualValues(t, 2, r.Provisioned)
	assert.EqualValues(t, 2, r.Spilled)
	assert.EqualValues(t, 2, r.Cold)
	assert.InDelta(t, 3-(1+2)/3600.0, r.ProvisionedMean, 1e-9)
	assert.InDelta(t, 20*1769.0/1024, r.ProvisionedBilledGBSeconds, 1e-9)
	c.Limits.Reserved = 3
	r = simulate(t, c)
	assert.EqualValues(t, 2, r.Throttles.Concurrency, "all of the concurrency is provisioned")
}

// Causes: the first; one more than ever; as many as before after one expired; none left.
func TestCauses(t *testing.T) {
	m := time.Minute
	c := calls(0, 0, 5*m, 12*m, 12*m, 30*m)
	c.Warm = Const(time.Second)
	r := simulate(t, c)
	got := []Cause{}
	for _, x := range r.Records {
		got = append(got, x.Cause)
	}
	assert.Equal(t, []Cause{First, ScaleUp, NotCold, NotCold, Concurrency, IdleExpired}, got)
	assert.Equal(t, Causes{1, 1, 1, 1}, r.ColdBy)
}

// The spans of an environment follow one another without gaps.
func TestSpans(t *testing.T) {
	c := Default()
	c.Cold.Kind, c.Cold.Sandbox, c.Duration, c.Records = Phases, Exp(time.Second), 4000*time.Second, 5000
	c.KeepAlive = Fixed(time.Minute)
	r := simulate(t, c)
	last := map[int64]Span{}
	seen := map[State]int{}
	for _, s := range r.Spans {
		seen[s.State]++
		if before, ok := last[s.Instance]; ok {
			require.Equal(t, before.To, s.From)
			require.NotEqual(t, Expired, before.State)
		} else {
			require.Equal(t, Init, s.State)
		}
		last[s.Instance] = s
	}
	assert.Equal(t, int(r.Cold), seen[Init])
	assert.Equal(t, int(r.Requests), seen[Busy])
	assert.Equal(t, int(r.Expired), seen[Expired])
}

const lambdaPerfData = "lambda-perf (github.com/maxday/lambda-perf), commit 6070b79, days from 2026-07-01 to 2026-08-22"

// The presets: quantiles as published, means within 2 % (knots) or exactly where the model had room.
func TestRuntimes(t *testing.T) {
	means := validation.Claim{Kind: validation.Measured, Name: "mean INIT of the presets of runtimes, from their quantiles", Source: lambdaPerfData, Unit: "s"}
	knots := validation.Claim{Kind: validation.Measured, Name: "INIT of java21-zip-x86", Source: lambdaPerfData, Unit: "s"}
	all := Runtimes()
	require.Len(t, all, 24)
	published := 0
	for _, s := range all {
		mean, n := 0.0, 20_000
		for i := range n {
			mean += s.Quantile((float64(i)+0.5)/float64(n)) / float64(n)
		}
		means.Relative(t, string(s.Runtime), s.Mean, mean, 0.035)
		for i := 1; i < len(s.Times); i++ {
			assert.GreaterOrEqual(t, s.Times[i], s.Times[i-1], s.Runtime)
		}
		if s.Published {
			published++
		}
	}
	assert.Equal(t, 10, published)
	s, err := Runtime("java21-zip-x86").Stats()
	require.NoError(t, err)
	for _, x := range []struct{ percent, ms float64 }{{0, 173}, {25, 229.9}, {50, 239.5}, {90, 284.7}, {95, 320.8}, {99, 614.1}, {100, 746.3}} {
		knots.Within(t, fmt.Sprintf("percentile %g", x.percent), x.ms/1e3, s.Quantile(x.percent/100), 1e-9)
	}
	d := newInitTable("java21-zip-x86", 1024)
	random, sum := rng.New(1), 0.0
	for range 20_000 {
		sum += float64(d.draw(random)) / 20_000 / 1e9
	}
	knots.Relative(t, "mean of 20,000 draws", 0.2525, sum, 0.02)
}

// The first call: measured where there is a measurement, between by logarithms, beyond in proportion.
func TestFirstCall(t *testing.T) {
	measured := validation.Claim{Kind: validation.Measured, Name: "first call of a runtime, where it was measured", Source: lambdaPerfData, Unit: "s"}
	beyond := validation.Claim{
		Kind: validation.Theory, Name: "first call of a runtime, beyond what was measured", Source: "in inverse proportion to the memory, up to 1,769 MB", Unit: "s",
	}
	for _, x := range []struct {
		claim  validation.Claim
		memory int
		want   float64 // ms
	}{
		{measured, 128, 96.1},
		{measured, 256, 34.6},
		{measured, 1024, 6.8},
		{beyond, 64, 192.2},
		{beyond, 1769, 6.8 * 1024 / 1769},
		{beyond, 10240, 6.8 * 1024 / 1769},
	} {
		got, err := Runtime("java21-zip-x86").FirstCall(x.memory)
		require.NoError(t, err)
		x.claim.Within(t, fmt.Sprintf("java21-zip-x86, %d MB", x.memory), x.want/1e3, got.Seconds(), 1e-8)
	}
	got, err := Runtime("ruby3.4-zip-x86").FirstCall(512)
	require.NoError(t, err)
	beyond.Within(t, "ruby3.4-zip-x86, 512 MB", 5.04e-3, got.Seconds(), 1e-9)
	_, err = Runtime("cobol").FirstCall(512)
	require.Error(t, err)
	assert.Nil(t, Runtime("cobol").MemoryEffect())
}

// Arrivals have the rate that they say.
func TestArrivalRates(t *testing.T) {
	rates := validation.Claim{Kind: validation.Theory, Name: "mean rate of arrivals", Source: "the rate that each law promises", Unit: "/s"}
	for _, a := range []Arrivals{
		Poisson(10), Renewal(Exp(100 * ms)), OnOff(40, 0, 10*time.Second, 30*time.Second), Diurnal(10, 0.9, time.Hour),
		Steps(Step{At: 0, Rate: 10}), Paced(Step{At: 0, Rate: 10}), Poisson(2).InBatches(5), Poisson(2).InGeometricBatches(5),
	} {
		c := Default()
		c.Arrivals, c.Duration = a, scale(36_000*time.Second)
		r := simulate(t, c)
		near(t, rates, a.String(), 10, float64(r.Requests)/r.Window, 0.05)
		again, err := ParseArrivals(a.String())
		require.NoError(t, err)
		assert.Equal(t, a, again)
	}
	c := Default()
	c.Arrivals, c.Duration, c.Sample = Diurnal(10, 0.9, 2*time.Hour), 2*time.Hour, time.Hour
	r := simulate(t, c)
	swing := validation.Claim{Kind: validation.Theory, Name: "arrivals of the busier half of a swing", Source: "rate x time x (1 + 2 swing/pi)"}
	swing.Relative(t, "10/s, swing 0.9, 1 h", 10*3600*(1+0.9*2/math.Pi), float64(r.Rows[1].Arrivals), 0.02)
}
