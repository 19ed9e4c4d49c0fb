package coldstart

import (
	"cloudconcepts/internal/des"
	"cloudconcepts/internal/stats"
)

// tally counts what happens in the window of the statistics.
type tally struct {
	latency stats.Histogram // ns from the arrival to the end of a success
	colds   stats.Histogram // of it those of cold starts

	requests, served, failed, dropped, dead, waiting int64 // by request
	warm, cold, provisioned, spilled                 int64 // by invocation
	causes                                           Causes
	throttles                                        Throttles
	timeouts, errors, suppressed, proactive          int64
	pings, coldPings, throttledPings                 int64
	phases                                           [phases]stats.Sum
	billed, billedProvisioned                        stats.Sum // ms
	born, expired                                    int64
	lives                                            stats.Sum // ns, of those expired
	response                                         stats.Sum // ns of environments' work begun

	groupN                 int
	groupSum, groupCold    float64
	meanLatency, meanColds stats.BatchMeans
}

const groupSize = 256

// accepted counts an invocation of a request.
func (t *tally) accepted(latency int64, cold bool) {
	if cold {
		t.groupCold++
	}
	t.groupSum += float64(latency)
	if t.groupN++; t.groupN == groupSize {
		t.pass()
	}
}

// pass hands the means of a group on to batch means, which need no more.
func (t *tally) pass() {
	t.meanLatency.Add(t.groupSum / groupSize)
	t.meanColds.Add(t.groupCold / groupSize)
	t.groupN, t.groupSum, t.groupCold = 0, 0, 0
}

// begun counts the phases of a cold start.
func (t *tally) begun(x *start) {
	for p, d := range x.part {
		t.phases[p].Add(d)
	}
	if x.suppressed {
		t.suppressed++
	}
	if x.proactive {
		t.proactive++
	}
}

// bill counts a time, rounded up to 1 ms.
func bill(a *stats.Sum, ns int64) { a.Add((ns + 999_999) / 1_000_000) }

// clock is the time-weighted part of the statistics: numbers of environments, integrated.
type clock struct {
	at                               int64 // all is counted up to here
	live, busy, provided, providedIn int64 // on demand: all and those that serve; provisioned ones: the same
	areas                            [4]stats.Sum
	spread                           []int64 // ns at each number of live ones
}

const mostSpread = 100_000

// advance counts the time up to t.
func (c *clock) advance(t int64) {
	d := t - c.at
	if d <= 0 {
		return
	}
	for i, n := range [4]int64{c.live, c.busy, c.provided, c.providedIn} {
		if n != 0 {
			c.areas[i].AddProduct(n, d)
		}
	}
	c.spreadOver(d)
	c.at = t
}

func (c *clock) spreadOver(d int64) {
	n := int(min(c.live+c.provided, mostSpread))
	for n >= len(c.spread) {
		c.spread = append(c.spread, 0)
	}
	c.spread[n] += d
}

// open begins the window.
func (c *clock) open() {
	c.areas = [4]stats.Sum{}
	clear(c.spread)
}

// stretches are the means of stretches of the window, for intervals.
type stretches struct {
	step, next  int64
	before      [4]stats.Sum
	live, busy  stats.Moments
	count, most int
}

const stretchCount = 32

func newStretches(from, end int64) stretches {
	step := (end - from) / stretchCount
	if step <= 0 {
		return stretches{next: des.Forever, step: 1}
	}
	return stretches{step: step, next: from + step, most: stretchCount}
}

// cut ends a slice.
func (s *stretches) cut(areas [4]stats.Sum) {
	length := float64(s.step)
	demand, given := areas[0].Minus(s.before[0]).Float(), areas[2].Minus(s.before[2]).Float()
	s.live.Add((demand + given) / length)
	s.busy.Add((areas[1].Minus(s.before[1]).Float() + areas[3].Minus(s.before[3]).Float()) / length)
	s.before = areas
	s.next += s.step
	if s.count++; s.count == s.most {
		s.next = des.Forever
	}
}
