package livemigration

import (
	"fmt"
	"time"
)

// Status is what a stop rule can see. It is asked before each round, and by
// the drain semantics before each slice.
type Status struct {
	Elapsed       time.Duration // since the start
	Round         int           // rounds done
	Memory        int64         // bytes of guest RAM
	Remaining     float64       // bytes still dirty
	Sent          float64       // bytes of pages sent in all rounds so far
	LastSent      float64       // bytes of pages sent in the last round
	LastSkipped   float64       // bytes of pages skipped in the last round
	PreviousSent  float64       // bytes of pages sent in the round before
	RateAtMaximum bool          // an adaptive rate has reached its maximum
	Progress      time.Duration // since Remaining was last a page below all that was seen before
}

// StopRule ends pre-copy for a reason other than the downtime limit.
type StopRule interface {
	Decide(s Status) Decision
	String() string // for a legend
}

// Either asks two rules; the first that has an opinion decides. Any builds it.
type Either struct{ A, B StopRule }

// Any is the rule that asks all of its rules in order.
func Any(rules ...StopRule) StopRule {
	var all StopRule
	for i := len(rules) - 1; i >= 0; i-- {
		if all == nil {
			all = rules[i]
			continue
		}
		all = Either{rules[i], all}
	}
	return all
}

// Decide implements StopRule.
func (e Either) Decide(s Status) Decision {
	if d := e.A.Decide(s); d != GoOn {
		return d
	}
	return e.B.Decide(s)
}

// String names both rules.
func (e Either) String() string { return fmt.Sprintf("%v or %v", e.A, e.B) }

// AfterRounds acts once that many rounds are done.
type AfterRounds struct {
	Rounds int      `json:"rounds"` // [0, 1e6]
	Action Decision `json:"action"` // usually Force
}

// Decide implements StopRule.
func (r AfterRounds) Decide(s Status) Decision {
	if s.Round >= r.Rounds {
		return r.Action
	}
	return GoOn
}

// String names the rule.
func (r AfterRounds) String() string { return fmt.Sprintf("%v after %d rounds", r.Action, r.Rounds) }

// FewPages acts when fewer than Pages pages of 4096 bytes are dirty before a
// round (Xen: 50 pages, then one last live round), or, if Sent is set, when
// the last round sent and skipped fewer (the legacy Xen rule).
type FewPages struct {
	Pages  int64    `json:"pages"` // [1, 2^52]
	Sent   bool     `json:"sent"`
	Action Decision `json:"action"`
}

// Decide implements StopRule.
func (r FewPages) Decide(s Status) Decision {
	bytes := s.Remaining
	if r.Sent {
		bytes = s.LastSent + s.LastSkipped
	}
	if (!r.Sent || s.Round > 0) && bytes < float64(r.Pages)*PageBytes {
		return r.Action
	}
	return GoOn
}

// String names the rule.
func (r FewPages) String() string { return fmt.Sprintf("%v below %d pages", r.Action, r.Pages) }

// DataFactor acts when the pages sent exceed that many times the memory.
type DataFactor struct {
	Factor float64  `json:"factor"` // (0, 1000]
	Action Decision `json:"action"`
}

// Decide implements StopRule.
func (r DataFactor) Decide(s Status) Decision {
	if s.Sent > r.Factor*float64(s.Memory) {
		return r.Action
	}
	return GoOn
}

// String names the rule.
func (r DataFactor) String() string { return fmt.Sprintf("%v above %g x memory", r.Action, r.Factor) }

// GrowingRound acts when a round has sent more than the one before, at the
// highest rate that an adaptive rate allows (legacy Xen).
type GrowingRound struct {
	Action Decision `json:"action"`
}

// Decide implements StopRule.
func (r GrowingRound) Decide(s Status) Decision {
	if s.Round > 1 && s.RateAtMaximum && s.LastSent > s.PreviousSent {
		return r.Action
	}
	return GoOn
}

// String names the rule.
func (r GrowingRound) String() string { return fmt.Sprintf("%v when rounds grow", r.Action) }

// NoProgress acts when the remaining memory has not come below its earlier
// low, by a page at least, for Window.
type NoProgress struct {
	Window time.Duration `json:"window_ns"` // (0, 10 years]
	Action Decision      `json:"action"`
}

// Decide implements StopRule.
func (r NoProgress) Decide(s Status) Decision {
	if s.Progress >= r.Window {
		return r.Action
	}
	return GoOn
}

// String names the rule.
func (r NoProgress) String() string {
	return fmt.Sprintf("%v after %v without progress", r.Action, r.Window)
}

// Timeout acts once the migration has run for After.
type Timeout struct {
	After  time.Duration `json:"after_ns"` // (0, 10 years]
	Action Decision      `json:"action"`
}

// Decide implements StopRule.
func (r Timeout) Decide(s Status) Decision {
	if s.Elapsed >= r.After {
		return r.Action
	}
	return GoOn
}

// String names the rule.
func (r Timeout) String() string { return fmt.Sprintf("%v after %v", r.Action, r.After) }

// deadline is when a rule acts by the clock alone, in seconds since the start
// of the run, if the remaining memory makes no progress from lowAt on.
func deadline(rule StopRule, start, lowAt float64) float64 {
	switch r := rule.(type) {
	case Timeout:
		return start + r.After.Seconds()
	case NoProgress:
		return lowAt + r.Window.Seconds()
	case Either:
		return min(deadline(r.A, start, lowAt), deadline(r.B, start, lowAt))
	}
	return inf
}

// needsSlices reports whether a rule may act in the middle of a round for a
// reason other than the clock, so that drain must ask it before every slice.
func needsSlices(rule StopRule) bool {
	switch r := rule.(type) {
	case nil, Timeout, AfterRounds:
		return false
	case Either:
		return needsSlices(r.A) || needsSlices(r.B)
	}
	return true
}
