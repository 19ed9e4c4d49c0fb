package autoscale

import (
	"testing"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
	"cloudconcepts/queue/autoscale/load"
)

const benchMessages = 1_000_000

func benchConfig() Config {
	c := AWS()
	c.Arrivals = load.Diurnal(1000, 0.5, 10*time.Minute)
	c.Max, c.Initial, c.Boot = 300, 100, 30*time.Second
	c.Duration, c.MaxMessages, c.Sample = 24*time.Hour, benchMessages, time.Minute
	return c
}

func report(b *testing.B) {
	b.ReportMetric(float64(b.N)*benchMessages/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkDiurnal is 1000 messages/s with a sine on about 110 workers of 0.1 s.
func BenchmarkDiurnal(b *testing.B) {
	c := benchConfig()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Simulate(c); err != nil {
			b.Fatal(err)
		}
	}
	report(b)
}

// BenchmarkFewWorkers is 8 of them at 80 % load.
func BenchmarkFewWorkers(b *testing.B) {
	c := benchConfig()
	c.Arrivals, c.Rule, c.Min, c.Initial, c.Max = load.Constant(64), Fixed{8}, 8, 8, 8
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Simulate(c); err != nil {
			b.Fatal(err)
		}
	}
	report(b)
}

// BenchmarkBareLoop is what no model can be faster than: one arrival, one service and one event per message, in a heap
// of 110 workers.
func BenchmarkBareLoop(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r := rng.New(1)
		var q des.Queue[int64]
		for range 110 {
			q.Push(0, 0)
		}
		var now int64
		for range benchMessages {
			now += int64(r.ExpFloat64() * 1e6)
			at, _ := q.Pop()
			q.Push(max(at, now)+int64(r.ExpFloat64()*1e8), now)
		}
	}
	report(b)
}
