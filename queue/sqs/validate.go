package sqs

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/des"
)

const year = 365 * 24 * time.Hour

// limits of AWS, with the page of its documentation that states them.
const (
	pageSend       = "SendMessage"
	pageReceive    = "ReceiveMessage"
	pageQueue      = "SetQueueAttributes"
	pageVisibility = "ChangeMessageVisibility"
	pageTimers     = "Amazon SQS message timers"
	pageDead       = "Using dead-letter queues in Amazon SQS"
	pageMove       = "StartMessageMoveTask"
	pageMessages   = "Amazon SQS message quotas"
	pageLambda     = "Configuring scaling behavior for SQS event source mappings"
	pageMapping    = "Creating and configuring an Amazon SQS event source mapping"
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	v.Span("Duration", c.Duration, 1, year)
	v.Between("MaxCalls", float64(c.MaxCalls), 1, 1e11, " calls")
	v.Span("Sample", c.Sample, 0, year)
	if c.Sample > 0 && c.Duration/c.Sample > 1e6 {
		v.Add("Sample = %v, want at most a million rows in %v", c.Sample, c.Duration)
	}
	check.Count(&v.List, "Trace", c.Trace, 0, 1e6)
	v.queue(c.Queue)
	v.producer(c.Producer, c.Queue)
	v.consumer(c.Consumer, c.Queue)
	return v.Err()
}

// checks is a list of what is wrong, whose errors can name the page of the documentation that sets a limit.
type checks struct{ check.List }

func onPage(page string) string {
	if page == "" {
		return ""
	}
	return " (AWS: " + page + ")"
}

func (v *checks) count(name string, x, low, high int, page string) {
	if x < low || x > high {
		v.Add("%s = %d, want in [%d, %d]%s", name, x, low, high, onPage(page))
	}
}

func (v *checks) span(name string, x, low, high time.Duration, page string) {
	if x < low || x > high {
		v.Add("%s = %v, want in [%v, %v]%s", name, x, low, high, onPage(page))
	}
}

func (v *checks) law(name string, l Law) { v.Law(name, l, 0, des.Forever) }

// choice wants an enum within its names.
func (v *checks) choice(name string, x int, names []string) {
	if x < 0 || x >= len(names) {
		v.Add("%s = %d, want one of %v", name, x, names)
	}
}

// pick is the limit of AWS with its page, or the wider one of the model.
func pick[T any](aws bool, limit, wide T, page string) (T, string) {
	if aws {
		return limit, page
	}
	return wide, ""
}

func (v *checks) queue(q Queue) {
	v.choice("Queue.Kind", int(q.Kind), kindNames())
	v.choice("Queue.MaxTested", int(q.MaxTested), testedNames())
	v.choice("Queue.LateDelete", int(q.LateDelete), lateNames())
	v.choice("Queue.DedupScope", int(q.DedupScope), scopeNames())
	high, page := pick(q.AWS, 12*time.Hour, year, pageVisibility)
	v.span("Queue.Visibility", q.Visibility, 0, high, page)
	v.span("Queue.MaxVisibility", q.MaxVisibility, 0, high, page)
	if q.AWS && q.MaxVisibility == 0 {
		v.Add("Queue.MaxVisibility = 0s, want a cap of at most 12h%s", onPage(pageVisibility))
	}
	delay, page := pick(q.AWS, 15*time.Minute, year, pageQueue)
	v.span("Queue.Delay", q.Delay, 0, delay, page)
	low, page := pick(q.AWS, time.Minute, time.Nanosecond, pageQueue)
	high, _ = pick(q.AWS, 14*day, year, "")
	v.span("Queue.Retention", q.Retention, low, high, page)
	v.span("Queue.DeadRetention", q.DeadRetention, low, high, page)
	receives, page := pick(q.AWS, 1000, math.MaxInt32/2, pageDead)
	v.count("Queue.MaxReceives", q.MaxReceives, 0, receives, page)
	v.Between("Queue.LateDeleteProbability", q.LateDeleteProbability, 0, 1, "")
	v.Between("Queue.DuplicateProb", q.DuplicateProbability, 0, 1, "")
	inFlightCap, page := pick(q.AWS, inFlight, int(1e9), pageMessages)
	v.count("Queue.InFlightCap", q.InFlightCap, 1, inFlightCap, page)
	check.Count(&v.List, "Queue.LookAhead", q.LookAhead, 1, 1e9)
	v.Span("Queue.DedupWindow", q.DedupWindow, 0, year)
	v.Between("Queue.CallLimit", q.CallLimit, 0, 1e9, " calls/s")
	check.Count(&v.List, "Queue.Partitions", q.Partitions, 1, 1e6)
	check.Count(&v.List, "Queue.AgeReceives", q.AgeReceives, 1, 1e6)
	if !(q.ShortPollMiss >= 0 && q.ShortPollMiss < 1) {
		v.Add("Queue.ShortPollMiss = %g, want in [0, 1)", q.ShortPollMiss)
	}
	v.rules(q)
}

func (v *checks) rules(q Queue) {
	v.Between("Queue.Fair.InFlightShare", q.Fair.InFlightShare, 0, 1, "")
	check.Count(&v.List, "Queue.Fair.InFlight", q.Fair.InFlight, 0, 1e9)
	v.Between("Queue.Fair.TimeShare", q.Fair.TimeShare, 0, 1, "")
	v.Span("Queue.Fair.Window", q.Fair.Window, time.Second, day)
	v.Span("Queue.Fair.Silent", q.Fair.Silent, 0, year)
	v.Span("Queue.Expiry.Extra", q.Expiry.Extra, 0, time.Hour)
	v.Span("Queue.Expiry.Scan", q.Expiry.Scan, 0, time.Hour)
	v.Span("Queue.Expiry.PutOff", q.Expiry.PutOff, 0, time.Hour)
	check.Count(&v.List, "Queue.Expiry.PutOffAbove", q.Expiry.PutOffAbove, 0, 1e9)
	v.Between("Queue.Expiry.PutOffProbability", q.Expiry.PutOffProbability, 0, 0.999, "")
	v.Span("Queue.Redrive.At", q.Redrive.At, 0, year)
	v.Between("Queue.Redrive.Rate", q.Redrive.Rate, 0, 500, " messages/s"+onPage(pageMove))
	if q.Redrive.Rate > 0 && q.Redrive.Rate < 1e-6 {
		v.Add("Queue.Redrive.Rate = %g, want 0 or at least 1e-06 messages/s", q.Redrive.Rate)
	}
}

func (v *checks) producer(p Producer, q Queue) {
	check.Count(&v.List, "Producer.Messages", p.Messages, 1, 1e9)
	v.choice("Producer.Arrivals", int(p.Arrivals), arrivalNames())
	if p.Arrivals != AtOnce {
		v.steps(p.Steps)
	}
	batch, page := pick(q.AWS, apiBatch, 10_000, pageMessages)
	v.count("Producer.Batch", p.Batch, 1, batch, page)
	check.Count(&v.List, "Producer.Groups", p.Groups, 1, 1e7)
	v.Between("Producer.Zipf", p.Zipf, 0, 10, "")
	v.law("Producer.Latency", p.Latency)
	v.law("Producer.Timer", p.Timer)
	if !p.Timer.IsZero() && q.AWS && q.Kind == FIFO {
		v.Add("Producer.Timer = %v, want none: FIFO queues have no timers of messages%s", p.Timer, onPage(pageTimers))
	}
	if d := p.Timer.Mean(); q.AWS && d > 900 {
		v.Add("Producer.Timer = %v, want at most 15m%s", p.Timer, onPage(pageTimers))
	}
	v.Between("Producer.ResendProbability", p.ResendProbability, 0, 0.99, "")
	v.law("Producer.ResendDelay", p.ResendDelay)
	v.Between("Producer.ResendOtherGroup", p.ResendOtherGroup, 0, 1, "")
	v.Between("Producer.PoisonShare", p.PoisonShare, 0, 1, "")
	check.Count(&v.List, "Producer.PoisonFirst", p.PoisonFirst, 0, max(p.Messages, 0))
	v.Between("Producer.SlowShare", p.SlowShare, 0, 1, "")
	v.Between("Producer.SlowFactor", p.SlowFactor, 0, 1e6, "")
}

func (v *checks) steps(steps []Step) {
	if len(steps) == 0 || steps[0].At != 0 {
		v.Add("Producer.Steps = %v, want at least one, the first at 0s", steps)
	}
	before := time.Duration(-1)
	for i, s := range steps {
		name := fmt.Sprintf("Producer.Steps[%d]", i)
		v.Span(name+".At", s.At, 0, year)
		if s.At <= before {
			v.Add("%s.At = %v after %v, want rising times", name, s.At, before)
		}
		v.Between(name+".Rate", s.Rate, 0, 1e9, " messages/s")
		if s.Rate > 0 && s.Rate < 1e-9 {
			v.Add("%s.Rate = %g, want 0 or at least 1e-09 messages/s", name, s.Rate)
		}
		v.Between(name+".Hot", s.Hot, 0, 1, "")
		before = s.At
	}
}

func (v *checks) consumer(c Consumer, q Queue) {
	check.Count(&v.List, "Consumer.Workers", c.Workers, 0, 1e6)
	v.law("Consumer.Service", c.Service)
	batch, page := pick(q.AWS, apiBatch, 10_000, pageReceive)
	if c.Lambda.Max > 0 && q.Kind != FIFO {
		batch, page = 10_000, pageMapping
	}
	v.count("Consumer.Batch", c.Batch, 1, batch, page)
	check.Count(&v.List, "Consumer.RefillAt", c.RefillAt, 0, max(c.Batch-1, 0))
	if c.Prefetch && (c.DeleteAtEnd || c.Lambda.Max > 0 || c.Workers == 0) {
		v.Add("Consumer.Prefetch = true, want it only for Workers that delete message by message")
	}
	wait, page := pick(q.AWS, 20*time.Second, year, pageReceive)
	v.span("Consumer.Wait", c.Wait, 0, wait, page)
	v.Span("Consumer.Pause", c.Pause, 0, year)
	if c.Wait < time.Millisecond && c.Pause < time.Millisecond && c.Workers > 0 {
		v.Add("Consumer.Pause = %v, want at least 1ms after an empty receive when Consumer.Wait = %v", c.Pause, c.Wait)
	}
	v.Between("Consumer.FailureProbability", c.FailureProbability, 0, 1, "")
	v.choice("Consumer.Failure", int(c.Failure), failureNames())
	most, page := pick(q.AWS, 12*time.Hour, year, pageVisibility)
	v.span("Consumer.NackDelay", c.NackDelay, 0, most, page)
	v.Span("Consumer.Heartbeat", c.Heartbeat, 0, year)
	v.span("Consumer.Extend", c.Extend, 0, most, page)
	if c.Heartbeat > 0 && (c.Extend < 1 || c.Heartbeat < time.Microsecond) {
		v.Add("Consumer.Heartbeat = %v with Extend = %v, want at least 1µs and an extension", c.Heartbeat, c.Extend)
	}
	v.law("Consumer.ReceiveLatency", c.ReceiveLatency)
	v.law("Consumer.DeleteLatency", c.DeleteLatency)
	v.lambda(c.Lambda, q)
}

func (v *checks) lambda(l Lambda, q Queue) {
	if l.Max == 0 {
		return
	}
	v.count("Consumer.Lambda.Max", l.Max, 2, 100_000, pageLambda)
	v.count("Consumer.Lambda.Start", l.Start, 1, 100_000, pageLambda)
	check.Count(&v.List, "Consumer.Lambda.Ramp", l.Ramp, 0, 1e6)
	v.span("Consumer.Lambda.Timeout", l.Timeout, time.Second, 15*time.Minute, "Configure Lambda function timeout")
	if l.Timeout > q.Visibility {
		v.Add("Consumer.Lambda.Timeout = %v, want at most Queue.Visibility = %v%s", l.Timeout, q.Visibility, onPage(pageMapping))
	}
}
