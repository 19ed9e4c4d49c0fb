package chart

import (
	"math"
	"strconv"
	"strings"
)

// Format writes a value of an axis for people.
type Format func(v float64) string

// Plain writes the shortest number without separators: 5000, 0.25, 1e+21.
func Plain(v float64) string {
	v = tidy(v)
	if a := math.Abs(v); a != 0 && (a >= 1e15 || a < 1e-9) {
		return minus(strconv.FormatFloat(v, 'g', 6, 64))
	}
	return minus(strconv.FormatFloat(v, 'f', -1, 64))
}

// Thousands writes numbers with a comma between groups of three digits:
// 5,000 and 0.25. It is the format of an axis that names none.
func Thousands(v float64) string {
	s := Plain(v)
	if strings.ContainsAny(s, "eNI") {
		return s
	}
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if after, ok := strings.CutPrefix(whole, "−"); ok {
		sign, whole = "−", after
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + whole + rest
}

// Count writes whole numbers, 1,000; fractions are rounded.
func Count(v float64) string { return Thousands(math.Round(v)) }

// Percent writes a fraction in percent: 0.0001 as 0.01 %.
func Percent(v float64) string { return Thousands(v*100) + " %" }

// OneIn writes a small fraction as odds: 0.001 as 1 in 1,000. Fractions of
// one half and more are written in percent.
func OneIn(v float64) string {
	if v <= 0 || v > 0.5 {
		return Percent(v)
	}
	n := 1 / v
	if n >= 10 {
		n = math.Round(n)
	}
	return "1 in " + Thousands(significant(n, 4))
}

// Seconds writes a time in seconds with the unit that fits: 50 µs, 100 ms,
// 1 s, 5 min, 2 h, 3 d. A time that is no whole number of minutes stays in
// seconds.
func Seconds(v float64) string {
	v = tidy(v)
	a := math.Abs(v)
	whole := func(unit float64) bool { return a >= unit && math.Mod(a, unit) == 0 }
	switch {
	case a == 0:
		return "0 s"
	case a < 1e-6:
		return Thousands(significant(v*1e9, 4)) + " ns"
	case a < 1e-3:
		return Thousands(significant(v*1e6, 4)) + " µs"
	case a < 1:
		return Thousands(significant(v*1e3, 4)) + " ms"
	case whole(86400):
		return Thousands(v/86400) + " d"
	case whole(3600):
		return Thousands(v/3600) + " h"
	case whole(60) && a < 86400:
		return Thousands(v/60) + " min"
	}
	return Thousands(significant(v, 4)) + " s"
}

// Clock writes seconds as m:ss, or h:mm:ss from one hour on.
func Clock(v float64) string {
	sign := ""
	if v < 0 {
		sign, v = "−", -v
	}
	s := int64(math.Min(math.Round(v), 1e15))
	if s == 0 {
		sign = ""
	}
	two := func(n int64) string {
		if n < 10 {
			return "0" + strconv.FormatInt(n, 10)
		}
		return strconv.FormatInt(n, 10)
	}
	h, m := s/3600, s/60%60
	if h > 0 {
		return sign + strconv.FormatInt(h, 10) + ":" + two(m) + ":" + two(s%60)
	}
	return sign + strconv.FormatInt(m, 10) + ":" + two(s%60)
}

// Bytes writes bytes in binary units: 64 MiB, 8 GiB.
func Bytes(v float64) string { return scaled(v, 1024, "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB") }

// SIBytes writes bytes in decimal units: 64 MB, 8 GB.
func SIBytes(v float64) string { return scaled(v, 1000, "B", "kB", "MB", "GB", "TB", "PB", "EB") }

// ByteRate writes bytes per second in decimal units: 125 MB/s.
func ByteRate(v float64) string { return SIBytes(v) + "/s" }

// BinaryRate writes bytes per second in binary units: 64 MiB/s.
func BinaryRate(v float64) string { return Bytes(v) + "/s" }

// BitRate writes bits per second: 10 Gbit/s.
func BitRate(v float64) string {
	return scaled(v, 1000, "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s")
}

// Short writes large numbers with a letter: 1.5 k, 20 M, 3 G.
func Short(v float64) string {
	return strings.TrimSpace(scaled(v, 1000, "", "k", "M", "G", "T", "P"))
}

// Suffix writes Thousands with a unit behind it: Suffix("s") gives 1,200 s.
func Suffix(unit string) Format {
	return func(v float64) string { return Thousands(v) + " " + unit }
}

// Fixed writes a fixed number of decimals: Fixed(2) gives 0.50.
func Fixed(decimals int) Format {
	return func(v float64) string {
		s := strconv.FormatFloat(v, 'f', decimals, 64)
		if strings.Trim(s, "-0.") == "" {
			s = strings.TrimPrefix(s, "-")
		}
		return minus(s)
	}
}

// Multiple writes a factor: 2×, 10×.
func Multiple(v float64) string { return Thousands(significant(v, 4)) + "×" }

func scaled(v, base float64, units ...string) string {
	a, i := math.Abs(tidy(v)), 0
	for i < len(units)-1 && a >= base*(1-1e-9) {
		a /= base
		i++
	}
	return Thousands(significant(math.Copysign(a, v), 4)) + " " + units[i]
}

// tidy removes the dust of binary arithmetic and the sign of zero.
func tidy(v float64) float64 { return significant(v, 12) }

func significant(v float64, digits int) float64 {
	if v == 0 || !finite(v) {
		return v + 0
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// minus replaces the hyphen of a negative number by the minus sign.
func minus(s string) string {
	if s == "-0" {
		return "0"
	}
	return strings.Replace(s, "-", "−", 1)
}
