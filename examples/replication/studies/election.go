package studies

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/raft"
	"cloudconcepts/replication/replicationplot"
)

// Election asks how long a group is without a leader.
func Election() study.Study {
	ballot := newBallot()
	return study.Study{
		Name:     "election",
		Question: "How long is a Raft group without a leader?",
		Next:     "Take the settings of real systems: the paper's, etcd's, hashicorp's. With 2 of 5 alive, what happens?",
		Examples: []string{
			"--preset raft-paper",
			"--timeout-min 150ms --timeout-max 200ms --one-way exp:5ms",
			"--rules etcd --pre-vote --check-quorum --one-way const:100ms --election-timeout 1s",
			"--preset hashicorp --servers 3 --json",
			"--servers 5 --alive 2",
		},
		Flags: ballot.flags,
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c, err := ballot.config(ctx, env)
			if err != nil {
				return study.Report{}, err
			}
			contests, r, err := ballot.hold(ctx, env, c)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: electionAnswer(r, contests),
				Table:  electionTable(contests),
				Figure: replicationplot.Elections(contests),
				Reading: "First somebody has to notice that the leader is gone: that is the election timeout. If too many notice within one message's delay, they split the vote, and all wait for another " +
					"timeout: each stair is a term without a winner. A wide draw of timeouts makes that rare and costs little; a narrow one can take seconds. The libraries differ: etcd counts whole " +
					"ticks, and hashicorp/raft refuses votes while it remembers a leader, so that a majority of timers has to run out first.",
				Sources: []string{
					"rules and split votes: Ongaro, \"Consensus: Bridging Theory and Practice\", Stanford 2014, chapters 3 and 9: go doc ./replication/raft SplitVote; go doc ./replication/raft ExpectedElection",
					"times of --preset raft-paper: Ongaro and Ousterhout, \"In Search of an Understandable Consensus Algorithm\", USENIX ATC 2014, figure 16",
					"rules of the libraries: raft.go of go.etcd.io/raft v3.7.0 and of github.com/hashicorp/raft v1.8.0, both measured: go doc ./replication/raft",
				},
				Notes:  append(study.Warnings("", r.Warnings), ballot.notes...),
				Config: c, Result: r,
			}, nil
		},
	}
}

// hold runs the elections of one group, or of one with several spreads of its timeouts, and gives the group's own too.
func (b *ballot) hold(ctx context.Context, env study.Env, c raft.Config) ([]replicationplot.Contest, raft.Result, error) {
	configs := []raft.Config{c}
	if b.sweep() && c.Alive > c.Servers/2 {
		for _, spread := range b.spreads {
			at := c
			at.TimeoutMax = c.TimeoutMin + spread
			configs = append(configs, at)
		}
	}
	var contests []replicationplot.Contest
	for i, at := range configs {
		r, err := raft.SimulateContext(ctx, at)
		if err != nil {
			return nil, r, err
		}
		contests = append(contests, replicationplot.Contest{Name: timeouts(at), Result: r, Split: splitTheory(at), Published: figure16(at)})
		env.Progress(i+1, len(configs))
	}
	own := contests[0].Result
	if len(contests) > 1 {
		contests = contests[1:]
	}
	return contests, own, nil
}

// timeouts are the words for a group's timeouts.
func timeouts(c raft.Config) string {
	low, high := c.TimeoutMin, c.TimeoutMax
	if c.Rules != raft.Dissertation {
		low, high = c.ElectionTimeout, 2*c.ElectionTimeout
	}
	if c.Rules == raft.Etcd {
		high -= c.ElectionTimeout / time.Duration(c.Ticks)
	}
	least, unit, _ := strings.Cut(units.FormatDuration(low), " ")
	if most := units.FormatDuration(high); strings.HasSuffix(most, " "+unit) && strings.Count(most, " ") == 1 {
		return least + "-" + most
	}
	return units.FormatDuration(low) + " to " + units.FormatDuration(high)
}

// figure16 is what the paper's figure says of such a group: the median of 150 to 155 ms, and the slowest of 1,000 elections
// with 150 to 200 ms.
func figure16(c raft.Config) []replicationplot.PublishedTime {
	paper := raft.DissertationLAN()
	paper.TimeoutMax, paper.Elections, paper.Seed = c.TimeoutMax, c.Elections, c.Seed
	paper.ElectionTimeout, paper.Ticks = c.ElectionTimeout, c.Ticks // of other rules
	switch {
	case c != paper:
		return nil
	case c.TimeoutMax == 155*time.Millisecond:
		return []replicationplot.PublishedTime{{Share: 0.5, Time: 0.287}}
	case c.TimeoutMax == 200*time.Millisecond:
		return []replicationplot.PublishedTime{{Share: 0.001, Time: 0.513}}
	}
	return nil
}

// splitTheory is the probability of a split vote in closed form: for a constant delay and servers that can all lead, or for
// a random one where all who live are needed. NaN where there is none.
func splitTheory(c raft.Config) float64 {
	width := (c.TimeoutMax - c.TimeoutMin).Seconds()
	if c.Rules == raft.Etcd {
		width = c.ElectionTimeout.Seconds()
	}
	if c.Rules == raft.Hashicorp || !(width > 0) || c.Ineligible > 0 || !c.Disk.IsZero() {
		return math.NaN()
	}
	if delay, fixed := c.OneWay.Fixed(); fixed {
		return raft.SplitVote(c.Servers, c.Alive, min(delay.Seconds()/width, 1))
	}
	if c.Rules == raft.Dissertation && c.Alive == c.Servers/2+1 {
		return raft.SplitVoteRandom(c.Servers, c.OneWay, width)
	}
	return math.NaN()
}

func electionAnswer(r raft.Result, contests []replicationplot.Contest) string {
	c := r.Config
	if r.Blocked >= c.Elections {
		return fmt.Sprintf("For ever: %s.", r.Cause)
	}
	text := fmt.Sprintf("%s on average and %s in one case of 1,000 with timeouts of %s (until a majority has heard: %s); %s of the elections need more than one term",
		units.FormatSeconds(r.ElectionMean), units.FormatSeconds(r.ElectionP999), timeouts(c), units.FormatSeconds(r.HeardMean), units.FormatPercent(r.SplitVoteFraction))
	if split := splitTheory(c); !math.IsNaN(split) {
		text += fmt.Sprintf(" (theory: %s)", units.FormatPercent(split))
	}
	if r.Blocked > 0 {
		text += fmt.Sprintf("; %s of %s elections did not end at all", units.FormatCount(float64(r.Blocked)), units.FormatCount(float64(c.Elections)))
	}
	if narrow := contests[0].Result; len(contests) > 1 && narrow.Blocked < narrow.Config.Elections && narrow.Config.TimeoutMax != c.TimeoutMax {
		text += fmt.Sprintf("; with %s it is %s on average", contests[0].Name, units.FormatSeconds(narrow.ElectionMean))
	}
	return text + "."
}

func electionTable(contests []replicationplot.Contest) study.Table {
	t := study.NewTable("timeouts", "split_vote_fraction", "split_low_fraction", "split_high_fraction", "theory_split_fraction",
		"election_mean_s", "theory_mean_s", "election_p50_s", "election_p99_s", "election_p999_s", "heard_mean_s", "terms_mean", "blocked")
	for _, k := range contests {
		r := k.Result
		if r.Blocked >= r.Config.Elections {
			t.Add(k.Name, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, r.Blocked)
			continue
		}
		mean := raft.ExpectedElection(r.Config)
		if math.IsNaN(k.Split) || k.Split >= 1 {
			mean = math.NaN()
		}
		t.Add(k.Name, r.SplitVoteFraction, r.SplitVoteLow, r.SplitVoteHigh, k.Split,
			r.ElectionMean, mean, r.ElectionP50, r.ElectionP99, r.ElectionP999, r.HeardMean, r.TermsMean, r.Blocked)
	}
	return t.Show("timeouts", "split_vote_fraction", "theory_split_fraction", "election_mean_s", "theory_mean_s", "election_p50_s", "election_p99_s", "election_p999_s", "heard_mean_s")
}
