package livemigration_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
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
	c := Config{VM: guestOf(64*GiB, Uniform{Rate: 500 * MB, WorkingSet: 8 * GiB}), Link: CappedWire(300*MB, 1.25*GB), Method: hypervisor.QEMUAutoConverge()}
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
	m := hypervisor.QEMU()
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

// BenchmarkSimulatePages migrates 8 GiB whose guest writes 20,000 pages/s
// over 256 MiB.
func BenchmarkSimulatePages(b *testing.B) {
	uniform := Uniform{Rate: 20_000 * PageBytes, WorkingSet: 256 * MiB}
	for _, c := range []struct {
		name   string
		method Method
	}{
		{"plain", Plain(300 * time.Millisecond)},
		{"qemu", hypervisor.QEMU()},
		{"clear-on-send", clearing(Plain(300 * time.Millisecond))},
		{"postcopy", after(0)},
	} {
		b.Run(c.name, func(b *testing.B) {
			cfg := pageConfig(8*GiB, uniform)
			cfg.Method = c.method
			for b.Loop() {
				cfg.Seed++
				_, err := SimulatePages(cfg)
				require.NoError(b, err)
			}
		})
	}
}
