package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/queueplot"
)

// Log runs a partitioned log and the group that reads it.
func Log() study.Study {
	cfg := commitlog.Kafka()
	cfg.Duration = 10 * time.Minute
	minimum, crash := 1, time.Duration(0)
	var given func(string) bool
	return study.Study{
		Name:     "log",
		Question: "How far behind is this consumer group?",
		Examples: []string{
			"--rate 100/s --fetch-min-records 64 --round-trip 5ms",
			"--rate 500/s --partitions 6 --consumers 2 --service exp:3ms --crash-at 2m",
			"--rate 1k/s --partitions 8 --consumers 8 --service exp:7ms --keys 1000 --skew 1.1",
			"--rate 100/s --service const:12ms --json",
		},
		Flags: func(f *study.Flags) {
			logFlags(f, &cfg, &minimum, &crash)
			given = f.Changed
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			c.Fetch.MinBytes = max(int64(minimum), 0) * c.Producer.RecordBytes
			if env.Quick && !given("duration") {
				c.Duration = time.Minute
			}
			if crash > 0 {
				c.Group.Changes = []commitlog.Change{{At: crash, Kind: commitlog.Crash}}
			}
			c.Sample = max(c.Duration/400, time.Nanosecond)
			r, err := commitlog.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			result := r
			result.Series, result.PartitionLag = nil, nil
			return study.Report{
				Answer: lagAnswer(r),
				Table:  logTable(r, minimum),
				Figure: queueplot.Lag(r),
				Reading: "Lag is counted in two ways. In records it is the distance from the end of the log to what the application takes next (blue) or has committed (gray). In time it is " +
					"the age of that next record, which is what a user notices. A fetch that waits for more records costs time and saves requests; a slow consumer, a crash or a " +
					"hot partition costs far more. Try `--fetch-min-records 64`, `--service exp:9ms` and `--partitions 6 --consumers 2 --crash-at 2m`.",
				Sources: []string{
					"fetch loop and defaults: apache/kafka, ConsumerConfig.java, AbstractFetch.java, DelayedFetch.scala",
					"closed form: go doc ./queue/commitlog DelayedFetch",
				},
				Notes:  warnings(r.Warnings),
				Config: c, Result: result,
			}, nil
		},
	}
}

func logFlags(f *study.Flags, c *commitlog.Config, minimum *int, crash *time.Duration) {
	f.Frequency(&c.Producer.Rate, "rate", "records per second")
	f.Text(&c.Producer.Arrivals, "SPACING", "arrivals", "poisson or regular")
	f.Bytes(&c.Producer.RecordBytes, "record-bytes", "size of a record")
	f.Int(&c.Producer.Keys, "keys", "distinct keys; 0 = records without keys, dealt out in turn")
	f.Float(&c.Producer.Skew, "skew", "exponent of the keys' popularity; 0 = all alike")
	f.Int(&c.Partitions, "partitions", "partitions")
	f.Int(&c.Brokers, "brokers", "brokers that lead them")
	f.Int(&c.Group.Consumers, "consumers", "consumers of the group")
	f.Text(&c.Consumer.Service, "LAW", "service", "time that a consumer needs for a record")
	f.Int(&c.Consumer.Workers, "workers", "records that a consumer processes at once")
	f.Int(minimum, "fetch-min-records", "a fetch waits until so many records are there (fetch.min.bytes) ...")
	f.Duration(&c.Fetch.MaxWait, "fetch-max-wait", "... or this long (fetch.max.wait.ms)")
	f.Bytes(&c.Fetch.MaxPartitionBytes, "max-partition-bytes", "most bytes of one partition in a response (max.partition.fetch.bytes)")
	f.Text(&c.Fetch.RoundTrip, "LAW", "round-trip", "network time of a fetch")
	f.Bool(&c.Fetch.NoPrefetch, "no-prefetch", "fetch only when the application asks")
	f.Int(&c.Consumer.MaxPollRecords, "max-poll-records", "records handed out by a poll (max.poll.records)")
	f.Duration(&c.Consumer.PollOverhead, "poll-overhead", "time that each poll costs")
	f.Text(&c.Consumer.Commit, "MODE", "commit", "when offsets are committed: auto, after, before (processing) or transactional")
	f.Text(&c.Group.Assignor, "NAME", "assignor", "range, round-robin or cooperative-sticky")
	f.Duration(&c.Group.SessionTimeout, "session-timeout", "a consumer without heartbeats is out after this time")
	f.Duration(crash, "crash-at", "time at which the first consumer crashes; 0 = never")
	f.Duration(&c.Group.RestartTime, "restart-time", "from a crash until the consumer is back")
	f.Duration(&c.Retention, "retention", "records older than this are gone, read or not")
	f.Duration(&c.Duration, "duration", "simulated time")
}

func lagAnswer(r commitlog.Result) string {
	text := fmt.Sprintf("At most %s of %s; a fetch brings %.4g records, %.4g fetches are made a second, and a record waits %s until it is fetched",
		records(r.LagMax), units.FormatSeconds(r.LagMaxSeconds), r.RecordsPerFetch, r.FetchesPerS, units.FormatSeconds(r.FetchWait))
	if r.LagEnd > 1000 && r.LagEnd > r.Produced/10 {
		text += fmt.Sprintf("; the group does not keep up, and %s of %s records are unread at the end", units.FormatCount(float64(r.LagEnd)), units.FormatCount(float64(r.Produced)))
	}
	if r.Duplicates+r.Lost > 0 {
		text += fmt.Sprintf("; the crash costs %s records done twice and %s lost", units.FormatCount(float64(r.Duplicates)), units.FormatCount(float64(r.Lost)))
	}
	return text + "."
}

func logTable(r commitlog.Result, minimum int) study.Table {
	t := study.NewTable("quantity", "unit", "simulated", "theory")
	theory := [3]any{}
	round, fixed := r.Config.Fetch.RoundTrip.Fixed()
	if d := commitlog.DelayedFetch(r.Config.Producer.Rate, minimum, r.Config.Fetch.MaxWait, round); fixed && d.RecordsPerFetch > 0 &&
		r.Config.Partitions == 1 && r.Config.Consumer.Service.IsZero() && r.Config.Producer.Arrivals == commitlog.Poisson && len(r.Config.Group.Changes) == 0 {
		theory = [3]any{d.RecordsPerFetch, d.FetchesPerS, d.Wait}
	}
	t.Add("records per fetch", "", r.RecordsPerFetch, theory[0])
	t.Add("fetches", "1/s", r.FetchesPerS, theory[1])
	t.Add("wait in the broker, mean", "s", r.BrokerWait, theory[2])
	t.Add("wait until fetched, mean", "s", r.FetchWait, nil)
	t.Add("latency until processed, mean", "s", r.LatencyMean, nil)
	t.Add("latency until processed, P99", "s", r.LatencyP99, nil)
	t.Add("greatest lag", "records", r.LagMax, nil)
	t.Add("greatest lag", "s", r.LagMaxSeconds, nil)
	t.Add("throughput", "1/s", r.Throughput, nil)
	t.Add("utilization of the consumers", "fraction", r.Utilization, nil)
	t.Add("records in the largest partition", "fraction", r.LargestShare, nil)
	t.Add("done twice", "records", r.Duplicates, nil)
	t.Add("lost", "records", r.Lost+r.Expired, nil)
	t.Add("rebalances", "", r.Rebalances, nil)
	return t
}

func records(n int64) string {
	if n == 1 {
		return "one record"
	}
	return units.FormatCount(float64(n)) + " records"
}
