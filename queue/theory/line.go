package theory

import (
	"math"
	"math/bits"
	"math/cmplx"
	"slices"
)

// constantLine is the number waiting in [MDc]: a walk with steps N - c, N Poisson
// of mean a, that stops at 0.
type constantLine struct {
	servers int
	rho     float64
	decay   float64   // tau - 1: P(wait > t) falls like e^(-lambda (tau-1) t)
	more    []float64 // P(more than m wait)
}

// survival is P(wait > k D - mean/lambda).
func (l constantLine) survival(k int, mean float64) float64 {
	places := k * l.servers
	first := max(0, int(mean-10*math.Sqrt(mean)-10))
	term, sum := poissonPMF(float64(first), mean), 0.0
	turn := mean * (1 + l.decay)
	for j := first; j < places; j++ {
		part := term
		if m := places - 1 - j; m < len(l.more) {
			part *= l.more[m]
		} else {
			part = 0
		}
		sum += part
		term *= mean / float64(j+1)
		if float64(j) > turn && part < 0.01*epsilon*sum {
			return min(sum, 1)
		}
	}
	for j := places; term > 0.01*epsilon*sum; j++ {
		sum += term
		term *= mean / float64(j+1)
	}
	return min(sum, 1)
}

// newConstantLine splits ln(1 - z^-c e^(a(z-1))) on a circle between 1 and tau
// into powers above and below 0: those above, by Wiener and Hopf, are the
// logarithm of the generating function of the number waiting. There the real part
// of 1 - ... is positive, so the principal logarithm serves.
func newConstantLine(servers int, a float64) constantLine {
	c := float64(servers)
	rho := a / c
	l := constantLine{servers: servers, rho: rho, decay: math.Expm1(tailRate(rho))}
	radius := min(math.Sqrt(1+l.decay), 16)
	nodes := 1 << bits.Len(uint(min(76/math.Log(radius)+4*c, mostNodes-1)))
	f := make([]complex128, nodes)
	for i := range nodes/2 + 1 {
		angle := 2 * math.Pi * float64(i) / float64(nodes)
		sin, cos := math.Sincos(angle)
		step := complex(a*(radius*cos-1)-c*math.Log(radius), a*radius*sin-c*angle)
		f[i] = -cmplx.Log(1 - cmplx.Exp(step))
	}
	mirror(f)
	turns := unitRoots(nodes)
	fourier(f, turns, true)
	total, power := 0.0, 1.0
	for k := 1; k < nodes/2; k++ {
		power *= radius
		total += real(f[k]) / power
		f[k] = complex(real(f[k]), 0)
	}
	f[0] = 0
	clear(f[nodes/2:])
	fourier(f, turns, false)
	for i := range nodes/2 + 1 {
		f[i] = cmplx.Exp(f[i] - complex(total, 0))
	}
	mirror(f)
	fourier(f, turns, true)
	l.more = tails(f, radius, l.decay)
	return l
}

const mostNodes = 1 << 16

// mirror completes the transform of real numbers from its first half.
func mirror(f []complex128) {
	for i := 1; i < len(f)/2; i++ {
		f[len(f)-i] = cmplx.Conj(f[i])
	}
}

// unitRoots are e^(ij 2pi/n) for j < n/2.
func unitRoots(n int) []complex128 {
	turns := make([]complex128, n/2)
	for j := range turns {
		turns[j] = cmplx.Rect(1, 2*math.Pi*float64(j)/float64(n))
	}
	return turns
}

// tails sums P(k wait) = f_k / radius^k from where rounding begins to show.
func tails(f []complex128, radius, decay float64) []float64 {
	last, power := 0, 1.0
	p := make([]float64, 0, len(f)/2)
	for last = range len(f) / 2 {
		term := max(real(f[last]), 0) / power
		if last > 0 && power*math.Pow(1+decay, -float64(last)) < 1e-7 {
			break
		}
		p = append(p, term)
		power *= radius
	}
	after := p[len(p)-1] / decay // a geometric series with the ratio 1/(1+decay)
	for k := len(p) - 1; k >= 0; k-- {
		p[k], after = after, after+p[k]
	}
	return p
}

// tailRate is u > 0 with rho (e^u - 1) = u: the logarithm of tau.
func tailRate(rho float64) float64 {
	gap := func(u float64) float64 { return math.Log(math.Expm1(u)/u) + math.Log(rho) }
	high := 2 * (1 - rho)
	for gap(high) < 0 && high < 300 {
		high *= 2
	}
	return root(gap, (1-rho)/2, min(high, 600))
}

// fourier is the discrete Fourier transform of a power of two of numbers, in
// place: sum of x_j e^(ijk 2pi/n), or its inverse.
func fourier(x, turns []complex128, inverse bool) {
	n := len(x)
	shift := bits.UintSize - uint(bits.Len(uint(n-1)))
	for i := range x {
		if j := int(bits.Reverse(uint(i)) >> shift); j > i {
			x[i], x[j] = x[j], x[i]
		}
	}
	for half := 1; half < n; half *= 2 {
		butterflies(x, turns, half)
	}
	if !inverse {
		return
	}
	slices.Reverse(x[1:])
	for i := range x {
		x[i] /= complex(float64(n), 0)
	}
}

func butterflies(x, turns []complex128, half int) {
	stride := len(turns) / half
	for from := 0; from < len(x); from += 2 * half {
		for i := range half {
			a, b := x[from+i], x[from+i+half]*turns[i*stride]
			x[from+i], x[from+i+half] = a+b, a-b
		}
	}
}
