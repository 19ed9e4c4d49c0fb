package stats

import "math"

// BetaCDF is the regularised incomplete beta function I_x(a, b), the distribution function of the beta law, for a, b > 0.
// Outside that, or for NaN, it is NaN. The continued fraction is that of Lentz's method (Numerical Recipes, 6.4).
func BetaCDF(x, a, b float64) float64 {
	switch {
	case math.IsNaN(x) || !(a > 0) || !(b > 0) || math.IsInf(a, 0) || math.IsInf(b, 0):
		return math.NaN()
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	front := math.Exp(a*math.Log(x) + b*math.Log1p(-x) - logBeta(a, b))
	if x < (a+1)/(a+b+2) {
		return min(1, front*betaFraction(x, a, b)/a)
	}
	return max(0, 1-front*betaFraction(1-x, b, a)/b)
}

// logBeta is ln B(a, b) = ln G(a) + ln G(b) - ln G(a+b), without the cancellation that the plain difference has when one
// argument is large and the other is small.
func logBeta(a, b float64) float64 {
	if a > b {
		a, b = b, a
	}
	if b < 100 {
		return lgamma(a) + lgamma(b) - lgamma(a+b)
	}
	// ln G(b) - ln G(a+b) by Stirling's series, the large terms taken together.
	s := a + b
	ratio := -(b-0.5)*math.Log1p(a/b) - a*math.Log(s) + a
	tail := stirling(b) - stirling(s)
	if a < 100 {
		return lgamma(a) + ratio + tail
	}
	own := (a-0.5)*math.Log(a) - a + 0.5*math.Log(2*math.Pi) + stirling(a)
	return own + ratio + tail
}

// stirling is ln G(x) - [(x-1/2) ln x - x + ln(2 pi)/2].
func stirling(x float64) float64 {
	y := 1 / (x * x)
	return (1.0/12 - y*(1.0/360-y*(1.0/1260-y/1680))) / x
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// betaFraction is the continued fraction of I_x(a, b). It needs about sqrt(max(a, b)) steps.
func betaFraction(x, a, b float64) float64 {
	const tiny = 1e-300
	steps := 200 + int(10*math.Sqrt(min(max(a, b), 1e14)))
	c, d := 1.0, away(1-(a+b)*x/(a+1), tiny)
	d = 1 / d
	f := d
	for i := 1; i <= steps; i++ {
		m := float64(i)
		d, c = lentz(m*(b-m)*x/((a+2*m-1)*(a+2*m)), d, c, tiny)
		f *= d * c
		d, c = lentz(-(a+m)*(a+b+m)*x/((a+2*m)*(a+2*m+1)), d, c, tiny)
		f *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return f
}

func lentz(term, d, c, tiny float64) (float64, float64) {
	return 1 / away(1+term*d, tiny), away(1+term/c, tiny)
}

func away(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// BetaQuantile is the x at which BetaCDF(x, a, b) = p, by bisection to the last bit.
func BetaQuantile(p, a, b float64) float64 {
	if !(p >= 0 && p <= 1) || math.IsNaN(BetaCDF(0.5, a, b)) {
		return math.NaN()
	}
	return bisect(0, 1, func(x float64) bool { return BetaCDF(x, a, b) < p })
}

// bisect finds where below changes from true to false, in [low, high]. Between positive bounds far apart it halves the
// logarithm, so that a small root has as many digits as a large one.
func bisect(low, high float64, below func(float64) bool) float64 {
	if low == 0 {
		const floor = 1e-300
		if !below(floor) {
			return 0
		}
		low = floor
	}
	for range 2000 {
		mid := low + (high-low)/2
		if high > 4*low {
			mid = math.Sqrt(low) * math.Sqrt(high)
		}
		if mid <= low || mid >= high {
			break
		}
		if below(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}
