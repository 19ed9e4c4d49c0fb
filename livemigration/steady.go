package livemigration

// steadyRounds is rounds for a run that nothing can disturb: a fixed limit, one
// bandwidth, no rule, no throttle, no trace. All that changes from round to
// round is one number, so the loop keeps to it. It does what rounds does, bit
// for bit; sweeps of a million runs live on it.
func (m *migration) steadyRounds() ending {
	limit, assumed := m.limit(), m.cost
	if b := m.cfg.Method.AssumedBandwidth; b > 0 {
		assumed = newCost(&m.cfg.VM, &m.cfg.Method, b)
	}
	r := &m.mem.regions
	s := &r.seg[r.head]
	price, fits1 := m.cost.first, assumed.first.seconds
	for {
		if m.res.Rounds >= m.cfg.Method.MinRounds && (s.dirty == 0 || limit >= 0 && s.dirty*fits1 <= limit) {
			return fits
		}
		seconds := price.seconds * s.dirty
		if m.res.Rounds >= m.cfg.Method.MaxRounds || m.now+seconds >= m.bound {
			return m.rounds()
		}
		m.now += seconds
		m.book(s.dirty, price)
		dirty := r.curve.Unique(seconds)
		m.res.Rounds++
		m.res.Syncs++
		s.state, s.old, s.young = pending, seconds, seconds
		if m.sentOnce && dirty >= s.dirty*(1-1e-12) {
			s.dirty = dirty
			return never
		}
		s.dirty = dirty
		price, fits1, m.sentOnce = m.cost.again, assumed.again.seconds, true
	}
}

// book puts a whole round into the sums.
func (m *migration) book(dirty float64, p price) {
	if m.sentOnce {
		m.resentWire += p.wire * dirty
	} else {
		m.firstWire += p.wire * dirty
	}
	m.pagesSent += dirty
	m.full += p.full * dirty
}
