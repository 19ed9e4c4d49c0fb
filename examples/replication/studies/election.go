package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/raft"
	"cloudconcepts/replication/replicationplot"
)

// Election asks how long a group is without a leader.
func Election() study.Study {
	cfg := raft.DissertationLAN()
	cfg.Ineligible, cfg.Heartbeat, cfg.Elections = 0, 0, 200_000
	cfg.OneWay, cfg.Disk = raft.Const(5*time.Millisecond), raft.Const(0)
	cfg.ElectionTimeout, cfg.Ticks = time.Second, 10
	alive := 0
	var given func(string) bool
	return study.Study{
		Name:     "election",
		Question: "How long is a Raft group without a leader?",
		Examples: []string{
			"--timeout-min 150ms --timeout-max 155ms",
			"--rules etcd --pre-vote --check-quorum --one-way const:100ms --election-timeout 1s",
			"--rules hashicorp --pre-vote --servers 3 --json",
			"--servers 5 --alive 2",
		},
		Flags: func(f *study.Flags) {
			electionFlags(f, &cfg, &alive)
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if c.Alive = alive; alive == 0 {
				c.Alive = c.Servers - 1
			}
			if c.Rules == raft.Hashicorp {
				c.CommitTimeout = c.ElectionTimeout / 20
			}
			if env.Quick && !given("elections") {
				c.Elections = 20_000
			}
			contests, err := contest(ctx, c)
			if err != nil {
				return study.Report{}, err
			}
			r := contests[0].Result
			return study.Report{
				Answer: electionAnswer(r),
				Table:  electionTable(contests),
				Figure: replicationplot.Elections(contests),
				Reading: "First somebody has to notice that the leader is gone: that is the election timeout. If two notice within one message's delay, they split the vote, and all wait for another " +
					"timeout. A wide random range makes that rare and costs little; a narrow one (150-155 ms) can take seconds. The libraries differ: etcd counts ticks, and hashicorp/raft refuses " +
					"votes while it remembers a leader, so that a majority of timers has to run out first. Try `--timeout-max 155ms` and `--rules hashicorp --pre-vote`.",
				Sources: []string{
					"Ongaro, \"Consensus: Bridging Theory and Practice\", Stanford 2014, chapter 9; Ongaro and Ousterhout, USENIX ATC 2014, figure 16",
					"rules: go.etcd.io/raft v3.7.0 (raft.go) and github.com/hashicorp/raft v1.8.0 (raft.go), both measured",
				},
				Notes:  warnings(r.Warnings),
				Config: c, Result: r,
			}, nil
		},
	}
}

func electionFlags(f *study.Flags, c *raft.Config, alive *int) {
	f.Int(&c.Servers, "servers", "members of the group")
	f.Int(alive, "alive", "of them, those that answer; 0 = all but the leader")
	f.Int(&c.Ineligible, "ineligible", "of those, how many have a log too old to lead")
	f.Text(&c.Rules, "RULES", "rules", "dissertation, etcd or hashicorp")
	f.Bool(&c.PreVote, "pre-vote", "etcd, hashicorp: ask first whether a vote could be won")
	f.Bool(&c.CheckQuorum, "check-quorum", "etcd: ignore votes while a leader was heard lately")
	f.Duration(&c.TimeoutMin, "timeout-min", "dissertation: least election timeout")
	f.Duration(&c.TimeoutMax, "timeout-max", "dissertation: greatest election timeout")
	f.Duration(&c.ElectionTimeout, "election-timeout", "etcd (ten ticks) and hashicorp: election timeout")
	f.Duration(&c.Heartbeat, "heartbeat", "interval of heartbeats; 0 = dissertation: timers start afresh; etcd: a tick; hashicorp: a tenth to a fifth of the timeout")
	f.Text(&c.OneWay, "LAW", "one-way", "delay of a message")
	f.Text(&c.Disk, "LAW", "disk", "time until a vote is durable")
	f.Int(&c.Elections, "elections", "elections")
}

// contest is the configuration itself and, beside it, narrower and wider timeouts.
func contest(ctx context.Context, c raft.Config) ([]replicationplot.Contest, error) {
	configs := []raft.Config{c}
	if c.Rules == raft.Dissertation {
		for _, spread := range []time.Duration{5 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 150 * time.Millisecond} {
			at := c
			if at.TimeoutMax = c.TimeoutMin + c.TimeoutMin*spread/(150*time.Millisecond); at.TimeoutMax != c.TimeoutMax {
				configs = append(configs, at)
			}
		}
	} else {
		for _, change := range []func(time.Duration) time.Duration{halved, doubled} {
			at := c
			at.ElectionTimeout, at.CommitTimeout = change(c.ElectionTimeout), change(c.CommitTimeout)
			if at.Validate() == nil {
				configs = append(configs, at)
			}
		}
	}
	var list []replicationplot.Contest
	for _, at := range configs {
		r, err := raft.SimulateContext(ctx, at)
		if err != nil {
			return nil, err
		}
		list = append(list, replicationplot.Contest{Name: timeouts(at), Result: r})
	}
	return list, nil
}

func halved(d time.Duration) time.Duration  { return d / 2 }
func doubled(d time.Duration) time.Duration { return 2 * d }

func timeouts(c raft.Config) string {
	if c.Rules == raft.Dissertation {
		return fmt.Sprintf("%v to %v", c.TimeoutMin, c.TimeoutMax)
	}
	return units.FormatDuration(c.ElectionTimeout)
}

func electionAnswer(r raft.Result) string {
	if r.Blocked == r.Config.Elections {
		return fmt.Sprintf("For ever: %s (%d of %d servers answer).", r.Cause, r.Config.Alive, r.Config.Servers)
	}
	return fmt.Sprintf("%s on average and %s in one case of 1,000, until a majority has heard it %s; %s of the elections need more than one term.",
		units.FormatSeconds(r.ElectionMean), units.FormatSeconds(r.ElectionP999), units.FormatSeconds(r.HeardMean), units.FormatPercent(r.SplitVoteFraction))
}

func electionTable(contests []replicationplot.Contest) study.Table {
	t := study.NewTable("timeouts", "split_vote_fraction", "theory_split_fraction", "election_mean_s", "election_p50_s", "election_p99_s", "election_p999_s", "heard_mean_s", "terms")
	for _, k := range contests {
		r := k.Result
		t.Add(k.Name, r.SplitVoteFraction, splitTheory(r.Config), r.ElectionMean, r.ElectionP50, r.ElectionP99, r.ElectionP999, r.HeardMean, r.TermsMean)
	}
	return t
}

// splitTheory is the dissertation's probability of a split vote, for a constant delay and servers that can all lead.
func splitTheory(c raft.Config) any {
	delay, fixed := c.OneWay.Fixed()
	width := c.TimeoutMax - c.TimeoutMin
	if c.Rules != raft.Dissertation || !fixed || width <= 0 || c.Ineligible > 0 || !c.Disk.IsZero() {
		return nil
	}
	return raft.SplitVote(c.Servers, c.Alive, delay.Seconds()/width.Seconds())
}
