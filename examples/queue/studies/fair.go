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

// Fair asks what a noisy tenant does to the others.
func Fair() study.Study {
	cfg := sqs.SQSFair()
	rate, peak, hot := 50.0, 500.0, 0.9
	length := time.Minute
	return study.Study{
		Name:     "fair",
		Question: "What does a noisy neighbour cost the other tenants of a queue?",
		Next:     "How large must the flood be until the others notice? With 5 tenants each has more than a tenth: what is fair then?",
		Examples: []string{"--peak 200/s", "--tenants 5", "--workers 60"},
		Flags: func(f *study.Flags) {
			f.Int(&cfg.Producer.Groups, "tenants", "tenants (message groups)")
			f.Frequency(&rate, "rate", "messages per second of all tenants")
			f.Frequency(&peak, "peak", "messages per second during the flood")
			f.Fraction(&hot, "hot-share", "share of those that one tenant sends")
			f.Duration(&length, "length", "how long the flood lasts")
			f.Int(&cfg.Consumer.Workers, "workers", "workers")
			f.Text(&cfg.Consumer.Service, "LAW", "service", "time of one message")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			messages := rate*540 + peak*length.Seconds()
			if !(messages >= 1 && messages <= 5e6) || length <= 0 || !(hot >= 0 && hot <= 1) || c.Consumer.Workers < 1 {
				return study.Report{}, fmt.Errorf("%w: --rate = %g/s, --peak = %g/s, --length = %v, --workers = %d, want 1 to 5,000,000 messages in ten minutes, and at least one worker", sqs.ErrInvalidConfig, rate, peak, length, c.Consumer.Workers)
			}
			c.Producer.Messages = int(messages)
			c.Producer.Steps = []sqs.Step{{Rate: rate}, {At: time.Minute, Rate: peak, Hot: hot}, {At: time.Minute + length, Rate: rate}}
			c.Trace = c.Producer.Messages
			fair, err := sqs.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			s := c
			s.Queue.Name, s.Queue.Kind = "SQS standard", sqs.Standard
			standard, err := sqs.Simulate(s)
			if err != nil {
				return study.Report{}, err
			}
			rows := []fairRow{tenantRow(standard, false), tenantRow(standard, true), tenantRow(fair, false), tenantRow(fair, true)}
			return study.Report{
				Answer: fmt.Sprintf("On a standard queue everybody waits behind the flood: the other tenants' messages take %s at P95 until they are delivered, those of the noisy one %s; a fair queue delivers the others first, after %s, and leaves the noisy one with %s.",
					units.FormatSeconds(standard.DwellQuiet.P95), units.FormatSeconds(standard.DwellNoisy.P95), units.FormatSeconds(fair.DwellQuiet.P95), units.FormatSeconds(fair.DwellNoisy.P95)),
				Table:  study.Rows(rows),
				Figure: queueplot.Fair(standard, fair),
				Reading: "A tenant is noisy while it has more than a tenth of the messages in flight and at least 30, or uses more than a tenth of the processing time. As long as it is, messages of " +
					"quiet tenants go first; nothing is refused or slowed down on purpose, and the work is the same: the noisy tenant pays with its own wait. With few tenants each of them has " +
					"more than a tenth: try `--tenants 5`.",
				Sources: []string{"thresholds and order: Amazon SQS Developer Guide, fair queues"},
				Notes:   study.Warnings("", fair.Warnings),
				Config:  c, Result: rows,
			}, nil
		},
	}
}

// fairRow is how long messages of one kind of tenant wait.
type fairRow struct {
	Queue    string  `json:"queue"`
	Tenant   string  `json:"tenant"`
	Messages int64   `json:"messages"`
	Mean     float64 `json:"dwell_mean_s"`
	P50      float64 `json:"dwell_p50_s"`
	P95      float64 `json:"dwell_p95_s"`
	Max      float64 `json:"dwell_max_s"`
}

func tenantRow(r sqs.Result, noisy bool) fairRow {
	q, who := r.DwellQuiet, "all others"
	if noisy {
		q, who = r.DwellNoisy, "noisy"
	}
	return fairRow{r.Config.Queue.Name, who, q.Count, q.Mean, q.P50, q.P95, q.Max}
}
