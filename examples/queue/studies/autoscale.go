package studies

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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
	cfg.LatencyTarget, cfg.Min, cfg.MaxMessages = 2*time.Minute, 10, 10e6
	rate, peak := 80.0, 400.0
	rules := []string{"backlog", "depth", "age", "hpa", "oracle"}
	return study.Study{
		Name:     "autoscale",
		Question: "By which metric should workers on a queue be scaled?",
		Next:     "Shorter delays help more than a cleverer metric. With a slow boot and a small target, `--boot 5m --latency-target 10s --min 1`, it never settles.",
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
			c, err := fleet(cfg, rate, peak, env.Seed)
			if err != nil {
				return study.Report{}, err
			}
			if len(rules) == 0 {
				return study.Report{}, fmt.Errorf("%w: --rules is empty, want at least one", autoscale.ErrInvalidConfig)
			}
			runs, err := scaled(ctx, c, rules, env.Progress)
			if err != nil {
				return study.Report{}, err
			}
			rows := scaleRows(runs)
			c.Rule = runs[0].Config.Rule
			return study.Report{
				Answer: scaleAnswer(runs),
				Table:  study.Rows(rows).Head("over_target_fraction", "messages late").Head("time_over_target_s", "over target for"),
				Figure: queueplot.Autoscale(runs),
				Reading: "A rule sees the queue as it was, and what it decides helps only when the instances have booted: until then the backlog grows at the full rate, whatever the metric. " +
					"An age says late how late it is, a depth in steps how much but not for how long. And a backlog says nothing about the load: once it is worked off these rules " +
					"want the fewest instances, though the burst goes on, and it all comes back after the cool-down. The oracle knows the load ahead. Shorter delays help more than a " +
					"cleverer metric: try `--boot 10s --metric-period 15s --metric-delay 0s`; `--boot 5m --latency-target 10s --min 1` never settles.",
				Sources: []string{
					"backlog per instance: Amazon EC2 Auto Scaling guide, scaling policy based on Amazon SQS",
					"checked against: go doc ./queue/autoscale LateFluid; stability of the loop: go doc ./queue/autoscale StableReaction",
				},
				Notes:  scaleNotes(runs),
				Config: c, Result: rows,
			}, nil
		},
	}
}

// fleet has the arrivals and rows, for a run that is not too long.
func fleet(c autoscale.Config, rate, peak float64, seed uint64) (autoscale.Config, error) {
	c.Seed, c.Arrivals = seed, load.Burst(rate, peak, 10*time.Minute, 20*time.Minute)
	c.Initial, c.Sample = min(max(c.Initial, c.Min), c.Max), max(c.Duration/360, 1)
	if err := c.Validate(); err != nil {
		return c, err
	}
	if n := c.Arrivals.Mean(0, c.Duration) * c.Duration.Seconds(); n > float64(c.MaxMessages)/1.01 {
		return c, fmt.Errorf("%w: --rate, --peak and --duration make %.3g messages, want at most %d", autoscale.ErrInvalidConfig, n, c.MaxMessages)
	}
	return c, nil
}

// scaled runs the same load under each rule.
func scaled(ctx context.Context, c autoscale.Config, rules []string, progress func(done, total int)) ([]autoscale.Result, error) {
	return par.Map(ctx, len(rules), func(_ context.Context, i int) (autoscale.Result, error) {
		defer progress(i+1, len(rules))
		at := c
		at.Rule = rule(rules[i], c)
		return autoscale.Simulate(at)
	})
}

func rule(name string, c autoscale.Config) autoscale.Rule {
	processing := time.Duration(max(c.Service.Mean(), 1e-9) * 1e9)
	switch name {
	case "depth":
		return autoscale.DepthStep{Steps: []autoscale.Depth{{Change: -20}, {From: 100, Change: 1}, {From: 1000, Change: 5}, {From: 10_000, Change: 20}}}
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
	Over      float64 `json:"time_over_target_s"`
	Late      float64 `json:"over_target_fraction"`
	P99       float64 `json:"latency_p99_s"`
	MaxAge    float64 `json:"max_age_s"`
	PeakDepth int     `json:"peak_depth"`
	Peak      int     `json:"peak_instances"`
	Reversals int     `json:"reversals"`
	Hours     float64 `json:"instance_hours"`
	Cost      float64 `json:"cost_usd"`
}

func scaleRows(runs []autoscale.Result) []scaleRow {
	var rows []scaleRow
	for _, r := range runs {
		rows = append(rows, scaleRow{
			r.Config.Rule.String(), r.TimeOver, r.OverTargetFraction, r.LatencyP99, r.AgeMax, r.DepthPeak, r.InstancesPeak, r.Reversals, r.InstanceSeconds / 3600, r.Cost,
		})
	}
	return rows
}

// scaleNotes are the warnings of all runs, each once.
func scaleNotes(runs []autoscale.Result) []string {
	var notes []string
	for _, r := range runs {
		for _, text := range study.Warnings(fmt.Sprint(r.Config.Rule), r.Warnings) {
			if !slices.Contains(notes, text) {
				notes = append(notes, text)
			}
		}
	}
	return notes
}

// scaleAnswer names the rule that is over the target for the shortest time, the cheapest of equals.
func scaleAnswer(runs []autoscale.Result) string {
	ranked := slices.Clone(runs)
	slices.SortStableFunc(ranked, func(a, b autoscale.Result) int {
		return cmp.Or(cmp.Compare(a.TimeOver, b.TimeOver), cmp.Compare(a.Cost, b.Cost))
	})
	var parts, known []string
	best := ""
	for _, r := range ranked {
		text := fmt.Sprintf("%s with %v (%s)", units.FormatSeconds(r.TimeOver), r.Config.Rule, units.FormatUSD(r.Cost))
		if queueplot.Foresees(r) {
			known = append(known, text)
		} else {
			parts = append(parts, text)
			best = cmp.Or(best, r.Config.Rule.String())
		}
	}
	target := units.FormatDuration(runs[0].Config.LatencyTarget)
	if len(parts) == 0 {
		return fmt.Sprintf("Without a rule that looks at the queue the time over the target of %s is %s.", target, strings.Join(known, ", "))
	}
	text := fmt.Sprintf("Best of those tried is %s, but none of them sees a burst before it has become a backlog: the time over the target of %s is %s", best, target, strings.Join(parts, ", "))
	if len(parts) == 1 {
		text = fmt.Sprintf("A rule sees a burst only when it has become a backlog; the time over the target of %s is %s", target, parts[0])
	}
	if len(known) > 0 {
		text += "; to compare: " + strings.Join(known, ", ")
	}
	return text + "."
}
