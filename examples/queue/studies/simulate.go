package studies

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue"
	"cloudconcepts/queue/queueplot"
)

// Simulate runs any service with a waiting line.
func Simulate() study.Study {
	cfg := queue.Default()
	cfg.Arrivals, cfg.Servers, cfg.Messages = queue.Poisson(3.2), 4, 4_000_000
	var shares []float64
	var given func(string) bool
	return study.Study{
		Name:     "simulate",
		Question: "How long do messages wait at this service?",
		Next:     "The same load on one server alone, `--servers 1 --arrivals poisson:0.8/s`, waits how much longer? It is every flag of the model.",
		Examples: []string{
			"--arrivals poisson:0.8/s --service exp:1s --servers 1 --messages 10M",
			"--arrivals poisson:1.2/s --servers 1 --capacity 10",
			"--arrivals poisson:1.5/s --servers 1 --discipline lifo --deadline 10s",
			"--arrivals steps:0s=200/s,10s=2000/s,70s=200/s --service const:2ms --servers 1 --duration 10m --json",
		},
		Flags: func(f *study.Flags) {
			serviceFlags(f, &cfg, &shares)
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Classes, c.Seed = classes(shares), env.Seed
			if c.Arrivals == queue.FromTrace() || given("duration") && !given("messages") {
				c.Messages = 0
			} else if env.Quick && !given("messages") {
				c.Messages = 200_000
			}
			if !given("warmup") {
				c.Warmup = warmup(c)
			}
			run := queueplot.ServiceRun{}
			var err error
			if run.Result, err = queue.Simulate(c); err != nil {
				return study.Report{}, err
			}
			run.Law, run.Theory, _ = steady(c)
			if run.Path, err = stretch(c); err != nil {
				return study.Report{}, err
			}
			rows, err := serviceRows(ctx, c, env, run)
			return study.Report{
				Answer: waits(run),
				Table:  rows,
				Figure: queueplot.Service(run),
				Reading: "Each point of a curve is the share of the messages that took longer than that. On the logarithmic axis an exponential law is a straight line: " +
					"P99 is where the curve crosses 1 %. Below, the queue itself: waits come in runs, which is why a short measurement of a busy service says little.",
				Sources: []string{"closed forms: go doc ./queue/theory MMc; go doc ./queue/theory MMcK; go doc ./queue/theory MDc; go doc ./queue/theory MG1"},
				Notes:   study.Warnings("", run.Result.Warnings),
				Config:  c, Result: run.Result,
			}, err
		},
	}
}

// warmup is a twentieth of the messages of a run that is long enough to have a steady state, and nothing of a trace or
// of rates that change.
func warmup(c queue.Config) int64 {
	if c.Messages < 100_000 || c.Duration > 0 || strings.HasPrefix(c.Arrivals.String(), "steps:") || strings.HasPrefix(c.Arrivals.String(), "paced:") {
		return 0
	}
	return c.Messages / 20
}

// stretch is the queue in the first thousand messages, or over the whole of a run with a duration.
func stretch(c queue.Config) ([]queue.Row, error) {
	c.Warmup = 0
	span := c.Duration.Seconds()
	if rate := c.Arrivals.Rate(); span == 0 && rate > 0 {
		c.Messages = min(c.Messages, 1000)
		span = float64(c.Messages) / rate
	}
	if n := c.Trace.Len(); n > 0 {
		span = c.Trace.At[n-1].Seconds()
	}
	if !(span > 0) {
		return nil, nil
	}
	c.Sample = min(max(time.Duration(span/500*1e9), time.Microsecond), 24*365*time.Hour)
	r, err := queue.Simulate(c)
	return r.Rows, err
}

func waits(run queueplot.ServiceRun) string {
	r := run.Result
	if r.Served == 0 {
		return fmt.Sprintf("Of %s messages none was served: %s were refused or thrown out and %s were still there at the end.", units.FormatCount(float64(r.Offered)),
			units.FormatCount(float64(r.Rejected+r.Dropped+r.Expired)), units.FormatCount(float64(r.InSystem)))
	}
	start, message := "", "A message waits"
	if load := r.Config.Load(); load > 1 && slices.ContainsFunc(r.Warnings, func(w error) bool { return errors.Is(w, queue.ErrUnstable) }) {
		start = fmt.Sprintf("It never settles: %s times as much comes as can be served, and the queue grows as long as messages come; in this run ", units.FormatNumber(load))
		message = "a message waits"
	}
	text := start + fmt.Sprintf("%s %s on average and more than %s in one case of 100; %s find no free server, and the servers are busy %s of the time",
		message, units.FormatSeconds(r.WaitMean), units.FormatSeconds(r.WaitP99), units.FormatPercent(r.WaitProbability), units.FormatPercent(r.Utilization))
	if r.LossFraction > 0 {
		text += fmt.Sprintf("; %s are lost", units.FormatPercent(r.LossFraction))
	}
	if run.Law != "" && run.Theory.Load < 1 {
		text += fmt.Sprintf(" (theory, %s: %s on average)", run.Law, units.FormatSeconds(run.Theory.WaitMean))
	}
	return text + "."
}

// serviceRows is what came out, with the intervals of several runs, and what theory says.
func serviceRows(ctx context.Context, c queue.Config, env study.Env, run queueplot.ServiceRun) (study.Table, error) {
	r, s := run.Result, run.Theory
	table := study.NewTable("quantity", "unit", "simulated", "low", "high", "theory")
	runs := env.RunsOr(1, 1)
	var sum queue.Summary
	if runs > 1 {
		var err error
		if sum, err = queue.Replicate(ctx, c, runs); err != nil {
			return table, err
		}
	}
	known := run.Law != "" && (s.Load < 1 || c.Capacity > 0)
	add := func(name, unit string, value, theory float64, e queue.Estimate) {
		row := []any{name, unit, value, nil, nil, nil}
		if name == "mean wait" && r.WaitHalf > 0 {
			row[3], row[4] = value-r.WaitHalf, value+r.WaitHalf
		}
		if runs > 1 {
			row[2], row[3], row[4] = e.Mean, e.Low, e.High
		}
		if known && !math.IsNaN(theory) {
			row[5] = theory
		}
		table.Add(row...)
	}
	inOrder := c.Discipline == queue.FIFO
	add("mean wait", "s", r.WaitMean, s.WaitMean, sum.WaitMean)
	add("P99 wait", "s", r.WaitP99, only(inOrder, s.WaitQuantile(0.99)), sum.WaitP99)
	add("mean sojourn", "s", r.SojournMean, s.SojournMean, sum.SojournMean)
	add("P99 sojourn", "s", r.SojournP99, only(inOrder, s.SojournQuantile(0.99)), sum.SojournP99)
	add("probability of a wait", "fraction", r.WaitProbability, s.WaitProbability, sum.WaitProbability)
	add("lost", "fraction", r.LossFraction, only(c.Deadline == 0, s.LossFraction), sum.LossFraction)
	add("utilization", "fraction", r.Utilization, s.Utilization, sum.Utilization)
	add("throughput", "1/s", r.Throughput, s.Throughput, sum.Throughput)
	add("goodput", "1/s", r.Goodput, only(c.Deadline == 0, s.Throughput), sum.Goodput)
	add("mean number waiting", "", r.QueueMean, s.QueueMean, sum.QueueMean)
	return table, nil
}
