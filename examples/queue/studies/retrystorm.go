package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue"
	"cloudconcepts/queue/client"
	"cloudconcepts/queue/queueplot"
)

// RetryStorm asks why an outage outlasts its cause.
func RetryStorm() study.Study {
	cfg := client.Metastable(280)
	budget := 0.0
	outage := 10 * time.Second
	return study.Study{
		Name:     "retrystorm",
		Question: "Why does the outage go on when its cause is gone?",
		Next:     "Below 150/s it recovers by itself: try `--rate 130/s`. Does `--discipline lifo` save it at 280/s?",
		Examples: []string{"--rate 130/s", "--retry-budget 2%", "--discipline lifo", "--retries 3 --backoff full-jitter:100ms,20s"},
		Flags: func(f *study.Flags) {
			f.Frequency(&cfg.Rate, "rate", "new requests per second")
			f.Duration(&cfg.Timeout, "timeout", "patience of a client with one attempt")
			f.Int(&cfg.Retries, "retries", "further attempts of a request that timed out")
			f.Text(&cfg.Backoff, "LAW", "backoff", "wait before a retry: none, exponential:BASE,CAP, full-jitter:100ms,20s, equal-jitter:..., decorrelated:...")
			f.Fraction(&budget, "retry-budget", "retries allowed, as a share of the requests; 0 = all")
			f.Text(&cfg.Server.Discipline, "NAME", "discipline", "order of service: "+names(queue.Disciplines()))
			f.Int(&cfg.Server.Places, "places", "attempts that may wait; -1 = any number")
			f.Text(&cfg.Server.Service, "LAW", "service", "time of one service")
			f.Int(&cfg.Server.Servers, "servers", "servers")
			f.Duration(&outage, "outage", "how long nothing is served")
			f.Duration(&cfg.Duration, "duration", "end of the run")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed, c.Sample = env.Seed, time.Second
			c.Outages = []client.Outage{{At: 30 * time.Second, For: outage}}
			if budget > 0 {
				c.Budget = client.RatioBudget(budget)
			}
			end := c.Outages[0].At + outage
			if outage > 0 && c.Duration <= end {
				return study.Report{}, fmt.Errorf("%w: --duration = %v, want more than %v, when the outage ends: --outage after the first 30s", client.ErrInvalidConfig, c.Duration, end)
			}
			if env.Quick {
				c.Duration = min(c.Duration, max(200*time.Second, 2*end))
			}
			storm, err := runStorm(ctx, c, env)
			if err != nil {
				return study.Report{}, err
			}
			rows, err := remedies(ctx, c, env)
			return study.Report{
				Answer: stormAnswer(storm),
				Table:  study.Rows(rows).Show("remedy", "recovered", "answering_again_s", "last_timeout_s", "success_fraction", "attempts_per_request", "wasted_fraction", "latency_p99_s").Head("answering_again_s", "answers again after"),
				Figure: queueplot.RetryStorm(storm),
				Reading: "The outage leaves a line of attempts whose clients have given up. The service works them off in order, each too late, while their retries come on top: all of its " +
					"work is for nobody. It gets out only below capacity/(1 + retries); above that it works as long as nothing happens (blue) and stays down once something has " +
					"(orange). The table tries remedies at the same load. It answers again when it first answers 95 % of 10 s in time. The last timeout may be a straggler: newest first " +
					"is back at once, but leaves a few requests behind all through the run.",
				Sources: []string{
					"example: Bronson, Aghayev, Charapko and Zhu, \"Metastable Failures in Distributed Systems\", HotOS 2021",
					"thresholds: go doc ./queue/client StableLoad",
				},
				Notes:  study.Warnings("", storm.Run.Warnings),
				Config: c, Result: storm.Run,
			}, err
		},
	}
}

// runStorm is the run with its outage, and the same at other loads.
func runStorm(ctx context.Context, c client.Config, env study.Env) (queueplot.Storm, error) {
	storm := queueplot.Storm{Capacity: c.Server.Capacity(), Until: min(c.Duration.Seconds(), 240)}
	var err error
	if storm.Run, err = client.Simulate(c); err != nil {
		return storm, err
	}
	extra := float64(c.Retries)
	if c.Budget.Capacity > 0 {
		extra = min(extra, c.Budget.PerRequest)
	}
	storm.Stable = client.StableLoad(storm.Capacity, extra)
	storm.Fates, err = fates(ctx, c, env)
	storm.Again = answeringAgain(storm.Run, (c.Outages[0].At + c.Outages[0].For).Seconds())
	storm.Watched = (c.Duration - c.Outages[0].At - c.Outages[0].For).Seconds()
	return storm, err
}

// fates are the ends of runs at loads up to just above the capacity, with the outage and without.
func fates(ctx context.Context, c client.Config, env study.Env) ([]queueplot.Fate, error) {
	steps := 22
	if env.Quick {
		steps = 11
	}
	c.Sample = c.Duration / 10
	return par.Map(ctx, steps, func(_ context.Context, i int) (queueplot.Fate, error) {
		at := c
		at.Rate = 1.1 * c.Server.Capacity() * float64(i+1) / float64(steps)
		f := queueplot.Fate{Load: at.Rate}
		r, err := client.Simulate(at)
		if err != nil {
			return f, err
		}
		f.Stricken = r.Rows[len(r.Rows)-1].Goodput
		at.Outages = nil
		if r, err = client.Simulate(at); err != nil {
			return f, err
		}
		f.Spared = r.Rows[len(r.Rows)-1].Goodput
		return f, nil
	})
}

// remedy is the same outage with one thing changed.
type remedy struct {
	Name          string  `json:"remedy"`
	Recovered     string  `json:"recovered"`
	Again         float64 `json:"answering_again_s"` // after the outage; NaN if it never was
	LastTimeout   float64 `json:"last_timeout_s"`    // after the outage
	Success       float64 `json:"success_fraction"`
	Amplification float64 `json:"attempts_per_request"`
	Wasted        float64 `json:"wasted_fraction"`
	P99           float64 `json:"latency_p99_s"`
}

func remedies(ctx context.Context, c client.Config, env study.Env) ([]remedy, error) {
	outage := c.Outages[0].At + c.Outages[0].For
	changes := []struct {
		name   string
		change func(*client.Config)
	}{
		{"as it is", func(*client.Config) {}},
		{"no retries", func(c *client.Config) { c.Retries = 0 }},
		{"backoff with full jitter", func(c *client.Config) {
			c.Backoff = client.Backoff{Jitter: client.FullJitter, Base: time.Second, Cap: 20 * time.Second}
		}},
		{"retry budget 10 %", func(c *client.Config) { c.Budget = client.RatioBudget(0.1) }},
		{"retry budget 2 %", func(c *client.Config) { c.Budget = client.RatioBudget(0.02) }},
		{"circuit breaker", func(c *client.Config) { c.Breaker = client.Resilience4j() }},
		{"client throttling", func(c *client.Config) { c.Throttle = client.SRE() }},
		{"short line (150 places)", func(c *client.Config) { c.Server.Places = 150 }},
		{"expire what is too old", func(c *client.Config) { c.Server.Discipline = client.Expire }},
		{"newest first", func(c *client.Config) { c.Server.Discipline = client.LIFO }},
		{"adaptive LIFO", func(c *client.Config) { c.Server.Discipline = client.AdaptiveLIFO }},
	}
	return par.Map(ctx, len(changes), func(_ context.Context, i int) (remedy, error) {
		at := c
		changes[i].change(&at)
		r, err := client.Simulate(at)
		env.Progress(i+1, len(changes))
		recovered := "yes"
		if !r.Recovered {
			recovered = "not within " + units.FormatDuration(c.Duration-outage)
		}
		return remedy{
			changes[i].name, recovered, answeringAgain(r, outage.Seconds()), r.RecoveryTime,
			r.SuccessFraction, r.Amplification, r.WastedFraction, r.Latency.P99,
		}, err
	})
}

// answeringAgain is how long after the end of the outage the first 10 s begin in which 95 % of the new requests are
// answered in time, and NaN if there are none. Rows are a second each.
func answeringAgain(r client.Result, outage float64) float64 {
	const span = 10
	for i := 0; i+span <= len(r.Rows); i++ {
		begin := r.Rows[i].At - 1
		if begin < outage {
			continue
		}
		var offered, answered float64
		for _, row := range r.Rows[i : i+span] {
			offered += row.Offered
			answered += row.Goodput
		}
		if answered >= 0.95*offered {
			return begin - outage
		}
	}
	return math.NaN()
}

func stormAnswer(s queueplot.Storm) string {
	r, c := s.Run, s.Run.Config
	bound := fmt.Sprintf("what comes back after any trigger is less than capacity/(1 + retries) = %s/s", units.FormatNumber(s.Stable))
	if r.Recovered {
		return fmt.Sprintf("Here it ends: at %s requests/s the service answers 95 %% in time again %s after the outage of %s, and the last client times out %s after it; %s.", units.FormatNumber(c.Rate),
			units.FormatSeconds(s.Again), units.FormatSeconds(c.Outages[0].For.Seconds()), units.FormatSeconds(r.RecoveryTime), bound)
	}
	served, answered := lastRates(r)
	return fmt.Sprintf("Because of the retries: %s after the outage the service still works at %s/s, but of %s requests/s it answers %s/s in time, since the clients have given up by then; %s.",
		units.FormatSeconds(s.Watched), units.FormatNumber(served), units.FormatNumber(c.Rate), units.FormatNumber(answered), bound)
}

// lastRates are the services and the requests answered in time, per second, over the last tenth of the run.
func lastRates(r client.Result) (served, answered float64) {
	last := r.Rows[len(r.Rows)*9/10:]
	for _, row := range last {
		served += row.Served / float64(len(last))
		answered += row.Goodput / float64(len(last))
	}
	return served, answered
}
