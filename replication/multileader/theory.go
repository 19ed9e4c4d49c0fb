package multileader

import "math"

// ConflictRate is how many pairs of writes of one key a second do not know of one another:
//
//	n(n-1)/2 lambda^2 2d
//
// for n leaders that each write the key in a Poisson stream of that rate, d seconds apart (one way, constant): a write at x is in conflict
// with all of another leader's in (x - d, x + d). All keys together: the sum over their rates. A random delay that
// overtakes nothing counts by its mean. As all closed forms here it is NaN for arguments without meaning.
func ConflictRate(leaders int, rate, delay float64) float64 {
	if !(leaders >= 1 && rate >= 0 && delay >= 0) {
		return math.NaN()
	}
	n := float64(leaders)
	return n * (n - 1) * rate * rate * delay
}

// ConflictProbability is the probability that a write is in conflict with at least one other: 1 - e^(-2 (n-1) rate delay). Assumptions as in
// ConflictRate.
func ConflictProbability(leaders int, rate, delay float64) float64 {
	if !(leaders >= 1 && rate >= 0 && delay >= 0) {
		return math.NaN()
	}
	return -math.Expm1(-2 * float64(leaders-1) * rate * delay)
}

// PartitionConflicts is how many pairs a partition between two leaders of a key adds, on average: rateA rateB length^2. All writes of
// both sides in it are in conflict; what this takes from ConflictRate inside, the edges give back (exact if the partition is
// longer than the delay).
func PartitionConflicts(rateA, rateB, length float64) float64 {
	if !(rateA >= 0 && rateB >= 0 && length >= 0) {
		return math.NaN()
	}
	return rateA * rateB * length * length
}

// Inverted is the share of a leader's writes with a timestamp below that of an earlier write of another leader, whose clock is skew
// seconds ahead of its own and which writes the key at that rate: 1 - e^(-rate skew). By last-writer-wins the later write loses.
func Inverted(rate, skew float64) float64 {
	if !(rate >= 0) || math.IsNaN(skew) {
		return math.NaN()
	}
	return -math.Expm1(-rate * max(skew, 0))
}

// Swallowed is the share of its writes that vanish although their leader had the other write: 1 - e^(-rate (skew - delay)), 0 if
// the clock is ahead by less than the delay. HybridClock has none.
func Swallowed(rate, skew, delay float64) float64 {
	if !(delay >= 0) {
		return math.NaN()
	}
	return Inverted(rate, skew-delay)
}
