package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/queueplot"
)

// Kafka asks how a consumer gets faster without more consumers.
func Kafka() study.Study {
	cfg := commitlog.Kafka()
	cfg.Duration = 30 * time.Minute
	cfg.Fetch.RoundTrip, cfg.Consumer.PollOverhead = commitlog.Const(5*time.Millisecond), time.Millisecond
	service := commitlog.Const(20 * time.Microsecond)
	return study.Study{
		Name:     "kafka",
		Question: "How do Kafka consumers get faster without more consumers?",
		Examples: []string{"--rate 1k/s", "--round-trip 50ms", "--poll-overhead 20ms --service const:1us"},
		Flags: func(f *study.Flags) {
			f.Frequency(&cfg.Producer.Rate, "rate", "records per second while the consumer keeps up")
			f.Duration(&cfg.Fetch.MaxWait, "fetch-max-wait", "longest wait of a fetch (fetch.max.wait.ms)")
			f.Text(&cfg.Fetch.RoundTrip, "LAW", "round-trip", "network time of a fetch")
			f.Text(&service, "LAW", "service", "time for one record while catching up")
			f.Duration(&cfg.Consumer.PollOverhead, "poll-overhead", "time that each poll costs")
			f.Bytes(&cfg.Producer.RecordBytes, "record-bytes", "size of a record")
			f.Duration(&cfg.Duration, "duration", "simulated time of the upper pictures")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if env.Quick {
				c.Duration = min(c.Duration, 2*time.Minute)
			}
			if !(c.Producer.Rate > 0) {
				return study.Report{}, fmt.Errorf("%w: --rate = %g/s, want above 0", commitlog.ErrInvalidConfig, c.Producer.Rate)
			}
			k := queueplot.FetchSweep{Rate: c.Producer.Rate, MaxWait: c.Fetch.MaxWait.Seconds(), Seed: c.Seed}
			if err := sweepFetches(ctx, &k, c, catchUp(c, service, env.Quick)); err != nil {
				return study.Report{}, err
			}
			k.Theory = fetchTheory(c)
			if round, ok := c.Fetch.RoundTrip.Fixed(); ok && c.Producer.Rate == 100 && c.Fetch.MaxWait == 500*time.Millisecond && round == 5*time.Millisecond {
				k.Measured = []queueplot.FetchPoint{{Value: 64, FetchesPerS: 2, FetchWait: 0.2549}, {Value: 10, FetchesPerS: 9.84, FetchWait: 0.0467}}
			}
			rows := append(append(k.MinRecords, k.MaxBytes...), k.MaxPoll...)
			return study.Report{
				Answer: kafkaAnswer(k),
				Table:  study.Rows(rows).Show("setting", "value", "records_per_fetch", "fetches_per_s", "fetch_wait_mean_s", "throughput_per_s", "latency_p99_s"),
				Figure: queueplot.Kafka(k),
				Reading: "Above: a fetch that waits for more records saves requests and costs each record time, until the longest wait cuts it off. Below, a consumer with a backlog: a fetch costs a round " +
					"trip whatever it brings, so small fetches throttle it; a poll costs its overhead whatever it hands out. max.poll.records does not change what is fetched. Beyond that only " +
					"faster processing helps: several workers in the consumer, or more partitions. Try `--round-trip 50ms` and `--poll-overhead 20ms`.",
				Sources: []string{
					"settings and fetch loop: apache/kafka, ConsumerConfig.java, AbstractFetch.java, DelayedFetch.scala",
					"theory: go doc ./queue/commitlog DelayedFetch",
				},
				Config: c, Result: rows,
			}, nil
		},
	}
}

// sweepFetches turns one setting after the other: of a consumer that keeps up, and of one that is behind.
func sweepFetches(ctx context.Context, k *queueplot.FetchSweep, c, behind commitlog.Config) (err error) {
	if k.MinRecords, err = fetchPoints(ctx, "fetch.min.bytes, in records", []float64{1, 2, 5, 10, 20, 40, 64, 100}, minimumOf(c)); err != nil {
		return err
	}
	if k.MaxBytes, err = fetchPoints(ctx, "max.partition.fetch.bytes", []float64{4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20}, func(v float64) commitlog.Config {
		at := behind
		at.Fetch.MaxPartitionBytes = int64(v)
		return at
	}); err != nil {
		return err
	}
	k.MaxPoll, err = fetchPoints(ctx, "max.poll.records", []float64{1, 5, 20, 100, 500, 2000}, func(v float64) commitlog.Config {
		at := behind
		at.Consumer.MaxPollRecords = int(v)
		return at
	})
	return err
}

func minimumOf(c commitlog.Config) func(float64) commitlog.Config {
	return func(v float64) commitlog.Config {
		at := c
		at.Fetch.MinBytes = int64(v) * c.Producer.RecordBytes
		at.Consumer.PollOverhead = 0
		return at
	}
}

// catchUp is the same consumer with more records than it can ever read, in a few seconds.
func catchUp(c commitlog.Config, service commitlog.Law, quick bool) commitlog.Config {
	c.Consumer.Service = service
	c.Producer.Arrivals, c.Producer.Rate = commitlog.Regular, 200_000
	c.Duration = 5 * time.Second
	if quick {
		c.Duration = time.Second
	}
	return c
}

func fetchPoints(ctx context.Context, setting string, values []float64, config func(float64) commitlog.Config) ([]queueplot.FetchPoint, error) {
	return par.Map(ctx, len(values), func(_ context.Context, i int) (queueplot.FetchPoint, error) {
		c := config(values[i])
		r, err := commitlog.Simulate(c)
		p := queueplot.FetchPoint{
			Setting: setting, Value: values[i], FetchesPerS: r.FetchesPerS, RecordsPerFetch: r.RecordsPerFetch, FetchWait: r.FetchWait,
			Latency: r.LatencyP99, Throughput: r.Throughput, LagMax: r.LagMaxSeconds, TheoryFetches: math.NaN(), TheoryWait: math.NaN(),
		}
		return p, err
	})
}

func fetchTheory(c commitlog.Config) []queueplot.FetchPoint {
	round, ok := c.Fetch.RoundTrip.Fixed()
	if !ok || c.Producer.Arrivals != commitlog.Poisson {
		return nil
	}
	var points []queueplot.FetchPoint
	for m := 1; m <= 100; m++ {
		d := commitlog.DelayedFetch(c.Producer.Rate, m, c.Fetch.MaxWait, round)
		points = append(points, queueplot.FetchPoint{Value: float64(m), TheoryFetches: d.FetchesPerS, TheoryWait: d.Wait + round.Seconds()/2})
	}
	return points
}

func kafkaAnswer(k queueplot.FetchSweep) string {
	low, high := k.MaxBytes[0], k.MaxBytes[len(k.MaxBytes)-1]
	slow, fast := k.MaxPoll[0], k.MaxPoll[len(k.MaxPoll)-1]
	first, last := k.MinRecords[0], k.MinRecords[len(k.MinRecords)-1]
	return fmt.Sprintf("By moving more at a time: catching up, fetches of %s read %s records/s and of %s %s, polls of one record %s/s and of %s records %s/s; keeping up, waiting for %s records cuts the fetches from %.3g to %.3g a second and costs a record %s.",
		units.FormatBytes(low.Value), units.FormatCount(math.Round(low.Throughput)), units.FormatBytes(high.Value), units.FormatCount(math.Round(high.Throughput)),
		units.FormatCount(math.Round(slow.Throughput)), units.FormatCount(fast.Value), units.FormatCount(math.Round(fast.Throughput)),
		units.FormatCount(last.Value), first.FetchesPerS, last.FetchesPerS, units.FormatSeconds(last.FetchWait))
}
