package sweep

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// spin computes for some time.
func spin(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

func toyThat(works func()) Model {
	return Of("toy", Without(func(c toy) (toyResult, error) {
		works()
		return toyResult{Sum: float64(c.Servers)}, nil
	}), Preset[toy]{"one", toy{Servers: 2}})
}

func benchPlan(b *testing.B, m Model, points int) *Plan {
	b.Helper()
	s, err := Parse(fmt.Appendf(nil, `{"model": "toy", "sweep": {"size_bytes": {"from": 1, "to": %d, "points": %d},
		"servers": [1, 2]}, "measure": ["sum_s", "noise", "parts.count"]}`, points, points))
	require.NoError(b, err)
	p, err := NewPlan(m, s)
	require.NoError(b, err)
	return p
}

// BenchmarkCell is what a cell costs beside the model: its configuration, its row, and the row's way into the file.
func BenchmarkCell(b *testing.B) {
	p := benchPlan(b, toyThat(func() {}), 500)
	for b.Loop() {
		_, err := Job{Plan: p, Shard: Whole(), Dir: b.TempDir()}.Run(b.Context())
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*p.Cells()), "us/cell")
}

// BenchmarkTwoCores is how much faster two workers do cells of 10 ms than one: cells that compute, which tells the truth only
// on a machine with two idle cores, and cells that wait, which shows on any machine that the workers do not.
func BenchmarkTwoCores(b *testing.B) {
	for name, work := range map[string]func(time.Duration){"computing": spin, "waiting": time.Sleep} {
		b.Run(name, func(b *testing.B) {
			p := benchPlan(b, toyThat(func() { work(10 * time.Millisecond) }), 50)
			took := [3]time.Duration{}
			for b.Loop() {
				for _, cores := range []int{1, 2} {
					before := runtime.GOMAXPROCS(cores)
					start := time.Now()
					_, err := Job{Plan: p, Shard: Whole(), Dir: b.TempDir()}.Run(b.Context())
					took[cores] += time.Since(start)
					runtime.GOMAXPROCS(before)
					require.NoError(b, err)
				}
			}
			b.ReportMetric(took[1].Seconds()/took[2].Seconds(), "times")
		})
	}
}

// BenchmarkMerge merges 10,000 cells of 200 shards, and of 2, into the final files.
func BenchmarkMerge(b *testing.B) {
	p := benchPlan(b, toyModel(), 5000)
	for _, of := range []int{2, 200} {
		b.Run(fmt.Sprintf("%d shards", of), func(b *testing.B) {
			dir := b.TempDir()
			for n := range of {
				_, err := Job{Plan: p, Shard: Shard{n + 1, of}, Dir: dir}.Run(b.Context())
				require.NoError(b, err)
			}
			for b.Loop() {
				m, err := Merge(dir)
				require.NoError(b, err)
				_, err = m.Write(dir)
				require.NoError(b, err)
			}
			b.ReportAllocs()
		})
	}
}
