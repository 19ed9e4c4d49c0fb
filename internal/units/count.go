package units

import (
	"math"
	"strconv"
	"strings"
)

func countGrammar() grammar {
	return grammar{
		kind:    "count",
		allowed: "a whole number, with k, M or G (powers of 1000) if you like",
		example: "20k",
		units:   []unit{{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}},
	}
}

// ParseCount reads a whole number: 1000, 20k, 1.5M, 1e6.
func ParseCount(s string) (int64, error) {
	g := countGrammar()
	if _, err := g.parse(s); err != nil {
		return 0, err
	}
	digits, name := split(strings.TrimSpace(s))
	scale, _ := g.scale(name)
	return exactInt(g, s, digits, int64(scale), "it is not a whole number")
}

// ParseFraction reads a share of one: 0.01 or 1%, both in 0..1.
func ParseFraction(s string) (float64, error) {
	g := grammar{
		kind: "fraction", allowed: "a number from 0 to 1, or a percentage from 0% to 100%", example: "0.01 or 1%",
		units: []unit{{"", 1}, {"%", 0.01}},
	}
	x, err := g.parse(s)
	if err != nil {
		return 0, err
	}
	if x > 1 {
		return 0, g.fail(s, "it is above 1")
	}
	return x, nil
}

// ParseFloat reads a finite number, which may be negative.
func ParseFloat(s string) (float64, error) {
	g := grammar{kind: "number", allowed: "a finite number", example: "1.5 or 2e6"}
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	switch {
	case math.IsNaN(x):
		return 0, g.fail(s, "NaN is not a quantity")
	case math.IsInf(x, 0):
		return 0, g.fail(s, "it must be finite")
	case err != nil:
		return 0, g.fail(s, "this is not a number")
	}
	return x, nil
}

// FormatCount writes a number with separators: 1,234,567. Numbers that are not whole keep three digits.
func FormatCount(x float64) string {
	if s, ok := notFinite(x); ok {
		return s
	}
	if x != math.Trunc(x) && math.Abs(x) < 1e4 {
		return FormatNumber(x)
	}
	if math.Abs(x) >= 1e15 {
		return FormatNumber(x)
	}
	return separated(strconv.FormatFloat(x, 'f', 0, 64))
}

// FormatNumber writes a number without a unit with four digits: 0.01234, 12.35, 12,346.
func FormatNumber(x float64) string {
	if s, ok := notFinite(x); ok {
		return s
	}
	a := math.Abs(x)
	if x == math.Trunc(x) && a < 1e15 {
		return separated(strconv.FormatFloat(x, 'f', 0, 64))
	}
	if a < 1e-4 || a >= 1e15 {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	if a >= 1000 {
		return separated(strconv.FormatFloat(x, 'f', 0, 64))
	}
	return trimmed(x, 4)
}

// FormatPercent writes a fraction as a percentage: 1.5 %, 0.003 %, 100 %. It says 100 % only of one.
func FormatPercent(f float64) string {
	if s, ok := notFinite(f); ok {
		return s
	}
	p := f * 100
	if p != 0 && math.Abs(p) < 1e-4 {
		return strconv.FormatFloat(p, 'g', 3, 64) + " %"
	}
	text := significant(p)
	for digits := 4; text == "100" && f < 1 && digits < 12; digits++ {
		text = trimmed(p, digits)
	}
	return text + " %"
}

// FractionText writes a fraction for the command line, exactly: 0.01.
func FractionText(f float64) string { return FloatText(f) }

// FloatText writes a number for the command line, exactly.
func FloatText(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// CountText writes a whole number for the command line, exactly: 20k, 1234.
func CountText(n int64) string {
	for _, u := range []unit{{"G", 1e9}, {"M", 1e6}, {"k", 1e3}} {
		if n != 0 && n%int64(u.scale) == 0 {
			return strconv.FormatInt(n/int64(u.scale), 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10)
}

// FormatUSD writes an amount of US dollars: $1,234.50, $0.0042.
func FormatUSD(x float64) string {
	if s, ok := notFinite(x); ok {
		return s
	}
	if x < 0 {
		return "-" + FormatUSD(-x)
	}
	if x == 0 || x >= 1 {
		text := strconv.FormatFloat(x, 'f', 2, 64)
		return "$" + separated(text[:len(text)-3]) + text[len(text)-3:]
	}
	if cents := math.Round(x * 100); cents >= 1 && math.Abs(cents/100-x) < 5e-4*x {
		return "$" + strconv.FormatFloat(cents/100, 'f', 2, 64)
	}
	if x < 1e-6 {
		return "$" + strconv.FormatFloat(x, 'g', 3, 64)
	}
	return "$" + trimmed(x, 3)
}
