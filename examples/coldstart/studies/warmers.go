package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Warmers asks what pings help.
func Warmers() study.Study {
	c := warmersConfig()
	pings, bursts := []int{0, 1, 5}, []int{1, 2, 3, 4, 5, 6, 8, 10, 12, 15}
	gap := time.Hour
	return study.Study{
		Name:     "warmers",
		Question: "Does a ping every few minutes end cold starts?",
		Next:     "A ping that comes later than the keep-alive is cold itself: `--ping-every 15m`. What pings cannot do, `go run ./examples/coldstart provisioned` can.",
		Examples: []string{"--pings 0,2,8 --ping-every 1m", "--ping-every 15m", "--burst-every 2m --ping-work const:1s"},
		Flags: func(f *study.Flags) {
			f.IntList(&pings, "pings", "pings at a time, a curve each (at most 5 numbers, each at most 100)")
			f.Duration(&c.Warmer.Every, "ping-every", "time between pings, [10s, 24h]")
			f.Text(&c.Warmer.Work, "LAW", "ping-work", "how long a ping works")
			f.IntList(&bursts, "burst", "requests at once, 1 to 100 (at most 20 numbers)")
			f.Duration(&gap, "burst-every", "mean time between bursts, at random (Poisson), [10s, 24h]")
			f.Text(&c.KeepAlive, "POLICY", "keep-alive", "how long an idle environment stays: "+coldstart.KeepAliveForms)
			f.Text(&c.Warm, "LAW", "warm", "time of a warm request")
			f.Text(&c.Cold.Response, "LAW", "cold", "time of a cold request, all of it")
			f.Int(&c.MemoryMB, "memory", "memory of an environment in MB, 128 to 10,240")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c.Seed = env.Seed
			count := 4000
			if env.Quick {
				count = 300
			}
			if err := checkWarmers(pings, bursts, gap, c.Warmer.Every); err != nil {
				return study.Report{}, err
			}
			w := coldstartplot.Warmers{Config: c, Gap: gap, Bursts: count}
			var err error
			if w.Points, err = pingBursts(ctx, env, c, pings, bursts, gap, count); err != nil {
				return study.Report{}, err
			}
			w.Busy, err = busyPings(ctx, c, gap, 10*count)
			return study.Report{
				Answer: warmersAnswer(w),
				Table:  study.Rows(w.Points).Show("pings", "burst", "cold_per_burst", "theory_per_burst", "idle_instances", "cost_usd_per_month").Head("idle_instances", "idle environments"),
				Figure: coldstartplot.Warmer(w),
				Reading: "Left: k pings at the same moment keep k environments, and a burst of more is cold for all above k, which is why one ping looks good in a test and fails under load. Right: a ping is a request like any other; " +
					"whoever comes while it works finds its environment busy and starts cold, so a ping should return at once. Try `--ping-every 15m`: a ping that comes later than the keep-alive " +
					"is cold itself and leaves the rest of the time uncovered.",
				Sources: []string{"busy pings: time of work/time between pings, for requests that come at random", "expiry: go doc ./coldstart/theory ColdPoisson"},
				Config:  c, Result: w.Points,
			}, err
		},
	}
}

// warmersConfig is a small web function with a warmer.
func warmersConfig() coldstart.Config {
	c := coldstart.Default()
	c.Warm = coldstart.Exp(200 * time.Millisecond)
	c.Cold = coldstart.Cold{Kind: coldstart.Whole, Response: coldstart.Exp(time.Second)}
	c.MemoryMB = 512
	c.Price = coldstart.OnDemand()
	c.Warmer = coldstart.Warmer{Every: 5 * time.Minute, Work: coldstart.Const(100 * time.Millisecond)}
	return c
}

func checkWarmers(pings, bursts []int, gap, every time.Duration) error {
	within := func(d time.Duration) bool { return d >= 10*time.Second && d <= 24*time.Hour }
	switch {
	case len(pings) < 1 || len(pings) > 5 || slices.Min(pings) < 0 || slices.Max(pings) > 100:
		return fmt.Errorf("%w: --pings %v, want 1 to 5 numbers from 0 to 100", coldstart.ErrInvalidConfig, pings)
	case len(bursts) < 1 || len(bursts) > 20 || slices.Min(bursts) < 1 || slices.Max(bursts) > 100:
		return fmt.Errorf("%w: --burst %v, want 1 to 20 numbers from 1 to 100", coldstart.ErrInvalidConfig, bursts)
	case !within(gap):
		return fmt.Errorf("%w: --burst-every %v, want 10s to 24h", coldstart.ErrInvalidConfig, gap)
	case !within(every):
		return fmt.Errorf("%w: --ping-every %v, want 10s to 24h", coldstart.ErrInvalidConfig, every)
	}
	return nil
}

// burstRun is a run of so many bursts of a size on average.
func burstRun(c coldstart.Config, gap time.Duration, size, count int) (coldstart.Result, error) {
	c.Arrivals = coldstart.Poisson(1 / gap.Seconds()).InBatches(size)
	c.Duration = time.Duration(count) * gap
	c.Warmup = c.Duration / 50
	return coldstart.Simulate(c)
}

func pingBursts(ctx context.Context, env study.Env, c coldstart.Config, pings, bursts []int, gap time.Duration, count int) ([]coldstartplot.PingPoint, error) {
	n := len(bursts)
	return par.Map(ctx, n*len(pings), func(_ context.Context, i int) (coldstartplot.PingPoint, error) {
		at, size := c, bursts[i%n]
		at.Warmer.Concurrent = pings[i/n]
		r, err := burstRun(at, gap, size, count)
		env.Progress(i+1, n*len(pings))
		p := coldstartplot.PingPoint{
			Pings: pings[i/n], Burst: size, Cold: r.ColdProbability * float64(size), Low: r.ColdLow * float64(size), High: r.ColdHigh * float64(size),
			Idle: r.IdleMean, Cost: r.Cost / r.Window * 30 * 86400,
		}
		p.Theory = theory.WarmerCold(at.KeepAlive, at.Warmer, gap, size)
		return p, err
	})
}

// busyPings are single requests beside one ping at a time that works longer and longer.
func busyPings(ctx context.Context, c coldstart.Config, gap time.Duration, count int) ([]coldstartplot.BusyPing, error) {
	shares := []float64{0.0003, 0.001, 0.003, 0.01, 0.03, 0.1}
	return par.Map(ctx, len(shares), func(_ context.Context, i int) (coldstartplot.BusyPing, error) {
		at := c
		work := time.Duration(shares[i] * float64(c.Warmer.Every))
		at.Warmer.Concurrent, at.Warmer.Work = 1, coldstart.Const(work)
		r, err := burstRun(at, gap, 1, count)
		return coldstartplot.BusyPing{Work: work.Seconds(), Cold: r.ColdProbability, Low: r.ColdLow, High: r.ColdHigh, Requests: r.Requests, Theory: theory.PingCold(at.KeepAlive, at.Warmer, gap)}, err
	})
}

func warmersAnswer(w coldstartplot.Warmers) string {
	most := w.Largest()
	text := "Only for as many requests as there are pings at the same moment"
	if most[0].Cold < 0.05*float64(most[0].Burst) {
		text = "Hardly any are left to end"
	} else if c := w.Config; c.KeepAlive.Mean() < c.Warmer.Every.Seconds() {
		text = "Only in part, as the next ping comes later than the keep-alive ends"
	}
	var parts []string
	for _, p := range most {
		with := fmt.Sprintf("with %d pings", p.Pings)
		switch p.Pings {
		case 0:
			with = "without pings"
		case 1:
			with = "with 1 ping"
		}
		parts = append(parts, units.FormatNumber(digits(p.Cold))+" "+with)
	}
	text += fmt.Sprintf(": of a burst of %d, on average %s are cold", most[0].Burst, strings.Join(parts, ", "))
	pings, provisioned := w.Costs()
	last := most[len(most)-1].Pings
	if last == 0 {
		return text + "."
	}
	return text + fmt.Sprintf("; %d at a time, every %s, cost %s a month, %d provisioned environments %s.", last, units.FormatDuration(w.Config.Warmer.Every), units.FormatUSD(pings), last, units.FormatUSD(provisioned))
}

// digits keeps two digits.
func digits(x float64) float64 {
	if x <= 0 {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(x/unit) * unit
}
