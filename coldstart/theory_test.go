package coldstart

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/validation"
)

// tiny is a service that takes next to no time.
func tiny(rate float64, keep KeepAlive) Config {
	c := Default()
	c.Arrivals, c.Warm, c.Cold.Response, c.KeepAlive = Poisson(rate), Const(0), Const(0), keep
	c.Duration = scale(seconds(1e6 / rate))
	return c
}

// zero wants abs(z) <= 4 of a share of n.
func zero(t *testing.T, claim validation.Claim, cell string, want, got float64, n int64) {
	t.Helper()
	claim.Within(t, cell, want, got, 4*math.Sqrt(want*(1-want)/float64(n)))
}

// exactly is what the tests want of numbers that have no room to differ.
const exactly = 0

// coldPoisson is exp(-load), load = rate x keep-alive.
var coldPoisson = []struct{ load, want float64 }{{0.1, 0.904837}, {0.5, 0.606531}, {1, 0.367879}, {2, 0.135335}, {5, 0.006738}}

// exponential names a case of exponential service and keep-alive, times in s.
func exponential(rate, service, keep float64) string {
	return fmt.Sprintf("%g/s, service %g s, keep-alive %g s", rate, service, keep)
}

// coldHalving is the share of cold requests under halving every 380 s, by the mean gap in s.
var coldHalving = []struct {
	rate      string
	gap, want float64
}{{"1 in 1,000 s", 1000, 0.519597}, {"1 in 600 s", 600, 0.361303}, {"1 in 200 s", 200, 0.080829}, {"1 in 100 s", 100, 0.011312}}

// Without service time a request is cold if the gap before it is longer than the keep-alive: exp(-rate T), and E[N] = 1 - exp(-rate T).
func TestPoissonWithoutService(t *testing.T) {
	cold := validation.Claim{Kind: validation.Theory, Name: "cold share of Poisson arrivals without service time, simulated", Source: "exp(-rate x keep-alive)"}
	environments := validation.Claim{
		Kind: validation.Theory, Name: "environments of Poisson arrivals without service time, simulated", Source: "1 - exp(-rate x keep-alive)",
	}
	for _, x := range coldPoisson {
		c := tiny(x.load/6, Fixed(6*time.Second))
		r := simulate(t, c)
		name := fmt.Sprintf("rate x keep-alive = %g", x.load)
		zero(t, cold, name, x.want, r.ColdProbability, r.Requests)
		near(t, environments, name, 1-x.want, r.InstancesMean, 0.01)
		assert.Equal(t, r.Cold-1, r.ColdBy.IdleExpired)
	}
}

// Deterministic gaps: all cold if longer than the keep-alive, else none but the first; exactly as long is warm.
func TestPeriodicArrivals(t *testing.T) {
	cold := validation.Claim{
		Kind: validation.Theory, Name: "cold requests of 100 that come every 30 min and take 1 s", Source: "all if the idle time of 1,799 s is longer than the keep-alive, else the first",
	}
	idle := validation.Claim{
		Kind: validation.Theory, Name: "time idle between 100 requests that come every 30 min and take 1 s", Source: "99 x min(1,799 s, keep-alive)", Unit: "s",
	}
	for _, x := range []struct {
		ttl  time.Duration
		cold int64
		idle float64 // s for each gap
	}{{10 * time.Minute, 100, 600}, {time.Hour, 1, 1799}, {1799 * time.Second, 1, 1799}, {1799*time.Second - 1, 100, 1799}} {
		for _, engine := range []Engine{Stack, Events} {
			c := Default()
			c.Arrivals = Renewal(Const(30 * time.Minute))
			c.Warm, c.Cold.Response, c.KeepAlive = Const(time.Second), Const(time.Second), Fixed(x.ttl)
			c.Duration, c.MaxRequests, c.Engine = 1e6*time.Second, 100, engine
			r := simulate(t, c)
			name := fmt.Sprintf("keep-alive %.13g s, engine %v", x.ttl.Seconds(), engine)
			cold.Within(t, name, float64(x.cold), float64(r.Cold), exactly)
			idle.Relative(t, name, 99*x.idle, r.IdleMean*r.Window, 1e-6)
		}
	}
}

// At most one environment: among the accepted exp(-rate T) are cold, and a/(1 + a) are rejected, for any service times.
func TestAtMostOne(t *testing.T) {
	c := Default()
	c.Arrivals, c.Warm, c.Cold.Response = Poisson(0.005), Const(2*time.Second), Exp(5*time.Second)
	c.Limits.Reserved, c.Duration = 1, scale(3e8*time.Second)
	r := simulate(t, c)
	claim := validation.Claim{
		Kind: validation.Theory, Name: "at most one environment, simulated: 0.005/s, 2 s warm, 5 s cold, keep-alive 10 min",
		Source: "cold p = exp(-rate T), rejected and busy a/(1 + a), a = rate (2 s + p 3 s), idle (1 - busy)(1 - p)",
	}
	zero(t, claim, "cold share of the accepted", 0.049787, r.ColdProbability, r.Warm+r.Cold)
	near(t, claim, "rejected share", 0.010633, r.ThrottledFraction, 0.015)
	near(t, claim, "idle environments", 0.94011, r.IdleMean, 0.005)
	near(t, claim, "busy environments", 0.010633, r.RunningMean, 0.015)
}

// Exponential keep-alive and service: a Markov chain, the same for every selection. Its numbers are those of the two-dimensional chain.
func TestExponentialKeepAlive(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Theory, Name: "exponential keep-alive and service, simulated under any selection",
		Source: "the Markov chain on (busy, idle), solved separately; busy environments as in M/M/infinity",
	}
	for _, x := range []struct{ rate, service, ttl, cold, idle float64 }{
		{0.9, 2, 600, 0.00857825, 4.63226}, {0.1, 2, 600, 0.0323643, 1.94186}, {5, 0.2, 60, 0.0120939, 3.62816},
	} {
		for _, s := range []Selection{MRU, Newest, LRU, Random} {
			c := Default()
			c.Arrivals, c.Warm, c.Cold.Response = Poisson(x.rate), Exp(seconds(x.service)), Exp(seconds(x.service))
			c.KeepAlive, c.Selection = Lasting(Exp(seconds(x.ttl))), s
			c.Duration, c.Warmup = scale(seconds(4e5/x.rate)), min(seconds(10*x.ttl), scale(seconds(1e5/x.rate)))
			r := simulate(t, c)
			name := exponential(x.rate, x.service, x.ttl) + ", " + chosen(s)
			near(t, claim, name+": cold share", x.cold, r.ColdProbability, 0.06)
			near(t, claim, name+": idle", x.idle, r.IdleMean, 0.025)
			near(t, claim, name+": busy", x.rate*x.service, r.RunningMean, 0.015)
		}
	}
}

// Halving every 380 s: P(cold) = q/(2 - q) with q = exp(-380 rate).
func TestHalving(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Theory, Name: "cold share if half of the idle environments go every 380 s, simulated", Source: "q/(2 - q), q = exp(-380 s x rate)",
	}
	for _, x := range coldHalving {
		c := tiny(1/x.gap, Halving(380*time.Second))
		c.Duration /= 4
		r := simulate(t, c)
		zero(t, claim, x.rate, x.want, r.ColdProbability, r.Requests)
	}
}

// SeBS, equation 1: of 20 environments 10, 5 and 2.5 are left after 380, 760 and 1,140 s; 400 batches.
func TestHalvingOfABatch(t *testing.T) {
	c := Default()
	c.Warm, c.Cold.Response, c.KeepAlive = Const(time.Second), Const(time.Second), Halving(380*time.Second)
	c.Arrivals = FromTrace()
	c.Trace = make([]time.Duration, 8000)
	c.Duration, c.Sample = 1200*time.Second, 10*time.Second
	r := simulate(t, c)
	claim := validation.Claim{
		Kind: validation.Published, Name: "environments left of 8,000 without requests, simulated", Source: "Copik et al., SeBS, Middleware 2021, equation 1: n 2^-floor(time/380 s)",
	}
	claim.Within(t, "after 370 s", 8000, float64(r.Rows[37].Idle), exactly)
	for _, x := range []struct {
		at   int
		want float64
	}{{390, 4000}, {770, 2000}, {1150, 1000}} {
		claim.Within(t, fmt.Sprintf("after %d s", x.at), x.want, float64(r.Rows[x.at/10].Idle), 4*math.Sqrt(8000)/2)
	}
}

// Spill-over of P provisioned environments is Erlang's B(P, a) for any service time.
func TestProvisionedSpillover(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Theory, Name: "requests that spill over from 18 provisioned environments under a load of 10", Source: "Erlang's B, for any law of service",
	}
	for _, service := range []Law{Exp(100 * time.Millisecond), Const(100 * time.Millisecond)} {
		c := Default()
		c.Arrivals, c.Warm, c.Cold.Response = Poisson(100), service, service
		c.Provisioned.Count = 18
		c.Duration, c.Warmup = scale(20_000*time.Second), 10*time.Second
		r := simulate(t, c)
		near(t, claim, "service "+service.String(), 0.007142, r.SpilledFraction, 0.05)
		assert.InDelta(t, 18, r.ProvisionedMean, 1e-9)
		assert.Equal(t, r.Requests, r.Served)
		assert.InEpsilon(t, 18*r.Window*128/1024, r.ProvisionedGBSeconds, 1e-9)
		assert.InEpsilon(t, (r.InstancesMean-r.RunningMean)*r.Window*128/1024, r.WastedGBSeconds, 1e-9)
		p := c.Price
		assert.InEpsilon(t, r.ProvisionedGBSeconds*p.ProvisionedGBSecond+r.ProvisionedBilledGBSeconds*p.ProvisionedDuration+
			r.BilledGBSeconds*p.GBSecond+float64(r.Requests)*p.Request, r.Cost, 1e-9)
	}
}

// A changed selection or limit meets the same requests and the same work.
func TestCommonRandomNumbers(t *testing.T) {
	c := Default()
	c.Duration, c.Records, c.Engine = 1e4*time.Second, 1e4, Events
	a := simulate(t, c)
	c.Selection, c.KeepAlive, c.Provisioned.Count = Random, Lasting(Exp(time.Minute)), 3
	b := simulate(t, c)
	require.Equal(t, len(a.Records), len(b.Records))
	same := 0
	for i, x := range a.Records {
		y := b.Records[i]
		require.Equal(t, x.Arrival, y.Arrival)
		if x.Cause == NotCold && y.Cause == NotCold {
			require.Equal(t, x.End-x.Start, y.End-y.Start)
			same++
		}
	}
	assert.Greater(t, same, 8000)
}

// Both engines give the same to the last bit.
func TestEnginesAgree(t *testing.T) {
	list := map[string]func(*Config){
		"default":  func(*Config) {},
		"warmup":   func(c *Config) { c.Warmup = 777 * time.Second },
		"requests": func(c *Config) { c.MaxRequests = 1234; c.Duration = year },
		"early":    func(c *Config) { c.MaxRequests = 12; c.Warmup = time.Hour },
		"cap":      func(c *Config) { c.Limits.Reserved = 2 },
		"never":    func(c *Config) { c.KeepAlive = Never() },
		"short":    func(c *Config) { c.KeepAlive = Fixed(time.Second) },
		"ties": func(c *Config) {
			c.Arrivals, c.Warm, c.KeepAlive = Renewal(Const(time.Second)), Const(3*time.Second), Fixed(time.Second)
		},
		"zero":    func(c *Config) { c.Warm, c.Cold.Response = Const(0), Const(0) },
		"batches": func(c *Config) { c.Arrivals = Poisson(0.1).InBatches(50) },
		"onoff":   func(c *Config) { c.Arrivals = OnOff(20, 0, time.Minute, 10*time.Minute) },
		"diurnal": func(c *Config) { c.Arrivals = Diurnal(1, 1, time.Hour) },
		"steps": func(c *Config) {
			c.Arrivals = Steps(Step{At: 0, Rate: 1}, Step{At: time.Hour, Rate: 100}, Step{At: time.Hour + time.Minute, Rate: 0})
		},
		"trace": func(c *Config) {
			c.Arrivals, c.Trace = FromTrace(), []time.Duration{0, 0, time.Second, time.Hour, year}
		},
		"cpu":       func(c *Config) { c.CPU.Work = Exp(time.Second) },
		"lognormal": func(c *Config) { c.Warm, _ = ParseLaw("lognormal:1s,cv=2") },
		"phases": func(c *Config) {
			c.Cold.Kind, c.Cold.Runtime, c.Cold.Sandbox, c.Cold.InitLimit = Phases, "java21-zip-x86", Exp(time.Second), 250*time.Millisecond
			c.Cold.Proactive, c.Cold.FirstCall = 0.2, Exp(time.Second)
		},
		"snapstart": func(c *Config) {
			c.Cold.Kind, c.Cold.SnapStart, c.Cold.Restore = Phases, true, Lognormal(612*time.Millisecond, 0.2)
		},
		"many": func(c *Config) { c.Arrivals, c.Duration = Poisson(100), 1000*time.Second },
	}
	for name, change := range list {
		t.Run(name, func(t *testing.T) {
			c := Default()
			c.Duration = 1e4 * time.Second
			change(&c)
			c.Engine = Stack
			a := simulate(t, c)
			c.Engine = Events
			b := simulate(t, c)
			b.Config.Engine = Stack
			assert.Equal(t, a, b)
		})
	}
}
