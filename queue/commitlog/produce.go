package commitlog

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

// The purposes of the random streams.
const (
	streamArrivals uint64 = iota + 1
	streamKeys
	streamService
	streamRoundTrip
	streamCrashes
)

// A producer makes records in the order of time, one at a time.
type producer struct {
	next    int64 // time of the next record, or Forever
	segment int   // Steps before this one have happened
	rate    float64
	part    float64 // of a nanosecond, carried on
	left    int64
	spec    Producer
	gaps    *rand.Rand
	picks   *rand.Rand
	turn    int32
	spread  int32
	toward  []int32 // partition of each key
	alias   []alias // of the keys, nil if uniform
}

// alias is one column of Walker's table.
type alias struct {
	below float64
	other int32
}

func newProducer(c *Config) producer {
	p := producer{spec: c.Producer, rate: c.Producer.Rate, left: c.MaxRecords, spread: int32(c.Partitions)}
	p.gaps = rng.New(c.Seed, streamArrivals)
	p.picks = rng.New(c.Seed, streamKeys)
	p.toward = make([]int32, c.Producer.Keys)
	for i := range p.toward {
		p.toward[i] = int32(PartitionOf(i, c.Partitions))
	}
	if c.Producer.Zipf > 0 && len(p.toward) > 0 {
		p.alias = walker(zipf(len(p.toward), c.Producer.Zipf))
	}
	p.advance()
	return p
}

// advance moves next by one gap: a unit of work at the rate of each moment.
func (p *producer) advance() {
	if p.left == 0 {
		p.next = des.Forever
		return
	}
	p.left--
	work := 1.0
	if p.spec.Arrivals == Poisson {
		work = p.gaps.ExpFloat64()
	}
	for p.segment < len(p.spec.Steps) {
		step := p.spec.Steps[p.segment]
		until := float64(int64(step.At)-p.next) * 1e-9
		if work <= p.rate*until {
			break
		}
		work -= math.Max(0, p.rate*until)
		p.next = max(p.next, int64(step.At))
		p.rate = step.Rate
		p.segment++
	}
	gap := work / p.rate * 1e9
	if !(gap >= 0 && gap < des.Forever) {
		p.next = des.Forever
		return
	}
	whole := math.Floor(gap + p.part)
	p.part += gap - whole
	p.next = min(p.next+int64(whole), des.Forever)
}

// pick chooses key and partition of the record at next.
func (p *producer) pick() (key uint32, partition int32) {
	if n := len(p.toward); n > 0 {
		key = p.key(n)
		if p.spec.Partitioner == ByKey {
			return key, p.toward[key]
		}
	}
	if p.spec.Partitioner == AtRandom {
		return key, p.picks.Int32N(p.spread)
	}
	partition = p.turn
	if p.turn++; p.turn == p.spread {
		p.turn = 0
	}
	return key, partition
}

func (p *producer) key(n int) uint32 {
	k := p.picks.Uint32N(uint32(n))
	if p.alias == nil {
		return k
	}
	if a := p.alias[k]; p.picks.Float64() >= a.below {
		return uint32(a.other)
	}
	return k
}

// walker builds the table of the alias method.
func walker(w []float64) []alias {
	n := len(w)
	table := make([]alias, n)
	var small, large []int32
	for i := range w {
		table[i].below = w[i] * float64(n)
		if table[i].below < 1 {
			small = append(small, int32(i))
		} else {
			large = append(large, int32(i))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		table[s].other = l
		table[l].below -= 1 - table[s].below
		if table[l].below < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, i := range append(small, large...) {
		table[i].below = 1
	}
	return table
}
