package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/queueplot"
	"cloudconcepts/queue/sqs"
)

// SQS runs a queue of messages with visibility timeouts.
func SQS() study.Study {
	cfg := sqs.SQSStandard()
	cfg.Producer.Messages = 200_000
	cfg.Consumer.Service, cfg.Queue.Visibility = sqs.Exp(10*time.Second), 30*time.Second
	rate := 0.0
	var given func(string) bool
	return study.Study{
		Name:     "sqs",
		Question: "How often is a message delivered, and what becomes of it?",
		Next:     "A late delete that fails (`--late-delete fails`), at most three receives (`--max-receives 3`): what becomes of slow messages?",
		Examples: []string{
			"--visibility-timeout 10s --messages 1M",
			"--visibility-timeout 10s --late-delete fails",
			"--preset sqs-fifo --visibility-timeout 10s --max-receives 3",
			"--preset jetstream --service exp:150ms --visibility-timeout 150ms --json",
			"--workers 20 --rate 1.5/s --failure-probability 30% --max-receives 3",
		},
		Flags: func(f *study.Flags) {
			sqsFlags(f, &cfg, &rate)
			given = f.Changed
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if env.Quick && !given("messages") {
				c.Producer.Messages = min(c.Producer.Messages, 20_000)
			}
			pace(&c, rate, given)
			c.Trace = min(c.Producer.Messages, 200_000)
			theory := closedForm(c)
			r, err := sqs.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: deliveredAnswer(r, theory),
				Table:  deliveredTable(r, theory),
				Figure: queueplot.Deliveries(r, theory),
				Reading: "A message that is not deleted before its visibility timeout is over is handed out again, while the first worker may still be at it. Each step down of the " +
					"curve is a share of messages that ended in time. If a late delete still works, a slow worker ends the message all the same; if it fails, as in FIFO queues, " +
					"every delivery starts anew.",
				Sources: []string{
					"settings and limits: Amazon SQS Developer Guide (visibility timeout, message quotas, FIFO queue quotas) and API reference",
					"closed form: go doc ./queue/sqs Timeout",
				},
				Notes:  study.Warnings("", r.Warnings),
				Config: c, Result: slim(r),
			}, nil
		},
	}
}

// slim leaves the traced messages and the rows out of what is printed.
func slim(r sqs.Result) sqs.Result {
	r.Trace, r.Rows = nil, nil
	return r
}

// sqsFlags declares what a student wants to turn; the presets set the rest.
func sqsFlags(f *study.Flags, c *sqs.Config, rate *float64) {
	preset := ""
	f.Preset(&preset, "preset", "a broker: its rules, limits and defaults", func(name string) error {
		messages := c.Producer.Messages
		*c = sqsPresets()[name]
		c.Producer.Messages = messages
		return nil
	}, sqsPresetNames()...)
	f.Int(&c.Producer.Messages, "messages", "messages sent")
	f.Frequency(rate, "rate", "messages sent per second, at random; 0 = slow enough for the limit of messages in flight")
	f.Int(&c.Producer.Groups, "groups", "message groups (FIFO) or tenants (fair)")
	f.Text(&c.Consumer.Service, "LAW", "service", "time that a worker needs for a message")
	f.Int(&c.Consumer.Workers, "workers", "workers; 0 = there is always an idle one")
	f.Int(&c.Consumer.Batch, "batch", "messages per receive, at most 10")
	f.Duration(&c.Consumer.Wait, "wait", "long poll, at most 20 s; 0 = short poll")
	f.Fraction(&c.Consumer.FailureProbability, "failure-probability", "probability that an attempt fails")
	f.Text(&c.Consumer.Failure, "WAY", "failure", "what a worker does about it: silent (the timeout has to pass) or nack")
	f.Duration(&c.Consumer.Heartbeat, "heartbeat", "time between two extensions of the visibility timeout by a worker; 0 = none")
	f.Text(&c.Consumer.DeleteLatency, "LAW", "delete-latency", "time from the end of an attempt until the queue has its delete")
	f.Text(&c.Consumer.ReceiveLatency, "LAW", "receive-latency", "time from the receive until the worker has the message")
	f.Duration(&c.Queue.Visibility, "visibility-timeout", "how long a delivered message is hidden, at most 12 h")
	f.Text(&c.Queue.LateDelete, "RULE", "late-delete", "what a delete after the timeout does: works, fails, fenced (by the delivery count) or chance")
	f.Int(&c.Queue.MaxReceives, "max-receives", "deliveries before a message goes to the dead-letter queue; 0 = no such queue")
	f.Text(&c.Queue.MaxTested, "WHEN", "max-tested", "when the maximum is looked at: at-receive (SQS) or at-expiry (JetStream)")
	f.Duration(&c.Queue.Delay, "delay", "every new message is hidden for this long, at most 15 min")
	f.Duration(&c.Queue.Retention, "retention", "a message is lost after this time, 60 s to 14 days")
	f.Duration(&c.Queue.Expiry.Scan, "claim-interval", "expired deliveries are found only at multiples of this time, as by polling; 0 = at once")
	f.Fraction(&c.Producer.PoisonShare, "poison-share", "share of messages that fail at every attempt")
	f.Duration(&c.Duration, "duration", "end of the run, if messages are left by then")
}

func sqsPresets() map[string]sqs.Config {
	return map[string]sqs.Config{
		"sqs-standard": sqs.SQSStandard(), "sqs-fifo": sqs.SQSFIFO(), "sqs-fair": sqs.SQSFair(), "jetstream": sqs.JetStream(), "redis-streams": sqs.RedisStreams(),
	}
}

func sqsPresetNames() []string {
	return []string{"sqs-standard", "sqs-fifo", "sqs-fair", "jetstream", "redis-streams"}
}

// pace sets the rate, by default one that keeps a tenth of the allowed messages in flight, and the rows of the picture.
func pace(c *sqs.Config, rate float64, given func(string) bool) {
	if rate == 0 {
		held := max(c.Consumer.Service.Mean(), c.Queue.Visibility.Seconds(), 1e-3)
		rate = min(float64(c.Queue.InFlightCap), 120_000) / 10 / held
		if c.Consumer.Workers > 0 && c.Consumer.Service.Mean() > 0 {
			rate = 0.7 * float64(c.Consumer.Workers) / c.Consumer.Service.Mean()
		}
		if c.Queue.Kind == sqs.FIFO {
			rate = min(rate, 250)
		}
	}
	if given("rate") || c.Queue.Kind != sqs.Fair {
		c.Producer.Arrivals, c.Producer.Steps = sqs.Poisson, []sqs.Step{{Rate: rate}}
	}
	if c.Queue.Kind == sqs.FIFO && !given("groups") {
		c.Producer.Groups = max(c.Producer.Messages, 1)
	}
	if c.Consumer.Heartbeat > 0 && c.Consumer.Extend == 0 {
		c.Consumer.Extend = c.Queue.Visibility
	}
	if span := float64(c.Producer.Messages) / rate; rate > 0 && span < c.Duration.Seconds() {
		c.Sample = max(time.Duration(span/300*1e9), c.Duration/900_000)
	}
}

// closedForm is the theory of the run, or nothing: it wants an idle worker at all times and nothing else in the way.
func closedForm(c sqs.Config) *sqs.Timeout {
	in := c.Consumer
	if in.Workers > 0 || in.Batch > 1 || in.Heartbeat > 0 || in.Failure != sqs.Silent || c.Queue.LateDelete == sqs.LateDeleteChance ||
		c.Producer.PoisonShare > 0 || in.Lambda.Max > 0 || c.Queue.DuplicateProbability > 0 || !in.ReceiveLatency.IsZero() {
		return nil
	}
	latency, fixed := in.DeleteLatency.Fixed()
	if !fixed {
		return nil
	}
	return &sqs.Timeout{
		Service: in.Service, Visibility: c.Queue.Visibility, Late: c.Queue.LateDelete, MaxReceives: c.Queue.MaxReceives,
		Failure: in.FailureProbability, DeleteLatency: latency, Expiry: c.Queue.Expiry,
	}
}

func deliveredAnswer(r sqs.Result, theory *sqs.Timeout) string {
	text := fmt.Sprintf("A message is delivered %.4g times on average; %s are delivered more than once, %s of %s are processed",
		r.DeliveriesPerMessage, units.FormatPercent(r.DuplicatesFraction), units.FormatCount(float64(r.Processed)), units.FormatCount(float64(r.Sent)))
	if r.Config.Queue.MaxReceives > 0 {
		text += fmt.Sprintf(", %s are dead-lettered", units.FormatPercent(r.DLQFraction))
	}
	if r.Expired > 0 {
		text += fmt.Sprintf(", %s are lost by retention", units.FormatCount(float64(r.Expired)))
	}
	if theory != nil {
		text += fmt.Sprintf(" (theory: %.4g deliveries)", theory.Deliveries())
	}
	return text + "."
}

func deliveredTable(r sqs.Result, theory *sqs.Timeout) study.Table {
	t := study.NewTable("quantity", "unit", "simulated", "theory")
	known := func(x float64) any {
		if theory == nil {
			return nil
		}
		return x
	}
	var of sqs.Timeout
	if theory != nil {
		of = *theory
	}
	t.Add("deliveries per message", "", r.DeliveriesPerMessage, known(of.Deliveries()))
	t.Add("delivered more than once", "fraction", r.DuplicatesFraction, known(of.Duplicates()))
	t.Add("dead-lettered", "fraction", r.DLQFraction, known(of.Dead()))
	t.Add("dead-lettered and done all the same", "", r.DeadAndDone, nil)
	t.Add("processed", "", r.Processed, nil)
	t.Add("effects done again", "", r.Effects-r.Processed, nil)
	t.Add("lost by retention", "", r.Expired, nil)
	t.Add("empty receives", "", r.EmptyReceives, nil)
	t.Add("mean time to the first delivery", "s", r.Dwell.Mean, nil)
	t.Add("P99 time to success", "s", r.Sojourn.P99, nil)
	t.Add("wasted work", "s", r.WastedSeconds, nil)
	t.Add("oldest message", "s", r.AgePeak.Seconds(), nil)
	return t
}
