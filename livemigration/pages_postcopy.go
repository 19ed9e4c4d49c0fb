package livemigration

import (
	"math"
	"math/bits"
)

// pull is post-copy page by page: the rest is pushed in address order, and a
// page that the guest touches before goes out of turn. Push and requests share
// the link, so every page goes once and faults do not lengthen the whole.
func (m *migration) pull(bytes float64) {
	method := m.cfg.Method.PostCopy
	f := puller{
		pages: m.mem.pages, cost: m.final, method: method, bytes: bytes,
		latency: m.faultSeconds() / float64(m.cfg.VM.VCPUs),
		chunk:   max(1, min(64, int(bytes/PageBytes/4096))),
	}
	if m.cfg.Trace {
		f.every = m.final.time(m.mem.pending()) / 200
	}
	f.pages.guest.restart()
	f.follow()
	m.res.Faults = f.points
	m.full += f.moved.full
	stall := f.waited
	if !method.Feedback {
		stall = f.stall
	}
	m.postCopied(pushed{seconds: f.now, faults: f.faults, stall: stall}, f.moved.wire)
}

// puller is a post-copy in progress.
type puller struct {
	pages   *pages
	cost    cost
	method  PostCopyMethod
	latency float64 // s that a fault takes from each vCPU
	chunk   int     // pages pushed at a time
	bytes   float64 // to go at the start

	now   float64 // s since the switch
	moved batch
	due   float64 // s on the link for pages that faults have asked for
	stall float64 // s that the guest must wait yet
	carry float64 // part of a page of Locality

	faults float64
	waited float64 // s, with Feedback
	fault  float64 // faults in the current point
	every  float64 // s between points, 0 = none
	since  float64 // start of the current point, s
	ran    float64 // guest time in it
	points []FaultPoint
}

// follow pushes and faults until everything has arrived.
func (f *puller) follow() {
	p := f.pages
	for p.first+p.again > 0 || f.due > 0 {
		seconds := f.due
		f.due = 0
		if seconds == 0 {
			seconds = f.push()
		}
		wait := 0.0
		if f.method.Feedback {
			wait = math.Min(f.stall, seconds)
		}
		f.stall -= wait
		f.waited += wait
		f.now += seconds
		f.ran += seconds - wait
		f.touch(p.work(seconds-wait) * f.method.Touches)
		f.record()
	}
}

// push sends the next few pages in address order and returns how long it takes.
func (f *puller) push() float64 {
	word, set := f.pages.front()
	for bits.OnesCount64(set) > f.chunk {
		set &^= 1 << (bits.Len64(set) - 1)
	}
	return f.send(word, set)
}

// send moves the pages of a set, and returns the time on the link.
func (f *puller) send(word int, set uint64) float64 {
	one := f.pages.price(word, set, f.cost)
	f.pages.take(word, set)
	f.moved.add(one)
	return one.seconds
}

// touch lets the guest touch pages for so many seconds of its work. Pages
// never go missing again, so a set is done with once each has been touched.
func (f *puller) touch(work float64) {
	g := &f.pages.guest
	for i := range g.sets {
		s := &g.sets[i]
		if s.left <= 0 {
			continue
		}
		n := math.Min(g.writes(s, work), s.left)
		s.left -= n
		for range uint64(n) {
			f.need(g.touched(s))
		}
	}
}

// need brings in a unit that the guest touches, if any page of it is missing,
// and those after it that Locality adds.
func (f *puller) need(unit uint64) {
	p := f.pages
	from := unit << p.shift
	to := min(from+1<<p.shift, p.count)
	missing := f.fetch(from, to, math.MaxUint64)
	if missing == 0 {
		return
	}
	f.faults++
	f.fault++
	f.stall += f.latency
	f.carry += f.method.Locality - 1
	ahead := uint64(f.carry)
	f.carry -= float64(ahead)
	if ahead > 0 {
		f.fetch(to, p.count, ahead<<p.shift)
	}
}

// fetch brings in the missing pages in [from, to), but no more than most, and
// returns how many.
func (f *puller) fetch(from, to, most uint64) uint64 {
	p, got := f.pages, uint64(0)
	for at := from; at < to && got < most; at = (at/64 + 1) * 64 {
		set := p.toSend[at/64] &^ (1<<(at%64) - 1)
		if end := at/64*64 + 64; end > to {
			set &= 1<<(64-(end-to)) - 1
		}
		for uint64(bits.OnesCount64(set)) > most-got {
			set &^= 1 << (bits.Len64(set) - 1)
		}
		if set != 0 {
			f.due += f.send(int(at/64), set)
			got += uint64(bits.OnesCount64(set))
		}
	}
	return got
}

// record closes a point of the trace where one is due.
func (f *puller) record() {
	span := f.now - f.since
	if f.every == 0 || span < f.every {
		return
	}
	f.points = append(f.points, FaultPoint{
		At: f.since + span/2, Faults: f.fault / span, Speed: f.ran / span,
		Remaining: f.bytes - f.moved.pages,
	})
	f.since, f.fault, f.ran = f.now, 0, 0
}
