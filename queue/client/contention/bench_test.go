package contention

import (
	"testing"

	"cloudconcepts/queue/client"
)

// The AWS table's row for 100 clients: five laws, one run each.
func BenchmarkContend(b *testing.B) {
	b.ReportAllocs()
	calls := 0.0
	for b.Loop() {
		for law := client.None; law <= client.Decorrelated; law++ {
			c := AWS(law, 100)
			c.Runs = 10
			r, err := Simulate(c)
			if err != nil {
				b.Fatal(err)
			}
			calls += r.Calls.Mean * 10
		}
	}
	b.ReportMetric(calls/b.Elapsed().Seconds(), "calls/s")
}
