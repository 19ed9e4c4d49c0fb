package studies

import (
	"context"
	"errors"
	"fmt"
	"math"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/quorum"
	"cloudconcepts/replication/replicationplot"
)

// Frontier asks which R and W to choose.
func Frontier() study.Study {
	legs := latencies{Preset: "ymmr", WriteRate: 0.1, AckRate: 1}
	n, trials := 3, 1_000_000
	var given func(string) bool
	return study.Study{
		Name:     "frontier",
		Question: "How many replicas should a read and a write wait for?",
		Next:     "With slow disks (`--preset lnkd-disk`) reads are fast and writes slow: which choice is best now? And with five replicas?",
		Examples: []string{"--preset lnkd-disk", "--preset lnkd-ssd", "--n 5"},
		Flags: func(f *study.Flags) {
			legs.flags(f)
			f.Int(&n, "n", "replicas, 2 to 7")
			f.Int(&trials, "trials", "trials of each choice; fewer from n = 4 on unless given")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := quorum.Config{N: n, R: 1, W: 1, Latency: legs.model(), Trials: trials, Seed: env.Seed}
			if !given("trials") {
				c.Trials = max(trials*18/max(n*n*(n+1)/2, 18), 100_000) // as long for more choices of more replicas
			}
			if env.Quick && !given("trials") {
				c.Trials = 100_000
			}
			if err := checkFrontier(c, legs.check(given)); err != nil {
				return study.Report{}, err
			}
			choices, err := simulateChoices(ctx, env, c, legs.Preset)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: frontierAnswer(choices),
				Table:  study.Rows(choices.Points).Show("r", "w", "read_p999_s", "write_p999_s", "stale_at_once_fraction", "t_visibility_999_s", "published_t_visibility_999_s"),
				Figure: replicationplot.Frontier(choices),
				Reading: "Left is fast, down is fresh. Waiting for one more answer costs the tail of one more replica: of the fast leg little, of the slow one much. Choices with R + W > N + 1 are left " +
					"out: they are slower and no fresher.",
				Sources: []string{"rings: Bailis, Venkataraman, Franklin, Hellerstein and Stoica, \"Probabilistically Bounded Staleness for Practical Partial Quorums\", PVLDB 5(8), 2012, table 4"},
				Notes:   publishedNote(choices),
				Config: struct {
					latencies
					N      int    `json:"n"`
					Trials int    `json:"trials"`
					Seed   uint64 `json:"seed"`
				}{legs, n, c.Trials, c.Seed},
				Result: choices.Points,
			}, nil
		},
	}
}

func checkFrontier(c quorum.Config, rates error) error {
	var size error
	if c.N < 2 || c.N > 7 {
		size = fmt.Errorf("%w: --n = %d, want in [2, 7]", quorum.ErrInvalidConfig, c.N)
		c.N = 3
	}
	return errors.Join(size, c.Validate(), rates)
}

func simulateChoices(ctx context.Context, env study.Env, c quorum.Config, preset string) (replicationplot.Choices, error) {
	choices := replicationplot.Choices{Model: c.Latency.Name, N: c.N, Trials: c.Trials, Seed: c.Seed}
	for c.R = 1; c.R <= c.N; c.R++ {
		for c.W = 1; c.W <= c.N+1-c.R; c.W++ {
			r, err := quorum.SimulateContext(ctx, c)
			if err != nil {
				return choices, err
			}
			p := replicationplot.FrontierPoint{
				R: c.R, W: c.W, Read: r.ReadP999, Write: r.WriteP999, Both: r.ReadP999 + r.WriteP999,
				Stale: 1 - r.PConsistent0, Fresh: r.TVisibility999, FreshLow: r.TVisibility999Low, FreshHigh: r.TVisibility999High,
			}
			p.PublishedRead, p.PublishedWrite, p.Published = published(preset, c)
			choices.Points = append(choices.Points, p)
			env.Progress(len(choices.Points), c.N*(c.N+1)/2)
		}
	}
	choices.Mark()
	return choices, nil
}

// published are latencies and the time until reads are fresh, all at 99.9 %, of table 4 of the paper, in s; NaN where there
// are none.
func published(preset string, c quorum.Config) (read, write, fresh float64) {
	cells := map[string]map[[2]int][3]float64{ // ms, by R and W
		"lnkd-ssd":  {{1, 1}: {0.66, 0.66, 1.85}, {1, 2}: {0.66, 1.63, 1.79}, {2, 1}: {1.63, 0.65, 0}, {2, 2}: {1.62, 1.64, 0}, {3, 1}: {4.14, 0.65, 0}, {1, 3}: {0.65, 4.09, 0}},
		"lnkd-disk": {{1, 1}: {0.66, 10.99, 45.5}, {1, 2}: {0.65, 20.97, 43.3}, {2, 2}: {1.64, 20.96, 0}, {3, 1}: {4.12, 10.89, 0}, {1, 3}: {0.65, 112.65, 0}},
		"ymmr":      {{1, 1}: {5.58, 10.83, 1364}, {1, 2}: {5.61, 427.12, 1352}, {2, 1}: {32.6, 10.73, 202}, {2, 2}: {33.18, 428.11, 0}, {3, 1}: {219.27, 10.79, 0}, {1, 3}: {5.63, 1870.86, 0}},
		"wan":       {{1, 2}: {3.4, 167.64, 0}, {2, 2}: {151.31, 167.72, 0}, {3, 1}: {153.86, 55.19, 0}, {1, 3}: {3.44, 241.55, 0}},
	}
	cell, ok := cells[preset][[2]int{c.R, c.W}]
	if !ok || c.N != 3 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return cell[0] / 1000, cell[1] / 1000, cell[2] / 1000
}

func frontierAnswer(c replicationplot.Choices) string {
	fast, strict := c.Fastest()
	if fast.R+fast.W > c.N {
		return fmt.Sprintf("R = %d, W = %d: at %s for a read and a write at P99.9 it is the fastest, and never stale.", fast.R, fast.W, units.FormatSeconds(fast.Both))
	}
	return fmt.Sprintf("It depends on how long reads may be stale: R = %d, W = %d takes %s for a read and a write at P99.9, with %s stale at once and 99.9 %% fresh after %s; the fastest that is never stale, R = %d, W = %d, takes %s.",
		fast.R, fast.W, units.FormatSeconds(fast.Both), units.FormatPercent(fast.Stale), units.FormatSeconds(fast.Fresh), strict.R, strict.W, units.FormatSeconds(strict.Both))
}

func publishedNote(c replicationplot.Choices) []string {
	for _, p := range c.Points {
		if p.Published > 0 {
			return []string{"The published times until reads are fresh (rings) are 3 to 12 % too short for the paper's own model: each is the first time on a grid at which an estimate of 50,000 trials " +
				"happens to touch 99.9 %, and of many noisy estimates one does so early. The dots are the quantiles."}
		}
	}
	return nil
}
