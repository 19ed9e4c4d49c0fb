package livemigration

import "math"

// The clockwork of QEMU's migration thread (migration/migration.c and ram.c,
// QEMU 7.2 and 10.2).
const (
	quotaWindow = 0.1  // s: bandwidth is limited and measured per window (BUFFER_DELAY)
	iterateTime = 0.05 // s: one iterate call sends no longer (MAX_WAIT)
)

// drain is pre-copy as QEMU does it: send in slices until what is left of the
// last log fits the limit, only then fetch the log, and look again. The guest
// is stopped if the rest still fits, so the last copy ends just under the limit.
func (m *migration) drain() ending {
	window := m.slice()
	same, before := 0, 0.0
	first, again := m.mem.pending()
	m.beginRound(first+again, math.Max(0, m.limit())*m.rate)
	for {
		first, again = m.mem.pending()
		remaining := first + again
		m.look(remaining)
		threshold := m.threshold()
		if remaining < threshold {
			m.fetchLog()
			first, again = m.mem.pending()
			remaining = first + again
			m.look(remaining)
			m.beginRound(remaining, threshold)
			same, before = m.unchanged(remaining, before, same), remaining
		}
		if remaining <= threshold {
			return fits
		}
		if same > 3 {
			return never
		}
		if end := m.judge(); end != notYet {
			return end
		}
		m.sendSlices(first, again, threshold, window)
	}
}

// unchanged counts how often in a row a sync has found the same remaining
// memory, in a run where nothing else can change.
func (m *migration) unchanged(remaining, before float64, same int) int {
	if m.steady() && math.Abs(remaining-before) <= 1e-9*remaining {
		return same + 1
	}
	return 0
}

// slice is how long QEMU sends between two looks at what is left. On a link
// that is faster than the bandwidth limit, the quota of a window goes out in a
// burst, in one iterate call, and the thread then sleeps until the next window:
// one look a window. A link that is the limit itself is sent on without sleep,
// one iterate call after the other. However slow the link, a page goes whole.
func (m *migration) slice() float64 {
	page := PageBytes * m.cost.again.seconds
	if m.cfg.Link.SwitchOver >= m.cfg.Link.Bandwidth*quotaWindow/iterateTime {
		return math.Max(quotaWindow, page)
	}
	return math.Max(iterateTime, page)
}

// threshold is the memory that fits the limit at the measured bandwidth. QEMU
// has measured nothing in the first window, and then takes it for 0.
func (m *migration) threshold() float64 {
	bandwidth := m.cost.again.wire / m.cost.again.seconds
	if assumed := m.cfg.Method.AssumedBandwidth; assumed > 0 {
		bandwidth = assumed
	}
	if m.now < m.start+quotaWindow*(1-1e-9) {
		return 0
	}
	return math.Max(0, m.limit()) * bandwidth
}

// sendSlices sends as many whole slices as end before the threshold is
// reached, but at least one.
func (m *migration) sendSlices(first, again, threshold, slice float64) {
	gap := math.Max(0, first+again-threshold)
	sooner := math.Min(m.cost.first.seconds, m.cost.again.seconds)
	if first == 0 {
		sooner = m.cost.again.seconds
	}
	whole := math.Floor(gap * sooner / slice)
	budget := math.Max(1, whole) * slice
	if threshold == 0 || needsSlices(m.cfg.Method.Stop) {
		budget = slice
	}
	if s := m.cfg.Method.Limit; s != nil {
		budget = math.Min(budget, m.untilSchedule(s, slice))
	}
	m.send(budget)
	m.tick()
}

// untilSchedule is the time until the limit can change by the clock, and not
// below a slice.
func (m *migration) untilSchedule(s Schedule, slice float64) float64 {
	clock := m.scheduleClock()
	next := s.Next(clock)
	if next <= 0 {
		return inf
	}
	return math.Max(slice, next.Seconds()-clock.Seconds())
}
