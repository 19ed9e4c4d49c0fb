package store

import "testing"

func BenchmarkStore(b *testing.B) {
	for _, repair := range []Repair{NoRepair, AsyncRepair, BlockingRepair} {
		b.Run(repair.String(), func(b *testing.B) {
			c := Default()
			c.R, c.W, c.ReadRepair = 2, 2, repair
			b.ReportAllocs()
			var events int64
			for b.Loop() {
				events += runStore(b, c).Events
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
