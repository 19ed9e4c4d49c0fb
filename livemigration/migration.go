package livemigration

import (
	"math"
	"time"
)

// ending is why pre-copy ended.
type ending int

const (
	notYet ending = iota
	fits
	forced
	toPost
	aborted
	never
)

// migration is one run in progress.
type migration struct {
	cfg   Config
	mem   memory
	now   float64 // s
	start float64 // s, when the first page went
	rate  float64 // bytes/s, live
	cost  cost
	final cost // with the guest stopped
	speed float64
	bound float64   // s, Method.MaxTime
	brake throttler // nil = none
	last  bool      // one more round, then switch

	round                    Round   // in progress
	open                     bool    // it has begun
	lastDirtied, lastSeconds float64 // of the round before
	sentOnce                 bool    // a round has been finished
	low                      float64 // lowest remaining seen, for NoProgress
	lowAt                    float64
	polling                  bool    // the schedule counts polls
	polled                   float64 // last poll of an orchestrator, s
	polledAt                 float64 // remaining at that poll
	grown                    int
	clockRuns                bool    // of the downtime schedule
	clockFrom                float64 // s
	status                   Status

	firstWire, resentWire, pagesSent, skipped, full float64

	res Result
}

// begin sets a migration up, start seconds after time 0. It fills in place,
// since a migration is large.
func (m *migration) begin(cfg *Config, start float64) {
	m.cfg = *cfg
	m.now = start + cfg.Method.Setup.Seconds()
	m.start = m.now
	m.speed, m.bound = 1, cfg.Method.MaxTime.Seconds()
	m.low, m.lowAt = math.Inf(1), m.now
	m.mem.regions.begin(&cfg.VM, &cfg.Method)
	if cfg.Method.Throttle != nil {
		m.brake = cfg.Method.Throttle.start(m.mem.regions.curve, cfg.VM.VCPUs)
	}
	m.final = newCost(&cfg.VM, &cfg.Method, cfg.Link.stopped())
	m.setRate(m.linkRate())
	m.status.Memory = cfg.VM.Memory
	m.polled, m.polledAt = m.now, float64(cfg.VM.Memory)
	_, m.polling = cfg.Method.Limit.(ProxmoxDoubling)
	m.res.Syncs = 1
}

// stopped is the bandwidth with the guest stopped and in post-copy, bytes/s.
func (l Link) stopped() float64 { return l.SwitchOver * l.Efficiency / float64(l.Share) }

// live is the bandwidth while the guest runs, at a time since the start.
func (l Link) live(t float64) float64 {
	b := l.Bandwidth
	for _, s := range l.Profile {
		if s.At.Seconds() <= t {
			b = s.Rate
		}
	}
	return b * l.Efficiency / float64(l.Share)
}

func (m *migration) linkRate() float64 {
	if control := m.cfg.Method.Rate; control != nil {
		return control.Next(m.res.Rounds, m.lastDirtied, m.lastSeconds, m.rate)
	}
	return m.cfg.Link.live(m.now)
}

func (m *migration) setRate(rate float64) {
	if rate != m.rate {
		m.rate = rate
		m.cost = newCost(&m.cfg.VM, &m.cfg.Method, rate)
	}
}

// nextEvent is when something changes by the clock alone: the link, the
// throttle, or the end of the run's bound.
func (m *migration) nextEvent() float64 {
	next := m.bound
	for _, s := range m.cfg.Link.Profile {
		if at := s.At.Seconds(); at > m.now {
			next = math.Min(next, at)
			break
		}
	}
	if m.brake != nil {
		next = math.Min(next, m.brake.next())
	}
	if m.cfg.Method.Stop != nil {
		next = math.Min(next, deadline(m.cfg.Method.Stop, m.start, m.lowAt))
	}
	return next
}

// send sends for at most budget seconds, and no further than the next event.
// It reports whether memory was left when it ended.
func (m *migration) send(budget float64) (b batch, left bool) {
	const tick = 1e-6 // s; an event that is due by rounding alone must not stop time
	step := math.Min(budget, math.Max(tick, m.nextEvent()-m.now))
	b = m.mem.send(step, m.cost, m.speed)
	m.account(b)
	if m.cfg.Method.Rate == nil && len(m.cfg.Link.Profile) > 0 {
		m.setRate(m.linkRate())
	}
	if b.seconds < step && m.mem.pages == nil {
		return b, false
	}
	first, again := m.mem.pending()
	return b, first+again > 0
}

func (m *migration) account(b batch) {
	m.now += b.seconds
	m.res.LostCPU += (1 - m.speed) * b.seconds
	if m.sentOnce {
		m.resentWire += b.wire
	} else {
		m.firstWire += b.wire
	}
	m.pagesSent += b.pages
	m.skipped += b.skipped
	m.full += b.full
	m.round.Duration += b.seconds
	m.round.Sent += b.wire
	m.round.Skipped += b.skipped
	m.status.LastSent += b.pages
	m.status.LastSkipped += b.skipped
}

// beginRound opens a new round.
func (m *migration) beginRound(pending, threshold float64) {
	m.status.PreviousSent = m.status.LastSent
	m.status.LastSent, m.status.LastSkipped = 0, 0
	m.open = true
	m.round = Round{
		Round: m.res.Rounds + 1, Live: true, Start: m.now, Pending: pending,
		Threshold: threshold, Throttle: 1 - m.speed, Rate: m.rate,
	}
}

// fetchLog ends the round: it fetches the dirty log and lets the throttle see it.
func (m *migration) fetchLog() {
	first, again := m.mem.pending()
	dirtied := m.mem.sync()
	m.res.Syncs++
	m.closeRound(first+again, dirtied)
	if m.brake != nil {
		m.setThrottle(m.brake.synced(m.now, dirtied, m.firstWire+m.resentWire, m.res.Syncs))
	}
}

// closeRound puts an open round into the books: what it left unsent, and what
// the log then added.
func (m *migration) closeRound(left, dirtied float64) {
	if !m.open || m.status.LastSent+m.status.LastSkipped == 0 && dirtied == 0 {
		return // a look at the log right before the switch is no round
	}
	m.open = false
	m.round.Left, m.round.Dirtied = left, dirtied
	m.lastDirtied, m.lastSeconds = dirtied, m.round.Duration
	m.res.Rounds++
	m.sentOnce = true
	if m.cfg.Trace {
		m.res.Rows = append(m.res.Rows, m.round)
	}
}

func (m *migration) setThrottle(p float64) {
	m.speed = 1 - p
	m.res.ThrottleMax = math.Max(m.res.ThrottleMax, p)
}

// look refreshes what stop rules and schedules see.
func (m *migration) look(remaining float64) {
	if remaining <= m.low-PageBytes {
		m.low, m.lowAt = remaining, m.now
	}
	if m.polling {
		m.poll(remaining)
	}
	s := &m.status
	s.Elapsed = time.Duration((m.now - m.start) * 1e9)
	s.Round = m.res.Rounds
	s.Remaining = remaining
	s.Sent = m.pagesSent
	s.Progress = time.Duration((m.now - m.lowAt) * 1e9)
	if c := m.cfg.Method.Rate; c != nil {
		s.RateAtMaximum = m.rate >= c.Maximum()
	}
}

// poll is an orchestrator's look at the migration, once a second.
func (m *migration) poll(remaining float64) {
	for m.polled+1 <= m.now {
		m.polled++
		if remaining > m.polledAt || remaining == 0 {
			m.grown++
		}
		m.polledAt = remaining
	}
}

// limit is the downtime limit in force, in seconds; negative = none.
func (m *migration) limit() float64 {
	if m.cfg.Method.Limit == nil {
		return -1
	}
	return m.cfg.Method.Limit.At(m.scheduleClock(), m.grown).Seconds()
}

// scheduleClock is the time on the clock of the downtime schedule.
func (m *migration) scheduleClock() time.Duration {
	if !m.clockRuns && m.res.Rounds >= m.cfg.Method.Limit.Starts() {
		m.clockRuns, m.clockFrom = true, m.now
	}
	if !m.clockRuns {
		return -1
	}
	return time.Duration((m.now - m.clockFrom) * 1e9)
}

// judge asks the stop rule and the bounds of the run.
func (m *migration) judge() ending {
	if m.last {
		return fits
	}
	if rule := m.cfg.Method.Stop; rule != nil {
		switch rule.Decide(m.status) {
		case LastRound:
			m.last = true
		case Switch:
			return fits
		case Force:
			return forced
		case ToPostCopy:
			return toPost
		case Abort:
			return aborted
		}
	}
	if m.cfg.Method.Strategy == Hybrid && m.res.Rounds >= m.cfg.Method.PostCopy.AfterRounds {
		return toPost
	}
	if m.res.Rounds >= m.cfg.Method.MaxRounds || m.now >= m.bound {
		return never
	}
	if p := m.mem.pages; p != nil && p.stuck() && m.undriven() {
		return never
	}
	return notYet
}

// steady reports whether nothing but the dirty set can change from one round
// to the next, so that a round that gains nothing shows that none ever will.
func (m *migration) steady() bool { return m.mem.pages == nil && m.undriven() }

// undriven reports whether nothing but the guest's writes and chance makes one
// round different from the next.
func (m *migration) undriven() bool {
	method := &m.cfg.Method
	_, fixed := method.Limit.(FixedLimit)
	return (fixed || method.Limit == nil) && method.Stop == nil && method.Rate == nil && (m.brake == nil || m.brake.settled()) &&
		len(m.cfg.Link.Profile) == 0 && m.mem.regions.phases == nil && m.mem.regions.replay == nil
}

// undisturbed reports whether steadyRounds can do the run.
func (m *migration) undisturbed() bool {
	method := &m.cfg.Method
	return m.steady() && !m.cfg.Trace && !method.SkipRedirtied && !method.ClearOnSend && method.Strategy == PreCopy
}
