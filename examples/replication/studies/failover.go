package studies

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
)

// Failover asks what a crash of the primary costs.
func Failover() study.Study {
	cfg := replication.PostgreSQL(replication.Async, replication.AnyOf(1), 1)
	cfg.Pipeline.Delay = []replication.Law{replication.Const(20 * time.Millisecond)}
	cfg.Failover.Enabled = true
	cfg.Failover.Decide, cfg.Failover.Promote, cfg.Failover.Reroute = replication.Exp(500*time.Millisecond), replication.Const(time.Second), replication.Exp(2*time.Second)
	return study.Study{
		Name:     "failover",
		Question: "The primary dies: which acknowledged writes are gone, and when can clients write again?",
		Next:     "Twice the delay (`--delay const:40ms`) loses twice the writes. Which standby is promoted if they differ, and what does a faster check (`--check-interval 200ms`) save?",
		Examples: []string{"--delay const:40ms", "--replicas 3 --delay 'const:2ms;const:20ms;const:60ms'", "--check-interval 200ms", "--delay exp:20ms --runs 1000"},
		Flags: func(f *study.Flags) {
			f.Int(&cfg.Replicas, "replicas", "standbys, at most 30")
			f.Frequency(&cfg.Workload.WriteRate, "write-rate", "writes per second, at random (Poisson), at most 10,000/s")
			f.Text((*lawList)(&cfg.Pipeline.Delay), "LAWS", "delay", "one way to a standby and back: one law for all, or one each, separated by ;")
			f.Text(&cfg.Pipeline.Flush, "LAW", "flush", "a log flush, on any node")
			f.Text(&cfg.Pipeline.Apply, "LAW", "apply", "replay of one write on a standby")
			f.Duration(&cfg.Failover.Interval, "check-interval", "time between two checks of the primary")
			f.Int(&cfg.Failover.Misses, "misses", "checks missed until it is dead")
			f.Text(&cfg.Failover.Decide, "LAW", "decide", "until a candidate is chosen")
			f.Text(&cfg.Failover.Promote, "LAW", "promote", "promotion, besides replaying what was received")
			f.Text(&cfg.Failover.Reroute, "LAW", "reroute", "until clients know the new primary")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c, runs := cfg, env.RunsOr(400, 60)
			c.Seed = env.Seed
			if c.Replicas < 1 || !(c.Workload.WriteRate <= 10_000) || runs < 1 || runs > 20_000 {
				return study.Report{}, fmt.Errorf("%w: --replicas = %d, --write-rate = %g/s, --runs = %d, want in [1, 30], at most 10,000/s, and in [1, 20,000]",
					replication.ErrInvalidConfig, c.Replicas, c.Workload.WriteRate, runs)
			}
			crashes, err := crashModes(ctx, env, c, runs)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: failoverAnswer(crashes),
				Table:  study.Rows(crashes),
				Figure: replicationplot.Failover(c, crashes),
				Reading: "Above, how many acknowledged writes each crash lost: with asynchronous replicas those that were still on their way, the newest ones, about the write rate times the " +
					"delay (dashed: the Poisson law of that mean). A mode that waits for a standby loses none; what it may have instead are writes that survive although nobody was told. " +
					"Below, the time without a primary by its phases, which no commit mode shortens: most of it is detection and re-routing. Try `--check-interval 200ms` and " +
					"`--replicas 3 --delay 'const:2ms;const:20ms;const:60ms'` (the most advanced standby is promoted).",
				Sources: []string{
					"dashed: go doc ./replication/theory LostMean; go doc ./replication/theory LostConstant", "phases: go doc ./replication/theory RecoverySteps",
					"rings: PostgreSQL 15.18 with synchronous_commit = local, 500 commits/s, delay of 20 ms, measured in 24 trials",
				},
				Config: c, Result: crashes,
			}, nil
		},
	}
}

// crashModes lets the primary crash many times in each mode, at a time that is random to the checks.
func crashModes(ctx context.Context, env study.Env, c replication.Config, runs int) ([]replicationplot.Crashes, error) {
	modes := []replication.Mode{replication.Async, replication.RemoteWrite, replication.Sync, replication.RemoteApply, replication.SemisyncAfterSync}
	delay := 0.0
	for _, l := range c.Pipeline.Delay {
		delay = max(delay, l.Mean())
	}
	start := time.Duration(min(max(10*delay, 0.5), 60) * 1e9)
	c.Duration = start + time.Hour
	c.Transcript, c.List = 0, 0
	c.MaxWrites = 1 + int(c.Workload.WriteRate*(start+2*time.Second+c.Failover.Interval).Seconds()) // until after the crash
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if float64(c.MaxWrites)*float64(runs) > 2e7 {
		return nil, fmt.Errorf("%w: --write-rate x --check-interval makes %d writes a crash, %d times, want at most 20M in all; lower one, or --runs",
			replication.ErrInvalidConfig, c.MaxWrites, runs)
	}
	var all []replicationplot.Crashes
	for i, mode := range modes {
		c.Mode = mode
		one := replicationplot.Crashes{Mode: mode}
		for batch := range min(runs, 20) { // crashes at 20 phases of the checks
			phase := time.Duration((float64(batch) + 0.5) / float64(min(runs, 20)) * float64(c.Failover.Interval))
			at := c
			at.Seed = c.Seed + uint64(batch)
			at.Faults = []replication.Fault{{At: start + phase, Kind: replication.Crash, Nodes: []int{0}}}
			s, err := replication.Replicate(ctx, at, runs*(batch+1)/min(runs, 20)-runs*batch/min(runs, 20))
			if err != nil {
				return nil, err
			}
			one.Add(s)
			env.Progress(i*20+batch+1, 20*len(modes))
		}
		all = append(all, one)
	}
	return all, nil
}

func failoverAnswer(all []replicationplot.Crashes) string {
	var text strings.Builder
	text.WriteString("A crash loses")
	for i, m := range all {
		if i > 0 {
			text.WriteString(",")
		}
		text.WriteString(fmt.Sprintf(" %s", units.FormatNumber(m.LostMean)))
		if i == 0 {
			text.WriteString(" acknowledged writes on average")
		}
		text.WriteString(fmt.Sprintf(" with %v", m.Mode))
	}
	a := all[0]
	return text.String() + fmt.Sprintf("; clients can write again after %s on average, %s of them for detection and %s until they know the new primary, in any mode.",
		units.FormatSeconds(a.RTO), units.FormatSeconds(a.Detect), units.FormatSeconds(a.Reroute))
}
