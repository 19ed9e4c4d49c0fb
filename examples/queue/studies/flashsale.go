package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/queueplot"
	"cloudconcepts/queue/sqs"
	"cloudconcepts/queue/theory"
)

// FlashSale asks what a queue does in a burst.
func FlashSale() study.Study {
	cfg := sqs.SQSStandard()
	cfg.Consumer.Workers, cfg.Consumer.Service, cfg.Duration = 50, sqs.Const(100*time.Millisecond), 10*time.Minute
	cfg.Queue.MaxReceives, cfg.Producer.PoisonShare = 5, 0.0005
	base, peak, start, length := 200.0, 2000.0, time.Minute, time.Minute
	return study.Study{
		Name:     "flashsale",
		Question: "What does a queue do in a flash sale?",
		Next:     "With 15 workers the work is less than the base rate: when does the queue drain now? And what is lost if messages are kept for 2 min only?",
		Examples: []string{"--workers 15", "--rate 100/s --peak 1k/s --length 10m --workers 30 --duration 1h", "--retention 2m"},
		Flags: func(f *study.Flags) {
			f.Frequency(&base, "rate", "messages per second before and after the sale")
			f.Frequency(&peak, "peak", "messages per second during the sale")
			f.Duration(&start, "start", "when the sale begins")
			f.Duration(&length, "length", "how long it lasts")
			f.Int(&cfg.Consumer.Workers, "workers", "workers")
			f.Text(&cfg.Consumer.Service, "LAW", "service", "time of one message")
			f.Duration(&cfg.Queue.Visibility, "visibility-timeout", "how long a delivered message is hidden")
			f.Fraction(&cfg.Producer.PoisonShare, "poison-share", "share of the messages that fail at every attempt")
			f.Int(&cfg.Queue.MaxReceives, "max-receives", "deliveries before the dead-letter queue; 0 = none")
			f.Duration(&cfg.Queue.Retention, "retention", "a message is lost after this time")
			f.Duration(&cfg.Duration, "duration", "length of the run")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			span := c.Duration.Seconds()
			messages := base*span + (peak-base)*length.Seconds()
			capacity := float64(c.Consumer.Workers) / c.Consumer.Service.Mean()
			fluid, err := theory.Burst{Base: base, Peak: peak, Duration: length.Seconds(), Capacity: capacity}.Solve()
			if err != nil || !(messages >= 1 && messages <= 50e6) || start <= 0 || start+length >= c.Duration || c.Consumer.Workers < 1 {
				return study.Report{}, fmt.Errorf("%w: --rate = %g/s, --peak = %g/s, --workers = %d, --start = %v, --length = %v, want 1 to 50,000,000 messages, a peak of at least the rate, workers, and a sale inside --duration = %v",
					sqs.ErrInvalidConfig, base, peak, c.Consumer.Workers, start, length, c.Duration)
			}
			c.Producer.Arrivals, c.Producer.Messages = sqs.Regular, int(messages)
			c.Producer.Steps = []sqs.Step{{Rate: base}, {At: start, Rate: peak}, {At: start + length, Rate: base}}
			c.Sample = max(c.Duration/300, time.Millisecond)
			r, err := sqs.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			sale := queueplot.Sale{Run: r, Fluid: fluid, Capacity: capacity, Start: start.Seconds(), End: (start + length).Seconds()}
			return study.Report{
				Answer: saleAnswer(sale),
				Table:  saleTable(sale),
				Figure: queueplot.FlashSale(sale),
				Reading: "The depth is greatest at the end of the sale, the age later: when the message that came last in the sale has its turn. Messages that always fail come back until they are " +
					"given up, behind everybody else from the third receive on, so the oldest messages are those; CloudWatch's age leaves them out. With `--poison-share 0` the greatest age is that of the fluid.",
				Sources: []string{
					"rules: Amazon SQS Developer Guide, available CloudWatch metrics; visibility timeout; dead-letter queues",
					"fluid: go doc ./queue/theory Burst",
				},
				Notes:  study.Warnings("", r.Warnings),
				Config: c, Result: slim(r),
			}, nil
		},
	}
}

func saleAnswer(s queueplot.Sale) string {
	r := s.Run
	text := fmt.Sprintf("It takes all of it and works it off at %s/s: %s messages pile up, a message waits up to %s for its first delivery", units.FormatNumber(s.Capacity),
		units.FormatCount(float64(r.BacklogPeak)), units.FormatSeconds(r.Dwell.Max))
	switch drained := s.Drained(); {
	case math.IsInf(s.Fluid.Drain, 1):
		text += fmt.Sprintf(", and it never drains, since the base rate alone is more: %s are left at the end", units.FormatCount(float64(r.InSystem)))
	case drained < 0:
		text += fmt.Sprintf(", and it is not drained at the end of the run: %s are left", units.FormatCount(float64(r.InSystem)))
	default:
		text += fmt.Sprintf(", and the backlog is gone %s after the sale", units.FormatSeconds(drained))
	}
	if r.Config.Producer.PoisonShare > 0 && r.AgePeak.Seconds() > r.Dwell.Max {
		text += fmt.Sprintf("; messages that always fail come back and get up to %s old", units.FormatSeconds(r.AgePeak.Seconds()))
	}
	if r.DeadLettered > 0 {
		text += fmt.Sprintf("; %s that failed each time go to the dead-letter queue", units.FormatCount(float64(r.DeadLettered)))
	}
	if r.Expired > 0 {
		text += fmt.Sprintf("; %s are lost by retention", units.FormatCount(float64(r.Expired)))
	}
	return text + "."
}

func saleTable(s queueplot.Sale) study.Table {
	r := s.Run
	t := study.NewTable("quantity", "unit", "simulated", "fluid")
	finite := func(x float64) any {
		if math.IsInf(x, 0) {
			return nil
		}
		return x
	}
	t.Add("greatest backlog", "messages", r.BacklogPeak, finite(s.Fluid.BacklogPeak))
	var drained any
	if d := s.Drained(); d >= 0 {
		drained = d
	}
	t.Add("drained after the sale", "s", drained, finite(s.Fluid.Drain))
	t.Add("greatest time to the first delivery", "s", r.Dwell.Max, finite(s.Fluid.AgeMax))
	t.Add("mean time to the first delivery", "s", r.Dwell.Mean, nil)
	t.Add("P99 time to the first delivery", "s", r.Dwell.P99, nil)
	t.Add("greatest age, with those that always fail", "s", r.AgePeak.Seconds(), nil)
	t.Add("sent", "messages", r.Sent, nil)
	t.Add("processed", "messages", r.Processed, nil)
	t.Add("deliveries per message", "", r.DeliveriesPerMessage, nil)
	t.Add("dead-lettered", "messages", r.DeadLettered, nil)
	t.Add("lost by retention", "messages", r.Expired, nil)
	t.Add("left at the end", "messages", r.InSystem, nil)
	return t
}
