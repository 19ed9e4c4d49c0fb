package autoscale

import (
	"time"

	"cloudconcepts/internal/des"
)

// scaler is the control loop around the rule.
type scaler struct {
	measureAt, decideAt int64
	measured            des.Ring[sample] // not yet visible to the rule
	seen                sample           // the last one that is
	known               bool
	lastOut, lastIn     int64 // when it last changed the fleet; far in the past if never
	direction           int
	paidUntil           int64
}

// sample is a measurement of the queue.
type sample struct {
	visibleAt int64
	visible   int
	inFlight  int
	age       int64
	serving   int
}

// reset arms the timers. The first measurement and decision come after one period: at time 0 nothing is known.
func (s *scaler) reset(c Config) {
	s.measureAt, s.decideAt = int64(c.MetricPeriod), int64(c.EvaluationPeriod)
	s.lastOut, s.lastIn = -des.Forever, -des.Forever
}

func (f *fleet) serving() int { return f.capacity() - f.booting }

func (f *fleet) measure() {
	s := &f.scaler
	s.measureAt += int64(f.cfg.MetricPeriod)
	s.measured.PushBack(sample{
		visibleAt: f.now + int64(f.cfg.MetricDelay), visible: f.backlog.Len(), inFlight: f.busy.Len(),
		age: f.oldest(), serving: f.serving(),
	})
}

// decide asks the rule, if there is something that it can see, and changes the fleet.
func (f *fleet) decide() {
	s := &f.scaler
	s.decideAt += int64(f.cfg.EvaluationPeriod)
	for s.measured.Len() > 0 && s.measured.Front().visibleAt <= f.now {
		s.seen, s.known = s.measured.PopFront(), true
	}
	_, blind := f.cfg.Rule.(interface{ blind() })
	if !s.known && !blind {
		return
	}
	f.wanted = min(max(f.cfg.Rule.Want(f.observe()), f.cfg.Min), f.cfg.Max)
	f.follow(f.wanted - f.capacity())
}

func (f *fleet) observe() Observation {
	c, s := &f.cfg, &f.scaler.seen
	now := time.Duration(f.now)
	return Observation{
		Visible: s.visible, InFlight: s.inFlight, OldestAge: time.Duration(s.age), Measured: s.serving,
		Serving: f.serving(), Capacity: f.capacity(), Service: f.mean, Every: c.EvaluationPeriod,
		Ahead: c.Arrivals.Max(now, now+c.Boot+c.EvaluationPeriod),
	}
}

// follow changes the fleet by as many instances as steps and cool-downs allow.
func (f *fleet) follow(change int) {
	c, s := &f.cfg, &f.scaler
	switch {
	case change > 0 && f.now-s.lastOut >= int64(c.CooldownOut):
		f.launch(bounded(change, c.MaxOut))
		s.lastOut = f.now
		f.res.ScaleOuts++
		f.turn(1)
	case change < 0 && f.now-max(s.lastOut, s.lastIn) >= int64(c.CooldownIn):
		f.stop(bounded(-change, c.MaxIn))
		s.lastIn = f.now
		f.res.ScaleIns++
		f.turn(-1)
	}
}

// bounded is n, but at most the limit if there is one.
func bounded(n, limit int) int {
	if limit > 0 {
		return min(n, limit)
	}
	return n
}

// turn counts a scale-out after a scale-in, or the reverse.
func (f *fleet) turn(direction int) {
	if f.scaler.direction == -direction {
		f.res.Reversals++
	}
	f.scaler.direction = direction
}
