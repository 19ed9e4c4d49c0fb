package units

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Sizes in bytes.
const (
	KiB = 1 << 10
	MiB = 1 << 20
	GiB = 1 << 30
	TiB = 1 << 40
	PiB = 1 << 50
)

func bytesGrammar() grammar {
	return grammar{
		kind:    "size",
		allowed: "a number with B, kB, MB, GB, TB, PB (powers of 1000) or KiB, MiB, GiB, TiB, PiB (powers of 1024), at most 8191 PiB",
		example: "8GiB",
		units: []unit{
			{"", 1},
			{"B", 1},
			{"kB", 1e3},
			{"MB", 1e6},
			{"GB", 1e9},
			{"TB", 1e12},
			{"PB", 1e15},
			{"KiB", KiB},
			{"MiB", MiB},
			{"GiB", GiB},
			{"TiB", TiB},
			{"PiB", PiB},
		},
	}
}

// ParseBytes reads a size: 8, 8B, 8GiB, 8GB (8e9), 1.5GiB. A fraction of a byte is an error.
func ParseBytes(s string) (int64, error) {
	g := bytesGrammar()
	if _, err := g.parse(s); err != nil {
		return 0, err
	}
	digits, name := split(strings.TrimSpace(s))
	scale, _ := g.scale(name)
	return exactInt(g, s, digits, int64(scale), "it is not a whole number of bytes")
}

// exactInt multiplies a decimal text by a whole unit without rounding.
func exactInt(g grammar, value, digits string, scale int64, notWhole string) (int64, error) {
	if x, _ := strconv.ParseFloat(digits, 64); x > math.MaxInt64 {
		return 0, g.fail(value, "the number is too large")
	}
	if i := strings.IndexAny(digits, "eE"); i >= 0 {
		if exp, err := strconv.Atoi(digits[i+1:]); err != nil || exp < -400 {
			return 0, g.fail(value, notWhole)
		}
	}
	r, ok := new(big.Rat).SetString(digits)
	if !ok {
		return 0, g.fail(value, "this is not a number")
	}
	r.Mul(r, new(big.Rat).SetInt64(scale))
	switch {
	case !r.IsInt():
		return 0, g.fail(value, notWhole)
	case !r.Num().IsInt64():
		return 0, g.fail(value, "the number is too large")
	}
	return r.Num().Int64(), nil
}

// FormatBytes writes a size for a reader: 8 GiB, 1.5 MiB, 512 B.
func FormatBytes(n float64) string {
	if s, ok := notFinite(n); ok {
		return s
	}
	return prefixed(n, 1024, []string{" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"})
}

// BytesText writes a size for the command line, exactly: 8GiB, 8GB, 8589934593B.
func BytesText(n int64) string {
	best := strconv.FormatInt(n, 10)
	unit := "B"
	for _, u := range bytesGrammar().units {
		scale := int64(u.scale)
		if n == 0 || n%scale != 0 {
			continue
		}
		if text := strconv.FormatInt(n/scale, 10); len(text) < len(best) || len(text) == len(best) && scale > 1 && scale%1024 == 0 {
			best, unit = text, u.name
		}
	}
	return best + unit
}
