package theory

import "math"

// pageBytes is the size of a guest page, livemigration.PageBytes.
const pageBytes = 4096

// outside tells whether a number is negative or NaN.
func outside(numbers ...float64) bool {
	for _, x := range numbers {
		if !(x >= 0) {
			return true
		}
	}
	return false
}

// Geometric is the closed form of pre-copy with a constant dirty rate: each
// round sends lambda = dirtied/sent times the one before.
type Geometric struct {
	Rounds   int     // live rounds until the next one fits the limit
	Final    float64 // bytes sent with the guest stopped
	Downtime float64 // s
	Total    float64 // s
	Sent     float64 // bytes, Final included
}

// GeometricSeries is pre-copy of memory bytes at bandwidth bytes/s under a constant dirty rate
// (bytes/s) with a downtime limit in seconds: V_i = memory lambda^i, n = ceil(ln(limit
// bandwidth/memory) / ln lambda). ok is false if it never ends (lambda >= 1 and memory does not
// fit), and for a number that is negative or NaN.
func GeometricSeries(memory, bandwidth, dirtyRate, limit float64) (g Geometric, ok bool) {
	lambda := dirtyRate / bandwidth
	fit := limit * bandwidth
	switch {
	case outside(memory, bandwidth, dirtyRate, limit):
		return g, false
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
// 1 + W0(-lambda e^-lambda)/lambda with Lambert's W, 0 for lambda <= 1, and NaN
// for lambda < 0. It is also the survival probability of a Poisson branching
// process with mean lambda.
func UniformPlateau(lambda float64) float64 {
	switch {
	case outside(lambda):
		return math.NaN()
	case lambda <= 1:
		return 0
	case math.IsInf(lambda, 1):
		return 1
	}
	return 1 + lambertW(-lambda*math.Exp(-lambda))/lambda
}

// DrainPlateau is the share of a uniformly written working set that is dirty
// after each sync of the drain semantics, when one slice goes out between
// syncs; slice is what a slice sends, as a share of the working set. It is
// 1 - slice/(e^(lambda slice) - 1), which tends to 1 - 1/lambda for short slices,
// and UniformPlateau where a slice sends all that is dirty. It is NaN for a
// negative number.
func DrainPlateau(lambda, slice float64) float64 {
	switch {
	case outside(lambda, slice):
		return math.NaN()
	case lambda == 0:
		return 0
	}
	plateau := 1 - 1/lambda + slice/2
	if lambda*slice > 1e-9 {
		plateau = 1 - slice/math.Expm1(lambda*slice)
	}
	return math.Max(0, math.Min(plateau, UniformPlateau(lambda)))
}

// UniformConverges reports whether pre-copy by rounds ends for uniform writes at rate bytes/s over
// a working set of bytes, with a downtime limit in seconds: always if rate <= bandwidth, else only
// if the plateau fits the limit.
func UniformConverges(rate, workingSet, bandwidth, limit float64) bool {
	return rate <= bandwidth || workingSet*UniformPlateau(rate/bandwidth) <= limit*bandwidth
}

// DrainConverges is UniformConverges for the drain semantics, whose slice is in seconds (0 =
// infinitely short).
func DrainConverges(rate, workingSet, bandwidth, limit, slice float64) bool {
	return rate <= bandwidth || workingSet*DrainPlateau(rate/bandwidth, slice*bandwidth/workingSet) <= limit*bandwidth
}

// lambertW is the principal branch W0: the w >= -1 with w e^w = x, for
// x >= -1/e. It is NaN below that.
func lambertW(x float64) float64 {
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

// Bounds are the best and the worst case of a quantity.
type Bounds struct{ Low, High float64 }

// AkoushBounds are the bounds on total time and downtime, in seconds, of Xen's legacy stop rules:
// data between one and five times the memory, less one page. before and after are the fixed times
// around the copy, in seconds. (S. Akoush, R. Sohan, A. Rice, A. W. Moore, A. Hopper, Predicting
// the Performance of Virtual Machine Migration, MASCOTS 2010.)
func AkoushBounds(memory, bandwidth, before, after float64) (total, downtime Bounds) {
	total = Bounds{before + after + memory/bandwidth, before + after + (5*memory-pageBytes)/bandwidth}
	return total, Bounds{after, after + memory/bandwidth}
}

// PostCopyFaults is the expected number of pages that a guest has to wait for
// in post-copy, when it touches pages of a working set for the first time at
// random, rate pages a second, while the push of everything takes seconds:
// F = W (1 - (1 - e^-x)/x) with x = rate seconds/W. It takes W for small against
// what is pushed; Simulate also counts the time that faults take from the push.
// It is NaN for a negative number.
func PostCopyFaults(workingSetPages, rate, seconds float64) float64 {
	if outside(workingSetPages, rate, seconds) {
		return math.NaN()
	}
	return workingSetPages * ClearOnSendShare(rate*seconds/workingSetPages)
}

// ClearOnSendShare is the share of a uniformly written region that is dirty at the end of one scan
// over it, if only writes after a page was sent count; x = bytes written during the scan over bytes
// of the region. It is the mean of 1 - e^-y for y uniform in [0, x], 1 - (1 - e^-x)/x, and NaN for
// x < 0.
func ClearOnSendShare(x float64) float64 {
	switch {
	case x < 0:
		return math.NaN()
	case x < 0.02: // by its series, where the difference would cancel
		return x * (1.0/2 - x*(1.0/6-x*(1.0/24-x*(1.0/120-x/720))))
	case math.IsInf(x, 1):
		return 1
	}
	return 1 + math.Expm1(-x)/x
}

// MirrorSeconds is the time to copy a disk of so many bytes at bandwidth
// bytes/s while the guest writes uniformly at writes bytes/s, and writes behind
// the cursor are mirrored: -(disk/writes) ln(1 - writes/bandwidth). It is +Inf
// if writes >= bandwidth, and NaN for a negative number.
func MirrorSeconds(disk, bandwidth, writes float64) float64 {
	switch {
	case outside(disk, bandwidth, writes):
		return math.NaN()
	case writes >= bandwidth:
		return math.Inf(1)
	case writes < bandwidth*1e-12:
		return disk / bandwidth
	}
	return -disk / writes * math.Log1p(-writes/bandwidth)
}

// ExpectedDowntime is what QEMU reports while it copies: bytes that were dirty
// at the last sync over bandwidth, in seconds. It is NaN for a negative number.
func ExpectedDowntime(remaining, bandwidth float64) float64 {
	if outside(remaining, bandwidth) {
		return math.NaN()
	}
	return remaining / bandwidth
}
