package cost

import "testing"

// BenchmarkCurve reports base sizes x phases/s; the bare loop is Erlang's recursion alone.
func BenchmarkCurve(b *testing.B) {
	h := hybrid()
	h.Profile, h.Most = Day(5000, 0.8, 96), 2000
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Curve(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*96*2000/b.Elapsed().Seconds(), "cells/s")
}

func BenchmarkBare(b *testing.B) {
	sum := 0.0
	for b.Loop() {
		x := 1.0
		for k := 1; k <= 2000; k++ {
			x = 1 / (1 + float64(k)/1000/x)
			sum += x
		}
	}
	b.ReportMetric(float64(b.N)*2000/b.Elapsed().Seconds(), "cells/s")
	if sum == 0 {
		b.Fatal("nothing was done")
	}
}
