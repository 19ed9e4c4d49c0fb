package share

import (
	"testing"
	"time"
)

func BenchmarkGroup(b *testing.B) {
	c := KIP932()
	c.MaxRecords, c.Duration = 200_000, 24*time.Hour
	records := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		records += simulate(b, c).Produced
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds()/1e6, "Mrecords/s")
}
