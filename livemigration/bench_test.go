package livemigration

import (
	"math"
	"testing"
	"time"
)

func BenchmarkRounds(b *testing.B) {
	c := Config{VM: guestOf(8*GiB, Uniform{Rate: 200 * MB, WorkingSet: 2 * GiB}), Link: Wire(250 * MB), Method: Plain(300 * time.Millisecond)}
	r := simulate(b, c)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Simulate(c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(r.Rounds), "rounds/op")
}

// BenchmarkBareRounds is the physical limit of BenchmarkRounds: the same
// rounds as a bare loop over the closed form.
func BenchmarkBareRounds(b *testing.B) {
	const w, rate, bandwidth = 2.0 * GiB, 200 * MB, 250 * MB
	sink := 0.0
	for b.Loop() {
		v, total := 8.0*GiB, 0.0
		for v > 0.3*bandwidth {
			t := v / bandwidth
			total += t
			v = w * -math.Expm1(-rate*t/w)
		}
		sink += total + v/bandwidth
	}
	_ = sink
}

func BenchmarkDrain(b *testing.B) {
	c := Config{VM: guestOf(64*GiB, Uniform{Rate: 500 * MB, WorkingSet: 8 * GiB}), Link: CappedWire(300*MB, 1.25*GB), Method: QEMUAutoConverge()}
	r := simulate(b, c)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Simulate(c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(r.Total, "simulated-s/op")
}

// BenchmarkDrainNearBoundary syncs after nearly every slice.
func BenchmarkDrainNearBoundary(b *testing.B) {
	m := QEMU()
	m.Limit = FixedLimit(2900 * time.Millisecond)
	c := Config{VM: guestOf(8*GiB, Uniform{Rate: 187.5 * MB, WorkingSet: 1 * GiB}), Link: Wire(125 * MB), Method: m}
	r := simulate(b, c)
	for b.Loop() {
		if _, err := Simulate(c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(r.Total, "simulated-s/op")
	b.ReportMetric(float64(r.Rounds), "rounds/op")
}
