package client

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/theory"
)

const metastablePaper = `Bronson, Aghayev, Charapko and Zhu, "Metastable Failures in Distributed Systems", HotOS 2021`

// Bronson et al., HotOS 2021: capacity 300, one retry, timeout 1 s, outage
// 10 s, watched for 490 s after it. Loads stand at least 7 % from the
// threshold of 150; nearer, the outcome is a matter of luck and patience.
func TestMetastableExample(t *testing.T) {
	budget := func(load, ratio float64) Config {
		c := Metastable(load)
		c.Budget = RatioBudget(ratio)
		return c
	}
	type outcome struct {
		name      string
		config    Config
		recovers  bool
		low, high float64 // seconds until the last timeout
		fluid     float64 // of the same, where the range is around it
		paper     bool
	}
	outcomes := []outcome{
		{"130 recovers after 54 s by the fluid", Metastable(130), true, 54 * 0.6, 54 * 1.4, 54, false},
		{"160 stays down", Metastable(160), false, 0, 0, 0, false},
		{"280 stays down", Metastable(280), false, 0, 0, 0, true},
		{"280 with a budget of 2 % recovers", budget(280, 0.02), true, 100, 280, 0, false},
		{"280 with a budget of 10 % stays down", budget(280, 0.1), false, 0, 0, 0, false},
		{"250 with a budget of 10 % recovers", budget(250, 0.1), true, 50, 280, 0, false},
	}
	stable := formula("share of runs that recover from the metastable example", "below C/(1 + R) = 150/s, with a budget below C/(1 + b); 5 runs", "")
	stuck := published("share of runs that recover from the metastable example at its own load", metastablePaper, "")
	recovery := formula("time to recover from the metastable example, simulated", "fluid: (L (2d - tau) - C tau)/(C - 2L)", "s")
	served := formula("rate at which the stuck server of the metastable example works", "its capacity", "/s")
	for _, v := range outcomes[:max(1, shorter(len(outcomes)))] {
		t.Run(v.name, func(t *testing.T) {
			claim, runs, recovered := stable, max(1, uint64(shorter(5))), 0
			if v.paper {
				claim = stuck
			}
			for seed := range runs {
				c := stepped(v.config)
				c.Seed = seed
				r := run(t, c)
				name := fmt.Sprintf("%s, seed %d", v.name, seed)
				assert.Equal(t, v.recovers, r.Recovered, name)
				if r.Recovered {
					recovered++
				}
				if v.fluid > 0 {
					recovery.Within(t, name, v.fluid, r.RecoveryTime, v.high-v.fluid)
				}
				if v.recovers {
					assert.True(t, r.RecoveryTime > v.low && r.RecoveryTime < v.high, "%s: %g s", name, r.RecoveryTime)
					continue
				}
				assert.InDelta(t, 0, last(r).Goodput, 1e-9)
				served.Within(t, name, 300, last(r).Served, 8)
			}
			claim.Within(t, v.name, share(v.recovers), float64(recovered)/float64(runs), 0)
		})
	}
}

// stepped asks for rows of a fifth of the run.
func stepped(c Config) Config {
	c.Sample = c.Duration / 5
	return c
}

func last(r Result) Row { return r.Rows[len(r.Rows)-1] }

// watched cuts how long the example is watched, for outcomes that show at once.
func watched(c Config, d time.Duration) Config {
	c.Duration = d
	return stepped(c)
}

// The paper's outcome at 280: 560 attempts per second arrive and nothing
// useful is done; without the outage the same load has no trouble.
func TestMetastableLoadIsTwice(t *testing.T) {
	c := watched(Metastable(280), time.Duration(50+shorter(150))*time.Second)
	r := run(t, c)
	attempts := published("attempts after the outage of the metastable example", metastablePaper, "/s")
	attempts.Within(t, "280 requests/s", 560, last(r).Attempts, loose(16))
	timeouts := published("timeouts in the metastable example without its outage", metastablePaper, "")
	c.Outages = nil
	r = run(t, c)
	timeouts.Within(t, "280 requests/s", 0, float64(r.Attempts.TimedOut), 0)
	assert.True(t, r.Recovered)
}

// What the example needs to recover at 280: any of a server that does not
// serve what is too old, newest first, a short line; or fewer retries.
func TestWhatCuresTheRetryStorm(t *testing.T) {
	cures := map[string]func(*Config){
		"expire":            func(c *Config) { c.Server.Discipline = Expire },
		"LIFO":              func(c *Config) { c.Server.Discipline = LIFO },
		"adaptive LIFO":     func(c *Config) { c.Server.Discipline = AdaptiveLIFO },
		"bounded queue 150": func(c *Config) { c.Server.Places = 150 },
		"fresh ones first":  func(c *Config) { c.Server.Discipline = Priority },
		"CoDel":             func(c *Config) { c.Server.Discipline = CoDel },
		"breaker":           func(c *Config) { c.Breaker = Resilience4j() },
		"client throttling": func(c *Config) { c.Throttle = SRE() },
		"AWS standard mode": func(c *Config) { *c = AWSStandard(*c) },
		"no retry":          func(c *Config) { c.Retries = 0 },
	}
	if testing.Short() {
		for _, name := range []string{"client throttling", "breaker", "AWS standard mode", "adaptive LIFO", "no retry"} {
			delete(cures, name)
		}
	}
	for name, cure := range cures {
		c := Metastable(280)
		if testing.Short() {
			c = watched(Metastable(210), 60*time.Second)
		}
		c.Seed = 3
		cure(&c)
		assert.True(t, run(t, c).Recovered, name)
	}
	c := watched(Metastable(280), 100*time.Second)
	c.Backoff = Backoff{Jitter: FullJitter, Base: 100 * time.Millisecond, Cap: 10 * time.Second}
	assert.False(t, run(t, c).Recovered, "backoff alone only moves the retries")
}

// A deadline of the whole timeout is no cure if services are long: what just
// makes it to a server comes back too late.
func TestDeadlineNeedsRoomForTheService(t *testing.T) {
	c := watched(Metastable(280), 150*time.Second)
	c.Server.Servers, c.Server.Service, c.Server.Discipline = 15, Exp(50*time.Millisecond), Expire
	assert.False(t, run(t, c).Recovered)
	c.Server.Deadline = 850 * time.Millisecond
	assert.True(t, run(t, c).Recovered)
}

// Measured on a real HTTP server over loopback: 8 workers, exponential times
// of 50 ms (160/s), timeout 1 s, one retry, a stall of 5 s. 56/s recovered 3
// times of 3, within 6 to 11 s; 96/s never did, with the server at full work
// and goodput 0, and without the stall had no timeout in 60 s; behind a queue
// its backlog was gone 7.0 s after the stall.
func TestMeasuredHTTPServer(t *testing.T) {
	cell := func(load float64, seed uint64) Config {
		c := Metastable(load)
		c.Server.Servers, c.Server.Service = 8, Exp(50*time.Millisecond)
		c.Outages[0].For = 5 * time.Second
		c.Duration, c.Seed = 65*time.Second, seed
		return c
	}
	const server = "own measurement on an HTTP server over loopback: 8 workers of 50 ms, timeout 1 s, one retry, stall of 5 s"
	recoveries := onSystem("share of runs that recover from a stall", server, "")
	calmly := onSystem("timeouts in 60 s without a stall", server, "")
	rates := onSystem("rates long after a stall", server, "/s")
	drains := formula("time to drain a queue after a stall, simulated", "fluid: L d/(C - L)", "s")
	fluid, err := theory.RetryStorm{Arrival: 96, Capacity: 160, Outage: 5}.Solve()
	require.NoError(t, err)
	var slowest, fastest float64 = 0, 1e9
	for seed := range max(3, uint64(shorter(10))) {
		r := run(t, cell(56, seed))
		assert.True(t, r.Recovered)
		name := fmt.Sprintf("56/s, seed %d", seed)
		recoveries.Within(t, name, 1, share(r.Recovered), 0)
		slowest, fastest = max(slowest, r.RecoveryTime), min(fastest, r.RecoveryTime)

		stuck := run(t, stepped(cell(96, seed)))
		assert.False(t, stuck.Recovered)
		name = fmt.Sprintf("96/s, seed %d", seed)
		recoveries.Within(t, name, 0, share(stuck.Recovered), 0)
		rates.Within(t, name+", goodput", 0, last(stuck).Goodput, 0)
		rates.Within(t, name+", served", 160, last(stuck).Served, 20)

		calm := cell(96, seed)
		calm.Outages = nil
		calmly.Within(t, name, 0, float64(run(t, calm).Attempts.TimedOut), 0)

		// Drained: the line is empty for the first time. Its rate changes by
		// sqrt(time), hence +- 3 s around the fluid 7.5 s.
		queued := cell(96, seed)
		queued.Timeout, queued.Retries = 0, 0
		queued.Sample = 100 * time.Millisecond
		drains.Within(t, name+", behind a queue", fluid.Seconds, drained(run(t, queued), 15), 3)
	}
	assert.True(t, fastest < 9 && slowest > 8 && fastest > 4 && slowest < 14, "%g to %g s, measured 6 to 11", fastest, slowest)
}

// share is that of runs of which one is.
func share(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// drained is when the line is first empty after the end of a stall.
func drained(r Result, end float64) float64 {
	for _, row := range r.Rows {
		if row.At > end && row.Queue == 0 {
			return row.At - end
		}
	}
	return math.Inf(1)
}

// Numbers of real systems, each as its source has it.
func TestPresets(t *testing.T) {
	assert.Equal(t, Breaker{100, 100, 0.5, 1, time.Minute, time.Minute, 10}, Resilience4j())
	assert.Equal(t, Throttle{2, 2 * time.Minute}, SRE())
	breaker := published("counts and shares of resilience4j's circuit breaker", "resilience4j: CircuitBreakerConfig.java", "")
	pauses := published("times of resilience4j's circuit breaker", "resilience4j: CircuitBreakerConfig.java", "s")
	circuit := Resilience4j()
	breaker.Within(t, "window, calls", 100, float64(circuit.Window), 0)
	breaker.Within(t, "least calls", 100, float64(circuit.MinimumCalls), 0)
	breaker.Within(t, "share of failures that opens it", 0.5, circuit.FailureRate, 0)
	breaker.Within(t, "share of slow calls that opens it", 1, circuit.SlowRate, 0)
	breaker.Within(t, "probes while half open", 10, float64(circuit.Probes), 0)
	pauses.Within(t, "slow call", 60, circuit.SlowCall.Seconds(), 0)
	pauses.Within(t, "open for", 60, circuit.OpenFor.Seconds(), 0)
	throttle := `Google, "Site Reliability Engineering", chapter "Handling Overload"`
	published("multiplier of adaptive throttling", throttle, "").Within(t, "K", 2, SRE().K, 0)
	published("window of adaptive throttling", throttle, "s").Within(t, "window", 120, SRE().Window.Seconds(), 0)
	aws := AWSStandard(Default())
	const botocore = "boto/botocore: retries/standard.py"
	published("retries of AWS's standard mode", botocore, "").Within(t, "retries", 2, float64(aws.Retries), 0)
	backoff := published("mean backoff of AWS's standard mode", botocore, "s")
	backoff.Within(t, "first retry: half of 1 s", 0.5, aws.Backoff.Mean(1).Seconds(), 0)
	backoff.Within(t, "ninth retry: half of the cap of 20 s", 10, aws.Backoff.Mean(9).Seconds(), 0)
	require.NoError(t, aws.Validate())
}
