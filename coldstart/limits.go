package coldstart

import "math"

// bucket lets through what it has tokens for; it refills evenly up to its capacity.
type bucket struct {
	on       bool
	capacity float64
	perNS    float64
	tokens   float64
	at       int64
}

func newBucket(capacity, perSecond float64) bucket {
	return bucket{on: true, capacity: capacity, perNS: perSecond / 1e9, tokens: capacity}
}

func (b *bucket) fill(now int64) {
	b.tokens = min(b.capacity, b.tokens+float64(now-b.at)*b.perNS)
	b.at = now
}

// has tells whether there is a token; what rounding took from it does not matter.
func (b *bucket) has(now int64) bool {
	if !b.on {
		return true
	}
	b.fill(now)
	return b.tokens >= 1-1e-9
}

func (b *bucket) take() {
	if b.on {
		b.tokens = max(b.tokens-1, 0)
	}
}

// limiter is how many environments there may be, and how many new ones now.
type limiter struct {
	most     int64 // environments that serve, provisioned ones included
	scaling  Scaling
	fresh    bucket // for new environments
	requests bucket
	burst    int64
	more     int64
	full     int64 // when the burst was first in use; -1 = not yet
}

// concurrency is the function's, 0 = no limit.
func (l Limits) concurrency() int {
	if l.Account == 0 || l.Reserved > 0 && l.Reserved < l.Account {
		return l.Reserved
	}
	return l.Account
}

func newLimiter(l Limits) limiter {
	x := limiter{most: int64(l.concurrency()), scaling: l.Scaling, burst: int64(l.Burst), more: int64(l.Refill), full: -1}
	if x.most == 0 {
		x.most = math.MaxInt64
	} else if l.Requests > 0 {
		rate := l.Requests * float64(x.most)
		x.requests = newBucket(max(rate, 1), rate)
	}
	if l.Scaling == AWSScaling {
		x.fresh = newBucket(float64(l.Burst), l.Refill)
	}
	return x
}

// allows tells whether a new environment may come beside those that are busy.
func (x *limiter) allows(now, busy int64) bool {
	switch x.scaling {
	case AWSScaling:
		return x.fresh.has(now)
	case LegacyScaling:
		if busy >= x.burst && x.full < 0 {
			x.full = now
		}
		return busy < x.legacy(now)
	}
	return true
}

// legacy is the greatest number of busy environments that the legacy rule allows: more each full minute.
func (x *limiter) legacy(now int64) int64 {
	if x.full < 0 {
		return x.burst
	}
	return x.burst + (now-x.full)/60e9*x.more
}

// tokens are the new environments that may come at once, -1 if any number.
func (x *limiter) tokens(now, busy int64) float64 {
	switch x.scaling {
	case AWSScaling:
		x.fresh.fill(now)
		return x.fresh.tokens
	case LegacyScaling:
		return float64(max(x.legacy(now)-busy, 0))
	}
	return -1
}
