package livemigration

import (
	"math"
	"math/rand/v2"
	"testing"
)

// benchWrites is the number of writes drawn at a time.
const benchWrites = 1 << 20

// BenchmarkPageWrites draws uniform writes to a whole guest into its dirty
// log. The bitmap of 1 GiB takes 32 KiB, that of 8 GiB 256 KiB.
func BenchmarkPageWrites(b *testing.B) {
	for _, size := range []struct {
		name   string
		memory int64
	}{{"1GiB", 1 * GiB}, {"8GiB", 8 * GiB}} {
		b.Run(size.name, func(b *testing.B) {
			cfg := pageConfig(size.memory, Uniform{Rate: benchWrites * PageBytes, WorkingSet: size.memory})
			p := newPages(&cfg)
			for b.Loop() {
				p.run(1)
			}
			reportWrites(b)
		})
		b.Run("limit/"+size.name, func(b *testing.B) {
			source, log := rand.NewPCG(1, 2), make([]uint64, size.memory/PageBytes/64)
			for b.Loop() {
				bareWrites(source, log)
			}
			reportWrites(b)
		})
	}
}

// bareWrites is the physical limit: two random bits set for each number of
// the generator, in a bitmap whose size is a power of two.
func bareWrites(source *rand.PCG, log []uint64) {
	mask := uint64(len(log))*64 - 1
	for range benchWrites / 2 {
		x := source.Uint64()
		i, j := x>>32&mask, x&mask
		log[i/64] |= 1 << (i % 64)
		log[j/64] |= 1 << (j % 64)
	}
}

func reportWrites(b *testing.B) {
	b.ReportMetric(benchWrites*float64(b.N)/b.Elapsed().Seconds(), "writes/s")
	b.ReportMetric(math.Round(b.Elapsed().Seconds()*1e9/float64(b.N)/benchWrites*1e3)/1e3, "ns/write")
}

// BenchmarkZipfWrites draws writes to 135 sets scattered over 1 GiB.
func BenchmarkZipfWrites(b *testing.B) {
	cfg := pageConfig(1*GiB, Zipf{Rate: benchWrites * PageBytes, WorkingSet: 1 * GiB, Exponent: 0.9})
	p := newPages(&cfg)
	for b.Loop() {
		p.run(1)
	}
	reportWrites(b)
}
