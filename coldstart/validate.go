package coldstart

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"
)

const (
	mostRequests = 100_000_000_000
	mostDuration = 10 * year
	mostRows     = 1_000_000
	longWork     = 24 * time.Hour
	longCold     = 365 * 24 * time.Hour

	leastMemory = 128 // MB
	mostMemory  = 10240

	// Pages of the AWS Lambda Developer Guide, for messages.
	guide           = "docs.aws.amazon.com/lambda/latest/dg/"
	pageMemory      = guide + "configuration-memory.html"
	pageTimeout     = guide + "configuration-timeout.html"
	pageLifecycle   = guide + "lambda-runtime-environment.html"
	pageConcurrency = guide + "lambda-concurrency.html"
	pageReserved    = guide + "configuration-concurrency.html"
	pageProvisioned = guide + "provisioned-concurrency.html"
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	if err := c.Arrivals.Validate(); err != nil {
		v.Add("Arrivals = %v: %w", c.Arrivals, err)
	}
	v.trace(c)
	v.Law("Warm", c.Warm, 0, longWork)
	v.Law("CPU.Work", c.CPU.Work, 0, longWork)
	v.Between("CPU.Parallelism", c.CPU.Parallelism, 1, 6, " vCPUs")
	v.cold(c.Cold)
	if c.MemoryMB < leastMemory || c.MemoryMB > mostMemory {
		v.Add("MemoryMB = %d, want in [%d, %d] MB, the sizes of AWS Lambda (%s)", c.MemoryMB, leastMemory, mostMemory, pageMemory)
	}
	if c.Timeout < 0 || c.Timeout > 15*time.Minute {
		v.Add("Timeout = %v, want in [0s, 15m0s], the longest of AWS Lambda (%s)", c.Timeout, pageTimeout)
	}
	if err := c.KeepAlive.Validate(); err != nil {
		v.Add("KeepAlive = %v: %w", c.KeepAlive, err)
	}
	check.Count(&v.List, "Selection", c.Selection, MRU, Random)
	check.Count(&v.List, "PerInstance", c.PerInstance, 1, 1600)
	v.limits(c.Limits, c.Provisioned)
	v.retry(c.Retry)
	v.warmer(c.Warmer)
	v.price(c.Price)
	v.Between("ErrorProbability", c.ErrorProbability, 0, 1, "")
	v.run(c)
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

// finite is for a number that nothing reads: JSON has no NaN and no infinity.
func (v *checks) finite(name string, x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		v.Add("%s = %g, want a finite number", name, x)
	}
}

func (v *checks) trace(c Config) {
	if !c.Arrivals.Traced() {
		if len(c.Trace) > 0 {
			v.Add("Trace: %d requests, want none unless Arrivals = trace", len(c.Trace))
		}
		return
	}
	if len(c.Trace) == 0 {
		v.Add("Trace: no requests, want at least one")
	}
	before := time.Duration(0)
	for i, at := range c.Trace {
		if at < before || at > mostDuration {
			v.Add("Trace[%d] = %v, want in [%v, %v]", i, at, before, mostDuration)
			return
		}
		before = at
	}
}

func (v *checks) cold(k Cold) {
	check.Count(&v.List, "Cold.Kind", k.Kind, Whole, Phases)
	v.Law("Cold.Response", k.Response, 0, longWork)
	for _, x := range []struct {
		name string
		law  Law
	}{
		{"Sandbox", k.Sandbox},
		{"Network", k.Network},
		{"Extensions", k.Extensions},
		{"Function", k.Function},
		{"FirstCall", k.FirstCall},
		{"Restore", k.Restore},
	} {
		v.Law("Cold."+x.name, x.law, 0, longWork)
	}
	v.Between("Cold.Package", k.Package, 0, 1e10, " bytes")
	v.Between("Cold.ReadShare", k.ReadShare, 0, 1, "")
	v.Between("Cold.Bandwidth", k.Bandwidth, 0, 1e12, " bytes/s")
	if k.Bandwidth > 0 && k.Package*k.ReadShare/k.Bandwidth > longCold.Seconds() {
		v.Add("Cold.Package/Cold.Bandwidth = %g s, want at most a year", k.Package*k.ReadShare/k.Bandwidth)
	}
	if k.Runtime != "" {
		if _, err := k.Runtime.Stats(); err != nil {
			v.Add("Cold.Runtime: %w", err)
		}
	}
	v.Span("Cold.InitLimit", k.InitLimit, 0, 15*time.Minute)
	v.Span("Cold.RestorePerGB", k.RestorePerGB, 0, time.Minute)
	v.Between("Cold.Proactive", k.Proactive, 0, 1, "")
}

func (v *checks) limits(l Limits, p Provisioned) {
	check.Count(&v.List, "Limits.Account", l.Account, 0, 1e7)
	check.Count(&v.List, "Limits.Reserved", l.Reserved, 0, 1e7)
	if l.Account > 0 && l.Reserved > max(l.Account-100, 0) {
		v.Add("Limits.Reserved = %d, want at most Account - 100 = %d: AWS keeps 100 for functions without (%s)", l.Reserved, max(l.Account-100, 0), pageReserved)
	}
	check.Count(&v.List, "Limits.Scaling", l.Scaling, NoScaling, LegacyScaling)
	if l.Scaling != NoScaling {
		check.Count(&v.List, "Limits.Burst", l.Burst, 1, 1e7)
		v.Between("Limits.Refill", l.Refill, 0, 1e7, fmt.Sprintf(" environments/%s", map[bool]string{true: "s", false: "min"}[l.Scaling == AWSScaling]))
	} else {
		v.finite("Limits.Refill", l.Refill)
	}
	v.Between("Limits.Requests", l.Requests, 0, 1e6, " requests/s")
	check.Count(&v.List, "Provisioned.Count", p.Count, 0, 1e6)
	check.Count(&v.List, "Provisioned.Ramp", p.Ramp, 0, 1e7)
	switch {
	case l.Reserved > 0 && p.Count > l.Reserved:
		v.Add("Provisioned.Count = %d, want at most the reserved concurrency, Limits.Reserved = %d (%s)", p.Count, l.Reserved, pageProvisioned)
	case l.Reserved == 0 && l.Account > 0 && p.Count > l.Account:
		v.Add("Provisioned.Count = %d, want at most the concurrency of the account, Limits.Account = %d (%s)", p.Count, l.Account, pageConcurrency)
	}
}

func (v *checks) retry(r Retry) {
	check.Count(&v.List, "Retry.Kind", r.Kind, NoRetry, AsyncRetry)
	if r.Kind == NoRetry || r.Kind > AsyncRetry {
		v.finite("Retry.Factor", r.Factor)
		v.finite("Retry.Jitter", r.Jitter)
		return
	}
	v.Span("Retry.First", r.First, time.Microsecond, 24*time.Hour)
	v.Span("Retry.Most", r.Most, max(r.First, time.Microsecond), 24*time.Hour)
	v.Between("Retry.Factor", r.Factor, 1, 100, "")
	v.Between("Retry.Jitter", r.Jitter, 0, 1, "")
	least := 0
	if r.Kind == SyncRetry {
		least = 1
	}
	check.Count(&v.List, "Retry.Attempts", r.Attempts, least, 1e6)
	if r.Kind == AsyncRetry {
		v.Span("Retry.MaxAge", r.MaxAge, 1, 14*24*time.Hour)
	}
}

func (v *checks) warmer(w Warmer) {
	check.Count(&v.List, "Warmer.Concurrent", w.Concurrent, 0, 1e5)
	if w.Concurrent > 0 {
		v.Span("Warmer.Every", w.Every, time.Millisecond, year)
		v.Law("Warmer.Work", w.Work, 0, 15*time.Minute)
	}
}

func (v *checks) price(p Price) {
	v.Between("Price.GBSecond", p.GBSecond, 0, 1e6, " USD")
	v.Between("Price.Request", p.Request, 0, 1e6, " USD")
	v.Between("Price.ProvisionedGBSecond", p.ProvisionedGBSecond, 0, 1e6, " USD")
	v.Between("Price.ProvisionedDuration", p.ProvisionedDuration, 0, 1e6, " USD")
}

func (v *checks) run(c Config) {
	v.Span("Duration", c.Duration, 1, mostDuration)
	check.Count(&v.List, "MaxRequests", c.MaxRequests, 0, mostRequests)
	if c.Duration > 0 {
		v.Span("Warmup", c.Warmup, 0, c.Duration-1)
	}
	if c.Sample != 0 {
		v.Span("Sample", c.Sample, time.Microsecond, mostDuration)
		if c.Sample > 0 && int64(c.Duration/c.Sample) > mostRows {
			v.Add("Sample = %v, want at most %d rows in Duration = %v", c.Sample, mostRows, c.Duration)
		}
	}
	check.Count(&v.List, "Records", c.Records, 0, 1e6)
	check.Count(&v.List, "Engine", c.Engine, Auto, Stack)
	if !v.OK() {
		return
	}
	if c.Engine == Stack && !c.stackable() {
		v.Add("Engine = stack, want auto or events: the stack knows only mru, one request per environment, a fixed keep-alive and a concurrency")
	}
	v.bounded(c)
}

// bounded wants no more than mostRequests, pings included.
func (v *checks) bounded(c Config) {
	if n := c.Arrivals.Most() * c.Duration.Seconds(); c.MaxRequests == 0 && !c.Arrivals.Traced() && n > mostRequests {
		v.Add("Duration = %v: about %.3g requests, want at most %.3g", c.Duration, n, float64(mostRequests))
	}
	if w := c.Warmer; w.Concurrent > 0 && float64(w.Concurrent)*(c.Duration.Seconds()/w.Every.Seconds()) > mostRequests {
		v.Add("Warmer.Every = %v: more than %.3g pings in Duration = %v", w.Every, float64(mostRequests), c.Duration)
	}
}
