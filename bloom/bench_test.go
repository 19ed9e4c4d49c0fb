package bloom

import (
	"context"
	"math"
	"testing"
)

// BenchmarkExact is the closed form against its limit, one power and one
// exponential per hash. 14 hashes want to stay below 5 microseconds.
func BenchmarkExact(b *testing.B) {
	for _, c := range []struct {
		name string
		Params
	}{
		{"k=7", Params{1024, 100, 7}},
		{"k=14", Params{1_000_000, 50_000, 14}},
		{"k=14/small", Params{1024, 50, 14}},
		{"k=20/big", Params{1_000_000, 1000, 20}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				theorySink = Exact(c.Bits, c.Keys, c.Hashes)
			}
		})
	}
	b.Run("limit/k=14", func(b *testing.B) {
		sum := 0.0
		for b.Loop() {
			for r := range 14 {
				sum += math.Exp(-float64(r) / 20)
			}
		}
		theorySink = sum
	})
}

// BenchmarkBlocked is a point of a curve of blocked filters.
func BenchmarkBlocked(b *testing.B) {
	for b.Loop() {
		theorySink = Blocked(10, 512, 6, InnerExact)
	}
}

// BenchmarkOptimal is a search for the fewest bits.
func BenchmarkOptimal(b *testing.B) {
	for b.Loop() {
		if _, _, err := Optimal(1_000_000, 0.01, RoundBest); err != nil {
			b.Fatal(err)
		}
	}
}

// theorySink keeps results alive.
var theorySink float64

func BenchmarkMeasure(b *testing.B) {
	c := Config{Bits: 100000, Keys: 10000, Hashes: 7, Filters: 16, Queries: 50000, Seed: 1}
	for b.Loop() {
		must(Measure(context.Background(), c))
	}
	keys := c.Filters * (c.Queries + 2*int(c.Keys))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*keys), "ns/key")
	b.ReportMetric(float64(b.N*keys)/b.Elapsed().Seconds(), "keys/s")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
