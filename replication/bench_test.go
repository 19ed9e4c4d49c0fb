package replication

import (
	"testing"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

// BenchmarkSimulate counts the events of the log pipeline; a run is long enough for its set-up not to show.
func BenchmarkSimulate(b *testing.B) {
	for _, bench := range []struct {
		name string
		mode Mode
		edit func(*Config)
	}{
		{"Async", Async, nil},
		{"Sync3", Sync, func(c *Config) { c.Replicas = 3 }},
		{"Reads", Async, func(c *Config) { c.Reads.Count, c.Reads.Think = 1, Exp(ms) }},
		{"Workers", Async, func(c *Config) { c.Pipeline.Workers = 4 }},
		{"Raft5", Majority, func(c *Config) { c.Replicas = 4 }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			c := Group(1, Exp(ms), 5000)
			c.Mode, c.Pipeline.Flush, c.Pipeline.Apply = bench.mode, Const(50*time.Microsecond), Exp(100*time.Microsecond)
			c.Duration = 20 * time.Second
			if bench.edit != nil {
				bench.edit(&c)
			}
			b.ReportAllocs()
			var events, allocs uint64
			for b.Loop() {
				r, err := Simulate(c)
				if err != nil {
					b.Fatal(err)
				}
				events += r.Events
			}
			_ = allocs
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkBareLoop is the limit: the event queue alone, with as many events waiting and a draw for each.
func BenchmarkBareLoop(b *testing.B) {
	r := rng.New(1)
	var q des.Queue[event]
	for range 10 {
		q.Push(r.Int64N(1e6), event{})
	}
	for b.Loop() {
		at, ev := q.Pop()
		ev.lsn++
		q.Push(at+int64(r.ExpFloat64()*1e6), ev)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
