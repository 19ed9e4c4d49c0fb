package studies

import (
	"context"
	"fmt"
	"slices"
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
	cfg.Partitions, cfg.MaxRecords = 12, 100_000
	cfg.Consumer.Service, cfg.Consumer.MaxPollRecords = commitlog.Exp(5*time.Millisecond), 50
	cfg.Producer.Keys, cfg.Producer.Zipf = 1000, 1
	most := 16
	return study.Study{
		Name:     "partitions",
		Question: "Why do more consumers not help?",
		Next:     "Without popular keys (`--skew 0`), how far do more consumers help? Does a group of 8 do more with 4 partitions than one of 4?",
		Examples: []string{"--partitions 4 --consumers 8", "--skew 0", "--skew 0 --keys 20", "--rebalance-time 5s"},
		Flags: func(f *study.Flags) {
			f.Int(&cfg.Partitions, "partitions", "partitions of the topic, at most 200")
			f.Int(&most, "consumers", "largest group, 2 to 64")
			f.Text(&cfg.Consumer.Service, "LAW", "service", "time that a consumer needs for a record, 50us to 1s on average")
			f.Int(&cfg.Producer.Keys, "keys", "distinct keys")
			f.Float(&cfg.Producer.Zipf, "skew", "exponent of their popularity; 0 = all alike")
			f.Int(&cfg.Consumer.MaxPollRecords, "max-poll-records", "records handed out by a poll, at most 500")
			f.Duration(&cfg.Group.RebalanceTime, "rebalance-time", "time that a rebalance takes, at most 10s")
			f.Count(&cfg.MaxRecords, "records", "records of each run, at most 10M")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if env.Quick {
				c.MaxRecords = min(c.MaxRecords, 10_000)
			}
			if err := checkPartitions(c, most); err != nil {
				return study.Report{}, err
			}
			p := queueplot.Partitioned{
				Partitions: c.Partitions, Each: 1 / c.Consumer.Service.Mean(), Keys: c.Producer.Keys, Skew: c.Producer.Zipf, Seed: c.Seed,
				Shares: commitlog.PartitionFractions(c.Producer.Keys, c.Producer.Zipf, c.Partitions),
			}
			var err error
			if p.Points, err = par.Map(ctx, most, func(_ context.Context, i int) (queueplot.PartitionPoint, error) {
				defer env.Progress(i+1, most)
				return groupOf(c, i+1, p.Shares)
			}); err != nil {
				return study.Report{}, err
			}
			if err := join(c, &p); err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: partitionsAnswer(p),
				Table:  study.Rows(p.Points).Show("consumers", "even_rate_per_s", "even_theory_per_s", "even_lag_max_s", "keyed_rate_per_s", "keyed_theory_per_s", "keyed_lag_max_s"),
				Figure: queueplot.Partitions(p),
				Reading: "A partition is read by one consumer of a group, so that its order is kept: consumers beyond the number of partitions have nothing to do, and in between some have one " +
					"partition more than others (the stairs). Keys go to partitions by their hash: the partition of the most popular key is full long before the others, and no further " +
					"consumer helps it. Every join or leave makes a rebalance; with an eager assignor everybody stops for it. The lag in the table is that at 90 % of the expected rate.",
				Sources: []string{
					"assignors: apache/kafka, ConsumerConfig.java (partition.assignment.strategy)",
					"shares of the partitions: murmur2 of the keys, go doc ./queue/commitlog PartitionFractions",
				},
				Config: c, Result: p.Points,
			}, nil
		},
	}
}

func checkPartitions(c commitlog.Config, most int) error {
	mean := c.Consumer.Service.Mean()
	switch {
	case most < 2 || most > 64:
		return fmt.Errorf("%w: --consumers = %d, want in [2, 64]", commitlog.ErrInvalidConfig, most)
	case c.Partitions < 1 || c.Partitions > 200:
		return fmt.Errorf("%w: --partitions = %d, want in [1, 200]", commitlog.ErrInvalidConfig, c.Partitions)
	case c.Producer.Keys < 1:
		return fmt.Errorf("%w: --keys = %d, want in [1, 1000000]", commitlog.ErrInvalidConfig, c.Producer.Keys)
	case c.Consumer.MaxPollRecords > 500:
		return fmt.Errorf("%w: --max-poll-records = %d, want in [1, 500]", commitlog.ErrInvalidConfig, c.Consumer.MaxPollRecords)
	case !(mean >= 50e-6 && mean <= 1):
		return fmt.Errorf("%w: --service = %v, want a mean in [50us, 1s]", commitlog.ErrInvalidConfig, c.Consumer.Service)
	case c.Group.RebalanceTime > 10*time.Second:
		return fmt.Errorf("%w: --rebalance-time = %v, want in [0s, 10s]", commitlog.ErrInvalidConfig, c.Group.RebalanceTime)
	case c.MaxRecords < 1000 || c.MaxRecords > 10_000_000:
		return fmt.Errorf("%w: --records = %d, want in [1000, 10000000]", commitlog.ErrInvalidConfig, c.MaxRecords)
	}
	return c.Validate()
}

// groupOf is the greatest rate with which no consumer of a group of n falls behind, without keys and with: by the shares
// of the partitions, and in a run with 30 % more, in which the consumer that has most to do shows how much it can.
func groupOf(c commitlog.Config, n int, shares []float64) (queueplot.PartitionPoint, error) {
	p := queueplot.PartitionPoint{Consumers: n}
	c.Group.Consumers = n
	even := make([]float64, c.Partitions)
	for i := range even {
		even[i] = 1 / float64(c.Partitions)
	}
	keys := c.Producer.Keys
	var err error
	c.Producer.Keys = 0
	if p.Even, p.EvenTheory, p.EvenLag, err = capacity(c, even); err != nil {
		return p, err
	}
	c.Producer.Keys = keys
	p.Keyed, p.KeyedTheory, p.KeyedLag, err = capacity(c, shares)
	return p, err
}

// capacity is that rate: simulated, expected by the shares of the partitions, and the greatest lag at 90 % of it.
func capacity(c commitlog.Config, shares []float64) (simulated, theory, lag float64, err error) {
	parts := ranges(len(shares), c.Group.Consumers)
	loads := make([]float64, len(parts))
	for i, part := range parts {
		for _, s := range shares[part[0]:part[1]] {
			loads[i] += s
		}
	}
	worst := slices.Max(loads)
	theory = 1 / c.Consumer.Service.Mean() / worst
	run := func(rate float64) (commitlog.Result, error) {
		c.Producer.Rate = rate
		c.Duration = time.Duration(float64(c.MaxRecords) / rate * 1e9)
		return commitlog.Simulate(c)
	}
	full, err := run(1.3 * theory)
	if err != nil {
		return 0, 0, 0, err
	}
	var produced, consumed int64
	for i, part := range parts {
		if loads[i] < 0.999*worst {
			continue
		}
		for _, q := range full.Partitions[part[0]:part[1]] {
			produced, consumed = produced+q.Produced, consumed+q.Consumed
		}
	}
	busy, err := run(0.9 * theory)
	return 1.3 * theory * float64(consumed) / float64(max(produced, 1)), theory, busy.LagMaxSeconds, err
}

// ranges are the partitions of each of n consumers under the range assignor: neighbours, one more for the first ones if
// they cannot be shared out evenly.
func ranges(partitions, n int) [][2]int {
	var parts [][2]int
	next := 0
	for i := range min(n, partitions) {
		size := partitions / n
		if i < partitions%n {
			size++
		}
		parts = append(parts, [2]int{next, next + size})
		next += size
	}
	return parts
}

// join is a group of six, or of half the partitions, at 80 % load to which one more consumer comes.
func join(c commitlog.Config, p *queueplot.Partitioned) error {
	c.Group.Consumers = max(min(c.Partitions/2, 6), 1)
	c.Producer.Keys, c.Producer.Rate, c.MaxRecords = 0, 0.8*float64(c.Group.Consumers)*p.Each, 1e10
	poll := time.Duration(float64(c.Consumer.MaxPollRecords) * c.Consumer.Service.Mean() * 1e9)
	unit := c.Group.RebalanceTime + poll + time.Second
	at := unit
	c.Duration, c.Sample, p.JoinAt = 6*unit, unit/40, at.Seconds()
	c.Group.Changes = []commitlog.Change{{At: at, Kind: commitlog.Join}}
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
	even, keyed := p.Work()
	hot := 0.0
	for _, s := range p.Shares {
		hot = max(hot, s)
	}
	return fmt.Sprintf("Because a partition is read by one consumer at a time: %s of %s can do %s records/s, the work of %.3g, and with keys with %s, the work of %.3g, since %s of those records are in one partition.",
		several(last.Consumers, "consumer"), several(p.Partitions, "partition"), units.FormatNumber(last.Even), even, units.FormatNumber(last.Keyed), keyed, units.FormatPercent(hot))
}

func several(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return units.FormatCount(float64(n)) + " " + what + "s"
}
