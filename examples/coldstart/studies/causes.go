package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
)

// Causes asks why requests are cold.
func Causes() study.Study {
	c := awsConfig()
	c.Duration, c.Warmup = 24*time.Hour, 0
	rates := []float64{0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10}
	return study.Study{
		Name:     "causes",
		Question: "Why are requests cold: too little traffic, or too much at once?",
		Next:     "With a keep-alive of an hour, from which rate on are busy environments the cause? What helps: `go run ./examples/coldstart warmers`.",
		Examples: []string{"--keep-alive 1h", "--warm const:50ms --cold const:300ms", "--duration 1h"},
		Flags: func(f *study.Flags) {
			f.FrequencyList(&rates, "rate", "requests per second to simulate, at random (Poisson), in [0.000001/s, 100/s]")
			f.Text(&c.KeepAlive, "POLICY", "keep-alive", "how long an idle environment stays: "+coldstart.KeepAliveForms)
			f.Text(&c.Warm, "LAW", "warm", "time of a warm request")
			f.Text(&c.Cold.Response, "LAW", "cold", "time of a cold request, all of it")
			f.Duration(&c.Duration, "duration", "time from the deployment on, [1m, 744h]")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c.Seed = env.Seed
			if err := checkRates(rates, 100); err != nil {
				return study.Report{}, err
			}
			if c.Duration < time.Minute || c.Duration > 744*time.Hour {
				return study.Report{}, fmt.Errorf("%w: --duration %v, want 1m to 744h", coldstart.ErrInvalidConfig, c.Duration)
			}
			points, err := countCauses(ctx, env, c, rates)
			s := coldstartplot.Causes{Config: c, Points: points}
			return study.Report{
				Answer: causesAnswer(s),
				Table:  study.Rows(points).Show("rate_per_s", "runs", "requests", "cold_fraction", "first", "expired", "concurrency", "scale_up", "busy_fraction"),
				Figure: coldstartplot.ColdCauses(s),
				Reading: "Above, of 100 cold requests, how many were the first of all, how many found no environment because the last had expired, how many found all busy although there once were " +
					"more, and how many found all busy when there never were more. Below, how many of all requests are cold. Expired ones call for a longer keep-alive or a ping, the others for provisioned " +
					"environments.",
				Sources: []string{awsSource, "expiry alone: go doc ./coldstart/theory ColdPoisson"},
				Config:  c, Result: points,
			}, err
		},
	}
}

// countCauses sums runs of one deployment each, until there are enough requests.
func countCauses(ctx context.Context, env study.Env, c coldstart.Config, rates []float64) ([]coldstartplot.CausePoint, error) {
	enough, least, most := 1_000_000.0, 3.0, 1000.0
	if env.Quick {
		enough, least, most = 100_000, 1, 100
	}
	return par.Map(ctx, len(rates), func(ctx context.Context, i int) (coldstartplot.CausePoint, error) {
		own := int(min(max(math.Ceil(enough/(rates[i]*c.Duration.Seconds())), least), most))
		p := coldstartplot.CausePoint{Rate: rates[i], Runs: env.RunsOr(own, own), Theory: theory.ColdExpiry(c.KeepAlive, rates[i])}
		at := c
		at.Arrivals = coldstart.Poisson(p.Rate)
		for run := range p.Runs {
			at.Seed = c.Seed + uint64(run)
			r, err := coldstart.Simulate(at)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return p, err
			}
			p.Add(r)
		}
		env.Progress(i+1, len(rates))
		return p, nil
	})
}

func causesAnswer(s coldstartplot.Causes) string {
	first, last := s.Points[0], s.Points[len(s.Points)-1]
	if first.Cold == 0 && last.Cold == 0 {
		return "No request was cold in these runs, at the lowest rate or at the highest."
	}
	text := fmt.Sprintf("At %s %s of the cold requests come because no environment is there, at %s %s",
		coldstartplot.PerTime(first.Rate), percent(1-first.BusyFraction), coldstartplot.PerTime(last.Rate), percent(1-last.BusyFraction))
	if rate := s.Turn(); rate > 0 {
		text += fmt.Sprintf("; from %s on most come because all environments are busy", coldstartplot.PerTime(rate))
	}
	return text + fmt.Sprintf("; of all requests %s and %s are cold.", percent(first.Cold), percent(last.Cold))
}
