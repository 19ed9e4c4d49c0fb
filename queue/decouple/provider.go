package decouple

import (
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

// Streams of random numbers. Arrivals and services belong to the users and are the same for both ways.
const (
	arrivalStream = iota
	serviceStream
	failureStream
	backoffStream
	acceptStream
)

// provider is the service in one of the two runs. Whoever runs it keeps at most Servers calls under way.
type provider struct {
	cfg      *Provider
	failures *rand.Rand
	window   int // the first that has not ended
}

func newProvider(c *Config) provider {
	return provider{cfg: &c.Provider, failures: rng.New(c.Seed, failureStream)}
}

// call begins a call of so much work; it says when the call will end and whether it will have failed. Calls begin in
// order of time.
func (p *provider) call(now, work int64) (done int64, failed bool) {
	failed = p.cfg.Failure > 0 && p.failures.Float64() < p.cfg.Failure
	for p.window < len(p.cfg.Windows) && p.cfg.Windows[p.window].end() <= now {
		p.window++
	}
	if p.window == len(p.cfg.Windows) {
		return now + work, failed
	}
	if w := p.cfg.Windows[p.window]; w.Kind == Fail && int64(w.At) <= now {
		return now + int64(p.cfg.ErrorLatency), true
	}
	return p.finish(now, work), failed
}

// finish is when work that begins now is done, with the windows that it meets.
func (p *provider) finish(now, work int64) int64 {
	for _, w := range p.cfg.Windows[p.window:] {
		if from := int64(w.At); now < from {
			if work <= from-now {
				break
			}
			work -= from - now
			now = from
		}
		switch w.Kind {
		case Hang:
			now = w.end()
		case Slow:
			done := float64(w.end()-now) / w.Factor
			if float64(work) <= done {
				return now + int64(float64(work)*w.Factor+0.5)
			}
			work -= int64(done)
			now = w.end()
		}
	}
	return min(now+work, des.Forever)
}
