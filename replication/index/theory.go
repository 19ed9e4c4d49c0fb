package index

import "math"

// Threshold is the rate of writes to the table, in writes/s, up to which the most loaded partition of the index can follow: capacity/maxShare, where
// capacity is that of one partition and maxShare the share of the writes that goes to it. With even shares it is capacity times the
// number of partitions; with one hot key of share h it is never above capacity/h, however many partitions there are.
// As all closed forms here it is NaN for arguments without meaning.
func Threshold(capacity, maxShare float64) float64 {
	if !(capacity > 0 && maxShare > 0 && maxShare <= 1) {
		return math.NaN()
	}
	return capacity / maxShare
}

// LagMean is the mean lag of a partition in seconds: the propagation's mean, a service, and the wait rho (1 + cv2) s/(2 (1 - rho)) of
// M/G/1, with s = 1/capacity and rho = rate/capacity (Pollaczek and Khinchine). cv2 is 0 for constant services (M/D/1) and 1 for
// exponential ones (M/M/1). Exact for constant propagation and no throttling; +Inf at load >= 1.
func LagMean(rate, capacity, cv2, propagation float64) float64 {
	if !(rate >= 0 && capacity > 0 && cv2 >= 0 && propagation >= 0) {
		return math.NaN()
	}
	rho := rate / capacity
	if rho >= 1 {
		return math.Inf(1)
	}
	return propagation + (1+rho*(1+cv2)/(2*(1-rho)))/capacity
}

// LagSurvival is the probability of a lag above t for exponential services and constant propagation: e^(-(capacity - rate) (t - propagation)).
func LagSurvival(rate, capacity, propagation, t float64) float64 {
	switch {
	case !(rate >= 0 && capacity > 0 && propagation >= 0) || math.IsNaN(t):
		return math.NaN()
	case t < propagation || rate >= capacity:
		return 1
	}
	return math.Exp(-(capacity - rate) * (t - propagation))
}

// ThrottledFraction is the share of a partition's writes that are refused under load rho, in the long run: what is above the capacity,
// 1 - 1/rho, 0 at load <= 1 (fluid: the bound is large).
func ThrottledFraction(rho float64) float64 {
	if !(rho >= 0) {
		return math.NaN()
	}
	return max(1-1/max(rho, 1), 0)
}

// ThrottledQueue is that share for exponential services, no propagation and a bound of k writes, exactly (M/M/1/k):
// (1 - rho) rho^k/(1 - rho^(k+1)).
func ThrottledQueue(rho float64, k int) float64 {
	switch {
	case !(rho >= 0) || k < 1 || math.IsInf(rho, 1):
		return math.NaN()
	case rho == 1:
		return 1 / float64(k+1)
	case rho > 1: // the same by 1/rho, without overflow
		x := 1 / rho
		return (1 - x) / -math.Expm1(float64(k+1)*math.Log(x))
	}
	return (1 - rho) * math.Pow(rho, float64(k)) / -math.Expm1(float64(k+1)*math.Log(rho))
}

// BoundedLag is about the lag of a partition at load > 1, in seconds: the bound is full of writes that go at the partition's capacity.
func BoundedLag(capacity float64, maxBacklog int) float64 {
	if !(capacity > 0) || maxBacklog < 1 {
		return math.NaN()
	}
	return float64(maxBacklog) / capacity
}

// StaleFraction is the probability that a read of one key misses a write, if the key's writes come at a rate and each has the same lag:
// 1 - e^(-rate lag).
func StaleFraction(keyRate, lag float64) float64 {
	if !(keyRate >= 0 && lag >= 0) {
		return math.NaN()
	}
	return -math.Expm1(-keyRate * lag)
}
