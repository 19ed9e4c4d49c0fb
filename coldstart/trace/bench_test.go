package trace

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

// BenchmarkReadMinutes reports MB/s; BenchmarkBareRead only looks for the ends of lines.
func BenchmarkReadMinutes(b *testing.B) {
	minutes, _, _, _ := texts(b)
	header, body, _ := bytes.Cut(minutes, []byte("\n"))
	text := append(append(header, '\n'), bytes.Repeat(body, 300)...)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range ReadMinutes(bytes.NewReader(text)) {
			require.NoError(b, err)
		}
	}
}

func BenchmarkBareRead(b *testing.B) {
	minutes, _, _, _ := texts(b)
	text := bytes.Repeat(minutes, 300)
	b.SetBytes(int64(len(text)))
	lines := 0
	for b.Loop() {
		lines += bytes.Count(text, []byte(","))
	}
	require.Positive(b, lines)
}

// BenchmarkGenerate reports functions/s, a day each.
func BenchmarkGenerate(b *testing.B) {
	a := AzureLike()
	a.Functions = 2000
	b.ReportAllocs()
	for b.Loop() {
		_, err := a.Generate()
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N*a.Functions)/b.Elapsed().Seconds(), "functions/s")
}

// BenchmarkArrivals reports arrivals/s of one busy function.
func BenchmarkArrivals(b *testing.B) {
	counts := make([]int64, 1000)
	for i := range counts {
		counts[i] = 1000
	}
	f := Function{Counts: pack(counts), Work: law.Exp(time.Second)}
	var list []Arrival
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		for c := f.Cursor(Poisson, 1, 0); c.Minute() != math.MaxInt; n += len(list) {
			list = c.Append(list[:0])
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "arrivals/s")
}
