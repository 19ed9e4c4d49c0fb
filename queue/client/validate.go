package client

import (
	"fmt"
	"time"

	"cloudconcepts/internal/check"
)

const (
	longestRun = 10 * 365 * 24 * time.Hour
	mostRows   = 1_000_000
	mostSteps  = 10_000
	maxRate    = 1e9
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	v.load(c)
	v.Span("Timeout", c.Timeout, 0, 24*time.Hour)
	check.Count(&v.List, "Retries", int64(c.Retries), 0, 1000)
	for _, p := range c.Backoff.Problems() {
		v.Add("Backoff.%w", p)
	}
	v.budget(c.Budget)
	v.throttle(c.Throttle)
	v.breaker(c.Breaker)
	check.Count(&v.List, "MaxInFlight", c.MaxInFlight, 0, 1e9)
	check.Count(&v.List, "Credits", c.Credits, 0, 1e9)
	v.Span("RoundTrip", c.RoundTrip, 0, time.Hour)
	v.server(c.Server)
	v.outages(c.Outages)
	v.Span("Duration", c.Duration, 1, longestRun)
	check.Count(&v.List, "MaxAttempts", c.MaxAttempts, 1, 2e9)
	v.Span("Sample", c.Sample, 0, longestRun)
	if c.Sample > 0 && c.Duration/c.Sample > mostRows {
		v.Add("Sample = %v, want 0 or in [%v, %v]: at most %d rows", c.Sample, c.Duration/mostRows+1, longestRun, mostRows)
	}
	return v.Err()
}

func (v *checks) load(c Config) {
	v.Between("Rate", c.Rate, 0, maxRate, " requests/s")
	if len(c.Steps) > mostSteps {
		v.Add("Steps has %d entries, want at most %d", len(c.Steps), mostSteps)
		return
	}
	before := time.Duration(-1)
	for i, s := range c.Steps {
		name := fmt.Sprintf("Steps[%d]", i)
		v.Span(name+".At", s.At, 0, longestRun)
		v.Between(name+".Rate", s.Rate, 0, maxRate, " requests/s")
		if s.At <= before {
			v.Add("%s.At = %v, want later than %v", name, s.At, before)
		}
		before = s.At
	}
}

func (v *checks) server(s Server) {
	check.Count(&v.List, "Server.Servers", int64(s.Servers), 1, 100_000)
	if err := s.Service.Validate(); err != nil {
		v.Add("Server.Service = %v: %w", s.Service, err)
	}
	check.Count(&v.List, "Server.Places", int64(s.Places), -1, 1e9)
	if !s.Full.Known() {
		v.Add("Server.Full = %d, want reject-newest, drop-oldest or block", s.Full)
	}
	if !s.Discipline.Known() {
		v.Add("Server.Discipline = %d, want fifo, lifo, adaptive-lifo, priority, expire, codel, codel-facebook, codel-timeout or red", s.Discipline)
	}
	if s.Discipline == RED && s.Places == 0 {
		v.Add("Server.Places = 0, want -1 or in [1, 1e9] with discipline red")
	}
	v.Span("Server.Deadline", s.Deadline, 0, 24*time.Hour)
	for _, bad := range s.Policy.Check(s.Discipline) {
		v.Add("Server.%s", bad)
	}
	v.Between("Server.Bucket.Rate", s.Bucket.Rate, 0, maxRate, " tokens/s")
	if s.Bucket.Burst != 0 || s.Bucket.Rate != 0 {
		v.Between("Server.Bucket.Burst", s.Bucket.Burst, 1, 1e9, " tokens")
	}
}

func (v *checks) outages(list []Outage) {
	if len(list) > mostSteps {
		v.Add("Outages has %d entries, want at most %d", len(list), mostSteps)
		return
	}
	free := time.Duration(0)
	for i, o := range list {
		name := fmt.Sprintf("Outages[%d]", i)
		v.Span(name+".At", o.At, 0, longestRun)
		v.Span(name+".For", o.For, 1, longestRun)
		if o.Kind != Stall && o.Kind != Refuse {
			v.Add("%s.Kind = %d, want stall or refuse", name, o.Kind)
		}
		if o.At < free {
			v.Add("%s.At = %v, want at least %v: after the outage before it", name, o.At, free)
		}
		free = max(0, min(o.At, longestRun)) + max(0, min(o.For, longestRun))
	}
}
