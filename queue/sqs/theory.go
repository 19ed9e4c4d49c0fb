package sqs

import (
	"math"
	"time"
)

// Timeout is the system that has closed forms: there is always an idle worker, so that a message is received at once
// and again whenever its delivery times out. N is the number of deliveries of a message. With V the visibility timeout,
// S a processing time and p the probability that an attempt fails in silence:
//
//	late delete works   P(N > n) = (p + (1-p) P(S > V)) (p + (1-p) P(S > 2V)) ... (p + (1-p) P(S > nV))
//	late delete fails   P(N > n) = (p + (1-p) P(S > V))^n
//
// since delivery n+1 finds n attempts that began V, 2V, ... nV before; for exponential S of mean m, q = exp(-V/m) and
// p = 0 these are q^(n(n+1)/2) and q^n. The mean of N is their sum over n = 0, 1, ..., up to MaxReceives - 1 if there is
// a maximum. All of it holds for any law of S.
type Timeout struct {
	Service       Law           // S
	Visibility    time.Duration // V
	Late          LateDelete    // LateDeleteChance has no closed form here: NaN
	MaxReceives   int           // R, 0 = no maximum
	Failure       float64       // p
	DeleteLatency time.Duration // D: a delete has to arrive before the timeout, which acts as V - D
	Expiry        Expiry        // Extra and Scan: later gaps are V rounded up to a multiple of Scan, the first one is V + U(0, Scan)
}

// gaps are the first gap between two deliveries at most, its random part, and the later ones, in seconds.
func (t Timeout) gaps() (first, spread, later float64) {
	v := (t.Visibility + t.Expiry.Extra).Seconds()
	d := t.Expiry.Scan.Seconds()
	if d <= 0 {
		return v, 0, v
	}
	return v, d, math.Ceil(float64(t.Visibility+t.Expiry.Extra)/float64(t.Expiry.Scan)) * d
}

// undone is the probability that an attempt has not deleted its message a time (seconds) after its delivery.
func (t Timeout) undone(after float64) float64 {
	after -= t.DeleteLatency.Seconds()
	if after < 0 {
		return 1
	}
	return t.Failure + (1-t.Failure)*t.Service.Survival(after)
}

// spreadUndone is undone averaged over a time after + U(0, spread).
func (t Timeout) spreadUndone(after, spread float64) float64 {
	if spread == 0 {
		return t.undone(after)
	}
	const steps = 2000
	sum := 0.0
	for i := range steps {
		sum += t.undone(after + spread*(float64(i)+0.5)/steps)
	}
	return sum / steps
}

// MoreThan is P(N > n) for a message that no maximum stops.
func (t Timeout) MoreThan(n int) float64 {
	first, spread, later := t.gaps()
	if n <= 0 {
		return 1
	}
	switch t.Late {
	case LateDeleteWorks:
		p := t.spreadUndone(first+float64(n-1)*later, spread)
		for i := 1; i < n && p > 0; i++ {
			p *= t.undone(float64(i) * later)
		}
		return p
	case LateDeleteFails, LateDeleteFenced:
		return t.spreadUndone(first, spread) * math.Pow(t.undone(later), float64(n-1))
	}
	return math.NaN()
}

// Deliveries is the mean of N; +Inf if a message may never end.
func (t Timeout) Deliveries() float64 {
	if t.Late == LateDeleteChance {
		return math.NaN()
	}
	first, spread, later := t.gaps()
	if t.Late != LateDeleteWorks {
		q, r := t.undone(later), t.spreadUndone(first, spread)
		if q >= 1 {
			return t.bounded(math.Inf(1))
		}
		if t.MaxReceives == 0 {
			return 1 + r/(1-q)
		}
		return 1 + r*(1-math.Pow(q, float64(t.MaxReceives-1)))/(1-q)
	}
	if t.MaxReceives == 0 && later == 0 && t.undone(0) >= 1 {
		return math.Inf(1)
	}
	return t.deliveriesOneByOne()
}

// deliveriesOneByOne is Deliveries where each attempt that goes on can still delete the message: the sum of P(N > n).
func (t Timeout) deliveriesOneByOne() float64 {
	first, spread, later := t.gaps()
	sum, p := 1.0, 1.0
	for n := 1; t.MaxReceives == 0 || n < t.MaxReceives; n++ {
		after := first + float64(n-1)*later
		last := p * t.spreadUndone(after, spread)
		if n == smooth { // from here on the sum is large, and the middle of the gap will do
			first, spread = first+spread/2, 0
		}
		p *= t.undone(float64(n) * later)
		sum += last
		switch {
		case last < 1e-17*sum:
			return sum
		case t.Service.Survival(min(after, float64(n)*later)-t.DeleteLatency.Seconds()) < 1e-17: // only failures deliver it again
			return sum + last*t.failures(n)
		case n >= endless:
			return t.bounded(math.Inf(1))
		}
	}
	return sum
}

// failures is how many deliveries follow the n-th one beyond the first, for each of these, if all work has ended.
func (t Timeout) failures(n int) float64 {
	more := math.Inf(1)
	if t.MaxReceives > 0 {
		more = float64(t.MaxReceives - 1 - n)
	}
	if t.Failure == 1 {
		return more
	}
	return t.Failure * (1 - math.Pow(t.Failure, more)) / (1 - t.Failure)
}

const (
	endless = 100_000 // deliveries that count as no end
	smooth  = 1000    // deliveries after which a gap's random part is no longer averaged
)

// bounded is a number of deliveries under the maximum.
func (t Timeout) bounded(n float64) float64 {
	if t.MaxReceives > 0 {
		return min(n, float64(t.MaxReceives))
	}
	return n
}

// Duplicates is the share of messages delivered more than once, P(N > 1).
func (t Timeout) Duplicates() float64 {
	if t.MaxReceives == 1 {
		return 0
	}
	return t.MoreThan(1)
}

// Dead is the share of messages that reach the maximum, P(N > R); 0 without one.
func (t Timeout) Dead() float64 {
	if t.MaxReceives == 0 {
		return 0
	}
	return t.MoreThan(t.MaxReceives)
}

// Wasted is deliveries beyond the first, per message.
func (t Timeout) Wasted() float64 { return t.Deliveries() - 1 }

// DeadAfter is the mean time in seconds from the first delivery of a dead letter to its move to the dead-letter queue: R
// timeouts, and with Failure = 1 how long a poison message blocks the group of a FIFO queue. +Inf without a maximum. With
// Scan it is a little less than R mean gaps, since a message that dies is likelier to have had a short one.
func (t Timeout) DeadAfter() float64 {
	if t.MaxReceives == 0 {
		return math.Inf(1)
	}
	first, spread, later := t.gaps()
	rest := float64(t.MaxReceives-1) * later
	lived := first // the time on which survival of the first gap depends
	if t.Late == LateDeleteWorks {
		lived += rest
	}
	const steps = 2000
	sum, weight := 0.0, 0.0
	for i := range steps {
		u := spread * (float64(i) + 0.5) / steps
		w := t.undone(lived + u)
		sum += u * w
		weight += w
	}
	if weight == 0 {
		return first + spread/2 + rest
	}
	return first + sum/weight + rest
}
