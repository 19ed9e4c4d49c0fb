package commitlog

import (
	"testing"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

func bench(b *testing.B, c Config) {
	b.Helper()
	records := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		r, err := Simulate(c)
		if err != nil {
			b.Fatal(err)
		}
		records += r.Produced
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds()/1e6, "Mrecords/s")
}

func plain() Config {
	c := Kafka()
	c.Producer.Rate, c.Duration = 100_000, 10*time.Second
	c.Fetch.RoundTrip = Const(time.Millisecond)
	c.Consumer.Service = Exp(5 * time.Microsecond)
	return c
}

func BenchmarkPlain(b *testing.B) { bench(b, plain()) }

func BenchmarkKeysAndPartitions(b *testing.B) {
	c := plain()
	c.Partitions, c.Brokers, c.Group.Consumers, c.Producer.Keys, c.Producer.Zipf = 24, 3, 6, 10_000, 1
	bench(b, c)
}

func BenchmarkWorkers(b *testing.B) {
	c := plain()
	c.Consumer.Workers, c.Consumer.Commit, c.Consumer.Service = 8, CommitAfter, Exp(40*time.Microsecond)
	bench(b, c)
}

// A fetch for nearly every record.
func BenchmarkFetchPerRecord(b *testing.B) {
	c := plain()
	c.Fetch.RoundTrip, c.Consumer.Service = Const(0), Const(0)
	bench(b, c)
}

// BenchmarkBare is the limit of BenchmarkPlain: the same draws, one ring and
// one histogram, and Lindley's recursion.
func BenchmarkBare(b *testing.B) {
	const n = 1_000_000
	records := 0
	for b.Loop() {
		gaps, services := rng.New(1, 1), rng.New(1, 2)
		var log des.Ring[record]
		var latency stats.Histogram
		at, free := 0.0, int64(0)
		for range n {
			at += gaps.ExpFloat64() * 1e4
			log.PushBack(record{at: int64(at)})
			r := log.PopFront()
			free = max(free, r.at) + int64(services.ExpFloat64()*5e3)
			latency.Add(free - r.at)
		}
		records += n
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds()/1e6, "Mrecords/s")
}
