package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
	"cloudconcepts/replication/theory"
)

// Sessions counts violations of the four session guarantees by read policy.
func Sessions() study.Study {
	s := sessionFlags{
		lag: 100 * time.Millisecond, window: 200 * time.Millisecond, replicas: 3, writes: 20_000,
		think:    []time.Duration{5 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 3 * time.Second},
		policies: []string{"any-replica", "sticky", "primary-window", "quorum", "token-wait"},
	}
	return study.Study{
		Name:     "sessions",
		Question: "Will I see my own write?",
		Next:     "Is a window of 1 s long enough? Compare what a bound on the lag gives (`--read-policy any-replica,max-lag,primary`).",
		Examples: []string{"--read-policy any-replica,max-lag,primary --lag 20ms", "--window 1s", "--replicas 1"},
		Flags:    s.declare,
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if err := s.validate(); err != nil {
				return study.Report{}, err
			}
			if env.Quick {
				s.writes = min(s.writes, 3000)
			}
			sweep := replicationplot.SessionSweep{Curve: s.theory, Lag: s.lag.Seconds(), Replicas: s.replicas, Window: s.window.Seconds(), Writes: int(s.writes), Seed: env.Seed}
			total := len(s.policies) * (len(s.think) + 1)
			var err error
			if sweep.Points, err = par.Map(ctx, len(s.policies)*len(s.think), func(_ context.Context, i int) (replicationplot.SessionPoint, error) {
				defer env.Progress(i+1, total)
				return s.point(s.policies[i/len(s.think)], s.think[i%len(s.think)], env)
			}); err != nil {
				return study.Report{}, err
			}
			for _, policy := range s.policies {
				loss, err := s.failovers(ctx, policy, env)
				if err != nil {
					return study.Report{}, err
				}
				sweep.Losses = append(sweep.Losses, loss)
			}
			return study.Report{
				Answer: sessionAnswer(sweep),
				Table:  sessionTable(sweep),
				Figure: replicationplot.Sessions(sweep),
				Reading: "A sticky replica keeps reads from going back, but shows one's own write as late as any other: the rings lie on the dots of any-replica. A primary window works as far as it is longer than the lag's tail. " +
					"Only waiting for one's own write (token-wait) or the primary show it always; the table has the price. After a failover it is the reverse: reads of the primary may have shown what is lost, " +
					"and only synchronous commits keep monotonic writes.",
				Sources: []string{"the four guarantees: D. Terry and others, Session Guarantees for Weakly Consistent Replicated Data, PDIS 1994", "theory: go doc ./replication/theory Session; go doc ./replication/theory BackwardRead"},
				Config:  s.config("any-replica", s.think[0], env),
				Result: struct {
					Points []replicationplot.SessionPoint `json:"points"`
					Losses []replicationplot.SessionLoss  `json:"after_failover"`
				}{sweep.Points, sweep.Losses},
			}, nil
		},
	}
}

type sessionFlags struct {
	lag, window time.Duration
	replicas    int
	writes      int64
	think       []time.Duration
	policies    []string
}

func (s *sessionFlags) declare(f *study.Flags) {
	f.ChoiceList(&s.policies, "read-policy", "policies to compare", "any-replica", "sticky", "primary-window", "max-lag", "quorum", "token-wait", "primary")
	f.DurationList(&s.think, "think", "mean times between a write and the reads, rising; exponential")
	f.Duration(&s.lag, "lag", "mean lag of a replica, exponential")
	f.Duration(&s.window, "window", "primary-window: how long reads stay on the primary after a write; max-lag: the lag that is let pass")
	f.Int(&s.replicas, "replicas", "replicas, at most 30")
	f.Count(&s.writes, "writes", "writes at each point, at most 1M")
}

func (s *sessionFlags) validate() error {
	unique := slices.Compact(slices.Clone(s.think))
	if !slices.IsSorted(s.think) || len(unique) != len(s.think) || s.think[0] < time.Microsecond || unique[len(unique)-1] > time.Hour {
		return fmt.Errorf("%w: --think = %v, want rising times in [1us, 1h]", replication.ErrInvalidConfig, s.think)
	}
	if s.lag < time.Microsecond || s.lag > time.Minute {
		return fmt.Errorf("%w: --lag = %v, want in [1us, 1min]", replication.ErrInvalidConfig, s.lag)
	}
	if s.writes < 1 || s.writes > 1_000_000 {
		return fmt.Errorf("%w: --writes = %d, want in [1, 1000000]", replication.ErrInvalidConfig, s.writes)
	}
	return nil
}

// config is a group whose writes are so rare that none waits for another on a link: lags are exponential and independent.
func (s *sessionFlags) config(policy string, think time.Duration, env study.Env) replication.Config {
	c := replication.Group(s.replicas, replication.Exp(s.lag), 0.01/s.lag.Seconds())
	c.Seed, c.MaxWrites, c.Duration = env.Seed, int(s.writes), 7*24*time.Hour
	if d := 1.2 * float64(s.writes) / c.Workload.WriteRate; d < 600_000 {
		c.Duration = time.Duration(d*1e9) + time.Second
	}
	r := &c.Reads
	_ = r.Policy.UnmarshalText([]byte(policy)) // one of the flag's choices
	r.Count, r.Think, r.Window, r.MaxLag, r.Quorum = 2, replication.Exp(think), s.window, s.window, min(2, s.replicas+1)
	return c
}

func (s *sessionFlags) point(policy string, think time.Duration, env study.Env) (replicationplot.SessionPoint, error) {
	c := s.config(policy, think, env)
	r, err := replication.Simulate(c)
	if err != nil {
		return replicationplot.SessionPoint{}, err
	}
	p := replicationplot.SessionPoint{Policy: c.Reads.Policy, Think: think.Seconds(), Wait: r.ReadMean}
	own, back := s.theory(p.Policy, p.Think)
	n := float64(r.Reads) / 2 // the two reads of a write have one age
	p.Own, p.Backward = share(float64(r.ReadYourWrites)/2, n, own), share(float64(r.MonotonicReads), n, back)
	p.Primary = float64(r.PrimaryReads) / max(2*n, 1)
	return p, nil
}

// share is k of n with its 95 % interval (Wilson).
func share(k, n, theory float64) replicationplot.Share {
	if n == 0 {
		return replicationplot.Share{High: 1, Theory: theory}
	}
	const z = 1.96
	p := k / n
	mid, half := (p+z*z/2/n)/(1+z*z/n), z*math.Sqrt(p*(1-p)/n+z*z/4/n/n)/(1+z*z/n)
	return replicationplot.Share{Value: p, Low: max(0, mid-half), High: min(1, mid+half), Theory: theory}
}

// theory is the probability that a read misses the client's own write, and that the second of two reads at once is older than the first.
func (s *sessionFlags) theory(policy replication.Policy, think float64) (own, back float64) {
	client := theory.Session{Lag: s.lag.Seconds(), Think: think}
	theta, mu, n := 1/think, 1/s.lag.Seconds(), float64(s.replicas)
	window := 0.0
	switch policy {
	case replication.Quorum:
		return (n - 1) / (n + 1) * theta / (theta + 2*mu), -1
	case replication.TokenWait, replication.Primary:
		return 0, 0
	case replication.MaxLag:
		return -1, -1
	case replication.PrimaryWindow:
		window = s.window.Seconds()
	}
	if own = client.OwnWriteMissed(window); policy == replication.Sticky {
		return own, 0
	}
	return own, (n - 1) / n * (own - theta/(theta+2*mu)*math.Exp(-(theta+2*mu)*window))
}

// failovers crash the primary under clients that write and read, and count who writes on without what it had written or read.
func (s *sessionFlags) failovers(ctx context.Context, policy string, env study.Env) (replicationplot.SessionLoss, error) {
	const clients = 50
	think := max(s.think[len(s.think)/2], s.lag/5)
	c := s.config(policy, think, env)
	c.Pipeline.Delay = []replication.Law{replication.Const(s.lag)}
	c.Workload.WriteRate, c.Workload.Clients, c.Workload.Sessions = 0, 0, clients
	c.Workload.Retry = max(c.Workload.Retry, s.lag)
	c.Reads.Count = 1
	crash := 20*s.lag + 5*think
	c.Faults = []replication.Fault{{At: crash, Kind: replication.Crash, Nodes: []int{0}}}
	c.Failover.Enabled, c.Failover.Interval, c.Failover.Promote = true, max(s.lag/10, time.Microsecond), replication.Const(0)
	c.Duration, c.MaxWrites = 2*crash+30*s.lag+time.Second, 50_000
	runs := env.RunsOr(20, 4)
	sum, err := replication.Replicate(ctx, c, runs)
	loss := replicationplot.SessionLoss{Policy: c.Reads.Policy}
	for _, r := range sum.Results {
		loss.Writes += float64(r.MonotonicWrites) / float64(clients*runs)
		loss.FollowsReads += float64(r.WritesFollowReads) / float64(clients*runs)
	}
	return loss, err
}

func sessionTable(s replicationplot.SessionSweep) study.Table {
	t := study.NewTable("policy", "think_s", "own_write_missed_fraction", "own_low_fraction", "own_high_fraction", "own_theory_fraction", "went_back_fraction", "back_low_fraction", "back_high_fraction", "back_theory_fraction",
		"primary_read_fraction", "read_mean_s")
	or := func(v float64) any {
		if v < 0 {
			return nil
		}
		return v
	}
	for _, p := range s.Points {
		t.Add(p.Policy.String(), p.Think, p.Own.Value, p.Own.Low, p.Own.High, or(p.Own.Theory), p.Backward.Value, p.Backward.Low, p.Backward.High, or(p.Backward.Theory), p.Primary, p.Wait)
	}
	return t.Show("policy", "think_s", "own_write_missed_fraction", "own_theory_fraction", "went_back_fraction", "back_theory_fraction", "primary_read_fraction", "read_mean_s").
		Head("own_write_missed_fraction", "own missed").Head("own_theory_fraction", "theory").Head("went_back_fraction", "went back").Head("back_theory_fraction", "theory").
		Head("primary_read_fraction", "by the primary").Head("read_mean_s", "read takes")
}

func sessionAnswer(s replicationplot.SessionSweep) string {
	middle := s.Points[0].Think
	for _, p := range s.Points {
		if math.Abs(math.Log(p.Think/s.Lag)) < math.Abs(math.Log(middle/s.Lag)) {
			middle = p.Think
		}
	}
	var parts []string
	begin := "Yes, with these policies"
	for _, p := range s.Points {
		if p.Own.Value > 0 {
			begin = "Not always"
		}
		if p.Think == middle {
			parts = append(parts, fmt.Sprintf("%s with %v", units.FormatPercent(p.Own.Value), p.Policy))
		}
	}
	text := fmt.Sprintf("%s: of reads %s after a write on average, at a lag of %s, miss it %s", begin, units.FormatSeconds(middle), units.FormatSeconds(s.Lag), strings.Join(parts, ", "))
	high := 0.0
	for _, l := range s.Losses {
		high = max(high, l.Writes)
	}
	return fmt.Sprintf("%s; and a failover takes the last write of %s of the clients.", text, units.FormatPercent(high))
}
