package commit

import (
	"testing"
	"time"

	"cloudconcepts/internal/law"
)

func BenchmarkCommitLoad(b *testing.B) {
	c := Config{Servers: 5, Alive: 5, OneWay: law.Exp(time.Millisecond), Rate: 500, CommitBroadcast: true}
	const n = 100_000
	c.Proposals = n
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Simulate(c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "proposals/s")
}
