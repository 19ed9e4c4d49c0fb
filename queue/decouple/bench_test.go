package decouple

import (
	"testing"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
	"cloudconcepts/queue/autoscale/load"
)

const benchRequests = 1_000_000

func benchConfig() Config {
	c := Shop()
	c.Arrivals, c.Provider.Windows = load.Constant(160), nil
	c.Duration, c.MaxRequests, c.Sample = 24*time.Hour, benchRequests, 0
	return c
}

func report(b *testing.B) {
	b.ReportMetric(float64(b.N)*benchRequests/b.Elapsed().Seconds(), "requests/s")
}

func BenchmarkSync(b *testing.B) {
	c := benchConfig()
	b.ReportAllocs()
	for b.Loop() {
		s := newServer(&c)
		s.run()
	}
	report(b)
}

func BenchmarkAsync(b *testing.B) {
	c := benchConfig()
	b.ReportAllocs()
	for b.Loop() {
		q := newPipeline(&c)
		q.run()
	}
	report(b)
}

// BenchmarkSyncWithRetries is the API at 1.5 times its capacity, with two retries.
func BenchmarkSyncWithRetries(b *testing.B) {
	c := benchConfig()
	c.Arrivals, c.Sync.Retries = load.Constant(300), 2
	b.ReportAllocs()
	for b.Loop() {
		s := newServer(&c)
		s.run()
	}
	report(b)
}

// BenchmarkBareLoop is what no model can be faster than: one arrival, one service and one event per request, in a heap
// of 20 servers.
func BenchmarkBareLoop(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r := rng.New(1)
		var q des.Queue[int64]
		for range 20 {
			q.Push(0, 0)
		}
		var now int64
		for range benchRequests {
			now += int64(r.ExpFloat64() * 5e6)
			at, _ := q.Pop()
			q.Push(max(at, now)+int64(r.ExpFloat64()*1e8), now)
		}
	}
	report(b)
}
