package livemigration

import "math"

// inf stands for no limit, in seconds.
const inf = math.MaxFloat64

// rounds is pre-copy by rounds: send all that is dirty, fetch the log, look
// whether what it holds fits the downtime limit.
func (m *migration) rounds() ending {
	before := math.Inf(1)
	for {
		first, again := m.mem.pending()
		remaining := first + again
		m.look(remaining)
		limit := m.limit()
		if m.roundFits(first, again, limit) {
			return fits
		}
		if end := m.judge(); end != notYet {
			return end
		}
		if remaining >= before*(1-1e-12) && m.steady() {
			return never
		}
		before = remaining
		m.setRate(m.linkRate())
		m.beginRound(remaining, math.Max(0, limit)*m.rate)
		if end := m.sendRound(); end != notYet {
			return end
		}
		m.fetchLog()
	}
}

// roundFits reports whether the pending bytes go within the limit in seconds.
func (m *migration) roundFits(first, again, limit float64) bool {
	if m.res.Rounds < m.cfg.Method.MinRounds {
		return false
	}
	if first+again == 0 {
		return true
	}
	c := m.cost
	if assumed := m.cfg.Method.AssumedBandwidth; assumed > 0 {
		c = newCost(&m.cfg.VM, &m.cfg.Method, assumed)
	}
	return limit >= 0 && c.time(first, again) <= limit
}

// sendRound sends everything pending, through whatever events fall into it.
func (m *migration) sendRound() ending {
	for {
		_, left := m.send(inf)
		if !left {
			return notYet
		}
		m.tick()
		first, again := m.mem.pending()
		m.look(first + again)
		if end := m.judgeInRound(); end != notYet {
			return end
		}
	}
}

// judgeInRound asks only what can end a round in its middle: the clock.
func (m *migration) judgeInRound() ending {
	rule := m.cfg.Method.Stop
	if m.now >= m.bound {
		return never
	}
	if rule == nil || deadline(rule, m.start, m.lowAt) > m.now {
		return notYet
	}
	return m.judge()
}

// tick lets the throttle do what it does by the clock.
func (m *migration) tick() {
	if m.brake == nil || m.now < m.brake.next() {
		return
	}
	p, fetch := m.brake.tick(m.now, m.res.Syncs)
	m.setThrottle(p)
	if fetch {
		threshold := m.round.Threshold
		m.fetchLog()
		first, again := m.mem.pending()
		m.beginRound(first+again, threshold)
	}
}
