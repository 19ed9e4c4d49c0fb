package studies

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/queueplot"
	"cloudconcepts/queue/sqs"
)

// Dedup asks how often an effect is executed.
func Dedup() study.Study {
	resend, ttl, window := 0.1, 24*time.Hour, 5*time.Minute
	messages := 20_000
	delays := []time.Duration{time.Second, 10 * time.Second, time.Minute, 4 * time.Minute, 299 * time.Second, 301 * time.Second, 10 * time.Minute, time.Hour, 6 * time.Hour, 23 * time.Hour, 25 * time.Hour, 48 * time.Hour}
	return study.Study{
		Name:     "dedup",
		Question: "Does a queue with deduplication execute everything exactly once?",
		Next:     "Send fewer copies, or let the consumer remember for an hour only: which delay gets through?",
		Examples: []string{"--resend-probability 1%", "--consumer-memory 1h", "--delays 1m,4m,6m,1h"},
		Flags: func(f *study.Flags) {
			f.Fraction(&resend, "resend-probability", "share of the messages that their producer sends again")
			f.DurationList(&delays, "delays", "time until it does, rising")
			f.Duration(&window, "dedup-window", "how long the FIFO queue knows a deduplication ID")
			f.Duration(&ttl, "consumer-memory", "how long after a message was last seen an idempotent consumer knows it")
			f.Int(&messages, "messages", "messages of each run")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if env.Quick {
				messages = min(messages, 5000)
			}
			if len(delays) == 0 || !slices.IsSorted(delays) || delays[0] <= 0 || delays[len(delays)-1] > 96*time.Hour || !(resend > 0 && resend <= 0.9) || ttl <= 0 || messages < 100 {
				return study.Report{}, fmt.Errorf("%w: --delays = %v, --resend-probability = %g, --consumer-memory = %v, --messages = %d, want rising delays in (0, 96h], a probability in (0, 0.9], a memory above 0, and at least 100 messages",
					sqs.ErrInvalidConfig, delays, resend, ttl, messages)
			}
			points, err := par.Map(ctx, len(delays), func(_ context.Context, i int) (queueplot.DedupPoint, error) {
				defer env.Progress(i+1, len(delays))
				return dedupPoint(messages, resend, delays[i], window, ttl, env.Seed)
			})
			if err != nil {
				return study.Report{}, err
			}
			d := queueplot.DedupSweep{Points: points, Window: window.Seconds(), TTL: ttl.Seconds(), Resent: resend, Messages: messages, Seed: env.Seed}
			return study.Report{
				Answer: dedupAnswer(d),
				Table:  study.Rows(points),
				Figure: queueplot.Dedup(d),
				Reading: "A producer that got no answer sends again. A standard queue delivers both. A FIFO queue drops the second if it comes within five minutes of the first, whatever has become of " +
					"that; later it is a new message. (Just below five minutes a message that is sent a third time is past the window.) Only the consumer can know for longer, with a table of what it has done, and only as long as it keeps the table. The crash of a " +
					"worker between its effect and its delete makes duplicates too: see the study visibility.",
				Sources: []string{"deduplication interval: Amazon SQS Developer Guide, exactly-once processing"},
				Config: struct {
					Messages int             `json:"messages"`
					Resend   float64         `json:"resend_probability"`
					Delays   []time.Duration `json:"delays_ns"`
					Window   time.Duration   `json:"dedup_window_ns"`
					TTL      time.Duration   `json:"consumer_memory_ns"`
				}{messages, resend, delays, window, ttl},
				Result: points,
			}, nil
		},
	}
}

// dedupPoint sends the same messages to both kinds of queue. An idempotent consumer behind the standard queue executes
// what is sent again only when it has forgotten the first.
func dedupPoint(messages int, resend float64, delay, window, ttl time.Duration, seed uint64) (queueplot.DedupPoint, error) {
	p := queueplot.DedupPoint{Delay: delay.Seconds()}
	for _, c := range []sqs.Config{sqs.SQSStandard(), sqs.SQSFIFO()} {
		c.Seed, c.Queue.DedupWindow = seed, window
		c.Producer.Messages, c.Producer.Groups, c.Producer.Steps = messages, messages, []sqs.Step{{Rate: 200}}
		c.Producer.ResendProbability, c.Producer.ResendDelay = resend, sqs.Const(delay)
		c.Consumer.Service = sqs.Const(100 * time.Millisecond)
		r, err := sqs.Simulate(c)
		if err != nil {
			return p, err
		}
		effects := float64(r.Effects) / float64(messages)
		if c.Queue.Kind == sqs.FIFO {
			p.FIFO = effects
			continue
		}
		p.Standard, p.Idempotent = effects, effects
		if delay <= ttl {
			p.Idempotent = 1
		}
	}
	return p, nil
}

func dedupAnswer(d queueplot.DedupSweep) string {
	first, last := d.Points[0], d.Points[len(d.Points)-1]
	return fmt.Sprintf("No: when %s of the messages are sent again, each is executed %.3f times on a standard queue; a FIFO queue makes it %.3f if the second comes after %s and %.3f after %s, and a consumer that remembers for %s %.3f and %.3f.",
		units.FormatPercent(d.Resent), first.Standard, first.FIFO, units.FormatSeconds(first.Delay), last.FIFO, units.FormatSeconds(last.Delay), units.FormatSeconds(d.TTL), first.Idempotent, last.Idempotent)
}
