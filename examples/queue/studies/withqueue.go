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
	cfg.Duration, cfg.MaxRequests = 6*time.Minute, 3e6
	return study.Study{
		Name:     "withqueue",
		Question: "What does a queue between my API and a slow provider change?",
		Next:     "What if the provider refuses at once instead of hanging (`--outage-kind fail`)? What do two retries without a queue do to it?",
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
			c, err := shop(cfg, rate, peak, env.Seed)
			if err != nil {
				return study.Report{}, err
			}
			if c.Provider.Windows, err = trouble(outage, kind, factor); err != nil {
				return study.Report{}, err
			}
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
				Reading: "Above, a request holds a thread while the provider works: when that hangs, the threads fill, then the backlog, and everybody else is refused at once. " +
					"It recovers within a second, because it has forgotten them all. Below, users are told \"accepted\" and the workers catch up at full speed. The queue moves " +
					"the wait; it makes no capacity: with `--rate 250/s` it grows for ever. Try `--outage-kind fail`: each refusal uses up one of a message's receives, and what failed is " +
					"hidden for its visibility timeout.",
				Sources: []string{
					"defaults of the queue: Amazon SQS Developer Guide; the shop's numbers are an example",
					"checked against: go doc ./queue/theory MMcK; go doc ./queue/decouple HangFluid",
				},
				Notes:  study.Warnings("", r.Warnings),
				Config: c, Result: result,
			}, nil
		},
	}
}

// shop has the arrivals and rows, for a run that is not too long.
func shop(c decouple.Config, rate, peak float64, seed uint64) (decouple.Config, error) {
	c.Seed, c.Sample, c.Arrivals = seed, max(c.Duration/180, 1), load.Constant(rate)
	if peak > 0 {
		c.Arrivals = load.Burst(rate, peak, 2*time.Minute, time.Minute)
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	if n := c.Arrivals.Mean(0, c.Duration) * c.Duration.Seconds(); n > float64(c.MaxRequests)/1.01 {
		return c, fmt.Errorf("%w: --rate, --peak and --duration make %.3g requests, want at most %d", decouple.ErrInvalidConfig, n, c.MaxRequests)
	}
	return c, nil
}

// trouble is the provider's outage from minute 2 on, if it has one.
func trouble(length time.Duration, kind string, factor float64) ([]decouple.Window, error) {
	if length == 0 {
		return nil, nil
	}
	w := decouple.Window{At: 2 * time.Minute, For: length, Factor: factor}
	err := w.Kind.UnmarshalText([]byte(kind))
	return []decouple.Window{w}, err
}

// withQueueAnswer says who fails without the queue and who waits with it.
func withQueueAnswer(r decouple.Result) string {
	s, q := r.Sync, r.Async
	without := fmt.Sprintf("of %s users %s fail without a queue (%s timeouts, %s refusals, %s errors of all their attempts) and those served have waited up to %s at P99",
		count(s.Requests), count(s.Failed), count(s.Timeouts), count(s.Dropped), count(s.Errors), units.FormatSeconds(s.Latency.P99))
	with := fmt.Sprintf("with one, all are accepted within %s at P99 and %s are completed, after %s at P99", units.FormatSeconds(q.Accept.P99), count(q.Completed), units.FormatSeconds(q.Latency.P99))
	if lost := q.Dead + q.Expired; lost > 0 {
		with += fmt.Sprintf(", while %s are dead-lettered or lost", count(lost))
	}
	lead := "It turns failures into waits"
	switch {
	case q.Requests == 0:
		return "Nothing, as long as nobody comes: no request was made in this run."
	case q.Pending > max(q.Requests/20, 5*r.Config.Provider.Servers):
		lead += ", and here they outlast the run"
		with += fmt.Sprintf(", and %s are not done at the end", count(q.Pending))
	case s.Failed == 0:
		lead = "Here not much"
	case q.DepthPeak > 100 && q.EmptyAt > 0:
		with += fmt.Sprintf("; the up to %s that wait are worked off %s after their peak", count(q.DepthPeak), units.FormatSeconds(q.EmptyAt-q.PeakAt))
	}
	return lead + ": " + without + "; " + with + "."
}

func count(n int) string { return units.FormatCount(float64(n)) }

func withQueueTable(r decouple.Result) study.Table {
	t := study.NewTable("quantity", "unit", "without_queue", "with_queue")
	s, q := r.Sync, r.Async
	t.Add("users' requests", "", s.Requests, q.Requests)
	t.Add("done", "", s.Succeeded, q.Completed)
	t.Add("failed for the user", "", s.Failed, 0)
	t.Add("dead-lettered or lost", "", nil, q.Dead+q.Expired)
	t.Add("not done at the end", "", s.Pending, q.Pending)
	t.Add("timeouts", "", s.Timeouts, 0)
	t.Add("refused (503)", "", s.Dropped, 0)
	t.Add("errors", "", s.Errors, 0)
	t.Add("the user waits, P99", "s", s.Latency.P99, q.Accept.P99)
	t.Add("until it is done, P50", "s", s.Latency.P50, q.Latency.P50)
	t.Add("until it is done, P99", "s", s.Latency.P99, q.Latency.P99)
	t.Add("provider's calls", "", s.Calls, q.Calls)
	t.Add("calls for nobody", "", s.Wasted, 0)
	t.Add("provider's time for nobody", "fraction", s.WastedFraction, 0)
	if n := len(r.Config.Provider.Windows); n > 0 {
		w := r.Config.Provider.Windows[n-1]
		end := (w.At + w.For).Seconds()
		t.Add("normal again after the trouble", "s", normal(s.LastBad, s.LastBad > r.End-5, end), normal(q.EmptyAt, q.EmptyAt < 0 && q.DepthPeak > 100, end))
	}
	return t
}

// normal is how long after the end of the trouble it was over, or nothing if it was not.
func normal(at float64, never bool, end float64) any {
	if never {
		return nil
	}
	return max(at-end, 0)
}
