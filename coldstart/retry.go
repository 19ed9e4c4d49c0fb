package coldstart

import (
	"math"
	"time"

	"cloudconcepts/internal/arrival"
)

type throttled uint8

const (
	throttledConcurrency throttled = iota
	throttledRate
	throttledScaling
)

// throttle refuses a request, which may come again.
func (e *engine) throttle(t int64, q request, why throttled) {
	e.window.Throttled++
	if q.ping {
		if t >= e.from {
			e.throttledPings++
		}
		return
	}
	if q.counted {
		e.throttles.count(why)
		if q.tries == 1 && e.c.Provisioned.Count > 0 {
			e.spilled++
		}
	}
	r := e.c.Retry
	at := t + e.delay(q.tries-q.errors)
	switch {
	case r.Kind == NoRetry, r.Attempts > 0 && int(q.tries) >= r.Attempts:
		e.lose(q)
	case r.Kind == AsyncRetry && at-q.first > int64(r.MaxAge):
		if q.counted {
			e.dead++
		}
		e.log.end(q.record, Dead)
	default:
		e.later(at, q)
	}
}

// lose gives a throttled request up.
func (e *engine) lose(q request) {
	if !q.counted {
		return
	}
	if e.c.Retry.Kind == AsyncRetry {
		e.dead++
		e.log.end(q.record, Dead)
		return
	}
	e.dropped++
	e.log.end(q.record, Dropped)
}

func (e *engine) later(at int64, q request) {
	if q.counted {
		e.pending++
	}
	e.events.Push(at, event{kind: retry, q: q})
}

// delay is the time before the next try, after so many.
func (e *engine) delay(tries int32) int64 {
	r := e.c.Retry
	if r.Kind == NoRetry {
		return 0
	}
	d := min(float64(r.First)*math.Pow(r.Factor, float64(tries-1)), float64(r.Most))
	if r.Jitter > 0 {
		d *= 1 - r.Jitter*e.draws.retries.Float64()
	}
	return max(int64(d+0.5), 1)
}

const mostErrors = 2 // retries after function errors, after 1 and 2 min (AWS Lambda Developer Guide, asynchronous invocation)

// again is what happens at the end of an invocation that failed.
func (e *engine) again(end int64, q request) {
	if q.ping {
		return
	}
	if e.c.Retry.Kind != AsyncRetry {
		if q.counted {
			e.failed++
		}
		return
	}
	if q.errors >= mostErrors {
		if q.counted {
			e.dead++
		}
		e.log.end(q.record, Dead)
		return
	}
	q.errors++
	e.later(min(end+int64(q.errors)*int64(time.Minute), arrival.TooLate), q)
}

// count enters an invocation into the statistics.
func (e *engine) count(t int64, q request, provisioned bool, w work, x *start, failed bool) {
	if t >= e.from {
		e.invocations++
		e.tally.response.Add(w.response)
		billed := w.billed
		if e.c.Price.BillInit && x != nil {
			billed += w.init
			if x.whole >= 0 {
				billed = w.response
			}
		}
		if provisioned {
			bill(&e.billedProvisioned, billed)
		} else {
			bill(&e.billed, billed)
		}
		if q.ping {
			e.pings++
		}
	}
	if !q.counted || q.ping {
		return
	}
	if q.tries == 1 && e.c.Provisioned.Count > 0 && !provisioned {
		e.spilled++
	}
	latency := t + w.response - q.first
	e.tally.accepted(latency, x != nil)
	switch {
	case w.cut:
		e.timeouts++
	case failed:
		e.errors++
	default:
		e.served++
		e.latency.Add(latency)
		if x != nil {
			e.colds.Add(latency)
		}
	}
}
