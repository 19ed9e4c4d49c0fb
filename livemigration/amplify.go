package livemigration

import "math"

// amplify is a curve whose writes dirty pages factor times as large. Writes
// drawn at random find their neighbours clean, so a page is dirty as soon as
// any of its factor parts is; a sweep dirties the neighbours anyway.
func amplify(c DirtyCurve, factor float64) DirtyCurve {
	switch w := c.(type) {
	case Sequential:
		return w
	case ConstantRate:
		w.Rate *= factor
		return w
	case Uniform:
		w.Rate *= factor
		return w
	case Zipf:
		return w.parts(int64(factor))
	case Mixture:
		larger := make(Mixture, len(w))
		for i, u := range w {
			u.Rate *= factor
			larger[i] = u
		}
		return larger
	}
	return amplified{c, factor}
}

// amplified is any curve in larger pages: with a share u of small pages dirty,
// a large page is clean only if all its parts are, (1-u)^factor.
type amplified struct {
	DirtyCurve
	factor float64
}

// Unique implements DirtyCurve.
func (a amplified) Unique(t float64) float64 {
	limit := a.Max()
	if limit <= 0 {
		return 0
	}
	share := math.Min(1, a.DirtyCurve.Unique(t)/limit)
	return limit * -math.Expm1(a.factor*math.Log1p(-share))
}
