package autoscale

import (
	"encoding/json"
	"math"
	"time"

	"cloudconcepts/internal/check"

	"cloudconcepts/internal/law"
	"cloudconcepts/queue/autoscale/load"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Exp is exponential.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// ParseLaw reads the text of a law.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Config describes a fleet of workers on one unbounded queue. It is a plain value: copy it, change a field, simulate
// again.
type Config struct {
	Arrivals load.Profile `json:"arrivals"`
	Backlog  int          `json:"backlog"` // messages that wait at time 0, [0, 1e8]
	Service  Law          `json:"service"` // processing time of a message; an instance processes one at a time

	Rule    Rule `json:"rule"`    // decides how many instances are wanted
	Initial int  `json:"initial"` // instances that serve at time 0, [Min, Max]
	Min     int  `json:"min"`     // [0, 1e6]
	Max     int  `json:"max"`     // [1, 1e6]
	MaxOut  int  `json:"max_out"` // most instances one decision adds, [0, 1e6]; 0 = no limit
	MaxIn   int  `json:"max_in"`  // most instances one decision removes, [0, 1e6]; 0 = no limit

	Boot             time.Duration `json:"boot_ns"`              // from the decision until the instance serves, paid for, [0, 1 day]
	MetricPeriod     time.Duration `json:"metric_period_ns"`     // the queue is measured at its multiples, (0, 1 day]
	MetricDelay      time.Duration `json:"metric_delay_ns"`      // from a measurement until the rule can see it, [0, 1 day]
	EvaluationPeriod time.Duration `json:"evaluation_period_ns"` // the rule decides at its multiples, (0, 1 day]
	CooldownOut      time.Duration `json:"cooldown_out_ns"`      // between two scale-outs, [0, 1 day]
	CooldownIn       time.Duration `json:"cooldown_in_ns"`       // after any change, before a scale-in, [0, 1 day]

	LatencyTarget time.Duration `json:"latency_target_ns"`  // from arrival to completion, (0, 1 year]; only judged, see [Result.OverTargetFraction]
	Price         float64       `json:"price_usd_per_hour"` // dollars for an instance-hour, [0, 1e6]
	Duration      time.Duration `json:"duration_ns"`        // of the run, (0, 1 year]
	MaxMessages   int           `json:"max_messages"`       // the run ends at this many arrivals, [1, 1e9]
	Sample        time.Duration `json:"step_ns"`            // between two rows of Result.Rows; 0 = no rows
	Seed          uint64        `json:"seed"`               // selects arrivals and processing times
}

const (
	maxInstances = 1_000_000
	maxBacklog   = 100_000_000
	maxMessages  = 1_000_000_000
	maxTicks     = 1_000_000
	maxRows      = 100_000
	maxPieces    = 10_000_000
	day          = 24 * time.Hour
	year         = 365 * day
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	for _, p := range c.Arrivals.Problems() {
		v.Add("Arrivals.%w", p)
	}
	check.Count(&v.List, "Backlog", c.Backlog, 0, maxBacklog)
	if err := c.Service.Validate(); err != nil {
		v.Add("Service: %w", err)
	} else if !(c.Service.Mean() > 0 && c.Service.Mean() <= year.Seconds()) {
		v.Add("Service = %v, want a mean in (0, %v]", c.Service, year)
	}
	v.rule(c.Rule)
	v.fleet(c)
	v.times(c)
	if !(c.Price >= 0 && c.Price <= 1e6) {
		v.Add("Price = %g, want in [0, 1e+06] dollars per hour", c.Price)
	}
	check.Count(&v.List, "MaxMessages", c.MaxMessages, 1, maxMessages)
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

func (v *checks) fraction(name string, x, low, high float64) {
	if !(x >= low && x <= high) {
		v.Add("%s = %g, want in [%g, %g]", name, x, low, high)
	}
}

func (v *checks) fleet(c Config) {
	check.Count(&v.List, "Min", c.Min, 0, maxInstances)
	check.Count(&v.List, "Max", c.Max, 1, maxInstances)
	check.Count(&v.List, "MaxOut", c.MaxOut, 0, maxInstances)
	check.Count(&v.List, "MaxIn", c.MaxIn, 0, maxInstances)
	switch {
	case c.Min > c.Max:
		v.Add("Min = %d, want at most Max = %d", c.Min, c.Max)
	case c.Initial < c.Min || c.Initial > c.Max:
		v.Add("Initial = %d, want in [Min, Max] = [%d, %d]", c.Initial, c.Min, c.Max)
	}
}

func (v *checks) times(c Config) {
	v.Span("Boot", c.Boot, 0, day)
	v.Span("MetricPeriod", c.MetricPeriod, 1, day)
	v.Span("MetricDelay", c.MetricDelay, 0, day)
	v.Span("EvaluationPeriod", c.EvaluationPeriod, 1, day)
	v.Span("CooldownOut", c.CooldownOut, 0, day)
	v.Span("CooldownIn", c.CooldownIn, 0, day)
	v.Span("LatencyTarget", c.LatencyTarget, 1, year)
	v.Span("Duration", c.Duration, 1, year)
	v.Span("Sample", c.Sample, 0, year)
	v.ticks("MetricPeriod", c.MetricPeriod, c.Duration, maxTicks)
	v.ticks("EvaluationPeriod", c.EvaluationPeriod, c.Duration, maxTicks)
	v.ticks("Sample", c.Sample, c.Duration, maxRows)
	if n := c.Arrivals.Pieces(c.Duration); n > maxPieces {
		v.Add("Arrivals.Period = %v, want at least Duration/%d", c.Arrivals.Period, maxPieces/360)
	}
}

// ticks wants at most so many multiples of a period in the run.
func (v *checks) ticks(name string, period, duration time.Duration, most int64) {
	if period > 0 && int64(duration/period) > most {
		v.Add("%s = %v, want at least Duration/%d = %v", name, period, most, duration/time.Duration(most)+1)
	}
}

func (v *checks) rule(r Rule) {
	switch c := r.(type) {
	case nil:
		v.Add("Rule = nil, want a scaling rule")
	case interface{ check(*checks) }:
		c.check(v)
	}
}

// MarshalJSON writes the rule with its kind.
func (c Config) MarshalJSON() ([]byte, error) {
	type plain Config
	rule, err := markRule(c.Rule)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		plain
		Rule any `json:"rule"`
	}{plain(c), rule})
}

// UnmarshalJSON reads it back.
func (c *Config) UnmarshalJSON(text []byte) error {
	type plain Config
	var in struct {
		*plain
		Rule json.RawMessage `json:"rule"`
	}
	in.plain = (*plain)(c)
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	rule, err := unmarkRule(in.Rule)
	c.Rule = rule
	return err
}

// whole rounds up a number of instances, within what an int holds; 1e-9 of one is rounding noise, not an instance.
func whole(x float64) int {
	if !(x > 0) {
		return 0
	}
	return int(min(math.Ceil(x*(1-1e-12)-1e-9), 1<<40))
}
