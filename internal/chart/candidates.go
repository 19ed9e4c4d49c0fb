package chart

import (
	"math"
	"strings"
)

// unit is the family of round numbers that suits a format.
type unit int

const (
	decimalUnit unit = iota
	sixtyUnit        // seconds, minutes, hours
	binaryUnit       // powers of two
)

// unitOf finds out what a format calls round: one that writes 60 as 1:00 or
// 1 min wants ticks on the minute, one that writes 2^20 as 1 MiB wants powers
// of two.
func unitOf(f Format) unit {
	switch s := f(60); {
	case s == "1:00" || s == "1 min":
		return sixtyUnit
	case strings.HasPrefix(f(1<<20), "1 Mi"):
		return binaryUnit
	}
	return decimalUnit
}

// linearCandidates returns sets of ticks at equal steps, dense to sparse.
func linearCandidates(lo, hi float64, u unit) [][]float64 {
	var out [][]float64
	step := niceStep((hi - lo) / 25)
	for range 12 {
		s := roundStep(step, u)
		ticks := multiples(lo, hi, s)
		if len(ticks) < 2 && len(out) > 0 {
			break
		}
		out = append(out, ticks)
		step = niceStep(s * 1.0001)
		if u == binaryUnit {
			step = s * 2
		}
	}
	return out
}

// roundStep returns the smallest round step of the unit from s on.
func roundStep(s float64, u unit) float64 {
	switch u {
	case binaryUnit:
		return math.Exp2(math.Ceil(math.Log2(s) - 1e-9))
	case sixtyUnit:
		return sixtyStep(s)
	}
	return s
}

func sixtyStep(s float64) float64 {
	if s <= 1 {
		return s
	}
	for _, c := range []float64{
		2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
		3600, 7200, 10800, 21600, 43200, 86400,
	} {
		if c >= s*(1-1e-9) {
			return c
		}
	}
	return 86400 * niceStep(s/86400)
}

// multiples returns the multiples of step from lo to hi, without the dust of
// repeated addition.
func multiples(lo, hi, step float64) []float64 {
	eps := 1e-9 * (hi - lo)
	first, last := math.Ceil((lo-eps)/step), math.Floor((hi+eps)/step)
	if !finite(first, last) || last-first > 1000 {
		return nil
	}
	var out []float64
	for i := range int(last-first) + 1 {
		out = append(out, tidy((first+float64(i))*step))
	}
	return out
}

// logCandidates returns sets of ticks for a log axis, the best one first:
// powers of ten on long ranges, 1-2-5 below 2.5 decades, all digits below one
// decade, equal steps where even those are too few.
func logCandidates(lo, hi float64, u unit) [][]float64 {
	decades := math.Log10(hi) - math.Log10(lo)
	var out [][]float64
	switch {
	case u == binaryUnit && hi/4 >= lo:
		for _, base := range []float64{2, 4, 16, 1024, 1 << 20, 1 << 30} {
			out = append(out, powers(lo, hi, base))
		}
		return out
	case u == sixtyUnit && hi > 600 && decades >= 1:
		out = append(out, sixtyDecades(lo, hi, decades < 3))
		if decades < 3 {
			out = append(out, sixtyDecades(lo, hi, false))
		}
	}
	if decades < 1 {
		out = atLeast(3, out, decadeTicks(lo, hi, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}))
	}
	if decades < 2.5 {
		out = atLeast(3, out, decadeTicks(lo, hi, []float64{1, 2, 5}))
	}
	if decades < 1.2 {
		out = append(out, linearCandidates(lo, hi, u)...)
	}
	for every := 1.0; every <= math.Max(1, decades); every++ {
		out = append(out, powersOfTen(lo, hi, every))
	}
	out = append(out, decadeTicks(lo, hi, []float64{1, 3}))
	return append(out, decadeTicks(lo, hi, []float64{1, 2, 5}), linearAny(lo, hi))
}

// atLeast appends the ticks if there are n of them.
func atLeast(n int, to [][]float64, ticks []float64) [][]float64 {
	if len(ticks) < n {
		return to
	}
	return append(to, ticks)
}

func linearAny(lo, hi float64) []float64 {
	return multiples(lo, hi, niceStep((hi-lo)/4))
}

// decadeTicks returns the given digits times the powers of ten.
func decadeTicks(lo, hi float64, digits []float64) []float64 {
	var out []float64
	from, to := math.Floor(math.Log10(lo)), math.Ceil(math.Log10(hi))
	if to-from > 650 {
		return nil
	}
	for e := from; e <= to; e++ {
		for _, d := range digits {
			v := tidy(d * math.Pow(10, e))
			if v >= lo*(1-1e-9) && v <= hi*(1+1e-9) {
				out = append(out, v)
			}
		}
	}
	return out
}

// powersOfTen returns every n-th power of ten, counted from 1.
func powersOfTen(lo, hi, n float64) []float64 {
	var out []float64
	for e := math.Ceil(math.Log10(lo)/n-1e-9) * n; e <= math.Log10(hi)+1e-9; e += n {
		out = append(out, tidy(math.Pow(10, e)))
	}
	return out
}

// powers returns the powers of base, counted from 1.
func powers(lo, hi, base float64) []float64 {
	var out []float64
	n := math.Log2(base)
	for e := math.Ceil(math.Log2(lo)/n-1e-9) * n; e <= math.Log2(hi)+1e-9; e += n {
		out = append(out, math.Exp2(e))
	}
	return out
}

// sixtyDecades is the counterpart of powers of ten for times: 1 s, 10 s,
// 1 min, 10 min, 1 h, 10 h, 1 d.
func sixtyDecades(lo, hi float64, dense bool) []float64 {
	above := []float64{1, 10, 60, 600, 3600, 36000, 86400, 864000, 8640000}
	if dense {
		above = []float64{
			1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600,
			7200, 18000, 43200, 86400, 2 * 86400, 5 * 86400, 864000,
		}
	}
	digits := []float64{1}
	if dense {
		digits = []float64{1, 2, 5}
	}
	out := decadeTicks(lo, math.Min(hi, 0.9), digits)
	if lo > 0.9 {
		out = nil
	}
	return append(out, inside(above, lo, hi)...)
}
