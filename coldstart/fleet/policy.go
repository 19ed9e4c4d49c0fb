package fleet

import (
	"math"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

// KeepAlive is how long idle instances stay. A request that finds one idle for exactly that long is still warm.
type KeepAlive struct {
	Kind   KeepAliveKind `json:"kind"`
	Time   time.Duration `json:"time_ns"` // of all but NoEnd and HybridHistogram, [1 ms, 1 year]
	Hybrid Hybrid        `json:"hybrid"`  // of HybridHistogram
}

// Fixed keeps instances for ttl.
func Fixed(ttl time.Duration) KeepAlive { return KeepAlive{Kind: FixedTime, Time: ttl} }

// Exponential keeps them for exponential times.
func Exponential(mean time.Duration) KeepAlive { return KeepAlive{Kind: ExponentialTime, Time: mean} }

// Never ends them.
func Never() KeepAlive { return KeepAlive{Kind: NoEnd} }

// Halving evicts each idle instance with probability 1/2 at every multiple of the period of being idle (Copik et al.,
// Middleware 2021, section 6.5: 380 s on AWS Lambda).
func Halving(period time.Duration) KeepAlive { return KeepAlive{Kind: Halves, Time: period} }

// Histogram is the hybrid histogram policy with its published constants, see Hybrid.
func Histogram() KeepAlive {
	return KeepAlive{Kind: HybridHistogram, Hybrid: ServerlessInTheWild()}
}

// String is a name for a legend.
func (k KeepAlive) String() string {
	switch k.Kind {
	case NoEnd:
		return k.Kind.String()
	case HybridHistogram:
		return "hybrid " + k.Hybrid.Range.String()
	}
	return k.Kind.String() + " " + k.Time.String()
}

func (k KeepAlive) check(v *check.List) {
	check.Count(v, "KeepAlive.Kind", k.Kind, FixedTime, HybridHistogram)
	if k.Kind == HybridHistogram {
		k.Hybrid.check(v)
		return
	}
	k.Hybrid.checkNumbers(v)
	if k.Kind != NoEnd {
		v.Span("KeepAlive.Time", k.Time, time.Millisecond, 365*24*time.Hour)
	}
}

// keeper is the state that the policy has for one unit.
type keeper struct {
	random    *rand.Rand
	histogram *histogram
}

func (k *KeepAlive) keeper(seed uint64, unit int) (s keeper) {
	switch k.Kind {
	case ExponentialTime, Halves:
		s.random = rng.New(seed, uint64(unit), purposeKeep)
	case HybridHistogram:
		s.histogram = newHistogram(&k.Hybrid)
	}
	return s
}

const purposeKeep = 100

// window is when an instance that becomes idle now is to be loaded, and until when it stays. If that is not now it is
// unloaded at once.
func (k *KeepAlive) window(s *keeper, now int64) (from, until int64) {
	switch k.Kind {
	case NoEnd:
		return now, des.Forever
	case ExponentialTime:
		return now, now + int64(min(s.random.ExpFloat64()*float64(k.Time), des.Forever/2))
	case Halves:
		n := 1 + math.Floor(s.random.ExpFloat64()/math.Ln2)
		return now, now + int64(min(n*float64(k.Time), des.Forever/2))
	case HybridHistogram:
		after, end := s.histogram.window()
		return now + after, now + end
	}
	return now, now + int64(k.Time)
}
