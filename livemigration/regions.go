package livemigration

import "math"

// regions is guest memory as the curve engine sees it: the address space in
// cyclic order from the cursor of the scan, cut into stretches whose pages have
// one history. It rests on two assumptions: writes are stationary, and every
// stretch of addresses holds the same mix of hot and cold pages. Then the
// unique bytes dirtied in a stretch in the time since its log was cleared (its
// age) are its share of U(age), and nothing about the workload but U is needed.
type regions struct {
	curve   DirtyCurve
	phases  *Phased // nil = stationary
	replay  Replay  // nil = none
	memory  float64
	clear   bool // ClearOnSend
	skip    bool // SkipRedirtied
	clock   float64
	work    float64 // guest time since the last sync, weighted by intensity
	rounds  int
	head, n int
	seg     [maxSegments]segment
}

const (
	maxSegments = 32
	// clearPieces is into how many stretches memory is cut from the start when
	// pages are re-armed as they go out: within one, the scan goes at even pace.
	clearPieces = 16
)

type segment struct {
	state    segmentState
	piece    int     // stretches of different pieces are not joined
	share    float64 // of the address space
	dirty    float64 // bytes pending in it
	old      float64 // age of its pending bits at its front...
	young    float64 // ...and at its back; if sent, as they were then, -1 = never sent before
	from, to float64 // if sent: guest time since the sync when its front and back went
}

type segmentState uint8

const (
	fresh   segmentState = iota // never sent: every page is pending
	pending                     // pending bits from an earlier sync
	sent                        // sent since the last sync
)

// begin sets the memory up as all never sent.
func (r *regions) begin(vm *VM, m *Method) {
	r.curve, r.memory, r.clear, r.skip = vm.Workload, float64(vm.Memory), m.ClearOnSend, m.SkipRedirtied
	if p, ok := vm.Workload.(Phased); ok {
		phases := p
		r.phases, r.curve = &phases, p.Base
	}
	if p, ok := vm.Workload.(Replay); ok {
		r.replay = p
	}
	if factor := float64(vm.DirtyPage) / PageBytes; factor > 1 {
		r.curve = amplify(r.curve, factor)
	}
	if z, ok := r.curve.(Zipf); ok {
		r.curve = z.parts(1)
	}
	r.n = 1
	if r.clear {
		r.n = clearPieces
	}
	for i := range r.n {
		part := 1 / float64(r.n)
		r.seg[i] = segment{state: fresh, piece: i, share: part, dirty: part * r.memory}
	}
}

func (r *regions) at(i int) *segment { return &r.seg[(r.head+i)%maxSegments] }

// run lets the guest execute for g seconds.
func (r *regions) run(g float64) {
	if r.phases == nil {
		r.work += g
		return
	}
	r.work += r.phases.work(r.clock+g) - r.phases.work(r.clock)
	r.clock += g
}

// pending returns the bytes still to send, never-sent ones apart.
func (r *regions) pending() (first, again float64) {
	for i := range r.n {
		switch s := r.at(i); s.state {
		case fresh:
			first += s.dirty
		case pending:
			again += s.dirty
		}
	}
	return first, again
}

// sync fetches the dirty log and returns the bytes that it adds.
func (r *regions) sync() float64 {
	if r.work == 0 {
		return 0
	}
	added := 0.0
	for i := range r.n {
		s := r.at(i)
		switch {
		case s.state == fresh:
			continue
		case s.state == pending:
			s.old, s.young = s.old+r.work, s.young+r.work
		case r.clear:
			added += r.rearmed(s)
			continue
		default:
			s.old, s.young = r.work, r.work
		}
		s.state = pending
		dirty := math.Max(s.dirty, s.share*meanUnique(r.curve, s.young, s.old)) // a sync never cleans
		added += dirty - s.dirty
		s.dirty = dirty
	}
	if r.replay != nil {
		added = math.Min(r.replay.round(r.rounds), r.memory)
		r.seg[r.head] = segment{state: pending, share: 1, dirty: added}
		r.n = 1
	}
	r.work = 0
	r.rounds++
	if r.n > 1 {
		r.join()
	}
	return added
}

// rearmed syncs a stretch whose log was re-armed as its pages went out. It
// returns the bytes that become pending.
func (r *regions) rearmed(s *segment) float64 {
	front, back := r.rearmedUnique(s, 0), r.rearmedUnique(s, 1)
	if s.old < 0 {
		s.dirty = s.share * meanUnique(r.curve, r.work-s.to, r.work-s.from)
	} else {
		const node = 0.7745966692414834 // Gauss-Legendre, sqrt(3/5)
		s.dirty = s.share * (8*r.rearmedUnique(s, 0.5) + 5*r.rearmedUnique(s, 0.5-node/2) + 5*r.rearmedUnique(s, 0.5+node/2)) / 18
	}
	most := math.Max(s.old, 0) + r.work
	s.old, s.young = age(r.curve, front, most), age(r.curve, back, most)
	s.state = pending
	return s.dirty
}

// rearmedUnique is what becomes pending in a stretch, as bytes of all memory,
// at position x from its front (0) to its back (1). Pages that were pending
// count writes since they went out; all others have been logged since the last
// sync. With age a, time g since the sync and f when it went, that is
// U(a+g) + U(g-f) - U(a+g-f), and U(g-f) where memory was never sent before.
func (r *regions) rearmedUnique(s *segment, x float64) float64 {
	since := math.Max(0, r.work-(s.from+(s.to-s.from)*x))
	u := r.curve.Unique(since)
	if s.old < 0 {
		return u
	}
	a := s.old + (s.young-s.old)*x
	return r.curve.Unique(a+r.work) + u - r.curve.Unique(a+since)
}

// age is the time after which so many bytes are dirty, if that is at most most.
func age(c DirtyCurve, bytes, most float64) float64 {
	if u, ok := c.(Uniform); ok {
		return math.Min(most, u.age(bytes))
	}
	low, high := 0.0, most
	for range 40 {
		mid := (low + high) / 2
		if c.Unique(mid) < bytes {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// join merges neighbours of equal age, so that the ring stays short.
func (r *regions) join() {
	if u, ok := r.curve.(Uniform); ok && !r.clear && !r.skip {
		r.forget(u)
	}
	kept := 1
	for i := 1; i < r.n; i++ {
		last, s := r.at(kept-1), *r.at(i)
		same := last.state == s.state && last.piece == s.piece && math.Abs(last.old-s.old)+math.Abs(last.young-s.young) <= 1e-12*(last.old+s.old)
		if same {
			last.share += s.share
			last.dirty += s.dirty
			continue
		}
		*r.at(kept) = s
		kept++
	}
	r.n = kept
}

// forget gives all pending segments one age. Writes to a uniform working set
// remember nothing: the future of its dirty pages depends only on how many
// there are, so the age is the one that makes as many.
func (r *regions) forget(u Uniform) {
	share, dirty := 0.0, 0.0
	for i := range r.n {
		if s := r.at(i); s.state == pending {
			share += s.share
			dirty += s.dirty
		}
	}
	age := u.age(dirty / share)
	for i := range r.n {
		if s := r.at(i); s.state == pending {
			s.old, s.young, s.dirty = age, age, dirty*s.share/share
		}
	}
}

func (r *regions) pop() {
	r.head = (r.head + 1) % maxSegments
	r.n--
}

// push appends a segment behind the cursor, to the one before it where both
// were sent in one go.
func (r *regions) push(s segment) {
	if r.n > 0 && s.state == sent {
		last := r.at(r.n - 1)
		if last.state == sent && last.piece == s.piece && (!r.clear || last.to == s.from && last.old == s.old && last.young == s.young) {
			last.share += s.share
			last.to = s.to
			return
		}
	}
	if r.n == maxSegments {
		r.squeeze()
	}
	*r.at(r.n) = s
	r.n++
}

// squeeze merges the two neighbouring pending segments of most similar age.
func (r *regions) squeeze() {
	best, gap := -1, math.Inf(1)
	for i := range r.n - 1 {
		a, b := r.at(i), r.at(i+1)
		if d := math.Abs(a.old - b.old); a.state == b.state && a.state != fresh && d < gap {
			best, gap = i, d
		}
	}
	if best < 0 {
		best = r.n - 2
	}
	a, b := r.at(best), *r.at(best + 1)
	share := a.share + b.share
	a.old = (a.old*a.share + b.old*b.share) / share
	a.young = (a.young*a.share + b.young*b.share) / share
	a.from, a.to = math.Min(a.from, b.from), math.Max(a.to, b.to)
	a.dirty += b.dirty
	a.share = share
	for i := best + 1; i < r.n-1; i++ {
		*r.at(i) = *r.at(i + 1)
	}
	r.n--
}
