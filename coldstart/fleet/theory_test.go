package fleet

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/validation"
)

// TestPoissonFunctions: without execution times P(cold) is exp(-lambda T) for a fixed time, 1/(1 + lambda T) for an
// exponential one, and q/(2 - q), q = exp(-lambda P), for halving (SeBS). 4 standard errors.
func TestPoissonFunctions(t *testing.T) {
	const lambda = 1.0 / 600 // 1/s
	list := make([]trace.Function, 400)
	for i := range list {
		r := rng.New(7, uint64(i))
		list[i] = at(i, 1024, 0, 0)
		for s := r.ExpFloat64() / lambda; s < 30*86400; s += r.ExpFloat64() / lambda {
			list[i].Requests = append(list[i].Requests, trace.Request{Start: time.Duration(s * 1e9)})
		}
	}
	cold := validation.Claim{
		Kind: validation.Theory, Name: "cold share of Poisson arrivals without execution times, one in 600 s", Source: "exp(-T/600 s) for a fixed time, 1/(1 + T/600 s) for an exponential one, q/(2 - q) with q = exp(-P/600 s) for halving",
	}
	wasted := validation.Claim{
		Kind: validation.Theory, Name: "memory x time wasted for each request, one in 600 s", Source: "memory x (1 - exp(-rate T))/rate", Unit: "GB-s",
	}
	q := math.Exp(-lambda * 380)
	for _, x := range []struct {
		keep KeepAlive
		want float64
	}{
		{Fixed(600 * time.Second), math.Exp(-1)}, {Exponential(600 * time.Second), 0.5}, {Halving(380 * time.Second), q / (2 - q)},
	} {
		c := Default()
		c.KeepAlive, c.Duration, c.Warmup = x.keep, 30*24*time.Hour, 24*time.Hour
		r := run(t, c, list...)
		p := r.ColdProbability()
		se := math.Sqrt(x.want * (1 - x.want) / float64(r.Requests))
		cold.Within(t, named(x.keep), x.want, p, 4*se)
		assert.Less(t, se, 0.005*x.want)
		if x.keep.Kind == FixedTime {
			// Wasted per request: M (1 - exp(-lambda T))/lambda.
			wasted.Relative(t, "1 GB, keep-alive 10 min", (1-math.Exp(-1))/lambda, r.WastedGBSeconds/float64(r.Requests), 0.005)
		}
	}
}

// slowCache is greedy-dual and its kin as one would write them down: a list, searched as a whole. Requests take no time.
type slowCache struct {
	eviction Eviction
	room     float64
	clock    float64
	items    []slowItem
}

type slowItem struct {
	name     int
	mb       float64
	uses     int
	priority float64
	lastUse  int
}

// call tells whether the request was cold.
func (s *slowCache) call(name int, mb, cost float64, now int) bool {
	at := slices.IndexFunc(s.items, func(i slowItem) bool { return i.name == name })
	cold := at < 0
	if cold {
		for s.used()+mb > s.room {
			victim := slices.MinFunc(s.items, func(a, b slowItem) int {
				return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(a.lastUse, b.lastUse))
			})
			if s.eviction != LRU {
				s.clock = victim.priority
			}
			s.items = slices.DeleteFunc(s.items, func(i slowItem) bool { return i.name == victim.name })
		}
		s.items = append(s.items, slowItem{name: name, mb: mb})
		at = len(s.items) - 1
	}
	i := &s.items[at]
	i.uses++
	i.lastUse = now
	uses := float64(i.uses)
	i.priority = map[Eviction]float64{
		GreedyDual: s.clock + uses*(cost/mb), LRU: float64(now), Freq: s.clock + uses*cost, Size: s.clock + uses/mb, Landlord: s.clock + cost/mb,
	}[s.eviction]
	return cold
}

func (s *slowCache) used() (sum float64) {
	for _, i := range s.items {
		sum += i.mb
	}
	return sum
}

// TestAgainstSlowCache: request by request the same cold starts, and the same clock.
func TestAgainstSlowCache(t *testing.T) {
	const source = "the rule as a list that is searched as a whole"
	counts := validation.Claim{Kind: validation.Theory, Name: "cold starts of 30,000 requests to 60 functions in 5,000 MB", Source: source}
	clocks := validation.Claim{Kind: validation.Theory, Name: "clock after 30,000 requests to 60 functions in 5,000 MB", Source: source}
	for eviction := GreedyDual; eviction <= Landlord; eviction++ {
		r := rng.New(11, uint64(eviction))
		const n = 60
		list := make([]trace.Function, n)
		for i := range list {
			list[i] = at(i, float64(64*(1+r.IntN(8))), time.Duration(1+r.IntN(1000))*time.Microsecond, 0)
		}
		slow := slowCache{eviction: eviction, room: 5000}
		cold := make([]float64, n)
		for now := range 30_000 {
			// Few functions make most requests. Init is over before the next one.
			name := int(float64(n) * math.Pow(r.Float64(), 2))
			list[name].Requests = append(list[name].Requests, trace.Request{Start: time.Duration(now) * time.Second})
			if slow.call(name, list[name].MemoryMB, float64(list[name].Init)/1e6, now) {
				cold[name]++
			}
		}
		c := FaasCache(5000)
		c.Eviction = eviction
		res := run(t, c, list...)
		total := 0.0
		for i := range cold {
			total += cold[i]
			cold[i] /= float64(len(list[i].Requests))
		}
		slices.Sort(cold)
		assert.Equal(t, cold, res.AppCold, "%v", eviction)
		counts.Within(t, eviction.String(), total, float64(res.Cold), 0)
		clocks.Relative(t, eviction.String(), slow.clock, res.Clock, 1e-9)
		require.Greater(t, res.Evictions, int64(1000))
		checkInvariants(t, res)
	}
}

// TestTextbookLRU: Belady's reference string 1 2 3 4 1 2 5 1 2 3 4 5 has 10 faults with three frames and 8 with four
// (the LRU column of the operating systems textbooks).
func TestTextbookLRU(t *testing.T) {
	claim := validation.Claim{Kind: validation.Theory, Name: "faults of LRU on Belady's reference string", Source: "1 2 3 4 1 2 5 1 2 3 4 5, by hand"}
	for _, x := range [][2]int{{3, 10}, {4, 8}, {5, 5}} {
		frames, faults := x[0], x[1]
		list := make([]trace.Function, 5)
		for i := range list {
			list[i] = at(i, 100, 0, 0)
		}
		for now, page := range []int{1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5} {
			list[page-1].Requests = append(list[page-1].Requests, trace.Request{Start: time.Duration(now) * time.Second})
		}
		c := FaasCache(float64(100 * frames))
		c.Eviction = LRU
		claim.Within(t, fmt.Sprintf("%d frames", frames), float64(faults), float64(run(t, c, list...).Cold), 0)
	}
}

// TestHistogramAgainstSorting: percentiles and coefficient of variation, as the definitions say, after each idle time.
func TestHistogramAgainstSorting(t *testing.T) {
	rules := ServerlessInTheWild()
	h := newHistogram(&rules)
	r := rng.New(5)
	times := law.Lognormal(20*time.Minute, 2)
	sampler := times.Sampler()
	var bins []int
	counts := make([]float64, 240)
	outside := 0
	for range 3000 {
		idle := sampler.Next(r)
		h.add(idle)
		if bin := int(idle / int64(time.Minute)); bin < 240 {
			bins = append(bins, bin)
			counts[bin]++
			slices.Sort(bins)
		} else {
			outside++
		}
		n := len(bins)
		if n == 0 || outside >= n {
			continue
		}
		head, tail := bins[int(math.Ceil(0.05*float64(n)-1e-9))-1], bins[int(math.Ceil(0.99*float64(n)-1e-9))-1]
		mean, sum := float64(n)/240, 0.0
		for _, x := range counts {
			sum += (x - mean) * (x - mean)
		}
		cv := math.Sqrt(sum/239) / mean
		require.InEpsilon(t, cv, h.cv(), 1e-9)
		after, end := h.window()
		if cv < 2 {
			require.Equal(t, []int64{0, int64(4 * time.Hour)}, []int64{after, end})
			continue
		}
		require.InDelta(t, 0.9*float64(head)*60e9, after, 1)
		require.InDelta(t, 1.1*float64(tail+1)*60e9, end, 1)
	}
}

// TestMergeIsSorted: the radix sort against a comparison.
func TestMergeIsSorted(t *testing.T) {
	var m merge
	list := fleetOf(t, 300, 4)
	m.start(list, unit{0, len(list)}, trace.Poisson, 3)
	big := 0
	for a := m.minute(); a != nil; a = m.minute() {
		require.True(t, slices.IsSortedFunc(a, func(x, y trace.Arrival) int { return cmp.Compare(x.At, y.At) }))
		if len(a) >= 1<<10 {
			big++
		}
	}
	require.Greater(t, big, 20)
}
