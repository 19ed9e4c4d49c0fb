package theory

import (
	"math"
	"time"
)

// positive tells whether x is a finite number above 0.
func positive(x float64) bool { return x > 0 && x <= math.MaxFloat64 }

// ErlangB is the share of Poisson arrivals that find all of a number of servers busy and are lost, under an offered load
// of rate x mean service time, whatever the law of service: B(0) = 1, B(k) = aB(k-1)/(k + aB(k-1)). It is the throttled share
// at a concurrency limit, if cold starts take no longer and nobody retries, and the share that spills over from provisioned
// environments. Servers in [0, 1e8], load finite and >= 0.
func ErlangB(servers int, load float64) float64 {
	if servers < 0 || servers > 1e8 || !(load >= 0 && load <= math.MaxFloat64) {
		return math.NaN()
	}
	b := 1.0
	for k := 1; k <= servers; k++ {
		b = nextB(b, load, k)
		if b == 0 {
			return 0
		}
	}
	return b
}

// nextB is B(k, load) from B(k-1, load); written so that a huge load does not overflow.
func nextB(b, load float64, k int) float64 {
	if b == 0 || load == 0 {
		return 0
	}
	return 1 / (1 + float64(k)/load/b)
}

// ErlangBInverse is the least number of servers whose loss ErlangB is at most loss: how many provisioned environments a
// spill-over needs. Loss in (0, 1], load in [0, 5e7]; -1 outside.
func ErlangBInverse(load, loss float64) int {
	if !(load >= 0 && load <= 5e7 && loss > 0 && loss <= 1) {
		return -1
	}
	b, k := 1.0, 0
	for b > loss {
		k++
		b = nextB(b, load, k)
	}
	return k
}

// ColdPoisson is the share of cold requests among Poisson arrivals if service takes no time: exp(-rate x keep). The mean
// number of environments is 1 minus that. rate > 0, keep >= 0. With service times it is a lower bound in practice:
// requests that overlap start cold at any keep-alive.
func ColdPoisson(rate float64, keep time.Duration) float64 {
	if !positive(rate) || keep < 0 {
		return math.NaN()
	}
	return math.Exp(-rate * keep.Seconds())
}

// ColdRenewal is the same for independent gaps of any law: P(gap > keep). A gap of exactly keep is warm.
func ColdRenewal(gaps Law, keep time.Duration) float64 {
	if gaps.Validate() != nil || keep < 0 {
		return math.NaN()
	}
	return gaps.Survival(keep.Seconds())
}

// ColdHalving is the share of cold requests of Poisson arrivals without service time if an idle environment survives the end of
// each period with probability 1/2 (Copik et al., SeBS, Middleware 2021, saw 380 s): q/(2 - q) with q = exp(-rate x period).
// rate > 0, period >= 0.
func ColdHalving(rate float64, period time.Duration) float64 {
	q := ColdPoisson(rate, period)
	return q / (2 - q)
}

// Halved is how many of a number of environments are still warm after a time without requests (SeBS, equation 1):
// n x 2^-floor(after/period). n >= 0, after >= 0, period > 0.
func Halved(n float64, after, period time.Duration) float64 {
	if !(n >= 0) || after < 0 || period <= 0 {
		return math.NaN()
	}
	return n * math.Exp2(-float64(after/period))
}

// Single is the steady state of at most one environment.
type Single struct {
	Cold             float64 `json:"cold_probability"` // of the accepted requests
	RejectedFraction float64 `json:"rejected"`         // share of all requests
	Busy             float64 `json:"running_mean"`
	Idle             float64 `json:"idle_mean"`
}

// ColdCap1 is exact for a concurrency limit of 1 and any service laws of mean warm and cold (the latter with the start):
// cold exp(-rate x keep), rejected B = a/(1 + a) with a = rate x (warm + Cold (cold - warm)), idle (1 - B)(1 - Cold).
// rate > 0, times >= 0.
func ColdCap1(rate float64, warm, cold, keep time.Duration) Single {
	if warm < 0 || cold < 0 {
		rate = math.NaN()
	}
	p := ColdPoisson(rate, keep)
	a := RunningMean(rate, warm, cold, p)
	b := a / (1 + a)
	return Single{Cold: p, RejectedFraction: b, Busy: b, Idle: (1 - b) * (1 - p)}
}

// RunningMean is the mean number of environments that serve, by Little's law: rate x (warm + p (cold - warm)), where warm and cold
// are mean response times and p is the share of cold requests. rate > 0, times >= 0, p in [0, 1].
func RunningMean(rate float64, warm, cold time.Duration, p float64) float64 {
	if !positive(rate) || warm < 0 || cold < 0 || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return rate * ((1-p)*warm.Seconds() + p*cold.Seconds())
}

// InstancesMean is the mean number of environments, by Little's law: they come at a rate of rate x p and live for life.
func InstancesMean(rate, p float64, life time.Duration) float64 {
	return RunningMean(rate, 0, life, p)
}

// IdleGap is how many GB-seconds an environment idles in one gap: min(gap, keep) x memory. gap, keep >= 0, memory in MB > 0.
func IdleGap(gap, keep time.Duration, memoryMB int) float64 {
	if gap < 0 || keep < 0 || memoryMB <= 0 {
		return math.NaN()
	}
	return min(gap, keep).Seconds() * float64(memoryMB) / 1024
}

// IdlePerRequest is how many GB-seconds an environment idles for each request, of Poisson arrivals without service time:
// memory x (1 - exp(-rate x keep))/rate. rate > 0, keep >= 0, memory in MB > 0.
func IdlePerRequest(rate float64, keep time.Duration, memoryMB int) float64 {
	if !positive(rate) || keep < 0 || memoryMB <= 0 {
		return math.NaN()
	}
	return float64(memoryMB) / 1024 * -math.Expm1(-rate*keep.Seconds()) / rate
}
