package studies

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/index"
	"cloudconcepts/replication/replicationplot"
)

// GSI loads a secondary index that follows its table, with even and with hot keys.
func GSI() study.Study {
	s := indexFlags{Config: index.DynamoDB(), zipf: []float64{0, 1, 2}, rates: []float64{250, 500, 750, 1000, 1250, 1500, 2000, 2500, 3000, 3400, 3600, 3800, 4000, 4500, 5000}, capacity: 1000}
	s.Duration, s.ReadRate = 100*time.Second, 500
	return study.Study{
		Name:     "gsi",
		Question: "My table has capacity to spare: why is it throttled?",
		Next:     "Do 16 partitions help a hot key? What does it cost the other keys if the table throttles all (`--throttle table`)?",
		Examples: []string{"--zipf 0,3", "--partitions 16", "--throttle table", "--partition-rate 2000/s --propagation exp:50ms"},
		Flags:    s.declare,
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if err := s.prepare(env); err != nil {
				return study.Report{}, err
			}
			sweep := replicationplot.IndexSweep{Config: s.Config}
			total := len(s.zipf) * len(s.rates)
			var err error
			if sweep.Points, err = par.Map(ctx, total, func(_ context.Context, i int) (replicationplot.IndexPoint, error) {
				defer env.Progress(i+1, total)
				return s.point(s.zipf[i/len(s.rates)], s.rates[i%len(s.rates)])
			}); err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: indexAnswer(sweep),
				Table:  indexTable(sweep),
				Figure: replicationplot.SecondaryIndex(sweep),
				Reading: "Each key of the index lies in one partition. Writes reach the index a little later, so a query of it misses the newest ones; below the dotted rates that is all. Above, the busiest partition falls behind until its backlog is full (the plateau on the left), " +
					"and then the table itself refuses writes of those keys. More partitions do not help a hot key: try `--partitions 16`, and `--throttle table`, where it takes all other keys along.",
				Sources: []string{
					"Amazon DynamoDB Developer Guide: Understanding Global Secondary Index (GSI) write throttling and back pressure in DynamoDB; Using Global Secondary Indexes in DynamoDB",
					"theory: go doc ./replication/index Threshold; go doc ./replication/index ThrottledFraction",
				},
				Notes:  []string{"The delay on the way and the bound of the backlog are assumed: AWS publishes neither."},
				Config: s.Config, Result: sweep.Points,
			}, nil
		},
	}
}

type indexFlags struct {
	index.Config
	zipf, rates []float64
	capacity    float64
}

func (s *indexFlags) declare(f *study.Flags) {
	f.FloatList(&s.zipf, "zipf", "popularity of the i-th key is i^-zipf; 0 = even")
	f.FrequencyList(&s.rates, "write-rate", "rates of writes to the table, rising")
	f.Int(&s.Keys, "keys", "values of the indexed attribute")
	f.Int(&s.Partitions, "partitions", "partitions of the index")
	f.Frequency(&s.capacity, "partition-rate", "writes per second that a partition takes")
	f.Text(&s.Propagation, "LAW", "propagation", "from the table's acknowledgement to the index")
	f.Int(&s.MaxBacklog, "max-backlog", "writes that may wait for a partition before the table refuses more")
	f.Text(&s.Throttle, "WHICH", "throttle", "what is refused then: key (writes to that partition) or table (all)")
	f.Duration(&s.Duration, "duration", "length of a run")
}

// prepare checks the flags that a Config does not have, and shortens a quick run.
func (s *indexFlags) prepare(env study.Env) error {
	if !slices.IsSorted(s.rates) || len(slices.Compact(slices.Clone(s.rates))) != len(s.rates) || s.rates[0] <= 0 {
		return fmt.Errorf("%w: --write-rate = %v, want rising rates above 0", index.ErrInvalidConfig, s.rates)
	}
	if !(s.capacity >= 1e-3 && s.capacity <= 1e9) {
		return fmt.Errorf("%w: --partition-rate = %g, want in [0.001, 1e9] writes/s", index.ErrInvalidConfig, s.capacity)
	}
	if s.Duration < time.Second {
		return fmt.Errorf("%w: --duration = %v, want at least 1s", index.ErrInvalidConfig, s.Duration)
	}
	s.Seed, s.Service, s.MaxWrites = env.Seed, index.PerSecond(s.capacity), 1_000_000
	if env.Quick {
		s.MaxWrites = 60_000
	}
	if n := s.ReadRate * s.Duration.Seconds(); n > 1e6 {
		s.ReadRate = 1e6 / s.Duration.Seconds()
	}
	return nil
}

func (s *indexFlags) point(zipf, rate float64) (replicationplot.IndexPoint, error) {
	c := s.Config
	c.Zipf, c.WriteRate = zipf, rate
	r, err := index.Simulate(c)
	p := replicationplot.IndexPoint{
		Zipf: zipf, Rate: rate, LagMean: r.LagMean, LagP99: r.LagP99, Throttled: r.ThrottledFraction, Stale: r.StaleFraction,
		MaxShare: r.MaxShare, Threshold: r.Threshold, LagTheory: -1, ThrottledTheory: -1,
	}
	if err != nil {
		return p, err
	}
	lag, throttled := 0.0, 0.0
	for _, row := range r.Partitions {
		throttled += row.Share * index.ThrottledFraction(row.Load)
		if row.Share > 0 {
			lag += row.Share * index.LagMean(rate*row.Share, s.capacity, 0, c.Propagation.Mean())
		}
	}
	if c.Throttle == index.ThrottleKey {
		p.ThrottledTheory = throttled
	}
	if rate < r.Threshold {
		p.LagTheory = lag
	}
	return p, nil
}

func indexTable(s replicationplot.IndexSweep) study.Table {
	t := study.NewTable("zipf", "rate_per_s", "lag_mean_s", "lag_theory_s", "lag_p99_s", "throttled_fraction", "throttled_theory_fraction", "stale_fraction", "threshold_per_s")
	or := func(v float64) any {
		if v < 0 {
			return nil
		}
		return v
	}
	for _, p := range s.Points {
		t.Add(p.Zipf, p.Rate, p.LagMean, or(p.LagTheory), p.LagP99, p.Throttled, or(p.ThrottledTheory), p.Stale, p.Threshold)
	}
	return t.Head("rate_per_s", "writes").Head("lag_theory_s", "theory").Head("throttled_fraction", "refused").Head("throttled_theory_fraction", "theory").Head("stale_fraction", "stale reads").Head("threshold_per_s", "can follow")
}

func indexAnswer(s replicationplot.IndexSweep) string {
	var parts []string
	begin := "At these rates it is not"
	for i, p := range s.Points {
		if p.Throttled > 0 {
			begin = "Because one partition of its index cannot follow"
		}
		if i+1 < len(s.Points) && s.Points[i+1].Zipf == p.Zipf {
			continue
		}
		text := fmt.Sprintf("keys of Zipf %g", p.Zipf)
		if p.Zipf == 0 {
			text = "even keys"
		}
		parts = append(parts, fmt.Sprintf("with %s the busiest partition takes %s of the writes and follows up to %s; at %s %s are refused",
			text, units.FormatPercent(p.MaxShare), units.FormatFrequency(p.Threshold), units.FormatFrequency(p.Rate), units.FormatPercent(p.Throttled)))
	}
	return fmt.Sprintf("%s: %s.", begin, strings.Join(parts, "; "))
}
