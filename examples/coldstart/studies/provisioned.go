package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Provisioned asks how many environments to keep ready.
func Provisioned() study.Study {
	c := coldstart.AWSLambda("nodejs22-zip-x86")
	c.Warm, c.Limits = coldstart.Exp(100*time.Millisecond), coldstart.Limits{}
	rate, target := 100.0, 0.01
	c.Duration = 2 * time.Hour
	return study.Study{
		Name:     "provisioned",
		Question: "How many provisioned environments do I need?",
		Next:     "For 500/s, how many more than the mean? Large pools need less reserve: check it.",
		Examples: []string{"--rate 500/s", "--target 0.1%", "--service const:1s --rate 5/s"},
		Flags: func(f *study.Flags) {
			f.Frequency(&rate, "rate", "requests per second")
			f.Text(&c.Warm, "LAW", "service", "time of a warm request")
			f.Fraction(&target, "target", "share of the requests that may spill over to environments on demand")
			f.Int(&c.MemoryMB, "memory", "memory of an environment in MB")
			f.Duration(&c.Duration, "duration", "length of each run")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c.Seed = env.Seed
			if env.Quick {
				c.Duration = min(c.Duration, 10*time.Minute)
			}
			load := rate * c.Warm.Mean()
			if !(load >= 0.1) || !(load <= 2000) || !(target >= 1e-9 && target < 1) || rate*c.Duration.Seconds() > 2e7 {
				return study.Report{}, fmt.Errorf("%w: --rate = %g/s, --service = %v, --target = %g, want 0.1 to 2,000 busy environments, a target in [1e-9, 1), and at most 20 million requests",
					coldstart.ErrInvalidConfig, rate, c.Warm, target)
			}
			c.Arrivals = coldstart.Poisson(rate)
			need := theory.ErlangBInverse(load, target)
			most := theory.ErlangBInverse(load, min(target/10, 1e-3))
			step := max(most/14, 1)
			points, err := par.Map(ctx, most/step+1, func(_ context.Context, i int) (coldstartplot.SpillPoint, error) {
				env.Progress(i+1, most/step+1)
				return spill(c, load, i*step)
			})
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: provisionedAnswer(load, need, target, points),
				Table:  study.Rows(points),
				Figure: coldstartplot.Provisioned(load, points, target),
				Reading: "The mean is not enough: half of the time more are busy. Erlang's formula says how many requests find all of them busy, whatever the law of the service time. A provisioned environment " +
					"costs a quarter of the price per second whether it works or not, and less while it works: it is cheaper than on demand if it is busy more than 60 % of the time, so the cheapest " +
					"number keeps the last of them that busy.",
				Sources: []string{"prices of us-east-1: AWS Lambda pricing", "formula: go doc ./coldstart/theory ErlangB; go doc ./coldstart/theory ErlangBInverse"},
				Config:  c, Result: points,
			}, nil
		},
	}
}

func spill(c coldstart.Config, load float64, n int) (coldstartplot.SpillPoint, error) {
	c.Provisioned.Count = n
	p := coldstartplot.SpillPoint{Provisioned: n, ErlangB: theory.ErlangB(n, load)}
	r, err := coldstart.Simulate(c)
	if err != nil {
		return p, err
	}
	p.Spilled, p.Cold = r.SpilledFraction, r.ColdProbability
	p.Cost = r.Cost / max(float64(r.Requests), 1) * 1e6
	if n > 0 {
		p.Utilization = load * (1 - p.ErlangB) / float64(n)
	} else {
		p.Spilled = 1
	}
	return p, nil
}

func provisionedAnswer(load float64, need int, target float64, points []coldstartplot.SpillPoint) string {
	best := points[0]
	for _, p := range points {
		if p.Cost < best.Cost {
			best = p
		}
	}
	return fmt.Sprintf("%d for %s environments that are busy on average, if %s of the requests may spill over; the cheapest of those tried is %d, at %s per million requests instead of %s without.",
		need, units.FormatNumber(load), units.FormatPercent(target), best.Provisioned, units.FormatUSD(best.Cost), units.FormatUSD(points[0].Cost))
}
