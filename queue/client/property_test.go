package client

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
	"cloudconcepts/queue/internal/line"
)

// checkInvariants holds for every run.
func checkInvariants(t testing.TB, r Result) {
	t.Helper()
	q, a, g := r.Requests, r.Attempts, r.Abandoned
	require.Equal(t, q.Offered, q.Succeeded+q.TimedOut+q.Rejected+q.Pending, "requests")
	require.Equal(t, a.Sent, a.Succeeded+a.TimedOut+a.Throttled+a.Capped+a.Broken+a.OverRate+a.Refused+a.LineFull+a.Dropped+a.Waiting, "attempts")
	require.Equal(t, a.TimedOut, g.Served+g.Discarded+g.Withdrawn+g.InSystem, "abandoned")
	require.Equal(t, a.Succeeded, q.Succeeded)
	require.LessOrEqual(t, a.Sent, r.Config.MaxAttempts)
	require.LessOrEqual(t, q.Offered, a.Sent)
	require.LessOrEqual(t, a.Sent, q.Offered*int64(r.Config.Retries+1))
	require.Equal(t, r.Retries, a.Sent-q.Offered)
	for _, share := range []float64{r.SuccessFraction, r.WastedFraction, r.RejectedFraction} {
		require.True(t, share >= 0 && share <= 1, "%v", r)
	}
	require.True(t, r.Utilization >= 0 && r.Utilization <= 1+1e-9, "utilization %g", r.Utilization)
	require.False(t, math.IsNaN(r.QueueMean) || r.QueueMean < 0 || r.QueueMean > float64(r.QueueMax)+1e-9)
	if r.Config.Server.Places >= 0 {
		require.LessOrEqual(t, r.QueueMax, r.Config.Server.Places)
	}
	var offered float64
	for _, row := range r.Rows {
		offered += row.Offered * r.Config.Sample.Seconds()
	}
	require.LessOrEqual(t, offered, float64(q.Offered)+1e-6*float64(q.Offered)+1e-6)
	_, err := json.Marshal(r)
	require.NoError(t, err)
}

// randomConfig draws one with everything in it.
func randomConfig(r *rand.Rand) Config {
	some := func(low, high float64) float64 { return low * math.Pow(high/low, r.Float64()) }
	span := func(low, high float64) time.Duration { return time.Duration(some(low, high) * 1e9) }
	c := Config{
		Rate: some(1, 500), Regular: r.IntN(4) == 0, Retries: r.IntN(5), RetryRejected: r.IntN(2) == 0,
		Backoff: Backoff{Jitter: Jitter(r.IntN(5)), Base: span(0.001, 1), Cap: time.Minute},
		Server: Server{
			Servers: 1 + r.IntN(20), Service: Exp(span(0.001, 0.2)), Places: -1 + r.IntN(3)*r.IntN(100),
			Full: Full(r.IntN(3)), Discipline: line.Disciplines()[r.IntN(len(line.Disciplines()))], Policy: DefaultPolicy(),
		},
		Duration: span(1, 60), MaxAttempts: 20_000, Seed: r.Uint64(), RoundTrip: span(1e-9, 0.1),
	}
	if r.IntN(4) > 0 {
		c.Timeout = span(0.01, 3)
	}
	if r.IntN(3) == 0 {
		c.Budget = RatioBudget(some(0.01, 1))
	}
	if r.IntN(4) == 0 {
		c.Throttle = SRE()
	}
	if r.IntN(4) == 0 {
		c.Breaker = Resilience4j()
		c.Breaker.OpenFor = span(0.1, 10)
	}
	if r.IntN(4) == 0 {
		c.MaxInFlight = 1 + r.Int64N(50)
	}
	if r.IntN(4) == 0 {
		c.Credits = 1 + r.Int64N(50)
	}
	if r.IntN(4) == 0 {
		c.Server.Bucket = TokenBucket{Rate: some(1, 500), Burst: some(1, 100)}
	}
	for start := span(0.1, 5); r.IntN(3) > 0; start *= 3 {
		c.Outages = append(c.Outages, Outage{At: start, For: start, Kind: OutageKind(r.IntN(2))})
	}
	for at := span(0.1, 5); r.IntN(3) > 0; at *= 2 {
		c.Steps = append(c.Steps, Step{At: at, Rate: float64(r.IntN(3)) * some(1, 300)})
	}
	if c.Server.Discipline == RED && c.Server.Places == 0 {
		c.Server.Places = 1
	}
	if r.IntN(2) == 0 {
		c.Sample = c.Duration / 20
	}
	return c
}

func TestConservation(t *testing.T) {
	random := rng.New(11)
	for range shorter(500) {
		c := randomConfig(random)
		r := run(t, c)
		checkInvariants(t, r)
		if t.Failed() {
			t.Fatalf("%+v", c)
		}
	}
}

// Until the very end everything that was sent is accounted for: with the load
// switched off, nothing stays pending.
func TestEverythingEnds(t *testing.T) {
	random := rng.New(12)
	for range shorter(100) {
		c := randomConfig(random)
		c.Steps = []Step{{At: c.Duration, Rate: 0}}
		c.MaxAttempts = 1e8
		c.Duration += time.Hour
		c.Sample = 0
		r := run(t, c)
		checkInvariants(t, r)
		require.Zero(t, r.Requests.Pending, "%+v", c)
		require.Zero(t, r.Abandoned.InSystem)
	}
}

// A policy does not move the arrivals.
func TestCommonArrivals(t *testing.T) {
	base := run(t, watched(Metastable(200), time.Duration(10+shorter(50))*time.Second))
	for _, d := range line.Disciplines() {
		c := watched(Metastable(200), time.Duration(10+shorter(50))*time.Second)
		c.Server.Discipline, c.Retries, c.Throttle = d, 2, SRE()
		assert.Equal(t, base.Requests.Offered, run(t, c).Requests.Offered)
	}
}

func TestSameConfigSameResult(t *testing.T) {
	random := rng.New(13)
	for range shorter(50) {
		c := randomConfig(random)
		assert.Equal(t, run(t, c), run(t, c))
	}
	c := watched(Metastable(100), time.Minute)
	other := c
	other.Seed++
	assert.NotEqual(t, run(t, c).Latency, run(t, other).Latency)
}

// Ten times faster in all its parts, the same happens ten times faster.
func TestScaling(t *testing.T) {
	c := Default()
	c.Rate, c.Retries, c.Server.Service, c.Duration = 200, 1, Exp(4*time.Millisecond), 100*time.Second
	c.Timeout = 20 * time.Millisecond
	slow := run(t, c)
	c.Rate, c.Server.Service, c.Duration, c.Timeout = 20, Exp(40*time.Millisecond), 1000*time.Second, 200*time.Millisecond
	fast := run(t, c)
	// Rounding to whole ns moves single requests over the timeout.
	assert.InEpsilon(t, slow.Requests.Succeeded, fast.Requests.Succeeded, 0.001)
	assert.InEpsilon(t, 10*slow.Latency.Mean, fast.Latency.Mean, 0.001)
	assert.InEpsilon(t, slow.Utilization, fast.Utilization, 0.001)
}

func TestJSONRoundTrip(t *testing.T) {
	random := rng.New(14)
	for range 100 {
		c := randomConfig(random)
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, c, back)
	}
}

func TestBackoffText(t *testing.T) {
	for law := None; law <= Decorrelated; law++ {
		b := Backoff{Jitter: law, Base: 50 * time.Millisecond, Cap: 20 * time.Second}
		parsed, err := ParseBackoff(b.String())
		require.NoError(t, err)
		assert.Equal(t, b, parsed)
	}
	assert.Equal(t, "full-jitter:50ms,20s", Backoff{FullJitter, 50 * time.Millisecond, 20 * time.Second}.String())
	assert.Equal(t, "none", Backoff{}.String())
	for _, bad := range []string{"", "full-jitter", "full-jitter:1s", "full-jitter:1s,x", "full:1s,2s", "none:"} {
		_, err := ParseBackoff(bad)
		assert.Error(t, err, bad)
	}
	assert.Equal(t, "invalid", Jitter(9).String())
}

func TestValidateReportsEveryField(t *testing.T) {
	c := Config{
		Rate: math.NaN(), Timeout: -1, Retries: 2000, MaxInFlight: -1, Credits: -1, RoundTrip: -1, Sample: -1,
		Steps:   []Step{{At: time.Second, Rate: math.Inf(1)}, {At: time.Second}},
		Backoff: Backoff{Jitter: 9, Base: time.Second, Cap: time.Millisecond},
		Budget:  Budget{Capacity: math.NaN()}, Throttle: Throttle{K: 0.5}, Breaker: Breaker{Window: 1},
		Server:  Server{Places: -2, Full: 9, Discipline: 99, Bucket: TokenBucket{Rate: 1}, Service: Exp(-1), Deadline: -1},
		Outages: []Outage{{At: -1, Kind: 7}, {At: -2, For: 1}},
	}
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{
		"client: invalid config: Rate = NaN, want in [0, 1e+09] requests/s", "Timeout = -1ns", "Retries = 2000", "MaxInFlight = -1", "Credits = -1",
		"RoundTrip = -1ns", "Sample = -1ns", "Steps[0].Rate = +Inf", "Steps[1].At = 1s, want later than 1s", "Backoff.Jitter = 9", "Backoff.Cap = 1ms",
		"Budget.Capacity = NaN", "Throttle.K = 0.5", "Throttle.Window = 0s", "Breaker.MinimumCalls = 0", "Breaker.FailureRate = 0", "Breaker.Probes = 0",
		"Server.Servers = 0", "Server.Places = -2", "Server.Full = 9", "Server.Discipline = 99", "Server.Bucket.Burst = 0", "Server.Service = ", "Server.Deadline",
		"Outages[0].At", "Outages[0].For", "Outages[0].Kind", "Outages[1].At = -2ns", "Duration = 0s", "MaxAttempts = 0",
	} {
		assert.ErrorContains(t, err, field)
	}
	_, err = Simulate(c)
	require.ErrorIs(t, err, ErrInvalidConfig)
	d := Default()
	d.Sample = 1
	assert.ErrorContains(t, d.Validate(), "at most 1000000 rows")
	d.Sample, d.Server.Discipline, d.Server.Places = 0, RED, 0
	assert.ErrorContains(t, d.Validate(), "with discipline red")
}

func TestWarnings(t *testing.T) {
	warned := func(c Config, want string) {
		t.Helper()
		r := run(t, c)
		require.NotEmpty(t, r.Warnings)
		assert.ErrorContains(t, r.Warnings[len(r.Warnings)-1], want)
	}
	c := Default()
	c.Duration = 10 * time.Second
	assert.Empty(t, run(t, c).Warnings)
	c.Rate = 310
	warned(c, "no steady state")
	c.Rate, c.Retries = 160, 1
	warned(c, "retry storm")
	c.Rate, c.MaxAttempts = 10, 5
	warned(c, "MaxAttempts = 5")
	assert.True(t, run(t, c).Stopped)
}
