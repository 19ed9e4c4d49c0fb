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
	events := groupEvents{minimum: 1, burst: 3 * time.Minute, burstLength: time.Minute}
	var system logSystem
	var given func(string) bool
	return study.Study{
		Name:     "log",
		Question: "How far behind is this consumer group?",
		Next:     "A service that is nearly too slow, `--service exp:7ms`: how long does it take to catch up after a crash? What does `--session-timeout 10s` save?",
		Examples: []string{
			"--rate 100/s --fetch-min-records 64 --round-trip 5ms",
			"--rate 300/s --partitions 6 --consumers 3 --service exp:7ms",
			"--crash-at 6m --session-timeout 10s",
			"--rate 1k/s --partitions 8 --consumers 8 --service exp:7ms --keys 1000 --skew 1.1",
			"--rate 100/s --service const:8ms --burst-rate 250/s --crash-at 6m --commit before",
			"--rate 100/s --service const:12ms --json",
			"--preset kinesis --consumers 3",
			"--preset share-group --poison 5%",
		},
		Flags: func(f *study.Flags) {
			logFlags(f, &cfg, &events)
			groupFlags(f, &cfg, &events)
			systemFlags(f, &cfg, &system)
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if err := system.check(given); err != nil {
				return study.Report{}, err
			}
			if system.name != "kafka" {
				return system.run(ctx, cfg, env)
			}
			c, err := events.apply(cfg)
			if err != nil {
				return study.Report{}, err
			}
			c.Seed, c.Sample = env.Seed, max(c.Duration/400, time.Nanosecond)
			l, err := withCrash(c)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: lagAnswer(l),
				Table:  logTable(l, events.minimum),
				Figure: queueplot.Lag(l),
				Reading: "Lag is counted in two ways. In records it is the distance from the end of the log to what the application takes next, or, larger, to what it has committed (gray): " +
					"auto commit saves the position every five seconds, and what lies between is done twice after a crash. In time it is the age of that next record, which is what a user " +
					"notices. A consumer that crashes says nothing: its partitions stand still until the session timeout. Try `--service exp:7ms` (slow to catch up), " +
					"`--fetch-min-records 64` and `--session-timeout 10s`.",
				Sources: []string{
					"fetch loop and defaults: apache/kafka, ConsumerConfig.java, AbstractFetch.java, DelayedFetch.scala",
					"closed form: go doc ./queue/commitlog DelayedFetch",
				},
				Notes:  study.Warnings("", l.Run.Warnings),
				Config: c, Result: logResult(l),
			}, nil
		},
	}
}

// withCrash runs the group, and again with a crash of one consumer if the run has no events of its own and leaves time
// for it.
func withCrash(c commitlog.Config) (queueplot.LogRun, error) {
	var l queueplot.LogRun
	var err error
	if l.Run, err = commitlog.Simulate(c); err != nil {
		return l, err
	}
	at := c.Duration / 3
	if l.Run.Produced == 0 || len(c.Group.Changes)+len(c.Producer.Steps) > 0 || queueplot.Behind(l.Run) || l.Run.Expired > 0 || at < c.Group.SessionTimeout {
		return l, nil
	}
	c.Group.Changes = []commitlog.Change{{At: at, Kind: commitlog.Crash}}
	r, err := commitlog.Simulate(c)
	l.Crash = &r
	return l, err
}

// logged is the run without its rows, and what a crash would change.
type logged struct {
	commitlog.Result
	Crash *crashed `json:"with_crash,omitempty"`
}

type crashed struct {
	At         float64 `json:"crash_at_s"`
	LagMax     int64   `json:"lag_max_records"`
	LagSeconds float64 `json:"lag_max_s"`
	Duplicates int64   `json:"duplicates"`
	Lost       int64   `json:"lost"`
	Detection  float64 `json:"detection_s"`
}

func logResult(l queueplot.LogRun) logged {
	out := logged{Result: l.Run}
	out.Rows, out.PartitionLag = nil, nil
	if r := l.Crash; r != nil {
		out.Crash = &crashed{r.Config.Group.Changes[0].At.Seconds(), r.LagMax, r.LagMaxSeconds, r.Duplicates, r.Lost, r.DetectionMean}
	}
	return out
}

func lagAnswer(l queueplot.LogRun) string {
	r := l.Run
	if r.Produced == 0 {
		return "Not at all: no records are written in this time."
	}
	text := fmt.Sprintf("At most %s, the oldest %s old", records(r.LagMax), units.FormatSeconds(r.LagMaxSeconds))
	if queueplot.Behind(r) {
		text = fmt.Sprintf("Further and further: the group does not keep up, and %s of %s records are unread at the end, the oldest %s old",
			units.FormatCount(float64(r.LagEnd)), units.FormatCount(float64(r.Produced)), units.FormatSeconds(r.LagMaxSeconds))
	}
	if c := l.Crash; c != nil {
		text += fmt.Sprintf("; a crash of one consumer would make it %s and %s before somebody else reads on, %s", records(c.LagMax), units.FormatSeconds(c.LagMaxSeconds), mishaps(*c))
	} else if r.Crashes > 0 || r.Duplicates+r.Lost > 0 {
		text += "; " + mishaps(r)
	}
	if r.Expired > 0 {
		text += fmt.Sprintf("; %s grow older than the retention before anybody reads them", records(r.Expired))
	}
	perFetch := fmt.Sprintf("%.4g records", r.RecordsPerFetch)
	if perFetch == "1 records" {
		perFetch = "one record"
	}
	return text + fmt.Sprintf("; on average a fetch brings %s, %s old.", perFetch, units.FormatSeconds(r.FetchWaitMean))
}

func mishaps(r commitlog.Result) string {
	return fmt.Sprintf("with %s done twice and %s lost", records(r.Duplicates), units.FormatCount(float64(r.Lost)))
}

func logTable(l queueplot.LogRun, minimum int) study.Table {
	r := l.Run
	t := study.NewTable("quantity", "unit", "simulated", "theory", "with_crash")
	add := func(name, unit string, theory any, value func(commitlog.Result) any) {
		row := []any{name, unit, value(r), theory, nil}
		if l.Crash != nil {
			row[4] = value(*l.Crash)
		}
		t.Add(row...)
	}
	theory := fetchTheoryOf(r.Config, minimum)
	add("records per fetch", "", theory[0], func(r commitlog.Result) any { return r.RecordsPerFetch })
	add("fetches", "1/s", theory[1], func(r commitlog.Result) any { return r.FetchesPerS })
	add("wait in the broker, mean", "s", theory[2], func(r commitlog.Result) any { return r.BrokerWaitMean })
	add("wait until fetched, mean", "s", nil, func(r commitlog.Result) any { return r.FetchWaitMean })
	add("latency until processed, mean", "s", nil, func(r commitlog.Result) any { return r.LatencyMean })
	add("latency until processed, P99", "s", nil, func(r commitlog.Result) any { return r.LatencyP99 })
	add("greatest lag", "records", nil, func(r commitlog.Result) any { return r.LagMax })
	add("greatest lag to the commit", "records", nil, func(r commitlog.Result) any { return r.CommittedLagMax })
	add("greatest lag", "s", nil, func(r commitlog.Result) any { return r.LagMaxSeconds })
	add("throughput", "1/s", nil, func(r commitlog.Result) any { return r.Throughput })
	add("utilization of the consumers", "fraction", nil, func(r commitlog.Result) any { return r.Utilization })
	add("records in the largest partition", "fraction", nil, func(r commitlog.Result) any { return r.LargestFraction })
	add("done twice", "records", nil, func(r commitlog.Result) any { return r.Duplicates })
	add("lost", "records", nil, func(r commitlog.Result) any { return r.Lost })
	add("older than the retention, unread", "records", nil, func(r commitlog.Result) any { return r.Expired })
	add("rebalances", "", nil, func(r commitlog.Result) any { return r.Rebalances })
	if l.Crash == nil {
		t = t.Show("quantity", "unit", "simulated", "theory")
	}
	return t
}

// fetchTheoryOf is the closed form of the fetches, or nothing if there is none for this configuration.
func fetchTheoryOf(c commitlog.Config, minimum int) [3]any {
	round, fixed := c.Fetch.RoundTrip.Fixed()
	d := commitlog.DelayedFetch(c.Producer.Rate, minimum, c.Fetch.MaxWait, round)
	plain := len(c.Group.Changes)+len(c.Producer.Steps) == 0 && c.Group.CrashRate == 0 && c.Producer.Arrivals == commitlog.Poisson
	one := c.Group.Consumers == 1 && c.Brokers == 1 && c.Consumer.Service.IsZero() && c.Consumer.PollOverhead == 0
	if !fixed || !plain || !one || !(d.RecordsPerFetch > 0) {
		return [3]any{}
	}
	return [3]any{d.RecordsPerFetch, d.FetchesPerS, d.WaitMean}
}

func records(n int64) string {
	if n == 1 {
		return "one record"
	}
	return units.FormatCount(float64(n)) + " records"
}
