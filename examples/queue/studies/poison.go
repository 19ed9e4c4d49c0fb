package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/queueplot"
	"cloudconcepts/queue/sqs"
)

// Poison asks what one message that always fails does to the others.
func Poison() study.Study {
	cfg := sqs.SQSFIFO()
	cfg.Queue.MaxReceives, cfg.Producer.Groups, cfg.Producer.PoisonFirst = 3, 6, 1
	cfg.Consumer.Workers, cfg.Consumer.Service, cfg.Duration = 10, sqs.Const(time.Second), 3*time.Minute
	rate := 0.6
	return study.Study{
		Name:     "poison",
		Question: "What does one message that always fails block?",
		Next:     "Give a message only one chance: how long does its group wait? A negative acknowledgement (`--failure nack`) is faster still.",
		Examples: []string{"--max-receives 1", "--visibility-timeout 10s --groups 3", "--failure nack"},
		Flags: func(f *study.Flags) {
			f.Int(&cfg.Producer.Groups, "groups", "message groups, at most 20")
			f.Frequency(&rate, "rate", "messages sent per second")
			f.Text(&cfg.Consumer.Service, "LAW", "service", "time of one message")
			f.Duration(&cfg.Queue.Visibility, "visibility-timeout", "how long a delivered message is hidden")
			f.Int(&cfg.Queue.MaxReceives, "max-receives", "deliveries before the dead-letter queue; 0 = none")
			f.Text(&cfg.Consumer.Failure, "WAY", "failure", "what a worker does when it fails: silent (the timeout has to pass) or nack")
			f.Int(&cfg.Consumer.Workers, "workers", "workers")
			f.Duration(&cfg.Duration, "duration", "length of the run")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if err := poisonLimits(c, rate); err != nil {
				return study.Report{}, err
			}
			c.Producer.Arrivals, c.Producer.Messages, c.Producer.Steps = sqs.Regular, int(rate*c.Duration.Seconds()), []sqs.Step{{Rate: rate}}
			c.Trace = c.Producer.Messages
			fifo, err := sqs.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			standard, err := sqs.Simulate(asStandard(c))
			if err != nil {
				return study.Report{}, err
			}
			rows, err := poisonRows(ctx, c)
			return study.Report{
				Answer: poisonAnswer(fifo, standard),
				Table:  study.Rows(rows),
				Figure: queueplot.Poison(fifo, standard),
				Reading: "In a FIFO queue nothing of a group is delivered while one of its messages is in flight or hidden: a message that fails holds its group for the visibility timeout, as often as " +
					"it may be received. The other groups notice nothing, and neither does a standard queue. This is the order that was asked for, not a fault; a short timeout, few " +
					"receives or an immediate negative acknowledgement (`--failure nack`) make it shorter. The dead-letter queue breaks the order of the group.",
				Sources: []string{
					"message groups: Amazon SQS Developer Guide, FIFO delivery logic",
					"measured: one in flight, 3 deliveries of 0.3 s on NATS JetStream: 0.903 to 0.906 s blocked",
				},
				Notes:  study.Warnings("", fifo.Warnings),
				Config: c, Result: rows,
			}, err
		},
	}
}

// poisonLimits refuses what would take too long to draw, or show nothing.
func poisonLimits(c sqs.Config, rate float64) error {
	messages := rate * c.Duration.Seconds()
	if !(messages >= 1 && messages <= 10_000) || c.Producer.Groups < 1 || c.Producer.Groups > 20 {
		return fmt.Errorf("%w: --rate = %g/s, --groups = %d, want 1 to 10,000 messages in --duration = %v, and groups in [1, 20]", sqs.ErrInvalidConfig, rate, c.Producer.Groups, c.Duration)
	}
	if c.Consumer.Workers > 10_000 {
		return fmt.Errorf("%w: --workers = %d, want at most 10,000, one for every message", sqs.ErrInvalidConfig, c.Consumer.Workers)
	}
	if c.Queue.Visibility <= 0 {
		return fmt.Errorf("%w: --visibility-timeout = %v, want a time above 0, since nothing is blocked without one", sqs.ErrInvalidConfig, c.Queue.Visibility)
	}
	return nil
}

// asStandard is the same queue without groups that are kept in order.
func asStandard(c sqs.Config) sqs.Config {
	s := sqs.SQSStandard()
	c.Queue.Name, c.Queue.Kind, c.Queue.LateDelete, c.Queue.CallLimit = s.Queue.Name, s.Queue.Kind, s.Queue.LateDelete, s.Queue.CallLimit
	return c
}

// poisonRow is what a maximum of deliveries makes of it.
type poisonRow struct {
	MaxReceives int     `json:"max_receives"`
	Expected    float64 `json:"receives_times_timeout_s"`
	Blocked     float64 `json:"group_blocked_s"`
	SlowestFIFO float64 `json:"slowest_fifo_s"`
	Slowest     float64 `json:"slowest_standard_s"`
}

func poisonRows(ctx context.Context, c sqs.Config) ([]poisonRow, error) {
	maxima := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	c.Trace = 0
	return par.Map(ctx, len(maxima), func(_ context.Context, i int) (poisonRow, error) {
		at := c
		at.Queue.MaxReceives = maxima[i]
		at.Duration += time.Duration(maxima[i]) * c.Queue.Visibility * 2
		fifo, err := sqs.Simulate(at)
		if err != nil {
			return poisonRow{}, err
		}
		standard, err := sqs.Simulate(asStandard(at))
		return poisonRow{maxima[i], float64(maxima[i]) * c.Queue.Visibility.Seconds(), fifo.GroupBlocked.Seconds(), fifo.Dwell.Max, standard.Dwell.Max}, err
	})
}

func poisonAnswer(fifo, standard sqs.Result) string {
	c := fifo.Config
	if c.Queue.MaxReceives == 0 {
		return fmt.Sprintf("Its group, for ever: without a dead-letter queue nothing behind it is delivered until it expires after %s; other groups wait for nothing, and on a standard queue nobody does (at most %s).",
			units.FormatDuration(c.Queue.Retention), units.FormatSeconds(standard.Dwell.Max))
	}
	if c.Consumer.Failure == sqs.Nack {
		return fmt.Sprintf("Its own message group, but only for %s, since the worker gives it back at once: the slowest message waits %s for its first delivery on a FIFO queue and %s on a standard one.",
			units.FormatSeconds(fifo.GroupBlocked.Seconds()), units.FormatSeconds(fifo.Dwell.Max), units.FormatSeconds(standard.Dwell.Max))
	}
	return fmt.Sprintf("Its own message group, for %s, which is %d deliveries times the visibility timeout of %s if the worker just fails: the slowest message waits %s for its first delivery on a FIFO queue and %s on a standard one.",
		units.FormatSeconds(fifo.GroupBlocked.Seconds()), c.Queue.MaxReceives, units.FormatDuration(c.Queue.Visibility),
		units.FormatSeconds(fifo.Dwell.Max), units.FormatSeconds(standard.Dwell.Max))
}
