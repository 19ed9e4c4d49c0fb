package theory

import "math"

const epsilon = 0x1p-52

// root is a zero of f between a and b, where f has opposite signs: Chandrupatla's
// mix of bisection and inverse quadratic interpolation, at most 200 steps.
func root(f func(float64) float64, a, b float64) float64 {
	fa, fb := f(a), f(b)
	if fa == 0 {
		return a
	}
	if fb == 0 {
		return b
	}
	c, fc, t := a, fa, 0.5
	for range 200 {
		x := a + t*(b-a)
		fx := f(x)
		if (fx < 0) == (fa < 0) {
			c, fc = a, fa
		} else {
			c, fc, b, fb = b, fb, a, fa
		}
		a, fa = x, fx
		best := a
		if math.Abs(fb) < math.Abs(fa) {
			best = b
		}
		least := epsilon * math.Abs(best) / math.Abs(b-c)
		if least > 0.5 || fa == 0 || fa != fa {
			return best
		}
		t = 0.5
		xi, phi := (a-b)/(c-b), (fa-fb)/(fc-fb)
		if phi*phi < xi && (1-phi)*(1-phi) < 1-xi {
			t = fa/(fb-fa)*(fc/(fb-fc)) + (c-a)/(b-a)*(fa/(fc-fa))*(fb/(fc-fb))
		}
		t = min(max(t, least), 1-least)
	}
	return a
}

// quantileOf is the time t with survival(t) = 1-p, 0 if survival(0) is below
// that. survival falls from at most 1 to 0; start is a first guess of the scale.
func quantileOf(survival func(float64) float64, p, start float64) float64 {
	if !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	if survival(0) <= 1-p {
		return 0
	}
	if p == 1 {
		return math.Inf(1)
	}
	want := math.Log1p(-p)
	gap := func(t float64) float64 { return max(math.Log(survival(t)), -800) - want }
	low, high := 0.0, start
	for range 2100 {
		g := gap(high)
		if !(g > 0) {
			break
		}
		low, high = high, 2*high
		if math.IsInf(high, 1) {
			return high
		}
	}
	return root(gap, low, high)
}

// excess is (1+u) ln(1+u) - u for u > -1 without cancellation near 0.
func excess(u float64) float64 {
	if math.Abs(u) > 0.1 {
		return (1+u)*math.Log1p(u) - u
	}
	sum, power := 0.0, u*u
	for k := 2.0; k < 24; k++ {
		sum += power / (k * (k - 1))
		power *= -u
	}
	return sum
}

// stirling is ln n! - ln(sqrt(2 pi n) (n/e)^n) for a whole n >= 1.
func stirling(n float64) float64 {
	if n < 16 {
		lg, _ := math.Lgamma(n + 1)
		return lg - (n+0.5)*math.Log(n) + n - 0.5*math.Log(2*math.Pi)
	}
	m := n * n
	return (1./12 - (1./360-(1./1260-(1./1680-1./1188/m)/m)/m)/m) / n
}

// poissonPMF is the probability of n under a Poisson law, with full relative
// accuracy also where n and mean are large.
func poissonPMF(n, mean float64) float64 {
	switch {
	case n < 0:
		return 0
	case mean == 0 && n == 0:
		return 1
	case mean == 0:
		return 0
	case n == 0:
		return math.Exp(-mean)
	}
	if mean < 1e-3*n {
		lg, _ := math.Lgamma(n + 1)
		return math.Exp(n*math.Log(mean) - mean - lg)
	}
	deviance := mean * excess((n-mean)/mean)
	return math.Exp(-stirling(n)-deviance) / math.Sqrt(2*math.Pi*n)
}

// poissonExcess is E (N-n)^+ of a Poisson number N, for n >= mean: a sum of
// positive terms.
func poissonExcess(n, mean float64) float64 {
	term := poissonPMF(n, mean)
	sum := 0.0
	for j := 1.0; term > 0; j++ {
		term *= mean / (n + j)
		sum += j * term
		if j*term < 0.25*epsilon*sum*(1-mean/(n+j)) {
			break
		}
	}
	return sum
}

// poissonAtLeast is P(N >= n) for n >= mean.
func poissonAtLeast(n, mean float64) float64 {
	term := poissonPMF(n, mean)
	sum := 0.0
	for ; term > 0; n++ {
		sum += term
		term *= mean / (n + 1)
		if term < 0.1*epsilon*sum*(1-mean/(n+1)) {
			break
		}
	}
	return sum
}

// decayGap is (e^(-at) - e^(-bt))/(b-a), the convolution of two exponentials.
func decayGap(a, b, t float64) float64 {
	if a > b {
		a, b = b, a
	}
	if d := (b - a) * t; d > 0 {
		return math.Exp(-a*t) * t * (-math.Expm1(-d) / d)
	}
	return t * math.Exp(-a*t)
}
