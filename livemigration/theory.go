package livemigration

import "math"

// Geometric is the closed form of pre-copy with a constant dirty rate: each
// round sends lambda = dirtied/sent times the one before.
type Geometric struct {
	Rounds   int     // live rounds until the next one fits the limit
	Final    float64 // bytes sent with the guest stopped
	Downtime float64 // s
	Total    float64 // s
	Sent     float64 // bytes, Final included
}

// GeometricSeries is pre-copy of memory bytes at bandwidth bytes/s under a
// constant dirty rate (bytes/s) with a downtime limit in seconds:
// V_i = memory lambda^i, n = ceil(ln(limit bandwidth/memory) / ln lambda).
// ok is false if it never ends (lambda >= 1 and memory does not fit).
func GeometricSeries(memory, bandwidth, dirtyRate, limit float64) (g Geometric, ok bool) {
	lambda := dirtyRate / bandwidth
	fit := limit * bandwidth
	switch {
	case memory <= fit:
		g.Final = memory
	case lambda >= 1 || fit <= 0 && lambda > 0:
		return g, false
	case lambda == 0:
		g.Rounds = 1
	default:
		g.Rounds = int(math.Max(0, math.Ceil(math.Log(fit/memory)/math.Log(lambda))))
		g.Final = memory * math.Pow(lambda, float64(g.Rounds))
	}
	g.Sent = memory
	if lambda > 0 && lambda < 1 {
		g.Sent = memory * (1 - math.Pow(lambda, float64(g.Rounds+1))) / (1 - lambda)
	}
	g.Downtime = g.Final / bandwidth
	g.Total = g.Sent / bandwidth
	return g, true
}

// UniformPlateau is the share of a uniformly written working set that stays
// dirty in round-based pre-copy, for lambda = write rate over bandwidth: the
// positive fixed point of v = 1 - e^(-lambda v), which is
// 1 + W0(-lambda e^-lambda)/lambda with Lambert's W, and 0 for lambda <= 1. It
// is also the survival probability of a Poisson branching process with mean lambda.
func UniformPlateau(lambda float64) float64 {
	if lambda <= 1 {
		return 0
	}
	return 1 + LambertW(-lambda*math.Exp(-lambda))/lambda
}

// DrainPlateau is the share of a uniformly written working set that is dirty
// after each sync of the drain semantics, when one slice goes out between
// syncs; slice is what a slice sends, as a share of the working set. It is
// 1 - slice/(e^(lambda slice) - 1), which tends to 1 - 1/lambda for short slices,
// and UniformPlateau where a slice sends all that is dirty.
func DrainPlateau(lambda, slice float64) float64 {
	if lambda <= 0 {
		return 0
	}
	plateau := 1 - 1/lambda + slice/2
	if lambda*slice > 1e-9 {
		plateau = 1 - slice/math.Expm1(lambda*slice)
	}
	return math.Max(0, math.Min(plateau, UniformPlateau(lambda)))
}

// UniformConverges reports whether pre-copy ends for uniform writes at rate
// bytes/s over a working set of bytes, with a downtime limit in seconds: always
// if rate <= bandwidth, else only if the plateau fits the limit. slice is the
// drain semantics' slice in seconds (0 = infinitely short).
func UniformConverges(s SwitchOver, rate, workingSet, bandwidth, limit, slice float64) bool {
	lambda := rate / bandwidth
	if s == Drain {
		return lambda <= 1 || workingSet*DrainPlateau(lambda, slice*bandwidth/workingSet) <= limit*bandwidth
	}
	return lambda <= 1 || workingSet*UniformPlateau(lambda) <= limit*bandwidth
}

// LambertW is the principal branch W0: the w >= -1 with w e^w = x, for
// x >= -1/e. It is NaN below that.
func LambertW(x float64) float64 {
	if !(x >= -1/math.E-1e-15) {
		return math.NaN()
	}
	p := math.Sqrt(math.Max(0, 2*(math.E*x+1)))
	if p < 1e-4 { // series at the branch point
		return -1 + p - p*p/3 + 11*p*p*p/72
	}
	w := math.Log1p(x)
	if x < 0 {
		w = -1 + p - p*p/3
	}
	for range 50 { // Halley
		e := math.Exp(w)
		f := w*e - x
		step := f / (e*(w+1) - (w+2)*f/(2*w+2))
		w -= step
		if math.Abs(step) <= 1e-16*math.Abs(w) {
			break
		}
	}
	return w
}

// UniqueMean is the expected number of distinct pages after so many writes to
// uniformly drawn pages: N (1 - (1 - 1/N)^writes).
func UniqueMean(pages, writes float64) float64 {
	return pages * -math.Expm1(writes*math.Log1p(-1/pages))
}

// UniqueVariance is the variance of that number for large N:
// N (e^-x - (1+x) e^-2x) with x = writes/N.
func UniqueVariance(pages, writes float64) float64 {
	x := writes / pages
	return pages * (math.Exp(-x) - (1+x)*math.Exp(-2*x))
}

// Bounds are the best and the worst case of a quantity.
type Bounds struct{ Low, High float64 }

// AkoushBounds are the bounds on total time and downtime, in seconds, of Xen's
// legacy stop rules: data between one and five times the memory, less one page.
// before and after are the fixed times around the copy, in seconds.
func AkoushBounds(memory, bandwidth, before, after float64) (total, downtime Bounds) {
	total = Bounds{before + after + memory/bandwidth, before + after + (5*memory-PageBytes)/bandwidth}
	return total, Bounds{after, after + memory/bandwidth}
}

// PostCopyFaults is the expected number of pages that a guest has to wait for
// in post-copy, when it touches pages of a working set for the first time at
// random, rate pages a second, while the push of everything takes seconds:
// F = W (1 - (1 - e^-x)/x) with x = rate seconds/W. It takes W for small against
// what is pushed; Simulate also counts the time that faults take from the push.
func PostCopyFaults(workingSetPages, rate, seconds float64) float64 {
	return workingSetPages * saturationMean(rate*seconds/workingSetPages)
}

// ClearOnSendShare is the share of a uniformly written region that is dirty at
// the end of one scan over it, if only writes after a page was sent count;
// x = bytes written during the scan over bytes of the region.
func ClearOnSendShare(x float64) float64 { return saturationMean(x) }

// MirrorSeconds is the time to copy a disk of so many bytes at bandwidth
// bytes/s while the guest writes uniformly at writes bytes/s, and writes behind
// the cursor are mirrored: -(disk/writes) ln(1 - writes/bandwidth). It is +Inf
// if writes >= bandwidth.
func MirrorSeconds(disk, bandwidth, writes float64) float64 {
	switch {
	case writes >= bandwidth:
		return math.Inf(1)
	case writes < bandwidth*1e-12:
		return disk / bandwidth
	}
	return -disk / writes * math.Log1p(-writes/bandwidth)
}

// ExpectedDowntime is what QEMU reports while it copies: bytes that were dirty
// at the last sync over bandwidth, in seconds.
func ExpectedDowntime(remaining, bandwidth float64) float64 { return remaining / bandwidth }

// OfflineSeconds is the downtime of a suspend to a shared disk and a resume
// from it, with its write and read rates in bytes/s.
func OfflineSeconds(memory, writeRate, readRate, fixed float64) float64 {
	return memory/writeRate + memory/readRate + fixed
}

// LadderEnd is the throttle at which auto-converge comes to rest under a long
// constant dirty rate: the first step at which the guest dirties no more than
// Trigger of what is sent, or the highest.
func (a AutoConverge) LadderEnd(dirtyRate, bandwidth float64) float64 {
	p := 0.0
	for dirtyRate*(1-p) > a.Trigger*bandwidth && p < a.Max {
		p = a.after(p)
	}
	return p
}

// after is the step of the ladder above p.
func (a AutoConverge) after(p float64) float64 {
	if p == 0 {
		return math.Min(a.Initial, a.Max)
	}
	return math.Min(p+a.Increment, a.Max)
}
