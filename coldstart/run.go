package coldstart

import "cloudconcepts/internal/des"

// run is what both engines keep.
type run struct {
	tally
	c           Config
	clock       clock
	from, end   int64 // of the window
	opened      bool
	invocations int64
	slices      stretches
	window      Row // what is counted for the next row
	rows        []Row
}

func newRun(c Config) run {
	r := run{c: c, from: int64(c.Warmup), end: int64(c.Duration)}
	last := r.end
	if rate := c.Arrivals.Rate(); c.MaxRequests > 0 && rate > 0 {
		last = min(last, des.Nanoseconds(float64(c.MaxRequests)/rate))
	}
	r.slices = newStretches(r.from, last)
	return r
}

// checkpoint is when the window opens or a slice ends.
func (r *run) checkpoint() int64 {
	if !r.opened {
		return r.from
	}
	return r.slices.next
}

// point opens the window or ends a slice; all up to t must have been counted.
func (r *run) point(t int64) {
	switch {
	case !r.opened && t == r.from:
		r.opened = true
		r.clock.open()
	case r.opened && t == r.slices.next && t < des.Forever:
		r.slices.cut(r.clock.areas)
	}
}

// gone counts an environment that was removed at t.
func (r *run) gone(t, life int64) {
	if t >= r.from {
		r.expired++
		r.lives.Add(life)
	}
}
