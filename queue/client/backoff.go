package client

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// maxBackoff bounds Base and Cap.
const maxBackoff = 24 * time.Hour

// Backoff is how long a client waits before a retry. The zero value does not
// wait. As text and in JSON it is "none" or, for example,
// "full-jitter:50ms,20s" (base, cap).
type Backoff struct {
	Jitter Jitter
	Base   time.Duration // [0, 24 h]
	Cap    time.Duration // [Base, 24 h]
}

// String is the law as ParseBackoff reads it.
func (b Backoff) String() string {
	if b == (Backoff{}) {
		return b.Jitter.String()
	}
	return fmt.Sprintf("%v:%v,%v", b.Jitter, b.Base, b.Cap)
}

// ParseBackoff reads "none" or NAME:BASE,CAP.
func ParseBackoff(text string) (Backoff, error) {
	name, rest, more := strings.Cut(text, ":")
	var b Backoff
	if err := b.Jitter.UnmarshalText([]byte(name)); err != nil {
		return Backoff{}, err
	}
	if !more && b.Jitter == None {
		return b, nil
	}
	low, high, ok := strings.Cut(rest, ",")
	if !ok {
		return Backoff{}, fmt.Errorf("client: backoff %q, want NAME:BASE,CAP such as full-jitter:50ms,20s", text)
	}
	var err error
	if b.Base, err = time.ParseDuration(strings.TrimSpace(low)); err == nil {
		b.Cap, err = time.ParseDuration(strings.TrimSpace(high))
	}
	if err != nil {
		return Backoff{}, fmt.Errorf("client: backoff %q: %w", text, err)
	}
	return b, nil
}

// MarshalText writes what String says.
func (b Backoff) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (b *Backoff) UnmarshalText(text []byte) error {
	parsed, err := ParseBackoff(string(text))
	if err == nil {
		*b = parsed
	}
	return err
}

// Problems are all fields that are out of range, each in the form "Field = value, want in [a, b]".
func (b Backoff) Problems() []error {
	var list []error
	span := func(name string, d, low time.Duration) {
		if d < low || d > maxBackoff {
			list = append(list, fmt.Errorf("%s = %v, want in [%v, %v]", name, d, low, maxBackoff))
		}
	}
	if b.Jitter < None || b.Jitter > Decorrelated {
		list = append(list, fmt.Errorf("Jitter = %d, want none, exponential, full-jitter, equal-jitter or decorrelated", b.Jitter))
	}
	span("Base", b.Base, 0)
	span("Cap", b.Cap, max(0, b.Base))
	return list
}

// window is min(cap, base 2^n) in nanoseconds.
func (b Backoff) window(n int) float64 {
	return min(float64(b.Cap), math.Ldexp(float64(b.Base), min(max(n, 0), 60)))
}

// Wait draws the wait before retry n >= 1, after a wait of before (which only the decorrelated law looks at; 0 at the first
// retry).
func (b Backoff) Wait(n int, before time.Duration, r *rand.Rand) time.Duration {
	switch b.Jitter {
	case Exponential:
		return time.Duration(b.window(n))
	case FullJitter:
		return time.Duration(r.Float64() * b.window(n))
	case EqualJitter:
		half := b.window(n) / 2
		return time.Duration(half + r.Float64()*half)
	case Decorrelated:
		low := float64(b.Base)
		high := 3 * max(low, float64(before))
		return time.Duration(min(float64(b.Cap), low+r.Float64()*(high-low)))
	}
	return 0
}

// Mean is the mean wait before retry n >= 1. It is exact but for the
// decorrelated law with 3^n Base > Cap, where it comes from integrating the
// law's recursion numerically, to 0.2 %. Below the cap that law's mean follows
// m <- (b + 3 m)/2 from m = b.
func (b Backoff) Mean(n int) time.Duration {
	if n < 1 {
		return 0
	}
	switch b.Jitter {
	case Exponential:
		return time.Duration(b.window(n))
	case FullJitter:
		return time.Duration(b.window(n) / 2)
	case EqualJitter:
		return time.Duration(b.window(n) * 3 / 4)
	case Decorrelated:
		return time.Duration(b.decorrelatedMean(n))
	}
	return 0
}

// decorrelatedMean is the mean of s_n in nanoseconds.
func (b Backoff) decorrelatedMean(n int) float64 {
	low, high := float64(b.Base), float64(b.Cap)
	if low == 0 {
		return 0
	}
	if math.Pow(3, float64(n))*low <= high {
		m := low
		for range n {
			m = (low + 3*m) / 2
		}
		return m
	}
	return b.cappedMean(min(n, 200), low, high)
}

// cappedMean follows the distribution of s over a geometric grid on [base,
// cap]: P(s <= x), with an atom at base before the first draw and one at the cap.
func (b Backoff) cappedMean(n int, low, high float64) float64 {
	const points = 400
	if high == low {
		return low
	}
	var x, cdf, next [points + 1]float64
	for i := range x {
		x[i] = low * math.Pow(high/low, float64(i)/points)
		cdf[i] = 1 // s_0 = base
	}
	for range n {
		for i := range x {
			next[i] = cdf[0]*uniformCDF(x[i], low, 3*low) + (1-cdf[points])*uniformCDF(x[i], low, 3*high)
			for k := 1; k <= points; k++ {
				next[i] += (cdf[k] - cdf[k-1]) * uniformCDF(x[i], low, 3*(x[k-1]+x[k])/2)
			}
		}
		cdf = next
	}
	mean := low
	for k := 1; k <= points; k++ {
		mean += (1 - (cdf[k-1]+cdf[k])/2) * (x[k] - x[k-1])
	}
	return mean
}

func uniformCDF(x, low, high float64) float64 {
	return min(1, max(0, (x-low)/(high-low)))
}
