package livemigration

import "math"

// postCopy switches to the destination and brings the rest after it: pushed in
// address order, and pulled where the guest touches a page that is missing.
func (m *migration) postCopy() {
	p := m.cfg.Method.PostCopy
	m.mem.run(m.cfg.Method.StopLatency.Seconds() * m.speed)
	m.now += m.cfg.Method.StopLatency.Seconds()
	left, leftAgain := m.mem.pending()
	m.closeRound(left+leftAgain, m.mem.sync())
	m.res.Syncs++
	m.res.Outcome = SwitchedToPost
	m.res.Pause = Pause{
		State: m.stateSeconds(p.Discard), Fixed: m.cfg.Method.Resume.Seconds(), Signal: m.cfg.Link.RTT.Seconds(),
	}
	m.resume()
	first, again := m.mem.pending()
	if m.mem.pages != nil {
		m.pull(first + again)
		return
	}
	push := m.push(m.final.time(first, again), first+again)
	wire := first*m.final.first.wire + again*m.final.again.wire
	m.full += first*m.final.first.full + again
	m.postCopied(push, wire)
}

// postCopied closes the books of a post-copy.
func (m *migration) postCopied(push pushed, wire float64) {
	extra := m.cfg.Method.PostCopy.Discard
	stall := math.Min(push.stall, push.seconds) // a guest that is taken to go on at full speed can be asked to wait for longer than there is
	m.res.NetworkFaults, m.res.FaultStall = push.faults, stall
	m.res.LostCPU += stall
	m.res.Total = m.now + push.seconds
	m.res.finish(m.firstWire, m.resentWire, 0, wire, float64(m.cfg.VM.DeviceState+extra), m.skipped, m.full)
}

// pushed is what happens while the rest arrives.
type pushed struct{ seconds, faults, stall float64 }

// push follows the push of the pending bytes over the given seconds, step by
// step. The guest touches pending pages by its curve, and a touch is a network
// fault unless the push has been there. Every page goes once, whether pushed or
// asked for, so faults do not lengthen the whole. What has not arrived is none
// of it touched; so the chance of a newly touched page to be missing is the
// share not arrived over the share not touched. With Feedback faults stall the
// guest; a vCPU stalls alone.
func (m *migration) push(seconds, bytes float64) pushed {
	const steps = 2000
	out := pushed{seconds: seconds}
	if seconds <= 0 {
		return out
	}
	latency := m.faultSeconds() / float64(m.cfg.VM.VCPUs)
	dt := seconds / steps
	guest, before := 0.0, 0.0
	for i := range steps {
		left := 1 - (float64(i)+0.5)/steps
		missing := math.Min(1, left/math.Max(left, 1-before/bytes))
		speed := 1.0
		if m.cfg.Method.PostCopy.Feedback {
			ahead := math.Max(0, m.touched(guest+dt)-before)
			speed = 1 / (1 + ahead/m.perFault()*missing/dt*latency)
		}
		guest += speed * dt
		now := math.Max(before, m.touched(guest))
		faults := (now - before) / m.perFault() * missing
		before = now
		out.faults += faults
		out.stall += faults * latency
		if m.cfg.Trace && i%(steps/200) == 0 {
			m.res.Faults = append(m.res.Faults, FaultPoint{
				At: (float64(i) + 0.5) * dt, Faults: faults / dt, Speed: speed, Remaining: bytes * left,
			})
		}
	}
	return out
}

// perFault is the bytes that one fault brings in: a page as the hypervisor
// tracks it, and those that come with it.
func (m *migration) perFault() float64 {
	return float64(m.cfg.VM.DirtyPage) * m.cfg.Method.PostCopy.Locality
}

// faultSeconds is how long one fault takes: a round trip, the page, its
// handling, and the queue ahead of it unless it has a channel of its own.
func (m *migration) faultSeconds() float64 {
	p := m.cfg.Method.PostCopy
	bytes := float64(m.cfg.VM.DirtyPage)
	if !p.Preempt {
		bytes += float64(p.Queue)
	}
	return m.cfg.Link.RTT.Seconds() + p.Service.Seconds() + bytes/m.cfg.Link.stopped()
}

// touched is the pending bytes touched in g seconds of guest time.
func (m *migration) touched(g float64) float64 {
	return m.mem.regions.touched(g * m.cfg.Method.PostCopy.Touches)
}
