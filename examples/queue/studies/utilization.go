package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue"
	"cloudconcepts/queue/queueplot"
)

// Utilization asks how busy servers may be.
func Utilization() study.Study {
	cfg := queue.Default()
	cfg.Messages = 1_000_000
	servers := []int{1, 4, 16}
	loads := []float64{0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98}
	var given func(string) bool
	return study.Study{
		Name:     "utilization",
		Question: "Why is a server that is busy 90 % of the time too busy?",
		Next:     "Constant services halve the wait (`--service const:1s`), very different ones make it two and a half times as long (`--service lognormal:1s,cv=2`).",
		Examples: []string{"--servers 1,2,8", "--service const:1s", "--service lognormal:1s,cv=2"},
		Flags: func(f *study.Flags) {
			f.IntList(&servers, "servers", "numbers of servers, a panel each (at most 4)")
			f.Text(&cfg.Service, "LAW", "service", "time of one service")
			f.FractionList(&loads, "load", "loads to simulate, in (0, 0.995]")
			f.Count(&cfg.Messages, "messages", "messages of each run up to 80 % load; up to 10 times as many above")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if env.Quick && !given("messages") {
				c.Messages = 100_000
			}
			if err := checkLoads(servers, loads, c); err != nil {
				return study.Report{}, err
			}
			knee := queueplot.Knee{Service: c.Service.String(), Mean: c.Service.Mean(), Servers: servers, Messages: c.Messages, Seed: c.Seed}
			points, err := measureLoads(ctx, env, c, servers, loads)
			if err != nil {
				return study.Report{}, err
			}
			for i, n := range servers {
				knee.Measured = append(knee.Measured, points[i*len(loads):(i+1)*len(loads)])
				knee.Curves = append(knee.Curves, curveOf(c, n))
			}
			return study.Report{
				Answer: kneeAnswer(knee),
				Table:  study.Rows(points).Show("servers", "load_fraction", "wait_probability", "sojourn_mean_s", "sojourn_p50_s", "sojourn_p95_s", "sojourn_p99_s", "theory_p99_s"),
				Figure: queueplot.Utilization(knee),
				Reading: "Each panel has the same load on every server. The median hardly moves until the load is high; the slow messages suffer long before. The wait grows like " +
					"1/(1 - load): the last ten per cent of utilization cost as much time as all before. Many servers behind one queue put the knee further right, which is why " +
					"pooling pays.",
				Sources: []string{"lines: go doc ./queue/theory MMc; go doc ./queue/theory MDc"},
				Config:  c, Result: points,
			}, nil
		},
	}
}

func checkLoads(servers []int, loads []float64, c queue.Config) error {
	if len(servers) == 0 || len(servers) > 4 || len(loads) == 0 || !(slices.Min(loads) > 0) || !(slices.Max(loads) <= 0.995) {
		return fmt.Errorf("%w: --servers = %v, --load = %v, want 1 to 4 numbers of servers, and loads in (0, 0.995]", queue.ErrInvalidConfig, servers, loads)
	}
	if !(c.Service.Mean() > 0) {
		return fmt.Errorf("%w: --service = %v, want a mean above 0", queue.ErrInvalidConfig, c.Service)
	}
	for _, n := range servers {
		if c.Servers = n; c.Validate() != nil {
			return c.Validate()
		}
	}
	return nil
}

// measureLoads simulates every number of servers at every load.
func measureLoads(ctx context.Context, env study.Env, c queue.Config, servers []int, loads []float64) ([]queueplot.LoadPoint, error) {
	return par.Map(ctx, len(servers)*len(loads), func(_ context.Context, i int) (queueplot.LoadPoint, error) {
		at := c
		at.Servers = servers[i/len(loads)]
		load := loads[i%len(loads)]
		at.Arrivals = queue.Poisson(load * float64(at.Servers) / c.Service.Mean())
		at.Messages = int64(float64(at.Messages) * min(max(math.Pow(0.2/(1-load), 2), 1), 10)) // waits have a longer memory near 1
		at.Warmup = at.Messages / 10
		r, err := queue.Simulate(at)
		if err != nil {
			return queueplot.LoadPoint{}, err
		}
		env.Progress(i+1, len(servers)*len(loads))
		p := theoryAt(at, load)
		p.Mean, p.P50, p.P95, p.P99, p.Wait = r.SojournMean, r.SojournP50, r.SojournP95, r.SojournP99, r.WaitProbability
		return p, nil
	})
}

// theoryAt is the closed form at a load, with NaN where there is none.
func theoryAt(c queue.Config, load float64) queueplot.LoadPoint {
	p := queueplot.LoadPoint{Servers: c.Servers, Load: load, TheoryP50: math.NaN(), TheoryP95: math.NaN(), TheoryP99: math.NaN()}
	if _, s, ok := steady(c); ok {
		p.TheoryP50, p.TheoryP95, p.TheoryP99 = s.SojournQuantile(0.5), s.SojournQuantile(0.95), s.SojournQuantile(0.99)
	}
	return p
}

func curveOf(c queue.Config, servers int) []queueplot.LoadPoint {
	c.Servers = servers
	var points []queueplot.LoadPoint
	for i := range 67 {
		load := 0.01 + 0.985*(1-math.Pow(1-float64(i)/66, 1.5))
		c.Arrivals = queue.Poisson(load * float64(servers) / c.Service.Mean())
		points = append(points, theoryAt(c, load))
	}
	return points
}

func kneeAnswer(k queueplot.Knee) string {
	var parts []string
	for i, n := range k.Servers {
		low, high := k.Measured[i][0], k.Measured[i][len(k.Measured[i])-1]
		for _, p := range k.Measured[i] {
			if math.Abs(p.Load-0.5) < 1e-9 {
				low = p
			}
			if math.Abs(p.Load-0.9) < 1e-9 {
				high = p
			}
		}
		parts = append(parts, fmt.Sprintf("%s at P99 when %s %.3g %% busy and %s at %.3g %%", units.FormatSeconds(low.P99), isAre(n), 100*low.Load, units.FormatSeconds(high.P99), 100*high.Load))
	}
	return fmt.Sprintf("Because the wait grows like 1/(1 - load): services of %s take %s.", units.FormatDuration(time.Duration(k.Mean*1e9)), strings.Join(parts, ", "))
}

func isAre(n int) string {
	if n == 1 {
		return "one server is"
	}
	return fmt.Sprintf("%d servers are", n)
}
