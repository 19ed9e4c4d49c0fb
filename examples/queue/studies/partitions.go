package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/queueplot"
)

// Partitions asks how many consumers can work at once.
func Partitions() study.Study {
	cfg := commitlog.Kafka()
	cfg.Partitions, cfg.Duration = 12, 2*time.Minute
	cfg.Consumer.Service, cfg.Consumer.MaxPollRecords = commitlog.Exp(5*time.Millisecond), 50
	cfg.Producer.Keys, cfg.Producer.Skew = 1000, 1
	most := 16
	return study.Study{
		Name:     "partitions",
		Question: "Why do more consumers not help?",
		Examples: []string{"--partitions 4 --consumers 8", "--skew 0", "--keys 10"},
		Flags: func(f *study.Flags) {
			f.Int(&cfg.Partitions, "partitions", "partitions of the topic")
			f.Int(&most, "consumers", "largest group, at most 64")
			f.Text(&cfg.Consumer.Service, "LAW", "service", "time that a consumer needs for a record")
			f.Int(&cfg.Producer.Keys, "keys", "distinct keys")
			f.Float(&cfg.Producer.Skew, "skew", "exponent of their popularity; 0 = all alike")
			f.Duration(&cfg.Group.RebalanceTime, "rebalance-time", "time that a rebalance takes")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if env.Quick {
				c.Duration = 20 * time.Second
			}
			if most < 1 || most > 64 || c.Producer.Keys < 1 || !(c.Consumer.Service.Mean() > 0) {
				return study.Report{}, fmt.Errorf("%w: --consumers = %d, --keys = %d, --service = %v, want 1 to 64 consumers, at least one key, and a mean above 0", commitlog.ErrInvalidConfig, most, c.Producer.Keys, c.Consumer.Service)
			}
			p := queueplot.Partitioned{Partitions: c.Partitions, Each: 1 / c.Consumer.Service.Mean(), Keys: c.Producer.Keys, Skew: c.Producer.Skew, Seed: c.Seed}
			var err error
			if p.Points, err = par.Map(ctx, most, func(_ context.Context, i int) (queueplot.PartitionPoint, error) {
				env.Progress(i+1, most)
				return groupOf(c, i+1)
			}); err != nil {
				return study.Report{}, err
			}
			if err := join(c, &p); err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: partitionsAnswer(p),
				Table:  study.Rows(p.Points),
				Figure: queueplot.Partitions(p),
				Reading: "A partition is read by one consumer of a group, so that its order is kept: consumers beyond the number of partitions have nothing to do, and in between some have one partition " +
					"more than others (the stairs). Keys go to partitions by their hash: the partition of the most popular key is full long before the others, and no further consumer helps it. " +
					"Every join or leave makes a rebalance, in which, with eager assignors, everybody stops. Try `--skew 0`, `--keys 10` and `--partitions 4 --consumers 8`.",
				Sources: []string{
					"assignors: apache/kafka, ConsumerConfig.java (partition.assignment.strategy)",
					"share of the largest partition: go doc ./queue/commitlog PartitionShares",
				},
				Config: c, Result: p.Points,
			}, nil
		},
	}
}

// groupOf is the rate up to which a group of n consumers keeps up, without keys and with: that at which the consumer with
// the most records is just busy. A run at 95 % of it shows that the lag stays small.
func groupOf(c commitlog.Config, n int) (queueplot.PartitionPoint, error) {
	p := queueplot.PartitionPoint{Consumers: n}
	c.Group.Consumers = n
	each := 1 / c.Consumer.Service.Mean()
	for _, keys := range []int{0, c.Producer.Keys} {
		at := c
		at.Producer.Keys, at.Producer.Rate = keys, each
		probe, err := commitlog.Simulate(at)
		if err != nil {
			return p, err
		}
		rate := each / largestPart(probe.Partitions, n)
		at.Producer.Rate = 0.95 * rate
		r, err := commitlog.Simulate(at)
		if err != nil {
			return p, err
		}
		if keys == 0 {
			p.Even, p.EvenLag = rate, r.LagMaxSeconds
			continue
		}
		p.Keyed, p.KeyedLag, p.Largest = rate, r.LagMaxSeconds, probe.LargestShare
	}
	return p, nil
}

// largestPart is the largest share of the records that one of n consumers reads under the range assignor: neighbouring
// partitions, one more for the first consumers if they cannot be shared out evenly.
func largestPart(partitions []commitlog.Partition, n int) float64 {
	largest, next := 0.0, 0
	for i := range min(n, len(partitions)) {
		count := len(partitions) / n
		if i < len(partitions)%n {
			count++
		}
		share := 0.0
		for _, q := range partitions[next : next+count] {
			share += q.Share
		}
		next += count
		largest = max(largest, share)
	}
	return largest
}

// join is a group of half the partitions at 80 % load to which one more consumer comes.
func join(c commitlog.Config, p *queueplot.Partitioned) error {
	c.Group.Consumers = max(c.Partitions/2, 1)
	c.Producer.Keys, c.Producer.Rate = 0, 0.8*float64(c.Group.Consumers)*p.Each
	c.Duration, c.Sample = time.Minute, 100*time.Millisecond
	p.JoinAt = 20
	c.Group.Changes = []commitlog.Change{{At: 20 * time.Second, Kind: commitlog.Join}}
	var err error
	if p.Eager, err = commitlog.Simulate(c); err != nil {
		return err
	}
	c.Group.Assignor = commitlog.CooperativeSticky
	p.Sticky, err = commitlog.Simulate(c)
	return err
}

func partitionsAnswer(p queueplot.Partitioned) string {
	last := p.Points[len(p.Points)-1]
	return fmt.Sprintf("Because a partition is read by one consumer at a time: %d consumers of %d partitions keep up with %s records/s, the work of %.3g, and with keys with %s, the work of %.3g, since %s of the records are in one partition.",
		last.Consumers, p.Partitions, units.FormatNumber(last.Even), last.Even/p.Each, units.FormatNumber(last.Keyed), last.Keyed/p.Each, units.FormatPercent(last.Largest))
}
