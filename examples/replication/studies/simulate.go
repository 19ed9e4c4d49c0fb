package studies

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
)

// Simulate runs any group of a primary and its standbys.
func Simulate() study.Study {
	g := groupFlags{Config: replication.PostgreSQL(replication.Async, replication.AnyOf(1), 2), writes: 2_000_000}
	g.Pipeline.Delay = []replication.Law{replication.Exp(5 * time.Millisecond)}
	g.Reads.Count, g.Reads.Think = 1, replication.Exp(5*time.Millisecond)
	return study.Study{
		Name:     "simulate",
		Question: "What do commits wait for here, what do reads miss, and what does a crash cost?",
		Next:     "Make commits wait for a disk (`--mode sync`) or leave no stale reads (`--mode remote-apply --acks any:2`); then crash the primary with `--crash-at 20s`.",
		Examples: []string{
			"--mode sync --acks any:1 --replicas 3 --delay 'exp:5ms'",
			"--mode sync --acks first:1 --replicas 3 --delay 'const:2ms;const:10ms;const:30ms' --sessions 1",
			"--preset mysql-semisync --crash-at 20s --promote const:2s",
			"--mode remote-apply --acks any:2 --disconnected 1",
			"--write-rate 800/s --apply exp:1ms --read-policy token-wait --json",
		},
		Flags: g.declare,
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := g.config(env)
			g.checkAcks(c)
			if len(g.late) > 0 {
				return study.Report{}, errors.Join(errors.Join(g.late...), c.Validate())
			}
			r, err := replication.Simulate(c)
			if err != nil {
				return study.Report{}, err
			}
			rows, err := groupRows(ctx, c, env, r)
			figure := replicationplot.Group(r)
			r.Rows, r.Transcript = nil, nil
			return study.Report{
				Answer: groupAnswer(r),
				Table:  rows,
				Figure: figure,
				Reading: "Above, the share of commits that took longer than a time, and the same for the lag of the replicas: from the commit on the primary until a reader of a " +
					"replica sees it. Below, the lag as it went (without a line, a replica leads or is down), and the acknowledged writes.",
				Sources: []string{"the model: go doc ./replication", "presets: go run ./examples/replication --list-presets"},
				Notes:   study.Warnings("", r.Warnings), Config: c, Result: r,
			}, err
		},
	}
}

// groupFlags are the flags of a group, and what they set.
type groupFlags struct {
	replication.Config
	writes       int64
	preset       string
	crashAt      time.Duration
	crashFor     time.Duration
	disconnected []int
	late         []error // texts that could not be read, to be reported with all else that is wrong
	given        func(string) bool
}

func (g *groupFlags) declare(f *study.Flags) {
	w, l, r := &g.Workload, &g.Pipeline, &g.Reads
	f.Preset(&g.preset, "preset", "a real system: what it waits for, and its defaults", func(name string) error {
		reads := g.Reads
		g.Config = groupPresets()[name]
		g.Reads.Count, g.Reads.Think = reads.Count, reads.Think
		return nil
	}, presetNames()...)
	f.Text(&g.Mode, "MODE", "mode", "what a commit waits for: off, async, remote-write, sync, remote-apply, semisync-after-sync, semisync-after-commit, in-sync or majority")
	f.Int(&g.Replicas, "replicas", "standbys, at most 30")
	f.Text(&g.Acks, "ACKS", "acks", "whose answers count: any:K or first:K, with a list if not all standbys count: first:2(1,3)")
	f.Frequency(&w.WriteRate, "write-rate", "writes per second, at random (Poisson)")
	f.Int(&w.Sessions, "sessions", "instead of a rate: sessions that commit back to back")
	law := func(p study.Text, name, usage string) { f.Text(lateText{p, name, &g.late}, "LAW", name, usage) }
	law((*lawList)(&l.Delay), "delay", "one way to a standby and back: one law for all, or one each, separated by ;")
	law(&l.Flush, "flush", "a log flush, on any node")
	law(&l.Apply, "apply", "replay of one write on a standby")
	f.Int(&l.Workers, "apply-workers", "appliers of a standby, at most 64")
	f.Duration(&g.FallBack, "fall-back", "after so long a semi-synchronous source stops waiting")
	f.Text(&r.Policy, "POLICY", "read-policy", "where reads go: primary, any-replica, nearest, sticky, primary-window, token-wait, max-lag, quorum, lease or read-index")
	f.Int(&r.Count, "reads", "reads of the row after each acknowledged write, by the client that wrote it")
	law(&r.Think, "think", "from the acknowledgement to the first read")
	f.Duration(&g.Duration, "duration", "length of the run")
	f.Count(&g.writes, "writes", "the run writes no more than this")
	f.Duration(&g.crashAt, "crash-at", "the primary's host dies at this time; 0 = never")
	f.Duration(&g.crashFor, "crash-for", "and is back after so long; 0 = never")
	f.IntList(&g.disconnected, "disconnected", "standbys that cannot be reached from the start")
	f.Duration(&g.Failover.Interval, "check-interval", "time between two checks of the primary; it is dead after 3 misses")
	law(&g.Failover.Promote, "promote", "promotion of a standby, besides replaying what it has")
	law(&g.Failover.Reroute, "reroute", "until clients know the new primary")
	g.given = f.Changed
}

// config is the group that the flags describe.
func (g *groupFlags) config(env study.Env) replication.Config {
	c := g.Config
	c.Seed = env.Seed
	c.MaxWrites = int(g.writes)
	if env.Quick && !g.given("duration") {
		c.Duration = min(c.Duration, 15*time.Second)
	}
	if g.crashAt != 0 {
		c.Faults = append(c.Faults, replication.Fault{At: g.crashAt, For: g.crashFor, Kind: replication.Crash, Nodes: []int{0}})
		c.Failover.Enabled = c.Replicas > 0
		if !g.given("duration") && g.crashAt < 24*time.Hour {
			c.Duration = max(c.Duration, g.crashAt+20*time.Second)
		}
	}
	if len(g.disconnected) > 0 {
		c.Faults = append([]replication.Fault{{Kind: replication.Disconnect, Nodes: g.disconnected}}, c.Faults...)
	}
	switch {
	case g.given("sessions") && !g.given("write-rate") && c.Workload.Sessions > 0:
		c.Workload.WriteRate = 0
	case g.given("write-rate") && !g.given("sessions"):
		c.Workload.Sessions, c.Workload.Clients = 0, 1000
	}
	if c.Replicas == 0 && !g.given("read-policy") {
		c.Reads.Policy = replication.Primary
	}
	c.Sample = max(c.Duration/200, 1)
	return c
}

// checkAcks reports impossible acks that the mode would not look at.
func (g *groupFlags) checkAcks(c replication.Config) {
	switch c.Mode {
	case replication.Off, replication.Async, replication.InSync, replication.Majority:
		if g.given("acks") && (c.Acks.K < 1 || c.Acks.K > c.Replicas) {
			g.late = append(g.late, fmt.Errorf("%w: Acks = %v waits for %d of %d replicas, want in [1, %d]", replication.ErrInvalidConfig, c.Acks, c.Acks.K, c.Replicas, c.Replicas))
		}
	}
}

func groupAnswer(r replication.Result) string {
	if r.Writes+r.Failed+r.Refused == 0 {
		return "Nothing was written in this run."
	}
	if r.Acked == 0 {
		text := fmt.Sprintf("None of %s writes was acknowledged", units.FormatCount(float64(r.Writes+r.Failed+r.Refused)))
		return text + because(r) + "."
	}
	var text strings.Builder
	text.WriteString(fmt.Sprintf("In mode %v a commit takes %s on average and more than %s in one case of 100", r.Config.Mode, units.FormatSeconds(r.CommitMean), units.FormatSeconds(r.CommitP99)))
	if r.LagP99 > 0 {
		text.WriteString(fmt.Sprintf("; a replica shows it %s later on average, one write in 100 more than %s later", units.FormatSeconds(r.LagMean), units.FormatSeconds(r.LagP99)))
	}
	if r.Reads > 0 {
		text.WriteString(fmt.Sprintf("; %s of the reads are stale", units.FormatPercent(r.StaleFraction)))
	}
	for i, o := range r.Outages {
		if i == 0 {
			text.WriteString(fmt.Sprintf("; the crash leaves no primary for %s and loses %s acknowledged writes", units.FormatSeconds(o.Total), units.FormatCount(float64(r.LostAcked))))
		}
	}
	return text.String() + because(r) + "."
}

func because(r replication.Result) string {
	if r.Cause == "" {
		return ""
	}
	return "; writes wait without an end: " + strings.TrimSuffix(r.Cause, ".")
}

// groupRows is what came out, with the intervals of several runs.
func groupRows(ctx context.Context, c replication.Config, env study.Env, r replication.Result) (study.Table, error) {
	table := study.NewTable("quantity", "unit", "value", "low", "high")
	runs := env.RunsOr(1, 1)
	var s replication.Summary
	if runs > 1 {
		c.Sample, c.Transcript, c.List = 0, 0, 0
		var err error
		if s, err = replication.Replicate(ctx, c, runs); err != nil {
			return table, err
		}
	}
	add := func(name, unit string, value float64, over *replication.Estimate) {
		if runs > 1 && over != nil {
			table.Add(name, unit, over.Mean, over.Low, over.High)
			return
		}
		table.Add(name, unit, value, nil, nil)
	}
	add("mean commit latency", "s", r.CommitMean, &s.CommitMean)
	add("P99 commit latency", "s", r.CommitP99, nil)
	add("acknowledged writes", "", float64(r.Acked), nil)
	add("mean lag of the replicas", "s", r.LagMean, &s.LagMean)
	add("P99 lag", "s", r.LagP99, nil)
	add("highest lag", "s", r.LagMax, nil)
	add("stale reads", "fraction", r.StaleFraction, &s.StaleFraction)
	add("mean read latency", "s", r.ReadMean, nil)
	add("own write missed", "reads", float64(r.ReadYourWrites), nil)
	add("time without a primary (RTO)", "s", r.RTO, &s.RTO)
	add("lost acknowledged writes", "", float64(r.LostAcked), &s.LostAcked)
	add("age of the oldest lost write (RPO)", "s", r.RPO, &s.RPO)
	add("survived though never acknowledged", "", float64(r.InDoubt), &s.InDoubt)
	return table, nil
}
