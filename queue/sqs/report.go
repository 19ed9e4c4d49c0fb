package sqs

import (
	"fmt"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/units"
)

// report sums a run up.
func (s *sim) report() Result {
	r := &s.res
	r.End = ns(s.now)
	s.integrate()
	if n := len(r.Rows); s.c.Sample > 0 && (n == 0 || r.Rows[n-1].At < des.Seconds(s.now)) {
		s.sample()
	}
	if s.order.n > 0 {
		r.AgePeak = max(r.AgePeak, ns(s.now-s.slots[s.order.head].sent))
	}
	r.InSystem = int64(s.order.n)
	r.BusySeconds, r.WastedSeconds = s.toiled/1e9, s.wasted/1e9
	for slot := s.order.head; slot != none; slot = s.slots[slot].next {
		if s.slots[slot].flags&done != 0 {
			r.InSystemDone++
		}
	}
	r.DeliveriesPerMessage = ratio(float64(r.Deliveries), float64(r.Delivered))
	r.DuplicatesFraction = ratio(float64(r.Duplicated), float64(r.Delivered))
	r.DLQFraction = ratio(float64(r.DeadLettered), float64(r.Sent))
	r.SystemMean = ratio(s.area, float64(s.now))
	r.DwellQuiet, r.DwellNoisy = quantiles(&s.dwellQuiet), quantiles(&s.dwellNoisy)
	s.dwellQuiet.Merge(&s.dwellNoisy)
	r.Dwell, r.Sojourn, r.DeadAfter = quantiles(&s.dwellQuiet), quantiles(&s.sojourn), quantiles(&s.deadAfter)
	if r.Wait = quantiles(&s.waits); s.atOnce {
		r.Wait = r.Dwell
	}
	r.Trace = r.Trace[:min(int64(len(r.Trace)), r.Sent)]
	s.warn()
	return *r
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// warn says what a reader of the numbers should know.
func (s *sim) warn() {
	r, c := &s.res, &s.c
	say := func(when bool, format string, args ...any) {
		if when {
			r.Warnings = append(r.Warnings, fmt.Errorf("sqs: "+format, args...))
		}
	}
	say(s.over(), "stopped after %s calls (MaxCalls) with %s in the system", count(s.calls), messages(r.InSystem))
	say(!r.Finished && !s.over(), "stopped after %s (Duration) with %s in the system and %s not yet sent",
		units.FormatDuration(r.End), messages(r.InSystem), count(int64(s.source.left+s.sending)))
	say(r.Expired > 0, "%s expired: retention is %s", messages(r.Expired), units.FormatDuration(c.Queue.Retention))
	say(r.InFlightPeak >= int64(c.Queue.InFlightCap), "the cap of %s in flight was reached", messages(int64(c.Queue.InFlightCap)))
	say(r.Throttled+r.ThrottledReceives > 0, "%s sends and %s receives were refused above %s calls/s",
		count(r.Throttled), count(r.ThrottledReceives), units.FormatNumber(c.Queue.CallLimit))
	mean := c.Consumer.Service.Mean() * float64(c.Consumer.Batch)
	say(c.Consumer.Heartbeat == 0 && c.Queue.Visibility.Seconds() < mean,
		"the visibility timeout of %s is shorter than a batch takes on average, %s",
		units.FormatDuration(c.Queue.Visibility), units.FormatSeconds(mean))
	if l := c.Consumer.Lambda; l.Max > 0 {
		say(c.Queue.Visibility < 6*l.Timeout, "the visibility timeout of %s is less than the 6 function timeouts (%s) that AWS advises",
			units.FormatDuration(c.Queue.Visibility), units.FormatDuration(6*l.Timeout))
	}
	if len(c.Producer.Steps) > 0 && c.Consumer.Workers > 0 && c.Producer.Arrivals != AtOnce && c.Consumer.Lambda.Max == 0 {
		last := c.Producer.Steps[len(c.Producer.Steps)-1].Rate
		load := last * c.Consumer.Service.Mean() / float64(c.Consumer.Workers)
		say(load >= 1, "rho = %.3g at the last rate: the backlog grows without end", load)
	}
}

func count(n int64) string { return units.FormatCount(float64(n)) }

func messages(n int64) string {
	if n == 1 {
		return "1 message"
	}
	return count(n) + " messages"
}
