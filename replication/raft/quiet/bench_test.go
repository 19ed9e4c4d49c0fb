package quiet

import (
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/replication/raft"
)

func BenchmarkQuiet(b *testing.B) {
	c := Config{
		Servers: 5, Rules: raft.Etcd, ElectionTimeout: time.Second, Ticks: 10, Heartbeat: 100 * time.Millisecond,
		OneWay: law.Exp(time.Millisecond), Heartbeats: 100_000,
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Simulate(c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1e5*float64(b.N)/b.Elapsed().Seconds(), "heartbeats/s")
}
