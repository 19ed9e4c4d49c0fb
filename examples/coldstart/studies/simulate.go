package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Simulate runs any function on a platform.
func Simulate() study.Study {
	g := functionFlags{Config: coldstart.Default(), rate: 0.9, runtime: "none", cold: coldstart.Exp(2244 * time.Millisecond)}
	return study.Study{
		Name:     "simulate",
		Question: "How often is this function cold, and what does it cost?",
		Next:     "It is every flag of the model: a keep-alive of a minute (`--keep-alive 1m`), a rare function (`--rate 0.01/s`), or round-robin (`--selection lru`).",
		Examples: []string{
			"--keep-alive 1m", "--rate 0.01/s", "--selection lru",
			"--rate 0.9/s --warm exp:1.991s --cold exp:2.244s --keep-alive 10m",
			"--rate 5/s --runtime java21-zip-x86 --warm exp:100ms --memory 1024",
			"--rate 10/s --warm exp:200ms --cold exp:300ms --max-concurrency 2 --json",
			"--arrivals steps:0s=10/s,10m=2000/s --scaling aws --max-concurrency 1000 --warm const:1s --duration 20m",
		},
		Flags: g.declare,
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			c, err := g.config(env)
			if err != nil {
				return study.Report{}, err
			}
			r, err := coldstart.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			if r, err = withSeries(c, r); err != nil {
				return study.Report{}, err
			}
			result := r
			result.Rows = nil
			return study.Report{
				Answer: coldAnswer(r),
				Table:  coldTable(r),
				Figure: coldstartplot.Run(r),
				Reading: "Above, the tail of the latency: cold requests are its far end, and a quantile sees them once they are more than what it leaves out. Below, the environments: those that are " +
					"there and do not work are the price of being warm.",
				Sources: []string{"default: the example of SimFaaS (Mahmoudi and Khazaei), github.com/pacslab/simfaas", "runtimes: go run ./examples/coldstart --list-presets"},
				Notes:   study.Warnings("", r.Warnings),
				Config:  c, Result: newPrinted(result),
			}, nil
		},
	}
}

// withSeries adds the rows of the first stretch of the run, for the picture.
func withSeries(c coldstart.Config, r coldstart.Result) (coldstart.Result, error) {
	c.Duration = min(c.Duration, 2*time.Hour)
	c.Warmup = 0
	c.Sample = max(c.Duration/600, time.Microsecond)
	first, err := coldstart.Simulate(c)
	r.Rows = first.Rows
	return r, err
}

func coldAnswer(r coldstart.Result) string {
	if r.Requests == 0 {
		return "Never: no request came in this time."
	}
	text := fmt.Sprintf("%s of the requests are cold (%s as the first, %s because environments had expired, %s because all were busy), they take %s on average and %s at P99; %s environments work and %s are idle on average",
		units.FormatPercent(r.ColdProbability), units.FormatCount(float64(r.ColdBy.First)), units.FormatCount(float64(r.ColdBy.IdleExpired)),
		units.FormatCount(float64(r.ColdBy.Overlapping())), units.FormatSeconds(r.LatencyMean), units.FormatSeconds(r.LatencyP99), units.FormatNumber(r.RunningMean), units.FormatNumber(r.IdleMean))
	if r.ThrottledFraction > 0 {
		text += fmt.Sprintf("; %s of the tries are throttled", units.FormatPercent(r.ThrottledFraction))
	}
	return text + fmt.Sprintf("; a million requests cost %s.", units.FormatUSD(r.Cost/float64(r.Requests)*1e6))
}

func coldTable(r coldstart.Result) study.Table {
	t := study.NewTable("quantity", "unit", "value", "low", "high")
	t.Add("requests", "", r.Requests, nil, nil)
	t.Add("cold", "fraction", r.ColdProbability, r.ColdLow, r.ColdHigh)
	t.Add("cold: the first", "", r.ColdBy.First, nil, nil)
	t.Add("cold: environments had expired", "", r.ColdBy.IdleExpired, nil, nil)
	t.Add("cold: all were busy", "", r.ColdBy.Overlapping(), nil, nil)
	t.Add("throttled tries", "fraction", r.ThrottledFraction, nil, nil)
	t.Add("environments", "", r.InstancesMean, r.Instances.Low, r.Instances.High)
	t.Add("environments that work", "", r.RunningMean, r.Running.Low, r.Running.High)
	t.Add("idle environments", "", r.IdleMean, nil, nil)
	t.Add("life of an environment", "s", r.LifespanMean, nil, nil)
	t.Add("latency, P50", "s", r.LatencyP50, nil, nil)
	t.Add("latency, P99", "s", r.LatencyP99, nil, nil)
	t.Add("latency, P99.9", "s", r.LatencyP999, nil, nil)
	t.Add("billed", "GB s", r.BilledGBSeconds, nil, nil)
	t.Add("idle memory", "GB s", r.WastedGBSeconds, nil, nil)
	t.Add("cost", "$", r.Cost, nil, nil)
	return t
}
