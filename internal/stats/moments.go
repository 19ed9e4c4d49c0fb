package stats

import "math"

// Moments are the count, mean and variance of numbers given one by one (Welford's recursion). The zero value is ready.
type Moments struct {
	n        int
	mean, m2 float64
}

// Add takes a number in.
func (m *Moments) Add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.m2 += d * (x - m.mean)
}

// Count is how many numbers there were.
func (m *Moments) Count() int { return m.n }

// Mean is their mean, 0 if there was none.
func (m *Moments) Mean() float64 { return m.mean }

// Variance is the unbiased sample variance, 0 for fewer than two numbers.
func (m *Moments) Variance() float64 {
	if m.n < 2 {
		return 0
	}
	return m.m2 / float64(m.n-1)
}

// SD is the square root of Variance.
func (m *Moments) SD() float64 { return math.Sqrt(m.Variance()) }

// StandardError is that of the mean, 0 for fewer than two numbers.
func (m *Moments) StandardError() float64 {
	if m.n < 2 {
		return 0
	}
	return m.SD() / math.Sqrt(float64(m.n))
}

// MeanInterval is the interval that holds the true mean with the given confidence, in (0, 1), if the numbers are
// independent and their mean about normal: mean -+ t sd/sqrt(n). For fewer than two numbers it is infinite.
func (m *Moments) MeanInterval(confidence float64) (low, high float64) {
	if m.n < 2 {
		return math.Inf(-1), math.Inf(1)
	}
	half := StudentT(0.5+confidence/2, float64(m.n-1)) * m.StandardError()
	return m.mean - half, m.mean + half
}
