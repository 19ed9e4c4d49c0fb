package law

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// Law is the law of a random time that is not negative.
type Law struct {
	kind   kind
	shift  time.Duration // fixed time before the random one
	a, b   time.Duration // mean; or least and greatest
	shape  float64       // phases, cv2, cv or alpha
	values string        // of an empirical law: its sorted times, as text
}

type kind uint8

const (
	constant kind = iota
	exponential
	erlang
	hyper
	lognormal
	uniform
	pareto
	empirical
)

const (
	longest    = 10 * 365 * 24 * time.Hour
	mostPhases = 1000
	mostValues = 100_000
)

// Const always takes d.
func Const(d time.Duration) Law { return Law{kind: constant, a: d} }

// Exp is exponential.
func Exp(mean time.Duration) Law { return Law{kind: exponential, a: mean} }

// Erlang is the sum of k equal exponential phases, k in [1, 1000].
func Erlang(k int, mean time.Duration) Law { return Law{kind: erlang, a: mean, shape: float64(k)} }

// Hyper is one of two exponential times, with balanced means; cv2 is variance/mean^2, in [1, 1e6].
func Hyper(cv2 float64, mean time.Duration) Law { return Law{kind: hyper, a: mean, shape: cv2} }

// Lognormal has the given mean and coefficient of variation, in [0, 1000].
func Lognormal(mean time.Duration, cv float64) Law { return Law{kind: lognormal, a: mean, shape: cv} }

// Uniform lies evenly between low and high.
func Uniform(low, high time.Duration) Law { return Law{kind: uniform, a: low, b: high} }

// Pareto has P(X > t) = (xm/t)^alpha above xm = mean (alpha-1)/alpha; alpha in (1, 1000]. The variance is infinite
// for alpha <= 2.
func Pareto(alpha float64, mean time.Duration) Law { return Law{kind: pareto, a: mean, shape: alpha} }

// After is the law that takes d before a time of this law begins.
func (l Law) After(d time.Duration) Law {
	l.shift += d
	return l
}

// IsZero tells whether the law takes no time at all.
func (l Law) IsZero() bool {
	return l.shift == 0 && (l.kind == constant || l.kind == exponential || l.kind == erlang) && l.a == 0
}

// Fixed tells whether the law always takes the same time, and which.
func (l Law) Fixed() (time.Duration, bool) {
	return l.shift + l.a, l.kind == constant || l.kind == uniform && l.a == l.b
}

// Exponential tells whether the law is exponential.
func (l Law) Exponential() bool { return l.kind == exponential && l.shift == 0 }

// Validate says what is wrong with the law, or nothing.
func (l Law) Validate() error {
	switch {
	case l.shift < 0 || l.a < 0 || l.b < 0:
		return errors.New("negative time")
	case l.shift > longest || l.a > longest || l.b > longest:
		return errors.New("longer than 10 years")
	}
	want := ""
	switch l.kind {
	case erlang:
		want = inside(l.shape, 1, mostPhases, "phases")
	case hyper:
		want = inside(l.shape, 1, 1e6, "cv2")
	case lognormal:
		want = inside(l.shape, 0, 1000, "cv")
	case pareto:
		want = inside(l.shape, math.Nextafter(1, 2), 1000, "alpha")
	case uniform:
		if l.a > l.b {
			return fmt.Errorf("from %v down to %v", l.a, l.b)
		}
	case empirical:
		if l.values == "" {
			return errors.New("no values")
		}
	}
	if want != "" {
		return errors.New(want)
	}
	return nil
}

func inside(x, low, high float64, name string) string {
	if x >= low && x <= high {
		return ""
	}
	if name == "alpha" {
		return fmt.Sprintf("alpha = %v, want in (1, %v]", x, high)
	}
	return fmt.Sprintf("%s = %v, want in [%v, %v]", name, x, low, high)
}

// Mean is in seconds.
func (l Law) Mean() float64 {
	switch l.kind {
	case uniform:
		return (l.shift + l.a).Seconds() + (l.b-l.a).Seconds()/2
	case empirical:
		var sum float64
		values := l.sorted()
		for _, v := range values {
			sum += v
		}
		return l.shift.Seconds() + sum/float64(len(values))
	}
	return (l.shift + l.a).Seconds()
}

// Variance is in square seconds; +Inf for a Pareto law with alpha <= 2.
func (l Law) Variance() float64 {
	m := l.a.Seconds()
	switch l.kind {
	case exponential:
		return m * m
	case erlang:
		return m * m / l.shape
	case hyper:
		return m * m * l.shape
	case lognormal:
		return m * m * l.shape * l.shape
	case uniform:
		w := (l.b - l.a).Seconds()
		return w * w / 12
	case pareto:
		if l.shape <= 2 {
			return math.Inf(1)
		}
		return m * m / (l.shape * (l.shape - 2))
	case empirical:
		mean, sum := l.Mean()-l.shift.Seconds(), 0.0
		values := l.sorted()
		for _, v := range values {
			sum += (v - mean) * (v - mean)
		}
		return sum / float64(len(values))
	}
	return 0
}

// CV2 is the squared coefficient of variation, variance/mean^2; 0 if the mean is 0.
func (l Law) CV2() float64 {
	mean := l.Mean()
	if mean == 0 {
		return 0
	}
	return l.Variance() / (mean * mean)
}

// phases are the share of the first phase of a hyperexponential law and the means of both, in seconds.
func (l Law) phases() (p, m1, m2 float64) {
	p = (1 + math.Sqrt((l.shape-1)/(l.shape+1))) / 2
	m := l.a.Seconds()
	return p, m / (2 * p), m / (2 * (1 - p))
}

// normal are the parameters of a lognormal law's logarithm, in ln seconds.
func (l Law) normal() (mu, sigma float64) {
	s2 := math.Log1p(l.shape * l.shape)
	return math.Log(l.a.Seconds()) - s2/2, math.Sqrt(s2)
}

// least is the least value of a Pareto law, in seconds.
func (l Law) least() float64 { return l.a.Seconds() * (l.shape - 1) / l.shape }

func (l Law) sorted() []float64 {
	parts := strings.Split(l.values, ",")
	values := make([]float64, len(parts))
	for i, p := range parts {
		d, _ := time.ParseDuration(p) // written by Empirical
		values[i] = d.Seconds()
	}
	return values
}
