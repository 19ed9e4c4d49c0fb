package trace

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// The published fits: Shahrad et al., ATC 2020, section 3.
const (
	workMu     = -0.38 // of the lognormal law of functions' mean execution times in seconds
	workSigma  = 2.36
	burrC      = 11.652 // of the Burr law of applications' memory
	burrK      = 0.221
	burrLambda = 107.083 // MB

	hourly               = 24.0 // requests/day
	minutely             = 1440.0
	atHourly, atMinutely = 0.45, 0.814 // shares of applications that have at most as many
	tail                 = 0.609       // Pareto index above minutely: so the 18.6 % there make 99.6 % of requests, up to 1e8 a day
)

// appRate is the quantile of applications' requests per day, from 1 to most.
func appRate(p, most float64) float64 {
	switch {
	case p < atHourly:
		return math.Pow(hourly, p/atHourly)
	case p < atMinutely:
		return hourly * math.Pow(minutely/hourly, (p-atHourly)/(atMinutely-atHourly))
	}
	q := min(1, (p-atMinutely)/(1-atMinutely))
	cut := 1 - math.Pow(minutely/most, tail)
	return minutely * math.Pow(1-q*cut, -1/tail)
}

// memoryMB is the quantile of applications' memory in MB.
func memoryMB(p float64) float64 {
	return burrLambda * math.Pow(math.Pow(1-p, -1/burrK)-1, 1/burrC)
}

// appSize is the quantile of functions in an application: 54 % have 1 and 95 % at most 10; up to 100 is an assumption.
func appSize(p float64) int {
	switch {
	case p < 0.54:
		return 1
	case p < 0.95:
		return int(2 * math.Pow(11.0/2, (p-0.54)/(0.95-0.54)))
	}
	return int(11 * math.Pow(101.0/11, (p-0.95)/0.05))
}

// functionShares and requestShares are by Trigger; storage, orchestration and others divide what the paper's other
// four leave.
func functionShares() [triggers]float64 {
	return [triggers]float64{0.55, 0.156, 0.022, 0.152, 0.04, 0.04, 0.04}
}

func requestShares() [triggers]float64 {
	return [triggers]float64{0.36, 0.02, 0.247, 0.335, 0.038 / 3, 0.038 / 3, 0.038 / 3}
}

// mostTimer is the highest rate of a timer, one request a second.
const mostTimer = 86_400.0

// assignTriggers gives every function a trigger, the busiest first, always the one that is farthest from its share of
// requests and has functions left.
func assignTriggers(functions []Function, rates []float64) {
	order := make([]int32, len(rates))
	sum := 0.0
	for i := range order {
		order[i] = int32(i)
		sum += rates[i]
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(rates[j], rates[i]), cmp.Compare(i, j))
	})
	left, missing := quotas(len(rates)), requestShares()
	for t := range missing {
		missing[t] *= sum
	}
	for _, i := range order {
		best := -1
		for t := range left {
			open := left[t] > 0 && (Trigger(t) != Timer || rates[i] <= mostTimer)
			if open && (best < 0 || missing[t] > missing[best]) {
				best = t
			}
		}
		best = max(best, 0)
		functions[i].Trigger = Trigger(best)
		left[best]--
		missing[best] -= rates[i]
	}
}

// quotas are how many of n functions have each trigger.
func quotas(n int) (left [triggers]int) {
	before, sum := 0, 0.0
	for t, share := range functionShares() {
		sum += share
		after := int(math.Round(min(sum, 1) * float64(n)))
		left[t] = after - before
		before = after
	}
	return left
}

// counter draws Poisson numbers.
type counter struct {
	random *rand.Rand
	left   float64 // of the current gap of a unit Poisson process
}

func (c *counter) draw(mean float64) int64 {
	if mean > 16 {
		return large(c.random, mean)
	}
	n := int64(0)
	for c.left -= mean; c.left < 0; n++ {
		c.left += c.random.ExpFloat64()
	}
	return n
}

// large is Hörmann's transformed rejection (PTRS, "The transformed rejection method for generating Poisson random
// variables", 1993), for means of 10 or more.
func large(r *rand.Rand, mean float64) int64 {
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	inverse := 1.1239 + 1.1328/(b-3.4)
	fast := 0.9277 - 3.6224/(b-2)
	log := math.Log(mean)
	for {
		u, v := r.Float64()-0.5, r.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= fast {
			return int64(k)
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		gamma, _ := math.Lgamma(k + 1)
		if math.Log(v)+math.Log(inverse)-math.Log(a/(us*us)+b) <= k*log-mean-gamma {
			return int64(k)
		}
	}
}
