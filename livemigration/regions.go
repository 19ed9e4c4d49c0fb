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

const maxSegments = 32

type segment struct {
	state    segmentState
	share    float64 // of the address space
	dirty    float64 // bytes pending in it
	old      float64 // age of its pending bits at its front...
	young    float64 // ...and at its back
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
	if z, ok := r.curve.(Zipf); ok {
		r.curve = z.parts()
	}
	if factor := float64(vm.DirtyPage) / PageBytes; factor > 1 {
		r.curve = amplify(r.curve, factor)
	}
	r.seg[0] = segment{state: fresh, share: 1, dirty: r.memory}
	r.n = 1
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
			s.old, s.young = r.work-s.from, r.work-s.to
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

// join merges neighbours of equal age, so that the ring stays short.
func (r *regions) join() {
	if u, ok := r.curve.(Uniform); ok && !r.clear && !r.skip {
		r.forget(u)
	}
	kept := 1
	for i := 1; i < r.n; i++ {
		last, s := r.at(kept-1), *r.at(i)
		same := last.state == s.state && math.Abs(last.old-s.old)+math.Abs(last.young-s.young) <= 1e-12*(last.old+s.old)
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

// send sends pending pages in address order for at most budget seconds while
// the guest runs at the given speed, and reports what went.
func (r *regions) send(budget float64, c cost, speed float64) batch {
	if b, ok := r.sendWhole(budget, c, speed); ok {
		return b
	}
	var b batch
	for r.n > 0 && b.seconds < budget {
		s := r.at(0)
		if s.state == sent || s.dirty <= 0 {
			if !r.rotate() {
				break
			}
			continue
		}
		part := s.share
		if r.skip {
			part = math.Min(part, r.skipStep())
		}
		r.sendFront(part/s.share, budget-b.seconds, c, speed, &b)
	}
	return b
}

// sendWhole sends all of memory where it has one history and there is time.
func (r *regions) sendWhole(budget float64, c cost, speed float64) (b batch, ok bool) {
	s := r.at(0)
	price := &c.again
	if s.state == fresh {
		price = &c.first
	}
	b.seconds = price.seconds * s.dirty
	if r.n > 1 || r.skip || s.state == sent || b.seconds > budget {
		return b, false
	}
	b.pages, b.wire, b.full = s.dirty, price.wire*s.dirty, price.full*s.dirty
	s.state, s.dirty, s.from = sent, 0, r.work
	r.run(b.seconds * speed)
	s.to = r.work
	return b, true
}

// skipStep is the share of the address space over which the chance of a page
// to be dirty again is taken as constant.
func (r *regions) skipStep() float64 { return 1.0 / 512 }

// rotate moves the cursor past the front segment, unless nothing is left.
func (r *regions) rotate() bool {
	first, again := r.pending()
	if first+again <= 0 {
		return false
	}
	s := *r.at(0)
	if s.state == pending {
		s.state, s.from, s.to = sent, r.work, r.work
	}
	r.pop()
	r.push(s)
	return true
}

// sendFront sends up to the given fraction of the front segment.
func (r *regions) sendFront(fraction, budget float64, c cost, speed float64, b *batch) {
	s := r.at(0)
	dirty := s.dirty * fraction
	skipped := 0.0
	if r.skip {
		skipped = math.Min(dirty, r.redirtied(s)*fraction)
	}
	price := c.of(s.state)
	seconds := price.seconds * (dirty - skipped)
	if seconds > budget {
		fraction *= budget / seconds
		dirty, skipped, seconds = dirty*budget/seconds, skipped*budget/seconds, budget
	}
	b.seconds += seconds
	b.pages += dirty - skipped
	b.skipped += skipped
	b.wire += price.wire * (dirty - skipped)
	b.full += price.full * (dirty - skipped)
	start := r.work
	r.run(seconds * speed)
	done := segment{state: sent, share: s.share * fraction, from: start, to: r.work}
	if fraction >= 1 {
		r.pop()
	} else {
		r.at(0).dirty -= s.dirty * fraction
		s.old += (s.young - s.old) * fraction
		s.share -= done.share
	}
	r.push(done)
}

// redirtied is how much of a segment's pending bytes the guest has dirtied
// again since the sync.
func (r *regions) redirtied(s *segment) float64 {
	if s.state == fresh {
		return s.share * r.curve.Unique(r.work)
	}
	return s.share * overlap(r.curve, (s.old+s.young)/2, r.work)
}

// overlap is the unique bytes dirtied both in a stretch of a seconds and in
// the next one of b: by inclusion and exclusion, U(a) + U(b) - U(a+b).
func overlap(c DirtyCurve, a, b float64) float64 {
	return math.Max(0, c.Unique(a)+c.Unique(b)-c.Unique(a+b))
}

// touched is the pending bytes that the guest touches within g seconds of
// work, each counted once.
func (r *regions) touched(g float64) float64 {
	sum := 0.0
	for i := range r.n {
		switch s := r.at(i); s.state {
		case fresh:
			sum += s.share * r.curve.Unique(g)
		case pending:
			sum += s.share * overlap(r.curve, (s.old+s.young)/2, g)
		}
	}
	return sum
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
		if last.state == sent && (!r.clear || last.to == s.from) {
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
