package autoscale

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/units"
)

// Rule decides how many instances are wanted. The limits, steps and cool-downs of the Config are applied to its answer.
type Rule interface {
	Want(Observation) int // instances
	String() string       // its name, for legends
}

// Observation is what a rule sees: a measurement of the queue, which may be old, and the fleet as it is now.
type Observation struct {
	Visible   int           // messages that waited when it was measured
	InFlight  int           // messages that were being processed
	OldestAge time.Duration // age of the oldest waiting message
	Measured  int           // instances that served when it was measured

	Serving  int           // instances that serve now and are not leaving
	Capacity int           // the same with those that boot
	Ahead    float64       // highest true arrival rate, messages/s, between the next boot's end and the next decision's; no real rule knows it
	Service  float64       // true mean processing time, s
	Every    time.Duration // between two decisions
}

// Fixed always wants the same.
type Fixed struct {
	Instances int `json:"instances"` // [0, 1e6]
}

// Want implements Rule.
func (f Fixed) Want(Observation) int { return f.Instances }

// String is the name, for a legend.
func (f Fixed) String() string { return fmt.Sprintf("fixed %d", f.Instances) }

func (f Fixed) check(v *checks) { check.Count(&v.List, "Rule.Instances", f.Instances, 0, maxInstances) }
func (f Fixed) limit() int      { return f.Instances }
func (Fixed) blind()            {}

// BacklogPerInstance is target tracking on waiting messages per serving instance: the wanted number is the present one
// times metric/target, rounded up. With 1500 messages, 10 instances, 0.1 s and 10 s the metric is 150, the target 100
// and the answer 15.
type BacklogPerInstance struct {
	Latency    time.Duration `json:"latency_ns"`    // that is acceptable, (0, 1 day]
	Processing time.Duration `json:"processing_ns"` // mean time of one message as the operator believes it, (0, 1 day]
	// CountBooting multiplies the metric with all instances, those that boot too: the mistake of a rule that scales
	// out once more for every period in which the last scale-out has not yet helped.
	CountBooting bool `json:"count_booting"`
}

// Target is the messages per instance that the rule aims at.
func (b BacklogPerInstance) Target() float64 { return TrackingTarget(b.Latency, b.Processing) }

// Want implements Rule.
func (b BacklogPerInstance) Want(o Observation) int {
	now := o.Serving
	if b.CountBooting {
		now = o.Capacity
	}
	metric := float64(o.Visible) / float64(max(o.Measured, 1))
	want := whole(float64(max(now, 1)) * metric / b.Target())
	if want > now && want < o.Capacity {
		return o.Capacity // enough is booting
	}
	return want
}

// String is the name, for a legend.
func (b BacklogPerInstance) String() string {
	return fmt.Sprintf("backlog per instance %g", b.Target())
}

func (b BacklogPerInstance) check(v *checks) {
	v.Span("Rule.Latency", b.Latency, 1, day)
	v.Span("Rule.Processing", b.Processing, 1, day)
}

// DepthStep is step scaling on the number of waiting messages: the last step whose depth is reached applies. Instances
// that boot count as part of a scale-out, so that waiting for them does not add more.
type DepthStep struct {
	Steps []Depth `json:"steps"` // depths rising, 1 to 100 of them
}

// Depth changes the number of instances.
type Depth struct {
	From   int `json:"depth"`  // from this many waiting messages on, [0, 1e9]
	Change int `json:"change"` // instances, [-1e6, 1e6]
}

// Want implements Rule.
func (d DepthStep) Want(o Observation) int {
	change := 0
	for _, s := range d.Steps {
		if o.Visible >= s.From {
			change = s.Change
		}
	}
	if change > 0 {
		return max(o.Serving+change, o.Capacity)
	}
	return max(o.Capacity+change, 0)
}

// String is the name, for a legend.
func (d DepthStep) String() string { return fmt.Sprintf("depth, %d steps", len(d.Steps)) }

func (d DepthStep) check(v *checks) {
	check.Count(&v.List, "len(Rule.Steps)", len(d.Steps), 1, 100)
	last := -1
	for i, s := range d.Steps {
		if s.From <= last || s.From > maxMessages {
			v.Add("Rule.Steps[%d].Depth = %d, want in [%d, %d]: rising", i, s.From, last+1, maxMessages)
		}
		check.Count(&v.List, fmt.Sprintf("Rule.Steps[%d].Change", i), s.Change, -maxInstances, maxInstances)
		last = s.From
	}
}

// OldestAge tracks the age of the oldest waiting message: the wanted number is the serving one times age/target. An age
// says how late the queue is, not how much is in it: at age 0 it wants as few as allowed.
type OldestAge struct {
	Target    time.Duration `json:"target_ns"` // (0, 1 year]
	Tolerance float64       `json:"tolerance"` // no change while age/target is this close to 1, [0, 1]
}

// Want implements Rule.
func (a OldestAge) Want(o Observation) int {
	ratio := float64(o.OldestAge) / float64(a.Target)
	if math.Abs(ratio-1) <= a.Tolerance {
		return o.Capacity
	}
	want := whole(float64(max(o.Serving, 1)) * ratio)
	if want > o.Serving && want < o.Capacity {
		return o.Capacity
	}
	return want
}

// String is the name, for a legend.
func (a OldestAge) String() string { return "oldest age " + units.FormatDuration(a.Target) }

func (a OldestAge) check(v *checks) {
	v.Span("Rule.Target", a.Target, 1, year)
	v.fraction("Rule.Tolerance", a.Tolerance, 0, 1)
}

// HPA is the Kubernetes Horizontal Pod Autoscaler on an external average value, as KEDA sets it up: messages/target
// rounded up, unless that is within the tolerance of what there is.
type HPA struct {
	Target    float64 `json:"target"`    // messages per pod, (0, 1e9]
	Tolerance float64 `json:"tolerance"` // no change while metric/target is this close to 1, [0, 1]
	InFlight  bool    `json:"in_flight"` // messages in flight count too (KEDA's default for SQS)
}

// Want implements Rule.
func (h HPA) Want(o Observation) int {
	messages := float64(o.Visible)
	if h.InFlight {
		messages += float64(o.InFlight)
	}
	if o.Capacity > 0 && math.Abs(messages/(float64(o.Capacity)*h.Target)-1) <= h.Tolerance {
		return o.Capacity
	}
	return whole(messages / h.Target)
}

// String is the name, for a legend.
func (h HPA) String() string { return fmt.Sprintf("HPA %g per pod", h.Target) }

func (h HPA) check(v *checks) {
	if !(h.Target > 0 && h.Target <= 1e9) {
		v.Add("Rule.Target = %g, want in (0, 1e+09] messages per pod", h.Target)
	}
	v.fraction("Rule.Tolerance", h.Tolerance, 0, 1)
}

// LambdaRamp adds pollers at a fixed pace while messages wait, and falls back to its start when none does.
type LambdaRamp struct {
	Start     int `json:"start"`      // [0, 1e6]
	PerMinute int `json:"per_minute"` // [0, 1e6]
	Limit     int `json:"limit"`      // [Start, 1e6]
}

// Want implements Rule.
func (l LambdaRamp) Want(o Observation) int {
	if o.Visible == 0 {
		return min(max(l.Start, o.InFlight), l.Limit)
	}
	add := math.Round(float64(l.PerMinute) * o.Every.Minutes())
	return int(min(float64(max(o.Capacity, l.Start))+add, float64(l.Limit)))
}

// String is the name, for a legend.
func (l LambdaRamp) String() string { return fmt.Sprintf("ramp +%d/min", l.PerMinute) }
func (l LambdaRamp) limit() int     { return l.Limit }
func (l LambdaRamp) check(v *checks) {
	check.Count(&v.List, "Rule.Start", l.Start, 0, maxInstances)
	check.Count(&v.List, "Rule.PerMinute", l.PerMinute, 0, maxInstances)
	check.Count(&v.List, "Rule.Limit", l.Limit, max(l.Start, 0), maxInstances)
}

// Oracle knows the arrival rate of the future and starts exactly what it needs in time. It sees no queue, so it does
// not make up for what chance or the start has left in it: a lower bound of the cost, not a rule to copy.
type Oracle struct {
	Utilization float64 `json:"utilization"` // of the instances it wants, (0, 1]
}

// Want implements Rule.
func (r Oracle) Want(o Observation) int { return whole(o.Ahead * o.Service / r.Utilization) }

// String is the name, for a legend.
func (r Oracle) String() string { return fmt.Sprintf("oracle at %g", r.Utilization) }
func (Oracle) blind()           {}
func (r Oracle) check(v *checks) {
	if !(r.Utilization > 0 && r.Utilization <= 1) {
		v.Add("Rule.Utilization = %g, want in (0, 1]", r.Utilization)
	}
}

// marked is a rule with its kind.
type marked struct {
	Kind  string          `json:"kind"`
	Value json.RawMessage `json:"value"`
}

func kindOf(r Rule) string {
	switch r.(type) {
	case Fixed:
		return "fixed"
	case BacklogPerInstance:
		return "backlog-per-instance"
	case DepthStep:
		return "depth-step"
	case OldestAge:
		return "oldest-age"
	case HPA:
		return "hpa"
	case LambdaRamp:
		return "lambda-ramp"
	case Oracle:
		return "oracle"
	}
	return ""
}

func markRule(r Rule) (any, error) {
	if r == nil {
		return nil, nil
	}
	kind := kindOf(r)
	if kind == "" {
		return nil, fmt.Errorf("autoscale: %T is not one of the package's rules and has no JSON", r)
	}
	raw, err := json.Marshal(r)
	return marked{kind, raw}, err
}

func unmarkRule(raw json.RawMessage) (Rule, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var m marked
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	switch m.Kind {
	case "fixed":
		return readRule(m.Value, Fixed{})
	case "backlog-per-instance":
		return readRule(m.Value, BacklogPerInstance{})
	case "depth-step":
		return readRule(m.Value, DepthStep{})
	case "oldest-age":
		return readRule(m.Value, OldestAge{})
	case "hpa":
		return readRule(m.Value, HPA{})
	case "lambda-ramp":
		return readRule(m.Value, LambdaRamp{})
	case "oracle":
		return readRule(m.Value, Oracle{})
	}
	return nil, fmt.Errorf("autoscale: unknown rule %q", m.Kind)
}

func readRule[R Rule](raw json.RawMessage, rule R) (Rule, error) {
	err := json.Unmarshal(raw, &rule)
	return rule, err
}
