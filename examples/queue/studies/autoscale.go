package studies

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/autoscale"
	"cloudconcepts/queue/autoscale/load"
	"cloudconcepts/queue/queueplot"
)

// Autoscale asks by which metric workers should be scaled.
func Autoscale() study.Study {
	cfg := autoscale.AWS()
	cfg.MetricDelay, cfg.Boot, cfg.CooldownIn = time.Minute, time.Minute, 15*time.Minute
	cfg.LatencyTarget, cfg.Min = 2*time.Minute, 10
	rate, peak := 80.0, 400.0
	rules := []string{"backlog", "age", "hpa", "oracle"}
	return study.Study{
		Name:     "autoscale",
		Question: "By which metric should workers on a queue be scaled?",
		Examples: []string{"--boot 10s --metric-period 15s --metric-delay 0s", "--boot 5m --latency-target 10s --min 1", "--rules backlog,depth --peak 800/s", "--cooldown-in 30m"},
		Flags: func(f *study.Flags) {
			f.ChoiceList(&rules, "rules", "scaling rules", "backlog", "depth", "age", "hpa", "lambda", "fixed", "oracle")
			f.Frequency(&rate, "rate", "messages per second")
			f.Frequency(&peak, "peak", "their rate from minute 10 to minute 30")
			f.Text(&cfg.Service, "LAW", "service", "time of one message")
			f.Duration(&cfg.LatencyTarget, "latency-target", "what a message may take; the rules aim at it")
			f.Duration(&cfg.Boot, "boot", "time until a new instance serves")
			f.Duration(&cfg.MetricPeriod, "metric-period", "time between two measurements")
			f.Duration(&cfg.MetricDelay, "metric-delay", "age of a measurement when the rule sees it")
			f.Duration(&cfg.EvaluationPeriod, "evaluation-period", "time between two decisions")
			f.Duration(&cfg.CooldownOut, "cooldown-out", "time between two scale-outs")
			f.Duration(&cfg.CooldownIn, "cooldown-in", "time after any change before a scale-in")
			f.Int(&cfg.Min, "min", "fewest instances")
			f.Int(&cfg.Max, "max", "most instances")
			f.Duration(&cfg.Duration, "duration", "length of the run")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			c.Arrivals = load.Burst(rate, peak, 10*time.Minute, 20*time.Minute)
			c.Initial = min(max(c.Initial, c.Min), c.Max)
			c.Step = max(c.Duration/360, time.Second)
			if len(rules) == 0 {
				return study.Report{}, fmt.Errorf("%w: --rules is empty", autoscale.ErrInvalidConfig)
			}
			runs, err := scaled(ctx, c, rules)
			if err != nil {
				return study.Report{}, err
			}
			rows := scaleRows(runs)
			return study.Report{
				Answer: scaleAnswer(runs),
				Table:  study.Rows(rows),
				Figure: queueplot.Autoscale(runs),
				Reading: "A rule sees the queue as it was, and what it decides helps only when the instances have booted. Meanwhile the backlog grows, the rule sees more of it and orders again: " +
					"it overshoots, and then takes away what it will soon miss. The oracle knows the load ahead: no rule can do better. Shorter delays help more than a cleverer metric: try " +
					"`--boot 10s --metric-period 15s --metric-delay 0s`, and `--boot 5m --latency-target 10s --min 1`, which never settles.",
				Sources: []string{
					"backlog per instance: Amazon EC2 Auto Scaling guide, scaling policy based on Amazon SQS",
					"stability of the loop: go doc ./queue/autoscale StableReaction",
				},
				Notes:  warnings(runs[0].Warnings),
				Config: c, Result: rows,
			}, nil
		},
	}
}

// scaled runs the same load under each rule.
func scaled(ctx context.Context, c autoscale.Config, rules []string) ([]autoscale.Result, error) {
	return par.Map(ctx, len(rules), func(_ context.Context, i int) (autoscale.Result, error) {
		at := c
		at.Rule = rule(rules[i], c)
		return autoscale.Simulate(at)
	})
}

func rule(name string, c autoscale.Config) autoscale.Rule {
	processing := time.Duration(max(c.Service.Mean(), 1e-9) * 1e9)
	switch name {
	case "depth":
		return autoscale.DepthStep{Steps: []autoscale.Step{{Change: -1}, {Depth: 100, Change: 1}, {Depth: 1000, Change: 5}, {Depth: 10_000, Change: 20}}}
	case "age":
		return autoscale.OldestAge{Target: c.LatencyTarget, Tolerance: 0.1}
	case "hpa":
		return autoscale.HPA{Target: 5, Tolerance: 0.1, InFlight: true}
	case "lambda":
		return autoscale.LambdaRamp{Start: 5, PerMinute: 300, Limit: 1000}
	case "fixed":
		return autoscale.Fixed{Instances: c.Initial}
	case "oracle":
		return autoscale.Oracle{Utilization: 0.8}
	}
	return autoscale.BacklogPerInstance{Latency: c.LatencyTarget, Processing: processing}
}

// scaleRow is one rule's balance.
type scaleRow struct {
	Rule      string  `json:"rule"`
	P99       float64 `json:"latency_p99_s"`
	MaxAge    float64 `json:"max_age_s"`
	Late      float64 `json:"over_target_fraction"`
	PeakDepth int     `json:"peak_depth"`
	Peak      int     `json:"peak_instances"`
	Reversals int     `json:"reversals"`
	Hours     float64 `json:"instance_hours"`
	Cost      float64 `json:"cost_usd"`
}

func scaleRows(runs []autoscale.Result) []scaleRow {
	var rows []scaleRow
	for _, r := range runs {
		rows = append(rows, scaleRow{r.Config.Rule.String(), r.LatencyP99, r.MaxAge, r.OverTarget, r.PeakDepth, r.PeakInstances, r.Reversals, r.InstanceSeconds / 3600, r.Dollars})
	}
	return rows
}

func scaleAnswer(runs []autoscale.Result) string {
	var parts []string
	for _, r := range runs {
		parts = append(parts, fmt.Sprintf("%v has %s of the messages late and waits up to %s for $%.3g", r.Config.Rule, units.FormatPercent(r.OverTarget), units.FormatSeconds(r.MaxAge), r.Dollars))
	}
	return "By one that sees the load early; what each makes of the same burst: " + strings.Join(parts, ", ") + "."
}
