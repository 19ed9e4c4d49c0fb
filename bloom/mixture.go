package bloom

import "math"

// weights is a law on the whole numbers by its mode and the ratios of its
// neighbours, which need no factorials and lose nothing at large counts.
type weights struct {
	mode float64
	up   func(i float64) float64 // p(i+1)/p(i)
	down func(i float64) float64 // p(i-1)/p(i)
}

// poisson is the law of the number of keys in a block with a given mean.
func poisson(mean float64) weights {
	return weights{
		mode: math.Floor(mean),
		up:   func(i float64) float64 { return mean / (i + 1) },
		down: func(i float64) float64 { return i / mean },
	}
}

// binomial is the law of n trials of probability p in (0, 1].
func binomial(n, p float64) weights {
	if p >= 1 {
		zero := func(float64) float64 { return 0 }
		return weights{mode: n, up: zero, down: zero}
	}
	odds := p / (1 - p)
	return weights{
		mode: min(math.Floor((n+1)*p), n),
		up:   func(i float64) float64 { return (n - i) / (i + 1) * odds },
		down: func(i float64) float64 { return i / ((n - i + 1) * odds) },
	}
}

// mixture is the mean of a rate over a law. Weights below 1e-60 of the mode's
// are left out.
func mixture(law weights, rate func(i float64) (rate, abs float64)) float64 {
	const floor = 1e-60
	sum, _ := rate(law.mode)
	total := 1.0
	for i, w := law.mode, 1.0; ; i++ {
		w *= law.up(i)
		if !(w > floor) {
			break
		}
		r, _ := rate(i + 1)
		sum += w * r
		total += w
	}
	for i, w := law.mode, 1.0; i > 0; i-- {
		w *= law.down(i)
		if !(w > floor) {
			break
		}
		r, _ := rate(i - 1)
		sum += w * r
		total += w
	}
	return min(sum/total, 1)
}
