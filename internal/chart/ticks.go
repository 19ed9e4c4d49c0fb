package chart

import (
	"math"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// ticker chooses the ticks of an axis. It depends on nothing but its fields,
// and never labels two ticks that would touch.
type ticker struct {
	axis   Axis
	length vg.Length                    // of the axis on the page
	need   func(label string) vg.Length // what a label takes of the axis, with air
	air    vg.Length                    // the part of need that may be given up
	wide   vg.Length                    // what ticks at equal steps keep free beyond need, if they can
	minor  bool                         // small unlabelled ticks on log axes
	silent bool                         // no ticks at all
}

var _ plot.Ticker = ticker{}

// Ticks returns the ticks from lo to hi, the labelled ones first.
func (t ticker) Ticks(lo, hi float64) []plot.Tick {
	if t.silent || !(lo < hi) || !finite(lo, hi) {
		return nil
	}
	switch {
	case len(t.axis.Labels) > 0:
		return t.categories(lo, hi)
	case len(t.axis.Ticks) > 0:
		return t.sparse(inside(t.axis.Ticks, lo, hi), lo, hi)
	}
	major := t.choose(lo, hi)
	out := t.labelled(major)
	if t.minor && t.axis.Log && lo > 0 {
		out = append(out, t.between(major, lo, hi)...)
	}
	return out
}

// choose returns the first candidate whose labels have room.
func (t ticker) choose(lo, hi float64) []float64 {
	var all [][]float64
	if t.axis.Log && lo > 0 {
		all = logCandidates(lo, hi, unitOf(t.axis.format()))
	} else {
		all = linearCandidates(lo, hi, unitOf(t.axis.format()))
	}
	less := []vg.Length{0, t.air / 2, t.air}
	if !t.axis.Log {
		less = append([]vg.Length{-t.wide}, less...)
	}
	for _, air := range less {
		least := 2
		if air < 0 {
			least = 4
		}
		for _, c := range all {
			if len(c) >= least && t.fits(c, lo, hi, air) {
				return c
			}
		}
	}
	for _, c := range all {
		if len(c) > 0 {
			return c[:1]
		}
	}
	return nil
}

// fits tells whether the labels keep clear of each other and differ. less is
// taken off what each label needs.
func (t ticker) fits(vs []float64, lo, hi float64, less vg.Length) bool {
	format, scale := t.axis.format(), t.axis.scale()
	last, end := "", math.Inf(-1)
	pos := func(v float64) float64 {
		n := scale.Normalize(lo, hi, v)
		if t.axis.Reverse {
			n = 1 - n
		}
		return n * float64(t.length)
	}
	for i, v := range vs {
		label := format(v)
		half := float64(t.need(label)-less) / 2
		at := pos(v)
		if i > 0 && (label == last || at-half < end) {
			return false
		}
		last, end = label, at+half
	}
	return true
}

func (t ticker) labelled(vs []float64) []plot.Tick {
	out := make([]plot.Tick, 0, len(vs))
	for _, v := range vs {
		out = append(out, plot.Tick{Value: v, Label: t.axis.format()(v)})
	}
	return out
}

// sparse labels as many of the given ticks as have room, the first ones first.
func (t ticker) sparse(vs []float64, lo, hi float64) []plot.Tick {
	var keep []float64
	for _, v := range vs {
		if t.fits(append(keep, v), lo, hi, t.air) {
			keep = append(keep, v)
		}
	}
	return t.labelled(keep)
}

// categories labels the categories; when there is no room for all of them,
// every second, third, ... one.
func (t ticker) categories(lo, hi float64) []plot.Tick {
	n := len(t.axis.Labels)
	slot := t.length / vg.Length(hi-lo)
	every := 1
	for ; every < n; every++ {
		if t.widest(every) <= slot*vg.Length(every) {
			break
		}
	}
	var out []plot.Tick
	for i := 0; i < n; i += every {
		if v := float64(i); v >= lo && v <= hi {
			out = append(out, plot.Tick{Value: v, Label: t.axis.Labels[i]})
		}
	}
	return out
}

func (t ticker) widest(every int) (w vg.Length) {
	for i := 0; i < len(t.axis.Labels); i += every {
		w = max(w, t.need(t.axis.Labels[i])-t.air)
	}
	return w
}

// between returns the small ticks: the digits of each decade, or the powers of
// ten when there are too many decades.
func (t ticker) between(major []float64, lo, hi float64) []plot.Tick {
	taken := make(map[float64]bool, len(major))
	for _, v := range major {
		taken[tidy(v)] = true
	}
	digits := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	switch decades := math.Log10(hi) - math.Log10(lo); {
	case decades > 40:
		return nil
	case decades > 7:
		digits = digits[:1]
	}
	candidates := decadeTicks(lo, hi, digits)
	if unitOf(t.axis.format()) == binaryUnit {
		candidates = powers(lo, hi, 2)
	}
	var out []plot.Tick
	for _, v := range candidates {
		if !taken[tidy(v)] {
			out = append(out, plot.Tick{Value: v})
		}
	}
	return out
}

// inside returns the values between lo and hi, sorted.
func inside(vs []float64, lo, hi float64) []float64 {
	eps := 1e-9 * (hi - lo)
	var out []float64
	for _, v := range vs {
		if v >= lo-eps && v <= hi+eps {
			out = append(out, v)
		}
	}
	sort.Float64s(out)
	return out
}
