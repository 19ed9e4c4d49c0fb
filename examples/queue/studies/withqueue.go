package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/autoscale/load"
	"cloudconcepts/queue/decouple"
	"cloudconcepts/queue/queueplot"
)

// WithQueue asks what a queue changes between an API and a slow provider.
func WithQueue() study.Study {
	cfg := decouple.Shop()
	rate, peak := 100.0, 0.0
	outage, kind := time.Minute, "hang"
	factor := 3.0
	return study.Study{
		Name:     "withqueue",
		Question: "What does a queue between my API and a slow provider change?",
		Examples: []string{"--peak 500/s --outage 0s", "--retries 2", "--outage-kind fail", "--rate 250/s"},
		Flags: func(f *study.Flags) {
			f.Frequency(&rate, "rate", "requests of users per second")
			f.Frequency(&peak, "peak", "their rate from minute 2 to minute 3; 0 = no burst")
			f.Duration(&outage, "outage", "how long the provider is in trouble, from minute 2 on; 0 = not at all")
			f.Choice(&kind, "outage-kind", "what happens then: calls hang, fail at once, or are slow", "hang", "fail", "slow")
			f.Float(&factor, "slow-factor", "how many times as long calls take while it is slow")
			f.Int(&cfg.Provider.Servers, "provider-calls", "calls that the provider works on at once")
			f.Text(&cfg.Provider.Service, "LAW", "service", "time of a call")
			f.Int(&cfg.Sync.Threads, "threads", "requests that the API without a queue works on at once")
			f.Int(&cfg.Sync.Backlog, "backlog", "requests that may wait for a thread; more are refused")
			f.Duration(&cfg.Sync.Timeout, "timeout", "patience of a user's client")
			f.Int(&cfg.Sync.Retries, "retries", "further attempts of a client")
			f.Duration(&cfg.Sync.Backoff, "backoff", "base of the jittered wait before them")
			f.Int(&cfg.Async.Workers, "workers", "messages that the workers behind the queue call the provider for at once")
			f.Duration(&cfg.Duration, "duration", "length of the run")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			c.Arrivals = load.Constant(rate)
			if peak > 0 {
				c.Arrivals = load.Burst(rate, peak, 2*time.Minute, time.Minute)
			}
			var err error
			if c.Provider.Windows, err = trouble(outage, kind, factor); err != nil {
				return study.Report{}, err
			}
			c.Step = max(c.Duration/300, time.Millisecond)
			r, err := decouple.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			result := r
			result.Sync.Rows, result.Async.Rows = nil, nil
			return study.Report{
				Answer: withQueueAnswer(r),
				Table:  withQueueTable(r),
				Figure: queueplot.WithQueue(r),
				Reading: "Above, the user's request holds a thread while the provider works: when it hangs, the threads fill, then the backlog, and everybody else is refused, also for a while " +
					"after it is back, since the API first works off what nobody waits for. Below, the user is told \"accepted\" and the workers catch up. The queue moves the wait, it makes " +
					"no capacity: with `--rate 250/s` it grows for ever. Try `--outage-kind fail`: a provider that refuses at once uses up the receives of a message.",
				Sources: []string{
					"defaults of the queue: Amazon SQS Developer Guide; the shop's numbers are an example",
					"checked against: go doc ./queue/decouple MMcK and HangFluid",
				},
				Notes:  warnings(r.Warnings),
				Config: c, Result: result,
			}, nil
		},
	}
}

// trouble is the provider's outage from minute 2 on, if it has one.
func trouble(length time.Duration, kind string, factor float64) ([]decouple.Window, error) {
	if length == 0 {
		return nil, nil
	}
	w := decouple.Window{From: 2 * time.Minute, Length: length, Factor: factor}
	err := w.Kind.UnmarshalText([]byte(kind))
	return []decouple.Window{w}, err
}

func withQueueAnswer(r decouple.Result) string {
	text := fmt.Sprintf("It turns failures into waits: of %s requests %s fail without a queue (%s timeouts, %s refusals) and users wait %s at P99; with one, all but %s are completed, after %s at P99 and %s at most",
		units.FormatCount(float64(r.Sync.Requests)), units.FormatCount(float64(r.Sync.Failed)), units.FormatCount(float64(r.Sync.Timeouts)), units.FormatCount(float64(r.Sync.Dropped)),
		units.FormatSeconds(r.Sync.Latency.P99), none(r.Async.Dead+r.Async.Expired+r.Async.Pending), units.FormatSeconds(r.Async.Latency.P99), units.FormatSeconds(r.Async.Latency.Max))
	if r.Async.PeakDepth > 100 && r.Async.EmptyAt > 0 {
		text += fmt.Sprintf(", and the queue of up to %s is empty %s after its peak", units.FormatCount(float64(r.Async.PeakDepth)), units.FormatSeconds(r.Async.EmptyAt-r.Async.PeakAt))
	}
	return text + "."
}

func none(n int) string {
	if n == 0 {
		return "none"
	}
	return units.FormatCount(float64(n))
}

func withQueueTable(r decouple.Result) study.Table {
	t := study.NewTable("quantity", "unit", "without_queue", "with_queue")
	s, q := r.Sync, r.Async
	t.Add("requests", "", s.Requests, q.Requests)
	t.Add("done", "", s.Succeeded, q.Completed)
	t.Add("failed for the user", "", s.Failed, 0)
	t.Add("timeouts", "", s.Timeouts, 0)
	t.Add("refused (503)", "", s.Dropped, 0)
	t.Add("dead-lettered or expired", "", nil, q.Dead+q.Expired)
	t.Add("not done at the end", "", s.Pending, q.Pending)
	t.Add("what the user waits for, P99", "s", s.Latency.P99, q.Accept.P99)
	t.Add("until it is done, P50", "s", s.Latency.P50, q.Latency.P50)
	t.Add("until it is done, P99", "s", s.Latency.P99, q.Latency.P99)
	t.Add("provider's calls", "", s.Calls, q.Calls)
	t.Add("calls for nobody", "", s.Wasted, 0)
	return t
}
