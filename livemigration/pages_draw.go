package livemigration

import (
	"cmp"
	"math"
	"slices"
)

// write marks what the guest writes in so many seconds.
func (g *guest) write(log []uint64, seconds float64) {
	if g.poisson && g.rate*seconds < float64(len(g.sets)) {
		g.sprinkle(log, g.draw(g.rate*seconds))
		return
	}
	for i := range g.sets {
		s := &g.sets[i]
		n := g.writes(s, seconds)
		switch {
		case g.cyclic:
			g.markCyclic(log, s, n)
		case n >= s.most:
			g.markAll(log, s)
		case g.place.step == 0:
			g.markEven(log, s, uint64(n))
		default:
			g.markScattered(log, s, uint64(n))
		}
	}
}

// sprinkle marks the units of a few writes, drawing the set of each: the same
// law as a number of writes drawn for each set, and quicker if most have none.
func (g *guest) sprinkle(log []uint64, n float64) {
	for range uint64(n) {
		at := g.random.Float64() * g.rate
		i, _ := slices.BinarySearchFunc(g.sets, at, func(s pageSet, at float64) int { return cmp.Compare(s.upto, at) })
		unit := g.touched(&g.sets[min(i, len(g.sets)-1)])
		log[unit/64] |= 1 << (unit % 64)
	}
}

// writes is the number of writes to a set in so many seconds.
func (g *guest) writes(s *pageSet, seconds float64) float64 {
	mean := s.rate * seconds
	if g.poisson {
		return g.draw(mean)
	}
	n := math.Floor(mean + s.carry)
	s.carry += mean - n
	return n
}

// draw is a Poisson number of the given mean; above 50 by the normal law.
func (g *guest) draw(mean float64) float64 {
	if mean > 50 {
		return math.Max(0, math.Round(mean+math.Sqrt(mean)*g.random.NormFloat64()))
	}
	n, limit := 0.0, math.Exp(-mean)
	for p := g.random.Float64(); p > limit; p *= g.random.Float64() {
		n++
	}
	return n
}

// markAll marks every unit of a set.
func (g *guest) markAll(log []uint64, s *pageSet) {
	for slot := s.base; slot < s.base+s.slots; slot++ {
		unit := g.place.unit(slot)
		log[unit/64] |= 1 << (unit % 64)
	}
}

// markCyclic marks the units that n writes in order reach.
func (g *guest) markCyclic(log []uint64, s *pageSet, n float64) {
	lap := s.slots << g.lapBits
	for range uint64(math.Min(n, float64(lap))) {
		unit := g.place.unit(s.next >> g.lapBits)
		log[unit/64] |= 1 << (unit % 64)
		if s.next++; s.next == lap {
			s.next = 0
		}
	}
	if n > float64(lap) {
		s.next = (s.next + uint64(math.Mod(n, float64(lap)))) % lap
	}
}

// markEven marks the units of n random writes; the set must be the only one
// and in address order. One number of the generator makes two writes. The
// slots' chances differ by less than slots/2^32 of their mean.
func (g *guest) markEven(log []uint64, s *pageSet, n uint64) {
	source, slots, stride := g.source, s.slots, g.place.stride
	for range n / 2 {
		x := source.Uint64()
		a := (x >> 32 * slots >> 32) * stride >> 32
		b := (x & math.MaxUint32 * slots >> 32) * stride >> 32
		log[a/64] |= 1 << (a % 64)
		log[b/64] |= 1 << (b % 64)
	}
	if n%2 != 0 {
		a := (source.Uint64() >> 32 * slots >> 32) * stride >> 32
		log[a/64] |= 1 << (a % 64)
	}
}

// markScattered marks the units of n random writes to one set of several.
func (g *guest) markScattered(log []uint64, s *pageSet, n uint64) {
	source, place, base, slots := g.source, g.place, s.base, s.slots
	for range n / 2 {
		x := source.Uint64()
		a := place.unit(base + x>>32*slots>>32)
		b := place.unit(base + x&math.MaxUint32*slots>>32)
		log[a/64] |= 1 << (a % 64)
		log[b/64] |= 1 << (b % 64)
	}
	if n%2 != 0 {
		a := place.unit(base + source.Uint64()>>32*slots>>32)
		log[a/64] |= 1 << (a % 64)
	}
}

// restart begins to count touches.
func (g *guest) restart() {
	for i := range g.sets {
		s := &g.sets[i]
		s.left = s.most
		if g.cyclic {
			s.left = float64(s.slots << g.lapBits)
		}
	}
}

// touched is the unit of the next touch of a set.
func (g *guest) touched(s *pageSet) uint64 {
	if !g.cyclic {
		return g.place.unit(s.base + g.source.Uint64()>>32*s.slots>>32)
	}
	unit := g.place.unit(s.next >> g.lapBits)
	s.next = (s.next + 1) % (s.slots << g.lapBits)
	return unit
}
