package livemigration

import (
	"math"
	"math/bits"
)

// SimulatePages runs one migration page by page: a bitmap of the pages still
// to send, a bitmap of the dirty log, and a guest that writes random pages
// drawn with c.Seed. It obeys the same policies as Simulate and confirms it:
// the mean of its results over many seeds is what Simulate returns.
//
// The same Config gives the same Result. Errors wrap ErrInvalidConfig: beside what
// Validate wants, the workload must say which pages it writes
// (ConstantRate, Sequential, Uniform, Mixture, Zipf, or Phased over one of
// them), and memory must not exceed 1 TiB.
//
// Pages of the working set and zero pages are spread evenly over the address
// space. A zero page counts as one until it is first sent. Where nothing but
// chance can end a run, it counts as diverged after 64 rounds without a new
// low of the dirty memory.
func SimulatePages(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	if err := pageable(c.VM); err != nil {
		return Result{}, err
	}
	disk := c.Storage.copy(c.Link)
	link := c.Link
	c.Link = c.Storage.remaining(link)
	var m migration
	m.begin(&c, disk.seconds)
	m.mem.pages = newPages(&c)
	m.res.StorageSeconds, m.res.StorageBytes = disk.seconds, round64(disk.bytes)
	m.migrate()
	r := m.result()
	r.Config.Link = link
	return r, nil
}

// pages is guest memory page by page.
type pages struct {
	toSend []uint64 // pages still to send
	never  []uint64 // pages whose first turn has not come; all of them are in toSend
	zero   []uint64 // pages that go as a header the first time; nil = none
	log    []uint64 // the dirty log, one bit for each unit of 1<<shift pages
	shift  uint
	count  uint64 // pages

	first, again uint64  // pages to send: never sent, sent before
	at           uint64  // page at which the scan goes on
	part         float64 // of the page at the cursor that has gone already
	clear, skip  bool    // ClearOnSend, SkipRedirtied

	guest  guest
	phases *Phased
	clock  float64 // s of guest time

	low   uint64 // fewest pages to send after a sync
	since int    // syncs since then
}

// patience is how many rounds without a new low count as divergence.
const patience = 64

func newPages(cfg *Config) *pages {
	vm := cfg.VM
	p := &pages{
		count: uint64((vm.Memory + PageBytes - 1) / PageBytes),
		shift: uint(bits.TrailingZeros64(uint64(vm.DirtyPage / PageBytes))),
		clear: cfg.Method.ClearOnSend, skip: cfg.Method.SkipRedirtied,
	}
	units := (p.count + 1<<p.shift - 1) >> p.shift
	words := (p.count + 63) / 64
	p.toSend, p.never = make([]uint64, words), make([]uint64, words)
	p.log = make([]uint64, (units+63)/64)
	for w := range p.toSend {
		p.toSend[w] = p.valid(w)
		p.never[w] = p.toSend[w]
	}
	p.first, p.low = p.count, p.count
	workload := vm.Workload
	if phased, ok := workload.(Phased); ok {
		p.phases, workload = &phased, phased.Base
	}
	p.guest = newGuest(workload, vm.DirtyPage, units, cfg.Seed)
	if full := uint64((vm.NonZero + PageBytes - 1) / PageBytes); full < p.count {
		p.placeZeros(p.count - full)
	}
	return p
}

// valid is the bits of a word that stand for pages: all, but in the last word.
func (p *pages) valid(word int) uint64 {
	if rest := p.count - uint64(word)*64; rest < 64 {
		return 1<<rest - 1
	}
	return math.MaxUint64
}

// placeZeros spreads zero pages evenly over the pages that the guest does not
// write, and over the others only where those do not suffice.
func (p *pages) placeZeros(zeros uint64) {
	p.zero = make([]uint64, len(p.toSend))
	p.guest.cover(p.log)
	written := uint64(0)
	for w := range p.toSend {
		written += uint64(bits.OnesCount64(p.logged(w)))
	}
	idle := spread{take: min(zeros, p.count-written), of: p.count - written}
	busy := spread{take: zeros - idle.take, of: written}
	for page := range p.count {
		kind := &idle
		if p.logged(int(page/64))>>(page%64)&1 != 0 {
			kind = &busy
		}
		if kind.next() {
			p.zero[page/64] |= 1 << (page % 64)
		}
	}
	clear(p.log)
}

// spread picks take out of every of, as evenly as can be.
type spread struct{ take, of, sum uint64 }

func (s *spread) next() bool {
	s.sum += s.take
	if s.sum < s.of {
		return false
	}
	s.sum -= s.of
	return true
}

// pending returns the bytes still to send, never-sent ones apart.
func (p *pages) pending() (first, again float64) {
	return float64(p.first) * PageBytes, float64(p.again) * PageBytes
}

// run lets the guest execute for g seconds.
func (p *pages) run(g float64) {
	if g > 0 {
		p.guest.write(p.log, p.work(g))
	}
}

// work is g seconds of guest time, weighted by the workload's intensity.
func (p *pages) work(g float64) float64 {
	if p.phases == nil {
		return g
	}
	before := p.phases.work(p.clock)
	p.clock += g
	return p.phases.work(p.clock) - before
}

// sync fetches the dirty log and returns the bytes that it adds.
func (p *pages) sync() float64 {
	added := uint64(0)
	for w := range p.toSend {
		fresh := p.logged(w) &^ p.toSend[w]
		added += uint64(bits.OnesCount64(fresh))
		p.toSend[w] |= fresh
	}
	clear(p.log)
	p.again += added
	p.since++
	if left := p.first + p.again; left < p.low {
		p.low, p.since = left, 0
	}
	return float64(added) * PageBytes
}

// stuck reports whether the dirty memory has stopped to fall.
func (p *pages) stuck() bool { return p.since >= patience }

// logged is the pages of a word that are in the dirty log.
func (p *pages) logged(word int) uint64 {
	if p.shift == 0 {
		return p.log[word]
	}
	unit := uint64(word) * 64 >> p.shift
	if p.shift >= 6 {
		return -(p.log[unit/64] >> (unit % 64) & 1) & p.valid(word)
	}
	small := p.log[unit/64] >> (unit % 64)
	all := uint64(0)
	for i := uint64(0); i < 64; i += 1 << p.shift {
		all |= (1<<(1<<p.shift) - 1) * (small & 1) << i
		small >>= 1
	}
	return all & p.valid(word)
}

// rearm takes pages of a word out of the dirty log; a larger page with the
// first of its parts.
func (p *pages) rearm(word int, set uint64) {
	if p.shift == 0 {
		p.log[word] &^= set
		return
	}
	for ; set != 0; set &= set - 1 {
		page := uint64(word)*64 + uint64(bits.TrailingZeros64(set))
		if unit := page >> p.shift; page == unit<<p.shift {
			p.log[unit/64] &^= 1 << (unit % 64)
		}
	}
}
