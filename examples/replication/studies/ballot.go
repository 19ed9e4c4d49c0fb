package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/raft"
)

// ballot is the group of the study election, by its flags.
type ballot struct {
	raft.Config
	preset  string
	spreads []time.Duration
	given   func(string) bool
	notes   []string
}

const allButLeader = -1

func newBallot() *ballot {
	b := &ballot{Config: raft.DissertationLAN(), spreads: []time.Duration{5 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 150 * time.Millisecond}}
	b.Alive, b.Ineligible, b.Heartbeat, b.Disk, b.Elections = allButLeader, 0, 0, raft.Const(0), 200_000
	b.ElectionTimeout, b.Ticks = time.Second, raft.EtcdServer().Ticks
	return b
}

func (b *ballot) flags(f *study.Flags) {
	f.Preset(&b.preset, "preset", "a group: that of figure 16 of the Raft paper, or the defaults of a library", b.apply, "raft-paper", "etcd", "hashicorp")
	f.Int(&b.Servers, "servers", "members of the group")
	f.Int(&b.Alive, "alive", "of them, those that answer; -1 = all but the leader")
	f.Int(&b.Ineligible, "ineligible", "of those, how many have a log too old to lead")
	f.Text(&b.Rules, "RULES", "rules", "dissertation, etcd or hashicorp")
	f.Bool(&b.PreVote, "pre-vote", "etcd, hashicorp: ask first whether a vote could be won")
	f.Bool(&b.CheckQuorum, "check-quorum", "etcd: ignore votes while a leader was heard lately")
	f.Duration(&b.TimeoutMin, "timeout-min", "dissertation: least election timeout")
	f.Duration(&b.TimeoutMax, "timeout-max", "dissertation: greatest election timeout")
	f.DurationList(&b.spreads, "spread", "dissertation, unless a timeout or the rules are given: greatest less least timeouts to compare, at most 6")
	f.Duration(&b.ElectionTimeout, "election-timeout", "etcd (ten ticks) and hashicorp: election timeout")
	f.Duration(&b.Heartbeat, "heartbeat", "interval of heartbeats; 0 = dissertation: timers start afresh; etcd: a tick; hashicorp: a tenth to a fifth of the timeout")
	f.Text(&b.OneWay, "LAW", "one-way", "delay of a message")
	f.Text(&b.Disk, "LAW", "disk", "time until a vote is durable")
	f.Int(&b.Elections, "elections", "elections")
	b.given = f.Changed
}

// apply takes a group's numbers, but for the number of elections.
func (b *ballot) apply(name string) error {
	elections, timeoutMin, timeoutMax := b.Elections, b.TimeoutMin, b.TimeoutMax
	switch name {
	case "raft-paper":
		b.Config = raft.DissertationLAN()
	case "etcd":
		b.Config = raft.EtcdServer()
	case "hashicorp":
		b.Config = raft.HashicorpDefault()
	}
	if b.Rules != raft.Dissertation {
		b.TimeoutMin, b.TimeoutMax = timeoutMin, timeoutMax
	} else {
		b.ElectionTimeout, b.Ticks = time.Second, raft.EtcdServer().Ticks
	}
	b.Elections, b.Alive = elections, allButLeader
	return nil
}

// sweep tells whether several spreads are compared.
func (b *ballot) sweep() bool {
	return b.Rules == raft.Dissertation && !b.given("rules") && !b.given("timeout-min") && !b.given("timeout-max")
}

// config is the group to simulate, with as many elections as can be held in a few seconds.
func (b *ballot) config(ctx context.Context, env study.Env) (raft.Config, error) {
	c := b.Config
	c.Seed = env.Seed
	if c.Alive == allButLeader {
		c.Alive = max(c.Servers-1, 0)
	}
	if c.Rules == raft.Hashicorp {
		c.CommitTimeout = c.ElectionTimeout / 20 // as 50 ms is to 1 s, the defaults
	}
	if env.Quick && !b.given("elections") {
		c.Elections = 20_000
	}
	if len(b.spreads) == 0 || len(b.spreads) > 6 {
		return c, fmt.Errorf("%w: --spread = %v, want 1 to 6 times", raft.ErrInvalidConfig, b.spreads)
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	return b.bounded(ctx, c)
}

// bounded tries the group, and each spread that is to be compared, and holds fewer elections where they hardly end.
func (b *ballot) bounded(ctx context.Context, c raft.Config) (raft.Config, error) {
	spreads := []time.Duration{c.TimeoutMax - c.TimeoutMin}
	if b.sweep() {
		spreads = append(spreads, b.spreads...)
	}
	want := c.Elections
	for _, spread := range spreads {
		try := c
		try.Elections, try.TimeoutMax = min(want, 100), c.TimeoutMin+spread
		r, err := raft.SimulateContext(ctx, try)
		if err != nil {
			return c, err
		}
		terms := r.TermsMean
		if r.Blocked > 0 && try.Alive > try.Servers/2 {
			terms += float64(c.MaxTerms) * float64(r.Blocked) / float64(try.Elections)
		}
		if most := int(4e6 / max(terms*float64(try.Servers), 1)); !b.given("elections") || r.Blocked == try.Elections {
			c.Elections = min(c.Elections, max(most, 1000))
		}
	}
	if c.Elections < want && b.given("elections") {
		b.notes = append(b.notes, fmt.Sprintf("Only %s elections of the %s were held: none of those that were tried came to an end.", units.FormatCount(float64(c.Elections)), units.FormatCount(float64(want))))
	}
	return c, nil
}
