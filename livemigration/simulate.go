package livemigration

import (
	"fmt"

	"cloudconcepts/internal/units"
)

// Simulate runs c by its dirty curve. The same Config gives the same Result. Not converging is a
// result, not an error.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	disk := c.Storage.copy(c.Link)
	link := c.Link
	c.Link = c.Storage.remaining(link)
	var m migration
	m.begin(&c, disk.seconds)
	m.res.StorageSeconds, m.res.StorageBytes = disk.seconds, round64(disk.bytes)
	m.migrate()
	r := m.result()
	r.Config.Link = link
	return r, nil
}

// migrate runs the strategy.
func (m *migration) migrate() {
	switch m.cfg.Method.Strategy {
	case Offline:
		m.res.Reason = "stopped, copied, started"
		m.stopAndCopy(Converged)
	case PostCopy:
		m.res.Reason = "switched at once"
		m.postCopy()
	default:
		m.preCopy()
	}
}

// preCopy copies while the guest runs, and then does what ended that.
func (m *migration) preCopy() {
	var end ending
	switch {
	case m.cfg.Method.SwitchOver == Drain:
		end = m.drain()
	case m.undisturbed():
		end = m.steadyRounds()
	default:
		end = m.rounds()
	}
	switch end {
	case fits:
		m.res.Reason = "the rest fitted the downtime limit"
		if m.cfg.Method.Stop != nil && (m.last || m.cfg.Method.Limit == nil) {
			m.res.Reason = "the stop rule was content"
		}
		m.stopAndCopy(Converged)
	case forced:
		m.res.Reason = "a stop rule forced the switch"
		m.stopAndCopy(Forced)
	case toPost:
		m.res.Reason = "switched to post-copy"
		m.postCopy()
	case aborted:
		m.giveUp(Aborted, "a stop rule gave up")
	default:
		m.giveUp(Diverged, "what is dirtied in a round never fits the downtime limit")
	}
}

// giveUp ends without a switch: the guest stays where it is.
func (m *migration) giveUp(o Outcome, why string) {
	first, again := m.mem.pending()
	m.closeRound(first+again, 0)
	m.res.Outcome, m.res.Reason = o, why
	m.res.PlateauBytes = round64(first + again)
	m.res.Total = m.now
	m.res.finish(m.firstWire, m.resentWire, 0, 0, 0, m.skipped, m.full)
}

// stopAndCopy stops the guest and sends the rest.
func (m *migration) stopAndCopy(o Outcome) {
	if m.cfg.Method.Strategy != Offline {
		latency := m.cfg.Method.StopLatency.Seconds()
		first, again := m.mem.pending()
		m.mem.run(latency * m.speed)
		m.now += latency
		m.closeRound(first+again, m.mem.sync())
		m.res.Syncs++
	}
	first, again := m.mem.pending()
	start := m.now
	b := m.mem.send(inf, m.final, 0)
	m.full += b.full
	m.res.Pause = Pause{Copy: b.seconds, State: m.stateSeconds(0), Fixed: m.cfg.Method.Resume.Seconds(), Signal: m.cfg.Link.RTT.Seconds()}
	m.res.Outcome = o
	if m.cfg.Trace {
		m.res.Rows = append(m.res.Rows, Round{
			Round: m.res.Rounds + 1, Start: start, Duration: b.seconds, Pending: first + again, Sent: b.wire,
			Rate: m.cfg.Link.stopped(), Threshold: m.round.Threshold, Throttle: 1,
		})
	}
	m.resume()
	m.res.finish(m.firstWire, m.resentWire, b.wire, 0, float64(m.cfg.VM.DeviceState), m.skipped, m.full)
}

func (m *migration) stateSeconds(extra int64) float64 {
	return float64(m.cfg.VM.DeviceState+extra) / m.cfg.Link.stopped()
}

// resume starts the guest on the destination.
func (m *migration) resume() {
	m.res.Downtime = m.res.Pause.total()
	m.res.ServiceDowntime = m.res.Downtime + m.cfg.Method.Announce.reached().Seconds()
	m.res.LostCPU += m.res.Downtime
	m.now += m.res.Downtime
	m.res.Total = m.now
}

// result closes the books.
func (m *migration) result() Result {
	m.res.Config = m.cfg
	m.res.Amplification = float64(m.res.SentBytes) / float64(m.cfg.VM.Memory)
	m.warn()
	return m.res
}

func (m *migration) warn() {
	if m.res.Outcome == Diverged {
		m.res.Warnings = append(m.res.Warnings,
			fmt.Errorf("livemigration: never converges: %s stay dirty", units.FormatBytes(float64(m.res.PlateauBytes))))
	}
	if limit := m.cfg.Method.Limit; limit != nil && m.res.Outcome == Forced && m.res.Downtime > limit.Highest().Seconds() {
		m.res.Warnings = append(m.res.Warnings,
			fmt.Errorf("livemigration: forced: the downtime of %s is above the limit of %s",
				units.FormatSeconds(m.res.Downtime), units.FormatDuration(limit.Highest())))
	}
}
