package trace

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzRead: any bytes give rows or errors that say where, and reading ends.
func FuzzRead(f *testing.F) {
	minutes, durations, memory, invocations := texts(f)
	for _, b := range [][]byte{minutes, durations, memory, invocations, nil, []byte("app,func,end_timestamp,duration\na,b,NaN,1e300\n,,,\na,b,5e-324,-0")} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		lines := bytes.Count(b, []byte("\n")) + 2
		for row, err := range ReadMinutes(bytes.NewReader(b)) {
			require.GreaterOrEqual(t, row.Counts.Total(), int64(0))
			lines--
			require.True(t, lines > 0 || err == nil)
		}
		for row, err := range ReadInvocations(bytes.NewReader(b)) {
			if err != nil {
				require.ErrorIs(t, err, ErrInvalidTrace)
			}
			require.True(t, row.End >= 0 && row.Duration >= 0)
		}
		for row, err := range ReadDurations(bytes.NewReader(b)) {
			require.True(t, err != nil || row.Law().Validate() == nil)
		}
		for row := range ReadMemory(bytes.NewReader(b)) {
			require.True(t, row.Average >= 0)
		}
	})
}

// FuzzGenerate: numbers make a load; Validate refuses it, or its functions are whole.
func FuzzGenerate(f *testing.F) {
	for i, x := range []float64{0, math.Copysign(0, -1), 1, 0.5, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		f.Add(uint64(i), x, 0.5, int64(time.Minute), i*10)
		f.Add(uint64(i), 0.1, x, int64(math.MaxInt64), -i)
		f.Add(uint64(i), 1e-6, 1.0, int64(math.MinInt64), math.MaxInt)
	}
	f.Fuzz(func(t *testing.T, seed uint64, factor, x float64, span int64, n int) {
		a := AzureLike()
		a.Seed, a.RateFactor, a.Swing, a.Bursty, a.Functions = seed, factor, x, x, n%200
		a.BurstFactor, a.BurstLength, a.MaxWork = 1+x*99, time.Duration(span), time.Duration(span)
		a.Minutes = 1 + int(seed%500)
		list, err := a.Generate()
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		require.Len(t, list, a.Functions)
		for i := range list {
			require.True(t, list[i].MemoryMB > 0 && list[i].Work.Validate() == nil && list[i].Init >= 0)
			for m, count := range list[i].Counts.All() {
				require.True(t, m < a.Minutes && count > 0)
			}
		}
	})
}
