package livemigration

import "math"

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
	if s.state == fresh {
		s.old, s.young = -1, -1
	}
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
	done := segment{state: sent, piece: s.piece, share: s.share * fraction, old: s.old, young: s.old + (s.young-s.old)*fraction, from: start, to: r.work}
	if s.state == fresh {
		done.old, done.young = -1, -1
	}
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
