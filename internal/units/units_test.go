package units_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"cloudconcepts/internal/units"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{
		"8": 8, "8B": 8, "8GiB": 8 << 30, "8GB": 8e9, "1.5GiB": 3 << 29, "8 GiB": 8 << 30, "8gB": 8e9, "4KB": 4000, "4kB": 4000,
		"0": 0, "-0": 0, "1e6": 1e6, "1_000": 1000, "2PiB": 2 << 50, "9223372036854775807": math.MaxInt64, "0.1kB": 100,
		"9007199254740993B": 9007199254740993, "1e3KiB": 1024000,
	} {
		got, err := units.ParseBytes(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}

func TestParseRate(t *testing.T) {
	for text, want := range map[string]float64{
		"10Gbit/s": 1.25e9, "10Gbps": 1.25e9, "125MB/s": 125e6, "128MiB/s": 128 << 20, "100": 100, "1kbit/s": 125, "8bit/s": 1,
		"1.5Mbps": 187500, "0.1GB/s": 1e8, "2.5 gbps": 312.5e6, "1e3kB/s": 1e6, "400gbit/s": 50e9,
	} {
		got, err := units.ParseRate(text)
		require.NoError(t, err, text)
		assert.InDelta(t, want, got, 0, text)
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"300ms": 300 * time.Millisecond, "2d": 48 * time.Hour, "1d12h": 36 * time.Hour, "1.5s": 1500 * time.Millisecond, "0": 0,
		"4m12s": 252 * time.Second, "4 min 12 s": 252 * time.Second, "1us": time.Microsecond, "1µs": time.Microsecond, "0.5d": 12 * time.Hour,
		"1h1m1s1ms1us1ns": time.Hour + time.Minute + time.Second + time.Millisecond + time.Microsecond + 1, ".5s": time.Second / 2,
	} {
		got, err := units.ParseDuration(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}

func TestParseCountsFractionsAndNumbers(t *testing.T) {
	for text, want := range map[string]int64{"20k": 20000, "1M": 1e6, "1.5m": 1500000, "7": 7, "1e3": 1000, "2G": 2e9} {
		got, err := units.ParseCount(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, want := range map[string]float64{"1%": 0.01, "0.01": 0.01, "100%": 1, "1": 1, "0": 0, "0.1 %": 0.001, "7%": 0.07} {
		got, err := units.ParseFraction(text)
		require.NoError(t, err, text)
		assert.InDelta(t, want, got, 1e-17, text)
	}
	for text, want := range map[string]float64{"-1.5": -1.5, "2e6": 2e6, " 3 ": 3} {
		got, err := units.ParseFloat(text)
		require.NoError(t, err, text)
		assert.InDelta(t, want, got, 0, text)
	}
}

func TestErrorsSayWhatIsWrongAllowedAndGiveAnExample(t *testing.T) {
	size := func(s string) error { _, err := units.ParseBytes(s); return err }
	rate := func(s string) error { _, err := units.ParseRate(s); return err }
	duration := func(s string) error { _, err := units.ParseDuration(s); return err }
	count := func(s string) error { _, err := units.ParseCount(s); return err }
	fraction := func(s string) error { _, err := units.ParseFraction(s); return err }
	float := func(s string) error { _, err := units.ParseFloat(s); return err }
	for _, c := range []struct {
		parse      func(string) error
		text, want string
	}{
		{size, "", `size "": it is empty; want a number with B, kB, MB, GB, TB, PB (powers of 1000) or KiB, MiB, GiB, TiB, PiB (powers of 1024), at most 8191 PiB, for example 8GiB`},
		{size, "NaN", `size "NaN": NaN is not a quantity; want`},
		{size, "+Inf", `size "+Inf": it must be finite; want`},
		{size, "-8GiB", `size "-8GiB": it is negative; want`},
		{size, "8XB", `size "8XB": unknown unit "XB"; want`},
		{size, "8gib", `size "8gib": unknown unit "gib", did you mean GiB?; want`},
		{size, "8Gb", `size "8Gb": unknown unit "Gb", did you mean GB?; want`},
		{size, "GiB", `size "GiB": it does not start with a number; want`},
		{size, "1.5", `size "1.5": it is not a whole number of bytes; want`},
		{size, "1e-300GiB", `size "1e-300GiB": it is not a whole number of bytes; want`},
		{size, "1e-999999999", `size "1e-999999999": it is not a whole number of bytes; want`},
		{size, "8192PiB", `size "8192PiB": the number is too large; want`},
		{size, "1e300", `size "1e300": the number is too large; want`},
		{size, "1e999", `size "1e999": the number is too large; want`},
		{size, "1..2", `size "1..2": this is not a number; want`},
		{rate, "10Gb/s", `rate "10Gb/s": unknown unit "Gb/s", did you mean GB/s?; want a number with bit/s`},
		{rate, "10GBit/s", `rate "10GBit/s": unknown unit "GBit/s", did you mean Gbit/s?; want`},
		{rate, "1e308GB/s", `rate "1e308GB/s": the number is too large; want`},
		{rate, "-1", `rate "-1": it is negative; want`},
		{duration, "300", `duration "300": a unit is missing; want numbers with ns, us, ms, s, m, h or d, at most 106751 days, for example 300ms, 4m12s or 1d12h`},
		{duration, "5 parsecs", `duration "5 parsecs": unknown unit "parsecs"; want`},
		{duration, "-5s", `duration "-5s": it is negative; want`},
		{duration, "1h30", `duration "1h30": a unit is missing; want`},
		{duration, "106752d", `duration "106752d": it is too long; want`},
		{duration, "NaN", `duration "NaN": NaN is not a quantity; want`},
		{duration, "soon", `duration "soon": it does not start with a number; want`},
		{duration, "1.2.3s", `duration "1.2.3s": this is not a number; want`},
		{count, "1.5", `count "1.5": it is not a whole number; want`},
		{count, "20x", `count "20x": unknown unit "x"; want a whole number, with k, M or G (powers of 1000) if you like, for example 20k`},
		{fraction, "1.01", `fraction "1.01": it is above 1; want a number from 0 to 1, or a percentage from 0% to 100%, for example 0.01 or 1%`},
		{fraction, "101%", `fraction "101%": it is above 1; want`},
		{float, "nan", `number "nan": NaN is not a quantity; want a finite number, for example 1.5 or 2e6`},
		{float, "-inf", `number "-inf": it must be finite; want`},
		{float, "1e999", `number "1e999": it must be finite; want`},
		{float, "x", `number "x": this is not a number; want`},
	} {
		require.ErrorContains(t, c.parse(c.text), c.want)
		var unitError *units.Error
		require.ErrorAs(t, c.parse(c.text), &unitError)
		assert.Equal(t, c.text, unitError.Value)
	}
}

func TestFormatForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{units.FormatBytes(8 << 30), "8 GiB"},
		{units.FormatBytes(3 << 29), "1.5 GiB"},
		{units.FormatBytes(512), "512 B"},
		{units.FormatBytes(1023.9), "1 KiB"},
		{units.FormatBytes(1023 << 20), "1,023 MiB"},
		{units.FormatBytes(0), "0 B"},
		{units.FormatBytes(-2048), "-2 KiB"},
		{units.FormatBytes(1e25), "8,673,617 EiB"},
		{units.FormatRate(1.25e9), "1.25 GB/s"},
		{units.FormatRate(999.6e6), "1 GB/s"},
		{units.FormatRate(math.Inf(1)), "infinite"},
		{units.FormatSeconds(0.29), "290 ms"},
		{units.FormatSeconds(12.1), "12.1 s"},
		{units.FormatSeconds(252), "4 min 12 s"},
		{units.FormatSeconds(60), "1 min"},
		{units.FormatSeconds(59.97), "1 min"},
		{units.FormatSeconds(7380), "2 h 3 min"},
		{units.FormatSeconds(3599.8), "1 h"},
		{units.FormatSeconds(86399), "1 d"},
		{units.FormatSeconds(90000), "1 d 1 h"},
		{units.FormatSeconds(0), "0 s"},
		{units.FormatSeconds(1.5e-6), "1.5 µs"},
		{units.FormatSeconds(0.9999), "1 s"},
		{units.FormatSeconds(3e-9), "3 ns"},
		{units.FormatSeconds(-0.5), "-500 ms"},
		{units.FormatSeconds(1e12), "31,688 years"},
		{units.FormatSeconds(365.25 * 86400), "1 year"},
		{units.FormatSeconds(math.NaN()), "n/a"},
		{units.FormatSeconds(math.Inf(-1)), "-infinite"},
		{units.FormatDuration(1500 * time.Millisecond), "1.5 s"},
		{units.FormatCount(1234567), "1,234,567"},
		{units.FormatCount(-1234), "-1,234"},
		{units.FormatCount(12), "12"},
		{units.FormatCount(2.5), "2.5"},
		{units.FormatCount(1e20), "1e+20"},
		{units.FormatNumber(0.012345), "0.01235"},
		{units.FormatNumber(12345.6), "12,346"},
		{units.FormatNumber(1e-7), "1e-07"},
		{units.FormatNumber(0), "0"},
		{units.FormatPercent(0.015), "1.5 %"},
		{units.FormatPercent(1), "100 %"},
		{units.FormatPercent(0.99999), "99.999 %"},
		{units.FormatPercent(0.00003), "0.003 %"},
		{units.FormatPercent(1e-9), "1e-07 %"},
		{units.FormatPercent(0), "0 %"},
		{units.FormatUSD(1234.5), "$1,234.50"},
		{units.FormatUSD(0.5), "$0.50"},
		{units.FormatUSD(0.0042), "$0.0042"},
		{units.FormatUSD(0.1234), "$0.123"},
		{units.FormatUSD(2e-7), "$2e-07"},
		{units.FormatUSD(-3), "-$3.00"},
		{units.FormatUSD(0), "$0.00"},
	} {
		assert.Equal(t, c.want, c.got)
	}
}

func TestTextForTheCommandLine(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{units.BytesText(8 << 30), "8GiB"},
		{units.BytesText(8e9), "8GB"},
		{units.BytesText(4096), "4KiB"},
		{units.BytesText(1000), "1kB"},
		{units.BytesText(0), "0B"},
		{units.BytesText(math.MaxInt64), "9223372036854775807B"},
		{units.RateText(1.25e9), "10Gbit/s"},
		{units.RateText(312.5e6), "2.5Gbit/s"},
		{units.RateText(12.5e6), "100Mbit/s"},
		{units.RateText(1e6), "1MB/s"},
		{units.RateText(128 << 20), "128MiB/s"},
		{units.RateText(0), "0B/s"},
		{units.RateText(0.5), "0.5B/s"},
		{units.DurationText(300 * time.Millisecond), "300ms"},
		{units.DurationText(36 * time.Hour), "36h"},
		{units.DurationText(60 * time.Hour), "2d12h"},
		{units.DurationText(24 * time.Hour), "1d"},
		{units.DurationText(90 * time.Second), "1m30s"},
		{units.DurationText(10 * time.Minute), "10m"},
		{units.DurationText(1388*24*time.Hour + 21*time.Hour + 20*time.Minute), "1388d21h20m"},
		{units.DurationText(math.MaxInt64), "106751d23h47m16.854775807s"},
		{units.DurationText(0), "0s"},
		{units.CountText(20000), "20k"},
		{units.CountText(1234), "1234"},
		{units.FractionText(0.01), "0.01"},
	} {
		assert.Equal(t, c.want, c.got)
	}
}

func TestValuesAndLists(t *testing.T) {
	size := int64(1 << 30)
	v := units.NewValue(&size, units.Bytes())
	assert.Equal(t, "1GiB", v.String())
	assert.Equal(t, "SIZE", v.Type())
	require.Error(t, v.Set("x"))
	assert.Equal(t, int64(1<<30), size, "a wrong value changes nothing")
	require.NoError(t, v.Set("2GiB"))
	assert.Equal(t, int64(2<<30), size)

	limits := []time.Duration{time.Second}
	l := units.NewList(&limits, units.Duration())
	require.Error(t, l.Set("1s,2"))
	require.Error(t, l.Set("1s,,2s"))
	assert.Equal(t, "1s", l.String())
	require.NoError(t, l.Set("300ms, 2d"))
	assert.Equal(t, "300ms,2d", l.String())
	assert.Equal(t, "TIME,...", l.Type())

	n := 3
	i := units.NewValue(&n, units.Int())
	require.NoError(t, i.Set("-20k"))
	assert.Equal(t, "-20000", i.String())
	require.Error(t, i.Set("1.5"))
	assert.Empty(t, (*units.Value[int])(nil).String())
	assert.Empty(t, (&units.List[int]{}).String())

	set := units.NewList(&[]int{7}, units.Int()).Distinct()
	require.NoError(t, set.Set("1,2,3"))
	require.EqualError(t, set.Set("1,2,1"), "1 stands in it twice; want each once")
	long := units.NewList(&[]int{7}, units.Int())
	require.NoError(t, long.Set(strings.Repeat("1,", 199)+"1"))
	require.EqualError(t, long.Set(strings.Repeat("2,", 200)+"2"), "it has 201 values; want at most 200, separated by commas")
	assert.Equal(t, strings.Repeat("1,", 199)+"1", long.String(), "left alone")
}
