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
	cfg.MaxRecords = 200_000
	cfg.Fetch.RoundTrip = commitlog.Const(5 * time.Millisecond)
	cfg.Consumer.Service, cfg.Consumer.PollOverhead = commitlog.Const(20*time.Microsecond), time.Millisecond
	s := fetchSettings{
		minimum: []int{1, 2, 5, 10, 20, 64, 200}, waits: []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second},
		bytes: []int64{4 << 10, 16 << 10, 64 << 10, 128 << 10, 256 << 10, 512 << 10, 1 << 20, 2 << 20, 4 << 20}, polls: []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000},
	}
	return study.Study{
		Name:     "kafka",
		Question: "How do Kafka consumers get faster without more consumers?",
		Next:     "What is the best wait at 1,000 records/s? With a long way (`--round-trip 50ms`) or a costly poll (`--poll-overhead 20ms`), what helps most?",
		Examples: []string{"--rate 1k/s --fetch-max-wait 10ms,100ms,500ms", "--round-trip 50ms", "--poll-overhead 20ms --service const:1us"},
		Flags: func(f *study.Flags) {
			f.Frequency(&cfg.Producer.Rate, "rate", "records per second while the consumer keeps up")
			f.IntList(&s.minimum, "fetch-min-records", "records that a fetch waits for (fetch.min.bytes), rising, from 1 to 10,000")
			f.DurationList(&s.waits, "fetch-max-wait", "longest waits of a fetch (fetch.max.wait.ms), at most 4")
			f.BytesList(&s.bytes, "max-partition-fetch-bytes", "largest fetches while catching up, rising")
			f.IntList(&s.polls, "max-poll-records", "largest polls while catching up, rising")
			f.Text(&cfg.Fetch.RoundTrip, "LAW", "round-trip", "network time of a fetch")
			f.Text(&cfg.Consumer.Service, "LAW", "service", "time for one record while catching up")
			f.Duration(&cfg.Consumer.PollOverhead, "poll-overhead", "time that each poll costs while catching up")
			f.Bytes(&cfg.Producer.RecordBytes, "record-bytes", "size of a record")
			f.Count(&cfg.MaxRecords, "records", "records of each run while keeping up")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			cycles := 100
			if env.Quick {
				c.MaxRecords, cycles = min(c.MaxRecords, 20_000), 20
			}
			if err := s.check(c); err != nil {
				return study.Report{}, err
			}
			k, err := s.sweep(ctx, c, cycles, env)
			if err != nil {
				return study.Report{}, err
			}
			rows := points(k)
			return study.Report{
				Answer: kafkaAnswer(k),
				Table:  kafkaTable(rows),
				Figure: queueplot.Kafka(k),
				Reading: "Above: a fetch that waits for more records saves requests and costs each record time, until the longest wait cuts both off. Below, a consumer with a backlog: a fetch costs " +
					"a round trip whatever it brings, a poll its overhead whatever it hands out. max.poll.records does not change what is fetched, and the next fetch leaves only with the last " +
					"poll of the one before, so a short last poll leaves the consumer waiting (the teeth). Beyond that only faster processing helps.",
				Sources: []string{
					"settings and fetch loop: apache/kafka, ConsumerConfig.java, AbstractFetch.java, DelayedFetch.scala",
					"lines: go doc ./queue/commitlog DelayedFetch; go doc ./queue/commitlog CatchUpRate",
				},
				Notes:  fetchNotes(c),
				Config: c, Result: rows,
			}, nil
		},
	}
}

// points are all simulated ones.
func points(k queueplot.FetchSweep) []queueplot.FetchPoint {
	var rows []queueplot.FetchPoint
	for _, c := range k.Waiting {
		rows = append(rows, c.Simulated...)
	}
	return append(append(rows, k.MaxBytes.Simulated...), k.MaxPoll.Simulated...)
}

func kafkaTable(rows []queueplot.FetchPoint) study.Table {
	t := study.NewTable("setting", "value", "fetch_max_wait_s", "records_per_fetch", "fetches_per_s", "theory_fetches_per_s",
		"fetch_wait_mean_s", "theory_wait_mean_s", "latency_p99_s", "throughput_per_s", "theory_throughput_per_s")
	known := func(x float64) any {
		if math.IsNaN(x) {
			return nil
		}
		return x
	}
	for _, p := range rows {
		t.Add(p.Setting, p.Value, p.MaxWait, p.RecordsPerFetch, p.FetchesPerS, known(p.TheoryFetches), p.FetchWait, known(p.TheoryWait), p.Latency, p.Throughput, known(p.TheoryThroughput))
	}
	return t.Show("setting", "value", "fetch_max_wait_s", "records_per_fetch", "fetches_per_s", "fetch_wait_mean_s", "theory_wait_mean_s", "throughput_per_s", "theory_throughput_per_s")
}

func kafkaAnswer(k queueplot.FetchSweep) string {
	large, poll := k.MaxBytes.Simulated, k.MaxPoll.Simulated
	last := k.Waiting[len(k.Waiting)/2]
	waits := last.Simulated
	text := fmt.Sprintf("By moving more at a time: with a backlog, fetches of %s read %s records/s and of %s %s/s; polls of at most %s read %s/s and of %s %s/s",
		units.FormatBytes(large[0].Value), perSecond(large[0].Throughput), units.FormatBytes(large[len(large)-1].Value), perSecond(large[len(large)-1].Throughput),
		records(int64(poll[0].Value)), perSecond(poll[0].Throughput), records(int64(poll[len(poll)-1].Value)), perSecond(poll[len(poll)-1].Throughput))
	return text + fmt.Sprintf("; without one, waiting for %s, at most %s, cuts the fetches from %.3g to %.3g a second and costs a record %s instead of %s.",
		records(int64(waits[len(waits)-1].Value)), units.FormatSeconds(last.MaxWait), waits[0].FetchesPerS, waits[len(waits)-1].FetchesPerS,
		units.FormatSeconds(waits[len(waits)-1].FetchWait), units.FormatSeconds(waits[0].FetchWait))
}

// perSecond is a rate with at least three digits.
func perSecond(rate float64) string {
	if rate >= 1000 {
		rate = math.Round(rate)
	}
	return units.FormatNumber(rate)
}

// fetchNotes warns of a rate that the fetches cannot bring.
func fetchNotes(c commitlog.Config) []string {
	if keepsUp(c) {
		return nil
	}
	return []string{fmt.Sprintf("above: at %s/s the consumer does not keep up, it can fetch %s/s", units.FormatNumber(c.Producer.Rate), perSecond(c.FetchCeiling(1)/float64(c.Producer.RecordBytes)))}
}

// fetchSettings are the values that the study tries.
type fetchSettings struct {
	minimum, polls []int
	waits          []time.Duration
	bytes          []int64
}

// run is one point: a configuration and what the closed forms say of it.
type fetchRun struct {
	setting string
	value   float64
	c       commitlog.Config
}

// sweep runs all points, and draws the closed forms.
func (s fetchSettings) sweep(ctx context.Context, c commitlog.Config, cycles int, env study.Env) (queueplot.FetchSweep, error) {
	k := queueplot.FetchSweep{
		Rate: c.Producer.Rate, RoundTrip: queueplot.LawWords(c.Fetch.RoundTrip), Overhead: units.FormatDuration(c.Consumer.PollOverhead), Service: queueplot.LawWords(c.Consumer.Service), Seed: c.Seed,
	}
	keeping, behind := s.keepingUp(c), append(s.byBytes(c, cycles), s.byPolls(c, cycles)...)
	all := append(keeping, behind...)
	done, err := par.Map(ctx, len(all), func(_ context.Context, i int) (queueplot.FetchPoint, error) {
		defer env.Progress(i+1, len(all))
		return all[i].point()
	})
	if err != nil {
		return k, err
	}
	for _, w := range s.waits {
		k.Waiting = append(k.Waiting, queueplot.FetchCurve{MaxWait: w.Seconds(), Simulated: done[:len(s.minimum)], Theory: waitTheory(c, w, s.minimum[len(s.minimum)-1])})
		done = done[len(s.minimum):]
	}
	k.MaxBytes = queueplot.FetchCurve{Simulated: done[:len(s.bytes)], Theory: bytesTheory(c, s.bytes)}
	k.MaxPoll = queueplot.FetchCurve{Simulated: done[len(s.bytes):], Theory: pollTheory(c, s.polls)}
	k.Measured = measuredFetches(c, s.waits)
	return k, nil
}
