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

// Selection asks what it matters which idle environment serves.
func Selection() study.Study {
	c := coldstart.Default()
	rates := []float64{0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9, 2, 5}
	requests := int64(600_000)
	var given func(string) bool
	return study.Study{
		Name:     "selection",
		Question: "Does it matter which idle environment serves a request?",
		Next:     "With a keep-alive of a minute, how much is left of the difference? `go run ./examples/coldstart aws --selection lru` shows which rule AWS Lambda follows.",
		Examples: []string{"--keep-alive 1m", "--keep-alive exp:10m", "--rate 0.1/s,0.9/s --requests 3M"},
		Flags: func(f *study.Flags) {
			f.FrequencyList(&rates, "rate", "requests per second to simulate, at random (Poisson), in [0.000001/s, 100/s]")
			f.Text(&c.KeepAlive, "POLICY", "keep-alive", "how long an idle environment stays: "+coldstart.KeepAliveForms)
			f.Text(&c.Warm, "LAW", "warm", "time of a warm request")
			f.Text(&c.Cold.Response, "LAW", "cold", "time of a cold request, all of it")
			f.Count(&requests, "requests", "requests of each point, or 20 keep-alives if that is longer")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c.Seed = env.Seed
			if env.Quick && !given("requests") {
				requests /= 20
			}
			if err := checkRates(rates, requests); err != nil {
				return study.Report{}, err
			}
			points, err := compareRules(ctx, env, c, rates, requests)
			s := coldstartplot.Selections{Config: c, Points: points, Requests: requests}
			return study.Report{
				Answer: selectionAnswer(s),
				Table:  study.Rows(points).Show("selection", "rate_per_s", "requests", "cold_fraction", "instances", "running", "theory_instances").Head("instances", "environments").Head("theory_instances", "theory environments"),
				Figure: coldstartplot.Selection(s),
				Reading: "Whoever asks the most recently used (or newest) environment first lets the others idle until they expire: the pool follows the demand, and each peak starts cold anew. Round-robin (lru) " +
					"and random choice touch every one before its time is over, as long as there are fewer than rate × keep-alive of them, so one peak pins the pool: hardly a cold start, " +
					"but every environment of the worst moment is paid for by somebody.",
				Sources: []string{
					"parameters and newest first: SimFaaS (Mahmoudi and Khazaei), github.com/pacslab/simfaas", "pool size: go doc ./coldstart/theory PoolSizeApprox",
				},
				Config: c, Result: points,
			}, err
		},
	}
}

// compareRules runs every rule at every rate, on the same arrivals.
func compareRules(ctx context.Context, env study.Env, c coldstart.Config, rates []float64, requests int64) ([]coldstartplot.SelectionPoint, error) {
	rules := []coldstart.Selection{coldstart.MRU, coldstart.Newest, coldstart.LRU, coldstart.Random}
	n := len(rates)
	return par.Map(ctx, n*len(rules), func(_ context.Context, i int) (coldstartplot.SelectionPoint, error) {
		at, rate := c, rates[i%n]
		at.Selection = rules[i/n]
		at.Arrivals = coldstart.Poisson(rate)
		at.Duration, at.Warmup = span(rate, requests, at.KeepAlive)
		r, err := coldstart.Simulate(at)
		env.Progress(i+1, n*len(rules))
		return coldstartplot.SelectionPoint{
			Selection: at.Selection, Rate: rate, Requests: r.Requests, Cold: r.ColdProbability, Low: r.ColdLow, High: r.ColdHigh, Starts: r.Cold,
			Instances: r.InstancesMean, Running: r.RunningMean, Theory: poolTheory(at, rate),
		}, err
	})
}

func selectionAnswer(s coldstartplot.Selections) string {
	mru, lru, random := s.Near(coldstart.MRU, 1), s.Near(coldstart.LRU, 1), s.Near(coldstart.Random, 1)
	newest := s.Near(coldstart.Newest, 1)
	text := "Yes"
	if lru.Instances < 1.02*mru.Instances && lru.Instances > 0.98*mru.Instances {
		text = "Hardly at this rate"
	}
	return fmt.Sprintf("%s: at %s most recently used first keeps %.3g environments and leaves %s of the requests cold, newest first %.3g and %s, least recently used first (round-robin) %.3g and %s, random choice %.3g and %s.",
		text, coldstartplot.PerTime(mru.Rate), mru.Instances, percent(mru.Cold), newest.Instances, percent(newest.Cold), lru.Instances, percent(lru.Cold), random.Instances, percent(random.Cold))
}

// poolTheory is theory.PoolSizeApprox, or NaN where it does not hold: other rules than MRU and newest, other keep-alives than fixed ones,
// other services than exponential.
func poolTheory(c coldstart.Config, rate float64) float64 {
	idle, ok := c.KeepAlive.Idle()
	keep, fixed := idle.Fixed()
	if !ok || !fixed || !c.Warm.Exponential() || c.Selection != coldstart.MRU && c.Selection != coldstart.Newest {
		return math.NaN()
	}
	return theory.PoolSizeApprox(rate, time.Duration(c.Warm.Mean()*1e9), keep).Instances
}
