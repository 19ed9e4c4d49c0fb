package sqs

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// BenchmarkSimulate reports messages/s, and the ratio of its time to that of a bare loop that draws the two random
// numbers that every message needs at least.
func BenchmarkSimulate(b *testing.B) {
	cases := map[string]Config{}
	c := SQSStandard()
	c.Producer.Messages = 500_000
	c.Queue.MaxReceives = 3
	c.Consumer.Service = Exp(time.Second)
	c.Producer.Steps = []Step{{Rate: 100}}
	cases["always-idle"] = c
	w := c
	w.Producer.Steps = []Step{{Rate: 1000}}
	w.Producer.Batch = 10
	w.Consumer.Batch = 10
	w.Consumer.Workers = 125
	w.Consumer.Service = Exp(100 * time.Millisecond)
	cases["workers-batches"] = w
	f := SQSFIFO()
	f.Queue.CallLimit = 0
	f.Producer.Messages = 500_000
	f.Consumer.Workers = 125
	cases["fifo"] = f
	for _, name := range []string{"always-idle", "workers-batches", "fifo"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := Simulate(cases[name])
				require.NoError(b, err)
			}
			b.ReportMetric(float64(cases[name].Producer.Messages)*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

// BenchmarkBare draws an arrival and a service per message and adds them up, and nothing else.
func BenchmarkBare(b *testing.B) {
	const n = 500_000
	b.ReportAllocs()
	sum := 0.0
	for b.Loop() {
		r, q := rng.New(1), rng.New(2)
		at := 0.0
		for range n {
			at += r.ExpFloat64()
			sum += at + q.ExpFloat64()
		}
	}
	require.Positive(b, sum)
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
