// Package chance has the sums, integrals and draws that several parts of the model of Raft need.
package chance

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/law"
)

// AtLeast is P(Bin(n, p) >= k).
func AtLeast(n, k int, p float64) float64 {
	sum := 0.0
	for i := max(k, 0); i <= n; i++ {
		sum += choose(n, i) * math.Pow(p, float64(i)) * math.Pow(1-p, float64(n-i))
	}
	return min(sum, 1)
}

func choose(n, k int) float64 {
	c := 1.0
	for i := 1; i <= k; i++ {
		c *= float64(n-k+i) / float64(i)
	}
	return math.Round(c)
}

// LengthBiased draws from U[low, high] weighted by length.
func LengthBiased(low, high float64, r *rand.Rand) float64 {
	return math.Sqrt(low*low + r.Float64()*(high*high-low*low))
}

// Fixed is the time in seconds that a law always takes, or -1.
func Fixed(l law.Law) float64 {
	if d, ok := l.Fixed(); ok {
		return d.Seconds()
	}
	return -1
}

// Point is one of a law with its share, for integrals over it.
type Point struct{ X, Weight float64 }

// Points are those of Thin that are dense enough for most laws.
func Points(l law.Law) []Point { return Thin(l, 1.0/32) }

// Thin takes the points of the double exponential rule in steps of h, which lie dense at both ends of the law.
func Thin(l law.Law, h float64) []Point {
	if x := Fixed(l); x >= 0 {
		return []Point{{x, 1}}
	}
	var points []Point
	sum := 0.0
	for u := -3.0; u <= 3; u += h {
		s := math.Pi / 2 * math.Sinh(u)
		p := 1 / (1 + math.Exp(-2*s))
		if p >= 1 {
			break
		}
		w := math.Cosh(u) / (math.Cosh(s) * math.Cosh(s))
		points = append(points, Point{l.Quantile(p), w})
		sum += w
	}
	for i := range points {
		points[i].Weight /= sum
	}
	return points
}
