package fleet

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/des"
)

// BenchmarkReplay reports requests/s with all statistics on, arrivals and executions drawn on the way: alone on all
// processors (run it with -cpu 1 for one core), and merged under a cap.
func BenchmarkReplay(b *testing.B) {
	functions := fleetOf(b, 5000, 0.5)
	for _, x := range []struct {
		name   string
		change func(*Config)
	}{
		{"fixed", func(*Config) {}},
		{"function", func(c *Config) { c.Unit = PerFunction }},
		{"hybrid", func(c *Config) { c.KeepAlive = Histogram() }},
		{"capped-greedy-dual", func(c *Config) { *c = FaasCache(50_000) }},
		{"capped-lru-10min", func(c *Config) { c.MemoryCapMB, c.Eviction = 50_000, LRU }},
		{"capped-hybrid", func(c *Config) { c.MemoryCapMB, c.KeepAlive = 50_000, Histogram() }},
	} {
		b.Run(x.name, func(b *testing.B) {
			c := Default()
			x.change(&c)
			requests := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				r, err := Replay(context.Background(), c, functions)
				require.NoError(b, err)
				requests += r.Requests
			}
			b.ReportMetric(float64(requests)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

// BenchmarkBare is the least that Replay's fixed case needs: the arrivals and executions of each function, a heap of finishes and a
// stack of idle times.
func BenchmarkBare(b *testing.B) {
	functions := fleetOf(b, 5000, 0.5)
	requests, cold := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		var list []trace.Arrival
		for i := range functions {
			cursor := functions[i].Cursor(trace.Poisson, 1, i)
			var busy des.Queue[struct{}]
			var idle []int64
			for cursor.Minute() != math.MaxInt {
				list = cursor.Append(list[:0])
				requests += len(list)
				for _, a := range list {
					for busy.Next() <= a.At {
						at, _ := busy.Pop()
						idle = append(idle, at+int64(10*time.Minute))
					}
					if n := len(idle); n > 0 && idle[n-1] >= a.At {
						idle = idle[:n-1]
					} else {
						idle = idle[:0]
						cold++
					}
					busy.Push(a.At+a.Work, struct{}{})
				}
			}
		}
	}
	require.Positive(b, cold)
	b.ReportMetric(float64(requests)/b.Elapsed().Seconds(), "requests/s")
}
