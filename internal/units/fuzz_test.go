package units_test

import (
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/units"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seeds are texts that have broken parsers before.
func seeds(f *testing.F) {
	for _, s := range []string{
		"", "8GiB", "8GB", "1.5GiB", "10Gbit/s", "10Gbps", "128MiB/s", "300ms", "1d12h", "20k", "1%", "NaN", "+Inf", "-Inf", "1e300",
		"0", "-0", "5e-324", "9223372036854775807", "9223372036854775808", "1e-999999999GiB", "1e999999999", "..", "1.", ".5", "1_0",
		"1e", "e5", "--1", "+1", "0x10", "1h 2", "١GiB", "1 GiB", "\x00", "0.0000000001d", "1388d21h20m",
	} {
		f.Add(s)
	}
}

// FuzzParse checks that no text breaks a parser, and that what is read is in range and survives being written again.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := units.ParseBytes(s); err == nil {
			assert.GreaterOrEqual(t, n, int64(0))
			roundTrip(t, n, units.Bytes())
		}
		if r, err := units.ParseRate(s); err == nil {
			assert.True(t, r >= 0 && !math.IsInf(r, 0), r)
			roundTrip(t, r, units.Rate())
		}
		if f, err := units.ParseFrequency(s); err == nil {
			assert.True(t, f >= 0 && !math.IsInf(f, 0), f)
			roundTrip(t, f, units.Frequency())
		}
		if d, err := units.ParseDuration(s); err == nil {
			assert.GreaterOrEqual(t, d, time.Duration(0))
			roundTrip(t, d, units.Duration())
		}
		if n, err := units.ParseCount(s); err == nil {
			assert.GreaterOrEqual(t, n, int64(0))
			roundTrip(t, n, units.Count())
		}
		if x, err := units.ParseFraction(s); err == nil {
			assert.True(t, x >= 0 && x <= 1, x)
			roundTrip(t, x, units.Fraction())
		}
		if x, err := units.ParseFloat(s); err == nil {
			assert.False(t, math.IsNaN(x) || math.IsInf(x, 0), x)
			roundTrip(t, x, units.Float())
		}
	})
}

// FuzzFormat checks that every number can be written for people, and exactly for the command line.
func FuzzFormat(f *testing.F) {
	for _, x := range []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e300, 5e-324, 1.25e9, 0.29} {
		f.Add(x, int64(x))
	}
	f.Add(1., int64(math.MaxInt64))
	f.Add(1e9/3, int64(1388*24*time.Hour)+1)
	f.Fuzz(func(t *testing.T, x float64, n int64) {
		for _, text := range []string{
			units.FormatBytes(x), units.FormatRate(x), units.FormatSeconds(x), units.FormatCount(x), units.FormatNumber(x),
			units.FormatPercent(x), units.FormatUSD(x), units.FormatDuration(time.Duration(n)),
		} {
			assert.NotEmpty(t, text)
		}
		if n >= 0 {
			roundTrip(t, n, units.Bytes())
			roundTrip(t, n, units.Count())
			roundTrip(t, time.Duration(n), units.Duration())
		}
		if x >= 0 && !math.IsInf(x, 0) {
			roundTrip(t, x, units.Rate())
		}
		if x >= 0 && x <= 1 {
			roundTrip(t, x, units.Fraction())
		}
	})
}

func roundTrip[T comparable](t *testing.T, x T, kind units.Kind[T]) {
	t.Helper()
	text := kind.Text(x)
	back, err := kind.Parse(text)
	require.NoError(t, err, text)
	assert.Equal(t, x, back, text)
}
