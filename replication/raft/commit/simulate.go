package commit

import (
	"fmt"
	"math"
	"time"
)

// The purposes of random numbers, and the most that one delay is taken to be, a year.
const (
	forArrivals = 0
	forDelays   = 2
	forDisks    = 3
	longest     = int64(365 * 24 * time.Hour)
)

// Simulate runs c: it commits the proposals, each alone or under load. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	r := Result{Config: c}
	if c.Alive < c.quorum() {
		r.Blocked = true
		r.Cause = fmt.Sprintf("%d of %d servers are alive, and a majority is %d", c.Alive, c.Servers, c.quorum())
		return r, nil
	}
	p := newPipeline(c)
	if c.Rate > 0 {
		p.load(c)
	} else {
		p.alone(c)
	}
	r.latency = p.latency
	r.CommitMean = p.latency.Mean() / 1e9
	r.CommitLow, r.CommitHigh = p.means.Interval(0.95)
	if math.IsInf(r.CommitHigh, 0) {
		r.CommitLow, r.CommitHigh = 0, float64(p.latency.Max())/1e9
	}
	r.CommitP50, r.CommitP90, r.CommitP99, r.CommitP999 = r.CommitQuantile(.5), r.CommitQuantile(.9), r.CommitQuantile(.99), r.CommitQuantile(.999)
	r.CommitMax = float64(p.latency.Max()) / 1e9
	r.MessagesMean = float64(p.messages) / float64(c.Proposals)
	return r, nil
}
