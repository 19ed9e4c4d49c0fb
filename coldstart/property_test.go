package coldstart

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/validation"
)

// checkResult wants what every run must keep.
func checkResult(t testing.TB, r Result) {
	t.Helper()
	require.Equal(t, r.Requests, r.Served+r.Failed+r.Dropped+r.DeadLettered+r.Waiting, "requests")
	require.Equal(t, r.Cold, r.ColdBy.First+r.ColdBy.IdleExpired+r.ColdBy.Concurrency+r.ColdBy.ScaleUp, "causes")
	require.GreaterOrEqual(t, r.Warm+r.Cold+r.Provisioned, r.Served, "invocations")
	require.Equal(t, r.Served, r.Warm+r.Cold+r.Provisioned-r.failedInvocations(), "successes")
	for _, x := range []float64{r.ColdProbability, r.ThrottledFraction, r.SpilledFraction, r.ColdLow, r.ColdHigh} {
		require.True(t, x >= 0 && x <= 1, "%g", x)
	}
	require.LessOrEqual(t, r.ColdLow, r.ColdProbability)
	require.GreaterOrEqual(t, r.ColdHigh, r.ColdProbability)
	require.GreaterOrEqual(t, r.IdleMean, -1e-6*r.InstancesMean)
	quantiles := []float64{0, r.LatencyP50, r.LatencyP90, r.LatencyP99, r.LatencyP999, r.LatencyMax * (1 + 1e-12)}
	for i, x := range quantiles[1:] {
		require.True(t, x >= quantiles[i] && !math.IsInf(x, 0), "%v", quantiles)
	}
	sum := 0.0
	for _, s := range r.Spread {
		sum += s.Fraction
	}
	if r.Window > 0 && len(r.Spread) > 0 {
		require.InDelta(t, 1, sum, 1e-6)
	}
	if most := r.Config.Limits.concurrency(); most > 0 {
		require.LessOrEqual(t, r.InstancesMax, most)
	}
	require.True(t, r.Cost >= 0 && !math.IsNaN(r.Cost) && !math.IsInf(r.Cost, 0))
	_, err := json.Marshal(r)
	require.NoError(t, err)
}

// failedInvocations are those that reached the timeout or ended in an error.
func (out Result) failedInvocations() int64 { return out.Timeouts + out.Errors }

// Any configuration adds up: the random ones here use every part.
func TestConservation(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 20
	}
	for i := range n {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			c := randomConfig(uint64(i))
			r := simulate(t, c)
			checkResult(t, r)
			checkLittle(t, r)
		})
	}
}

// randomConfig draws a valid one.
func randomConfig(seed uint64) Config {
	g := rng.New(seed, 99)
	is := func(p float64) bool { return g.Float64() < p }
	c := Default()
	rate := math.Pow(10, 3*g.Float64()-1)
	c.Arrivals = Poisson(rate)
	c.Warm = Exp(seconds(math.Pow(10, 2*g.Float64()-2)))
	c.Duration, c.Seed = seconds(5000/rate), seed
	c.KeepAlive = Fixed(seconds(math.Pow(10, 3*g.Float64()-1)))
	switch g.IntN(6) {
	case 0:
		c.KeepAlive = Lasting(Exp(10 * time.Second))
	case 1:
		c.KeepAlive = Halving(time.Second)
	case 2:
		c.KeepAlive = Never()
	}
	c.Selection = Selection(g.IntN(4))
	if is(0.5) {
		c.Cold = AWSLambda("java21-zip-x86").Cold
		c.Cold.Sandbox, c.Cold.Proactive = Exp(100*time.Millisecond), 0.1
		c.Cold.SnapStart = is(0.3)
	}
	if is(0.5) {
		c.Limits.Account, c.Limits.Requests = 200, 10*g.Float64()
		c.Limits.Reserved = g.IntN(20)
	}
	if is(0.5) {
		c.Limits.Scaling, c.Limits.Burst, c.Limits.Refill = Scaling(1+g.IntN(2)), 1+g.IntN(5), 2*g.Float64()
	}
	if is(0.4) {
		c.Provisioned = Provisioned{min(g.IntN(8), max(c.Limits.concurrency(), 0)), g.IntN(100)}
	}
	c.Retry = RetryPolicy(RetryKind(g.IntN(3)))
	if is(0.3) {
		c.ErrorProbability = 0.2
	}
	if is(0.3) {
		c.Timeout = seconds(2 * c.Warm.Mean())
	}
	if is(0.3) {
		c.Warmer = Warmer{g.IntN(5), seconds(5), Const(10 * time.Millisecond)}
	}
	if is(0.3) {
		c.PerInstance = 1 + g.IntN(5)
	}
	if is(0.5) {
		c.Warmup = c.Duration / 3
	}
	if is(0.5) {
		c.Sample, c.Records = c.Duration/100, g.IntN(1000)
	}
	return c
}

// checkLittle wants E[N] = rate of births x mean life, up to those that are cut by the ends, where there is no bound on lives to spoil it.
func checkLittle(t testing.TB, r Result) {
	t.Helper()
	if r.Config.Provisioned.Count > 0 || r.Config.KeepAlive.kind != byLaw || r.Window == 0 {
		return
	}
	most := float64(r.InstancesMax)
	require.LessOrEqual(t, math.Abs(float64(r.Created-r.Expired)), most+1)
}

// The rate of cold starts times the mean life is the number of environments; the time that they work is that of the responses.
func TestLittle(t *testing.T) {
	environments := validation.Claim{Kind: validation.Theory, Name: "environments of a run", Source: "Little's law: rate x cold share x mean life, of the same run"}
	busy := validation.Claim{
		Kind: validation.Theory, Name: "time that environments of a run are busy", Source: "mean latency x requests served, but for what still runs at the end", Unit: "s",
	}
	c := Default()
	c.Duration = scale(4e6 * time.Second)
	for _, engine := range []Engine{Stack, Events} {
		c.Engine = engine
		r := simulate(t, c)
		rate := float64(r.Requests) / r.Window
		name := fmt.Sprintf("0.9/s, engine %v", engine)
		environments.Within(t, name, rate*r.ColdProbability*r.LifespanMean, r.InstancesMean, 20/float64(r.Cold)*r.InstancesMean)
		// Nothing is rejected: busy = rate x latency, but for what still runs at the end.
		busy.Within(t, name, r.LatencyMean*float64(r.Served), r.RunningMean*r.Window, 200)
		assert.InEpsilon(t, r.IdleMean*r.Window*128/1024, r.WastedGBSeconds, 1e-9)
		assert.InEpsilon(t, r.LatencyMean*float64(r.Served)+0.0005*float64(r.Served), r.BilledGBSeconds*8, 1e-4)
		assert.InEpsilon(t, r.BilledGBSeconds*0.0000166667+float64(r.Served)*0.2e-6, r.Cost, 1e-12)
	}
}

// The measure of a time does not matter.
func TestScaling(t *testing.T) {
	c := Default()
	c.Duration = 1e5 * time.Second
	a := simulate(t, c)
	c.Arrivals, c.Warm, c.Cold.Response = Poisson(0.45), Exp(2*1991*time.Millisecond), Exp(2*2244*time.Millisecond)
	c.KeepAlive, c.Duration = Fixed(20*time.Minute), 2e5*time.Second
	b := simulate(t, c)
	assert.Equal(t, a.Cold, b.Cold)
	assert.InEpsilon(t, a.InstancesMean, b.InstancesMean, 1e-6)
	assert.InEpsilon(t, 2*a.LatencyP99, b.LatencyP99, 0.005)
}

func TestDeterministic(t *testing.T) {
	for i := range uint64(10) {
		c := randomConfig(i)
		assert.Equal(t, simulate(t, c), simulate(t, c))
	}
}

func TestConfigJSON(t *testing.T) {
	for i := range uint64(30) {
		c := randomConfig(i)
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, c, back)
	}
	text, err := json.Marshal(Default())
	require.NoError(t, err)
	assert.Contains(t, string(text), `"keep_alive":"10m","selection":"mru"`)
}

func TestKeepAliveText(t *testing.T) {
	for text, want := range map[string]KeepAlive{
		"10m": Fixed(10 * time.Minute), "exp:10m": Lasting(Exp(10 * time.Minute)), "halving:380s": Halving(380 * time.Second), "halving": Halving(380 * time.Second),
		"never": Never(),
	} {
		got, err := ParseKeepAlive(text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		again, err := ParseKeepAlive(got.String())
		require.NoError(t, err)
		assert.Equal(t, want, again)
	}
	for _, text := range []string{"", "0s", "-1s", "halving:0s", "halving:x", "always", "exp:0s"} {
		_, err := ParseKeepAlive(text)
		assert.Error(t, err, text)
	}
}

// Errors name the limit and the page of AWS that says so.
func TestErrorsNameTheLimit(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"MemoryMB = 127, want in [128, 10240] MB, the sizes of AWS Lambda (" + pageMemory: func(c *Config) { c.MemoryMB = 127 },
		"MemoryMB = 10241":                                                      func(c *Config) { c.MemoryMB = 10241 },
		"KeepAlive = 0s: mean time 0 s, want in (0":                             func(c *Config) { c.KeepAlive = Fixed(0) },
		"Provisioned.Count = 11, want at most the reserved concurrency":         func(c *Config) { c.Limits.Reserved, c.Provisioned.Count = 10, 11 },
		"Provisioned.Count = 1001, want at most the concurrency of the account": func(c *Config) { c.Limits.Account, c.Provisioned.Count = 1000, 1001 },
		"Limits.Reserved = 901, want at most Account - 100 = 900":               func(c *Config) { c.Limits.Account, c.Limits.Reserved = 1000, 901 },
		"Timeout = 15m0.000000001s":                                             func(c *Config) { c.Timeout = 15*time.Minute + 1 },
		`Cold.Runtime: runtime "java21", want one of`:                           func(c *Config) { c.Cold.Runtime = "java21" },
		"Engine = stack":               func(c *Config) { c.Engine, c.Selection = Stack, LRU },
		"Duration = 0s":                func(c *Config) { c.Duration = 0 },
		"Trace[1] = 0s, want in [1s":   func(c *Config) { c.Arrivals, c.Trace = FromTrace(), []time.Duration{time.Second, 0} },
		"Trace: no requests":           func(c *Config) { c.Arrivals = FromTrace() },
		"Trace: 1 requests":            func(c *Config) { c.Trace = []time.Duration{0} },
		"Retry.Attempts = 0":           func(c *Config) { c.Retry = RetryPolicy(SyncRetry); c.Retry.Attempts = 0 },
		"Retry.Most = 1µs":             func(c *Config) { c.Retry = RetryPolicy(SyncRetry); c.Retry.Most = time.Microsecond },
		"Warmer.Every = 0s":            func(c *Config) { c.Warmer.Concurrent = 1 },
		"Price.GBSecond = NaN":         func(c *Config) { c.Price.GBSecond = math.NaN() },
		"PerInstance = 0":              func(c *Config) { c.PerInstance = 0 },
		"Arrivals = ":                  func(c *Config) { c.Arrivals = Poisson(math.NaN()) },
		"requests, want at most 1e+11": func(c *Config) { c.Arrivals = Poisson(1e8); c.Duration = year },
		"Sample = 1µs, want at most":   func(c *Config) { c.Sample = time.Microsecond },
		"Cold.Package/Cold.Bandwidth":  func(c *Config) { c.Cold.Package, c.Cold.Bandwidth = 1e10, 1e-9 },
		"Limits.Burst = 0":             func(c *Config) { c.Limits.Scaling, c.Limits.Burst = AWSScaling, 0 },
		"ErrorProbability = 2":         func(c *Config) { c.ErrorProbability = 2 },
	} {
		c := Default()
		change(&c)
		_, err := Simulate(c)
		require.ErrorIs(t, err, ErrInvalidConfig, want)
		assert.ErrorContains(t, err, want)
	}
	err := Config{}.Validate()
	assert.Greater(t, strings.Count(err.Error(), "\n"), 4, "all at once")
}
