// Package des is what the event-driven models have in common: a queue of events, a ring buffer for whatever waits in
// order, and an integer clock.
//
// Time is counted in nanoseconds, so that sums and comparisons are exact, and events of the same time keep the order
// in which they were made. A model runs its own loop and its own switch over its own kinds of events:
//
//	for events.Len() > 0 {
//		now, e := events.Pop()
//		switch e.kind { ... }
//	}
//
// Nothing else belongs here: a model's rules stay in the model.
package des

import "math"

// Forever is a time that no run reaches, 73 years, and that can be added to another one without overflow.
const Forever = math.MaxInt64 / 4

// Nanoseconds rounds a time in seconds to the clock; less than nothing (or NaN) is 0, and too much is Forever.
func Nanoseconds(seconds float64) int64 {
	ns := seconds*1e9 + 0.5
	switch {
	case ns >= Forever:
		return Forever
	case ns >= 0:
		return int64(ns)
	}
	return 0
}

// Seconds is a time of the clock in seconds.
func Seconds(ns int64) float64 { return float64(ns) / 1e9 }
