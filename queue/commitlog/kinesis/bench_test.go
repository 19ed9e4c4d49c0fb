package kinesis

import (
	"testing"
	"time"
)

func BenchmarkShards(b *testing.B) {
	c := Stream()
	c.Shards, c.Rate, c.Consumers = 100, 50_000, 3
	c.Duration = 10 * time.Second
	records := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		records += simulate(b, c).Offered
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds()/1e6, "Mrecords/s")
}
