package chart

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name   string
		format Format
		value  float64
		want   string
	}{
		{"plain", Plain, 5000, "5000"},
		{"plain dust", Plain, 0.1 + 0.2, "0.3"},
		{"plain negative zero", Plain, math.Copysign(0, -1), "0"},
		{"plain negative", Plain, -2.5, "−2.5"},
		{"thousands", Thousands, 5000, "5,000"},
		{"thousands million", Thousands, 1234567, "1,234,567"},
		{"thousands small", Thousands, 999, "999"},
		{"thousands fraction", Thousands, 1234.5, "1,234.5"},
		{"thousands negative", Thousands, -12000, "−12,000"},
		{"thousands tiny", Thousands, 0.00001, "0.00001"},
		{"count", Count, 999.6, "1,000"},
		{"percent", Percent, 0.0001, "0.01 %"},
		{"percent whole", Percent, 1, "100 %"},
		{"percent dust", Percent, 0.07, "7 %"},
		{"one in", OneIn, 0.001, "1 in 1,000"},
		{"one in certain", OneIn, 1, "100 %"},
		{"one in never", OneIn, 0, "0 %"},
		{"nanoseconds", Seconds, 2e-7, "200 ns"},
		{"microseconds", Seconds, 5e-5, "50 µs"},
		{"milliseconds", Seconds, 0.1, "100 ms"},
		{"seconds zero", Seconds, 0, "0 s"},
		{"seconds", Seconds, 10, "10 s"},
		{"seconds not whole minutes", Seconds, 100, "100 s"},
		{"minutes", Seconds, 300, "5 min"},
		{"hours", Seconds, 7200, "2 h"},
		{"days", Seconds, 3 * 86400, "3 d"},
		{"clock", Clock, 125, "2:05"},
		{"clock zero", Clock, math.Copysign(0.2, -1), "0:00"},
		{"clock hours", Clock, 3725, "1:02:05"},
		{"clock negative", Clock, -61, "−1:01"},
		{"bytes", Bytes, 64 << 20, "64 MiB"},
		{"bytes large", Bytes, 8 << 30, "8 GiB"},
		{"bytes none", Bytes, 0, "0 B"},
		{"bytes decimal", SIBytes, 8e9, "8 GB"},
		{"bits per second", BitRate, 10e9, "10 Gbit/s"},
		{"bytes per second", ByteRate, 125e6, "125 MB/s"},
		{"binary bytes per second", BinaryRate, 1 << 20, "1 MiB/s"},
		{"short", Short, 1500, "1.5 k"},
		{"short small", Short, 20, "20"},
		{"suffix", Suffix("s"), 1200, "1,200 s"},
		{"fixed", Fixed(2), 0.5, "0.50"},
		{"fixed no negative zero", Fixed(1), -0.01, "0.0"},
		{"multiple", Multiple, 2, "2×"},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, c.format(c.value)) })
	}
}

func TestFormatsTakeAnything(t *testing.T) {
	formats := []Format{
		Plain, Thousands, Count, Percent, OneIn, Seconds, Clock, Bytes, SIBytes,
		BitRate, ByteRate, BinaryRate, Short, Suffix("x"), Fixed(3), Multiple,
	}
	for _, f := range formats {
		for _, v := range []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e300, 5e-324} {
			assert.NotPanics(t, func() { f(v) })
			assert.NotContains(t, f(v), "-0")
		}
	}
}
