package units

import (
	"math"
	"strconv"
	"strings"
)

// Rates in bytes per second.
const (
	Kbps = 1e3 / 8
	Mbps = 1e6 / 8
	Gbps = 1e9 / 8
)

func rateGrammar() grammar {
	return grammar{
		kind:    "rate",
		allowed: "a number with bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s (or bps, ..., Gbps), or B/s, kB/s, MB/s, GB/s, KiB/s, MiB/s, GiB/s",
		example: "10Gbit/s",
		units: []unit{
			{"", 1},
			{"B/s", 1},
			{"kB/s", 1e3},
			{"MB/s", 1e6},
			{"GB/s", 1e9},
			{"TB/s", 1e12},
			{"PB/s", 1e15},
			{"KiB/s", KiB},
			{"MiB/s", MiB},
			{"GiB/s", GiB},
			{"TiB/s", TiB},
			{"PiB/s", PiB},
			{"bit/s", 1. / 8},
			{"kbit/s", Kbps},
			{"Mbit/s", Mbps},
			{"Gbit/s", Gbps},
			{"Tbit/s", 1e12 / 8},
			{"Pbit/s", 1e15 / 8},
			{"bps", 1. / 8},
			{"kbps", Kbps},
			{"Mbps", Mbps},
			{"Gbps", Gbps},
			{"Tbps", 1e12 / 8},
			{"Pbps", 1e15 / 8},
		},
	}
}

// ParseRate reads a rate in bytes per second: 10Gbit/s, 10Gbps, 125MB/s, 128MiB/s; a plain number is bytes per second.
func ParseRate(s string) (float64, error) { return rateGrammar().parse(s) }

// FormatRate writes a rate for a reader: 1.25 GB/s, 62.5 MB/s.
func FormatRate(r float64) string {
	if s, ok := notFinite(r); ok {
		return s
	}
	return prefixed(r, 1000, []string{" B/s", " kB/s", " MB/s", " GB/s", " TB/s", " PB/s", " EB/s"})
}

// RateText writes a rate for the command line, exactly: 10Gbit/s, 125MB/s, 128MiB/s. The usual speeds of links are
// written in bits, everything else in the unit with the fewest digits.
func RateText(r float64) string {
	best := FloatText(r) + "B/s"
	if r == 0 || math.IsNaN(r) || math.IsInf(r, 0) {
		return best
	}
	for _, gigabits := range []float64{0.01, 0.1, 1, 2.5, 5, 10, 20, 25, 40, 50, 56, 100, 200, 400, 800} {
		if r == gigabits*Gbps && gigabits >= 1 {
			return FloatText(gigabits) + "Gbit/s"
		}
		if r == gigabits*1000*Mbps {
			return FloatText(gigabits*1000) + "Mbit/s"
		}
	}
	for _, u := range []unit{
		{"kB/s", 1e3},
		{"MB/s", 1e6},
		{"GB/s", 1e9},
		{"TB/s", 1e12},
		{"KiB/s", KiB},
		{"MiB/s", MiB},
		{"GiB/s", GiB},
		{"kbit/s", Kbps},
		{"Mbit/s", Mbps},
		{"Gbit/s", Gbps},
	} {
		text := strconv.FormatFloat(divided(r, u.scale), 'f', -1, 64) + u.name
		if back, err := ParseRate(text); err == nil && back == r && r >= u.scale && cost(text) < cost(best) {
			best = text
		}
	}
	return best
}

// divided is r/scale; for a power of ten it moves the decimal exponent instead of rounding twice.
func divided(r, scale float64) float64 {
	exp := math.Round(math.Log10(scale))
	if math.Pow(10, exp) != scale {
		return r / scale
	}
	mantissa, old, _ := strings.Cut(strconv.FormatFloat(r, 'e', -1, 64), "e")
	n, _ := strconv.Atoi(old)
	x, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(n-int(exp)), 64)
	return x
}

// cost is how hard a quantity is to read: the length of its number.
func cost(text string) int {
	digits, _ := split(text)
	return len(digits)
}
