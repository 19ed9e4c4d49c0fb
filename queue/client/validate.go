package client

import (
	"fmt"
	"time"
)

const (
	longestRun = 10 * 365 * 24 * time.Hour
	mostRows   = 1_000_000
	mostSteps  = 10_000
	maxRate    = 1e9
)

// Validate reports every field that is out of range, in one error that wraps
// ErrInvalidConfig. It changes nothing.
func (c Config) Validate() error {
	var v checks
	v.load(c)
	v.span("Timeout", c.Timeout, 0, 24*time.Hour)
	v.count("Retries", int64(c.Retries), 0, 1000)
	v.backoff("Backoff", c.Backoff)
	v.budget(c.Budget)
	v.throttle(c.Throttle)
	v.breaker(c.Breaker)
	v.count("MaxInFlight", c.MaxInFlight, 0, 1e9)
	v.count("Credits", c.Credits, 0, 1e9)
	v.span("RoundTrip", c.RoundTrip, 0, time.Hour)
	v.server(c.Server)
	v.outages(c.Outages)
	v.span("Duration", c.Duration, 1, longestRun)
	v.count("MaxAttempts", c.MaxAttempts, 1, 2e9)
	v.span("Step", c.Step, 0, longestRun)
	if c.Step > 0 && c.Duration/c.Step > mostRows {
		v.add("Step = %v, want 0 or in [%v, %v]: at most %d rows", c.Step, c.Duration/mostRows+1, longestRun, mostRows)
	}
	return v.err()
}

func (v *checks) load(c Config) {
	v.between("Rate", c.Rate, 0, maxRate, " requests/s")
	if len(c.Steps) > mostSteps {
		v.add("Steps has %d entries, want at most %d", len(c.Steps), mostSteps)
		return
	}
	before := time.Duration(-1)
	for i, s := range c.Steps {
		name := fmt.Sprintf("Steps[%d]", i)
		v.span(name+".At", s.At, 0, longestRun)
		v.between(name+".Rate", s.Rate, 0, maxRate, " requests/s")
		if s.At <= before {
			v.add("%s.At = %v, want later than %v", name, s.At, before)
		}
		before = s.At
	}
}

func (v *checks) server(s Server) {
	v.count("Server.Servers", int64(s.Servers), 1, 100_000)
	if err := s.Service.Validate(); err != nil {
		v.add("Server.Service = %v: %w", s.Service, err)
	}
	v.count("Server.Places", int64(s.Places), -1, 1e9)
	if !s.Full.Known() {
		v.add("Server.Full = %d, want reject-newest, drop-oldest or block", s.Full)
	}
	if !s.Discipline.Known() {
		v.add("Server.Discipline = %d, want fifo, lifo, adaptive-lifo, priority, expire, codel, codel-facebook, codel-timeout or red", s.Discipline)
	}
	if s.Discipline == RED && s.Places == 0 {
		v.add("Server.Places = 0, want -1 or in [1, 1e9] with discipline red")
	}
	v.span("Server.Deadline", s.Deadline, 0, 24*time.Hour)
	for _, bad := range s.Policy.Check(s.Discipline) {
		v.add("Server.%s", bad)
	}
	v.between("Server.Bucket.Rate", s.Bucket.Rate, 0, maxRate, " tokens/s")
	if s.Bucket.Burst != 0 || s.Bucket.Rate != 0 {
		v.between("Server.Bucket.Burst", s.Bucket.Burst, 1, 1e9, " tokens")
	}
}

func (v *checks) outages(list []Outage) {
	if len(list) > mostSteps {
		v.add("Outages has %d entries, want at most %d", len(list), mostSteps)
		return
	}
	free := time.Duration(0)
	for i, o := range list {
		name := fmt.Sprintf("Outages[%d]", i)
		v.span(name+".Start", o.Start, 0, longestRun)
		v.span(name+".Duration", o.Duration, 1, longestRun)
		if o.Kind != Stall && o.Kind != Refuse {
			v.add("%s.Kind = %d, want stall or refuse", name, o.Kind)
		}
		if o.Start < free {
			v.add("%s.Start = %v, want at least %v: after the outage before it", name, o.Start, free)
		}
		free = max(0, min(o.Start, longestRun)) + max(0, min(o.Duration, longestRun))
	}
}
