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

// SplitBrain cuts a primary off and asks who takes writes meanwhile, with and without fencing.
func SplitBrain() study.Study {
	s := split{rate: 200, near: 0.5, replicas: 2, at: 10 * time.Second, length: 20 * time.Second, fencing: []string{"none", "lease", "stonith", "majority"}}
	s.failover = replication.Group(2, replication.Const(time.Millisecond), 1).Failover
	s.failover.Lease, s.failover.Stonith = 5*time.Second, replication.Const(time.Second)
	s.failover.Promote, s.failover.Reroute, s.failover.Rejoin = replication.Const(time.Second), replication.Const(500*time.Millisecond), replication.Const(3*time.Second)
	return study.Study{
		Name:     "splitbrain",
		Question: "The network splits: who keeps the old primary from writing on?",
		Next:     "An epoch stops only what needs the others. A partition shorter than the detection: does anybody notice? A lease of 15 s is safe, but writes wait for it.",
		Examples: []string{"--fencing none,epoch,majority", "--partition-for 2s", "--fencing lease --lease 15s", "--near 5%"},
		Flags:    s.declare,
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			var runs []replicationplot.Guarded
			table := study.NewTable("fencing", "split_brain_s", "diverged_writes", "lost_acked_writes", "unanswered_writes", "rto_s", "old_primary_until_s")
			if err := writable(s.rate, s.at+s.length+max(10*time.Second, s.length/3)); err != nil {
				return study.Report{}, err
			}
			for _, name := range s.fencing {
				r, err := replication.Simulate(s.config(name, env))
				if err != nil {
					return study.Report{}, err
				}
				runs = append(runs, replicationplot.Guarded{Name: fencingNames[name], Result: r})
				taken, acked := replicationplot.Forked(r)
				table.Add(name, r.SplitBrain, r.Diverged, r.LostAcked, taken-acked, r.RTO, replicationplot.Tenures(r)[0].To)
			}
			figure, answer := replicationplot.SplitBrain(runs), splitAnswer(runs, s.length)
			for i := range runs {
				runs[i].Result.Listed = nil
			}
			return study.Report{
				Answer: answer,
				Table:  table.Head("split_brain_s", "two primaries").Head("rto_s", "without a primary"),
				Figure: figure,
				Reading: "In each pair of lanes, above is the primary that is cut off, below the one that the others choose. Clients on its side still reach the old one. Without fencing it acknowledges " +
					"until the network is whole again, and then gives all of that up. A lease makes it stop by its own clock, switching it off (STONITH) makes it stop from outside; both leave one primary at a time, yet " +
					"what it acknowledged before that is lost, as replication was asynchronous. With a majority it cannot acknowledge anything.",
				Sources: []string{"the model: go doc ./replication Fencing"},
				Notes:   notesOf(runs), Config: s.config(s.fencing[0], env), Result: runs,
			}, nil
		},
	}
}

// split is a partition with the primary on one side.
type split struct {
	rate       float64
	near       float64
	replicas   int
	at, length time.Duration
	fencing    []string
	failover   replication.Failover
}

func (s *split) declare(f *study.Flags) {
	f.ChoiceList(&s.fencing, "fencing", "ways to compare; majority: commits and elections need most of the members", "none", "epoch", "lease", "stonith", "majority")
	f.Frequency(&s.rate, "write-rate", "writes per second, at random (Poisson)")
	f.Fraction(&s.near, "near", "share of the clients on the side that is cut off")
	f.Int(&s.replicas, "replicas", "standbys, at most 30")
	f.Duration(&s.at, "partition-at", "when the primary is cut off")
	f.Duration(&s.length, "partition-for", "for how long; 0 = until the end of the run")
	f.Duration(&s.failover.Interval, "check-interval", "time between two checks of the primary; it is dead after 3 misses")
	f.Duration(&s.failover.Lease, "lease", "fencing lease: how long the primary may write after a check")
	f.Text(&s.failover.Stonith, "LAW", "stonith", "until the old primary is switched off")
	f.Text(&s.failover.Promote, "LAW", "promote", "promotion of a standby, besides replaying what it has")
	f.Text(&s.failover.Reroute, "LAW", "reroute", "until clients know the new primary")
}

var fencingNames = map[string]string{
	"none": "Without fencing", "epoch": "With epochs", "lease": "With a lease", "stonith": "With STONITH", "majority": "With a majority",
}

func (s *split) config(name string, env study.Env) replication.Config {
	c := replication.PostgreSQL(replication.Async, replication.AnyOf(1), s.replicas)
	c.Seed, c.List = env.Seed, 1_000_000
	c.Workload.WriteRate, c.Workload.Near = s.rate, s.near
	c.Failover = s.failover
	c.Failover.Enabled, c.Failover.Grain = true, 0
	c.Failover.Fencing = map[string]replication.Fencing{
		"none": replication.NoFencing, "epoch": replication.Epoch, "lease": replication.LeaseFencing, "stonith": replication.Stonith, "majority": replication.Epoch,
	}[name]
	if name == "majority" {
		c.Mode, c.Failover.Authority = replication.Majority, replication.Consensus
	}
	c.Faults = []replication.Fault{{At: s.at, For: s.length, Kind: replication.Partition, Nodes: []int{0}}}
	c.Duration = s.at + s.length + max(10*time.Second, s.length/3)
	c.MaxWrites = 1_000_000
	return c
}

// writable says whether a run can keep all that is written in it: who counts what a partition costs has to.
func writable(rate float64, length time.Duration) error {
	if n := rate * length.Seconds(); !(n <= 800_000) {
		return fmt.Errorf("%w: --write-rate = %g/s makes %.3g writes in a run of %v, want at most 800000", replication.ErrInvalidConfig, rate, n, length)
	}
	return nil
}

func splitAnswer(runs []replicationplot.Guarded, length time.Duration) string {
	var parts []string
	for _, g := range runs {
		r := g.Result
		taken, acked := replicationplot.Forked(r)
		text := strings.ToLower(g.Name[:1]) + g.Name[1:]
		switch {
		case r.SplitBrain > 0 && acked > 0:
			text += fmt.Sprintf(" two primaries acknowledge writes for %s, and %s of them are lost", units.FormatSeconds(r.SplitBrain), units.FormatCount(float64(r.LostAcked)))
		case acked > 0:
			text += fmt.Sprintf(" the old one stops, and %s acknowledged writes are lost", units.FormatCount(float64(r.LostAcked)))
		case taken > 0:
			text += fmt.Sprintf(" the old one takes %s writes and can acknowledge none", units.FormatCount(float64(taken)))
		case len(r.Outages) > 0 && r.Outages[0].New == r.Outages[0].Old:
			text += " the primary stays and nothing is lost"
		default:
			text += " nothing is lost"
		}
		if r.RTO > 0 {
			text += fmt.Sprintf(" (%s until the others can write)", units.FormatSeconds(r.RTO))
		}
		parts = append(parts, text)
	}
	lasts := "of " + units.FormatSeconds(length.Seconds())
	if length == 0 {
		lasts = "without an end"
	}
	return fmt.Sprintf("A lease, a power switch, or the need for a majority. In a partition %s: %s.", lasts, strings.Join(parts, "; "))
}

// notesOf are the warnings of all runs.
func notesOf(runs []replicationplot.Guarded) []string {
	var notes []string
	for _, g := range runs {
		notes = append(notes, study.Warnings(g.Name, g.Result.Warnings)...)
		if g.Result.Cause != "" {
			notes = append(notes, g.Name+": "+g.Result.Cause+".")
		}
	}
	return notes
}
