package client

import (
	"fmt"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/units"
)

// result turns the counts of a run into its Result.
func (s *simulation) result() Result {
	r := s.total
	r.Config = s.Config
	r.End = des.Seconds(s.now)
	r.BreakerOpens = s.fuse.opened
	s.census(&r)
	s.queueChanges()
	s.busyChanges()
	r.QueueMax = s.total.QueueMax
	if s.now > 0 {
		r.OfferedRate = float64(r.Requests.Offered) / r.End
		r.AttemptRate = float64(r.Attempts.Sent) / r.End
		r.Goodput = float64(r.Requests.Succeeded) / r.End
		r.QueueMean = s.count.queueArea / float64(s.now)
		r.Utilization = s.count.busyArea / float64(s.now) / float64(s.Server.Servers)
	}
	a := r.Attempts
	rejected := a.Throttled + a.Capped + a.Broken + a.OverRate + a.Refused + a.LineFull + a.Dropped
	r.Amplification = ratio(a.Sent, r.Requests.Offered)
	r.SuccessFraction = ratio(r.Requests.Succeeded, r.Requests.Offered-r.Requests.Pending)
	r.WastedFraction = ratio(r.Abandoned.Served, r.Abandoned.Served+a.Succeeded)
	r.RejectedFraction = ratio(rejected, a.Sent)
	r.LastTimeout = des.Seconds(s.count.lastTimeout)
	r.Recovered = s.recovered()
	if n := len(s.Outages); n > 0 {
		over := s.Outages[n-1].At + s.Outages[n-1].For
		r.RecoveryTime = max(0, r.LastTimeout-over.Seconds())
	}
	r.Latency = latency(&s.count.latency)
	r.Warnings = s.warnings()
	return r
}

func ratio(a, b int64) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// census looks where every attempt is at the end.
func (s *simulation) census(r *Result) {
	for i := range s.slots {
		a := &s.slots[i]
		switch {
		case a.where == nowhere:
		case a.abandoned:
			r.Abandoned.InSystem++
		case a.where == backing:
			r.Requests.Pending++
		default:
			r.Requests.Pending++
			r.Attempts.Waiting++
		}
	}
}

func (s *simulation) recovered() bool {
	good, bad := s.count.tailGood, s.count.tailBad
	if good+bad == 0 {
		return s.inFlight == 0 && !s.total.Stopped
	}
	return float64(good) >= 0.95*float64(good+bad)
}

func (s *simulation) warnings() []error {
	var list []error
	if s.total.Stopped {
		list = append(list, fmt.Errorf("stopped after MaxAttempts = %d attempts, at %s of %s", s.MaxAttempts,
			units.FormatSeconds(des.Seconds(s.now)), units.FormatDuration(s.Duration)))
	}
	load, capacity := s.Rate, s.Server.Capacity()
	for _, step := range s.Steps {
		load = max(load, step.Rate)
	}
	switch {
	case load >= capacity:
		list = append(list, fmt.Errorf("load %.6g/s >= capacity %.6g/s: no steady state", load, capacity))
	case s.Timeout > 0 && load >= StableLoad(capacity, float64(s.Retries)):
		list = append(list, fmt.Errorf("load %.6g/s times %d attempts >= capacity %.6g/s: a trigger may turn it into a retry storm that stays",
			load, 1+s.Retries, capacity))
	}
	return list
}
