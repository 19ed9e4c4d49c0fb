package decouple

import "math"

// Outage is what a time in which the provider hangs does in the fluid limit, both ways, without retries; see
// [HangFluid].
type Outage struct {
	Dropped  float64 `json:"dropped"`          // requests that the full API refuses
	TimedOut float64 `json:"timed_out"`        // requests, of the outage and after it
	LastBad  float64 `json:"last_bad_s"`       // until users no longer fail, from the outage's end; +Inf = never
	Backlog  float64 `json:"backlog_messages"` // in the queue when the outage ends
	Drain    float64 `json:"drain_s"`          // from then until the queue is empty; +Inf = never
	AgeMax   float64 `json:"max_age_s"`        // of a message, the first one of the outage
}

// HangFluid is an outage of a length in seconds at a rate below a capacity, both in requests/s, with so many places
// (threads and backlog) in the API and a timeout in seconds. The users of the outage fail unless they come at its very
// end; those after it fail while the API works through what is left of them. The queue fails nobody and is late. An
// outage that is shorter than the timeout is not covered as long as its end is felt: TimedOut is then 0.
// It is all NaN unless every number is at least 0.
func HangFluid(rate, capacity, length float64, places int, timeout float64) Outage {
	if !(rate >= 0 && capacity >= 0 && length >= 0 && places >= 0 && timeout >= 0) {
		nan := math.NaN()
		return Outage{nan, nan, nan, nan, nan, nan}
	}
	held := min(rate*length, float64(places))
	o := Outage{Dropped: rate*length - held, Backlog: rate * length, Drain: math.Inf(1), AgeMax: length, LastBad: math.Inf(1)}
	if !(rate < capacity) || !(rate > 0) {
		o.TimedOut = held
		return o
	}
	o.Drain = o.Backlog / (capacity - rate)
	o.LastBad = max(0, (held-capacity*timeout)/(capacity-rate))
	during := (length - timeout) / (1 - rate/capacity) // who comes later in the outage is served in time
	o.TimedOut = rate*min(max(during, 0), held/rate) + rate*o.LastBad
	return o
}
