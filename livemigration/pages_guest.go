package livemigration

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/rng"
)

// maxPaged is the largest guest that is simulated page by page, in bytes.
const maxPaged = 1 * TiB

// pageable reports what keeps a guest from being simulated page by page.
func pageable(vm VM) error {
	v := checks{check.Of(ErrInvalidConfig)}
	if vm.Memory > maxPaged {
		v.Add("VM.Memory = %d, want at most %d bytes to simulate page by page", vm.Memory, int64(maxPaged))
	}
	workload := vm.Workload
	if p, ok := workload.(Phased); ok {
		workload = p.Base
	}
	switch workload.(type) {
	case ConstantRate, Sequential, Uniform, Mixture, Zipf:
	default:
		v.Add("VM.Workload is %T, which does not say what pages it writes; "+
			"want ConstantRate, Sequential, Uniform, Mixture or Zipf, or Phased over one of them", workload)
	}
	return v.Err()
}

// guest draws the pages that a workload writes. It writes units: pages of the
// size in which the dirty log tracks.
type guest struct {
	source  *rand.PCG
	random  *rand.Rand // over source
	sets    []pageSet
	place   placement
	cyclic  bool    // in order, not at random
	lapBits uint    // cyclic: writes per unit, as a power of two
	poisson bool    // writes come at random times, not at even ones
	rate    float64 // writes/s in all
}

// pageSet is units that are written alike.
type pageSet struct {
	rate  float64 // writes/s
	upto  float64 // of this set and those before
	base  uint64  // its first slot
	slots uint64
	most  float64 // writes after which no unit of it is left clean, but for a chance below e^-40
	carry float64 // part of a write that is due
	next  uint64  // cyclic: writes into the current lap
	left  float64 // post-copy: touches until every unit has been touched
}

// placement maps slots of the working set to units of the address space,
// evenly: slot to position, position to unit.
type placement struct {
	slots  uint64
	stride uint64 // units per position, times 2^32
	step   uint64 // positions per slot as a part of 2^64, or 0: the slots are in address order
}

// unit is where a slot lies. Neighbouring slots of a scattered placement lie
// as far apart as multiples of the golden section, so any run of slots is
// spread evenly.
func (l placement) unit(slot uint64) uint64 {
	if l.step != 0 {
		slot, _ = bits.Mul64(slot*l.step, l.slots)
	}
	return slot * l.stride >> 32
}

// scatter puts the slots in golden order: slot i at position i G mod slots,
// with G prime to slots, hence every position once.
func (l *placement) scatter() {
	if l.slots < 3 {
		return
	}
	g := uint64(math.Round(float64(l.slots) * (math.Sqrt(5) - 1) / 2))
	for gcd(g, l.slots) != 1 {
		g--
	}
	l.step, _ = bits.Div64(g, 0, l.slots)
	l.step++
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// newGuest makes the writer of a workload over so many units of the given size.
func newGuest(workload DirtyCurve, unitBytes int64, units, seed uint64) guest {
	const stateHigh, stateLow = 1, 2 // streams of the two words that seed the generator
	g := guest{source: rand.NewPCG(rng.Seed(seed, stateHigh), rng.Seed(seed, stateLow))}
	g.random = rand.New(g.source)
	switch w := workload.(type) {
	case Uniform:
		g.add(w.Rate, setSlots(w.WorkingSet, unitBytes, units))
	case Sequential:
		g.cyclic, g.lapBits = true, uint(bits.TrailingZeros64(uint64(unitBytes/PageBytes)))
		g.add(w.Rate, setSlots(w.WorkingSet, unitBytes, units))
	case ConstantRate:
		g.cyclic = true
		g.add(w.Rate, setSlots(w.WorkingSet, unitBytes, units))
	case Mixture:
		g.poisson = true
		for _, u := range w {
			g.add(u.Rate, setSlots(u.WorkingSet, unitBytes, units))
		}
	case Zipf:
		g.poisson = true
		g.addRanks(w, setSlots(w.WorkingSet, unitBytes, units), unitBytes/PageBytes)
	}
	if g.place.slots == 0 {
		return g
	}
	for i := range g.sets {
		g.rate += g.sets[i].rate
		g.sets[i].upto = g.rate
	}
	g.place.stride = (units << 32) / g.place.slots
	if _, ordered := workload.(Sequential); g.poisson || g.cyclic && !ordered {
		g.place.scatter()
	}
	if g.cyclic {
		g.sets[0].next = g.random.Uint64N(g.sets[0].slots << g.lapBits)
	}
	return g
}

// setSlots is how many units hold a set of so many bytes.
func setSlots(bytes, unitBytes int64, units uint64) uint64 {
	if bytes <= 0 {
		return 0
	}
	return min(units, max(1, uint64((bytes+unitBytes/2)/unitBytes)))
}

// add appends a set that is written at rate bytes/s.
func (g *guest) add(rate float64, slots uint64) {
	if slots == 0 || rate <= 0 {
		return
	}
	g.sets = append(g.sets, pageSet{
		rate: rate / PageBytes, base: g.place.slots, slots: slots,
		most: math.Ceil(float64(slots) * (math.Log(float64(slots)) + 40)),
	})
	g.place.slots += slots
}

// addRanks appends the groups of a Zipf workload: of units of so many pages of
// neighbouring rank, in the same groups as the curve.
func (g *guest) addRanks(z Zipf, slots uint64, pages int64) {
	start, total := len(g.sets), 0.0
	for first := int64(1); first <= int64(slots); {
		last := min(int64(slots), first+first/16)
		mass := zipfMass(float64((first-1)*pages+1), float64(last*pages), z.Exponent)
		g.add(mass*PageBytes, uint64(last-first+1))
		total += mass
		first = last + 1
	}
	for i := start; i < len(g.sets); i++ {
		g.sets[i].rate *= z.Rate / PageBytes / total
	}
}

// cover marks every unit that the guest ever writes.
func (g *guest) cover(log []uint64) {
	for slot := range g.place.slots {
		unit := g.place.unit(slot)
		log[unit/64] |= 1 << (unit % 64)
	}
}
