package lsm

import (
	"fmt"
	"math"
	"slices"
	"time"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/check"
)

// LatencyModel describes one kind of lookup.
type LatencyModel struct {
	// Classes are the pass rates of the runs that are visited, newest first, by
	// class of key; one class of weight 1 if the runs err independently.
	Classes []bloom.KeyClass `json:"classes"`
	// CacheHit is, for each run, the share of its block reads served from memory,
	// [0, 1].
	CacheHit []float64 `json:"cache_hit"`
	// Present says that the key is in the last run of the list.
	Present bool   `json:"present"`
	Medium  Medium `json:"medium"`
	CPU     CPU    `json:"cpu"`
	Hashes  int    `json:"hashes"` // of each filter, [0, 1000]; 0 = no filter
	// Fill is the share of set bits, [0, 1], for the expected number of probes.
	Fill float64 `json:"fill"`
}

// maxTimedRuns bounds the work of Latency.
const maxTimedRuns = 512

// Latency is the distribution of the time of one lookup: a fixed time of the
// processor, and block reads, each from the cache or from the medium. Its
// quantiles are computed, not sampled: exactly for fixed times, by bisection on
// the distribution function for the other laws.
type Latency struct {
	cpu, block float64     // s
	joint      [][]float64 // [reads of the medium][reads of the cache]: probability
	sums       serviceSums
}

// Solve works out the distribution. Every visited filter costs CPU time, as
// does the first hash; a key that passes costs a block read. What the runs' joint
// numbers of reads weigh less than 1e-15 together is left out.
func (m LatencyModel) Solve() (Latency, error) {
	if err := m.validate(); err != nil {
		return Latency{}, err
	}
	l := Latency{block: m.CPU.Block.Seconds(), cpu: m.CPU.Hash.Seconds()}
	runs := len(m.CacheHit)
	for i := range runs {
		var pass float64
		for _, c := range m.Classes {
			pass += c.Weight * c.Rates[i]
		}
		if m.Present && i == runs-1 {
			pass = 1
		}
		ask, err := m.CPU.FilterSeconds(m.Hashes, m.Fill, min(pass, 1))
		if err != nil {
			return Latency{}, err
		}
		l.cpu += ask
	}
	for _, c := range m.Classes {
		rates := slices.Clone(c.Rates)
		if m.Present {
			rates[runs-1] = 1
		}
		l.addClass(c.Weight, jointReads(rates, m.CacheHit))
	}
	l.sums = newServiceSums(m.Medium, len(l.joint)-1)
	return l, nil
}

func (m LatencyModel) validate() error {
	if err := validClasses(m.Classes); err != nil {
		return err
	}
	v := check.Of(ErrInvalidConfig)
	runs := len(m.Classes[0].Rates)
	if runs < 1 || runs > maxTimedRuns || len(m.CacheHit) != runs {
		v.Add("CacheHit: %d values for %d runs, want one for each of 1 to %d runs", len(m.CacheHit), runs, maxTimedRuns)
	}
	for i, h := range m.CacheHit {
		v.Between(fmt.Sprintf("CacheHit[%d]", i), h, 0, 1, "")
	}
	checkMedium(&v, m.Medium)
	checkCPU(&v, m.CPU)
	v.Between("Hashes", float64(m.Hashes), 0, 1000, "")
	v.Between("Fill", m.Fill, 0, 1, "")
	return v.Err()
}

func (l *Latency) addClass(weight float64, joint [][]float64) {
	for a, row := range joint {
		if a == len(l.joint) {
			l.joint = append(l.joint, nil)
		}
		for b, p := range row {
			if b == len(l.joint[a]) {
				l.joint[a] = append(l.joint[a], 0)
			}
			l.joint[a][b] += weight * p
		}
	}
}

// jointReads is the joint law of reads from the medium and from the cache.
func jointReads(rates, hits []float64) [][]float64 {
	joint := [][]float64{{1}}
	for i, p := range rates {
		far, near := p*(1-hits[i]), p*hits[i]
		if far > 0 {
			joint = append(joint, make([]float64, len(joint[0])))
		}
		for a := range joint {
			if near > 0 {
				joint[a] = append(joint[a], 0)
			}
		}
		convolve(joint, far, near)
		joint = trimJoint(joint)
	}
	return joint
}

// convolve adds one run in place.
func convolve(joint [][]float64, far, near float64) {
	for a := len(joint) - 1; a >= 0; a-- {
		for b := len(joint[a]) - 1; b >= 0; b-- {
			p := joint[a][b] * (1 - far - near)
			if a > 0 {
				p += joint[a-1][b] * far
			}
			if b > 0 {
				p += joint[a][b-1] * near
			}
			joint[a][b] = max(p, 0)
		}
	}
}

// trimJoint drops rows and columns at the end that no longer count.
func trimJoint(joint [][]float64) [][]float64 {
	const nothing = 1e-18
	for len(joint) > 1 && total(joint[len(joint)-1]) < nothing {
		joint = joint[:len(joint)-1]
	}
	for n := len(joint[0]); n > 1; n-- {
		var sum float64
		for _, row := range joint {
			sum += row[n-1]
		}
		if sum >= nothing {
			break
		}
		for a := range joint {
			joint[a] = joint[a][:n-1]
		}
	}
	return joint
}

func total(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum
}

// Mean is the expected time in seconds.
func (l Latency) Mean() float64 {
	sum := l.cpu
	for a, row := range l.joint {
		for b, p := range row {
			sum += p * (float64(a)*l.sums.mean + float64(a+b)*l.block)
		}
	}
	return sum
}

// CPUSeconds is the processor time of the filters, spent by every lookup.
func (l Latency) CPUSeconds() float64 { return l.cpu }

// CDF is the probability that a lookup takes at most so many seconds.
func (l Latency) CDF(seconds float64) float64 {
	if math.IsNaN(seconds) {
		return math.NaN()
	}
	var sum float64
	for a, row := range l.joint {
		for b, p := range row {
			if p > 0 {
				sum += p * l.sums.cdf(a, seconds-l.cpu-float64(a+b)*l.block)
			}
		}
	}
	return min(sum, 1)
}

// Quantile is the time within which a share q of all lookups is done, q in [0,
// 0.999999]; others give an error, for beyond it the law of the medium, an
// assumption, is all that speaks.
func (l Latency) Quantile(q float64) (time.Duration, error) {
	if !(q >= 0 && q <= 0.999999) {
		return 0, fmt.Errorf("%w: Quantile = %g, want in [0, 0.999999]", ErrInvalidConfig, q)
	}
	if len(l.joint) == 0 {
		return 0, fmt.Errorf("%w: Latency is empty, want one made by LatencyModel.Solve", ErrInvalidConfig)
	}
	low, high := 0.0, 1e-9
	for range 100 {
		if l.reached(high, q) {
			break
		}
		low, high = high, 2*high
	}
	for range 60 {
		mid := low + (high-low)/2
		if l.reached(mid, q) {
			high = mid
		} else {
			low = mid
		}
	}
	return time.Duration(math.Round(high * 1e9)), nil
}

// reached allows for rounding, so that a quantile on a cliff is its lower side.
func (l Latency) reached(x, q float64) bool { return l.CDF(x) >= q-1e-12 }
