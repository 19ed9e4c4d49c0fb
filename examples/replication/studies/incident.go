package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
)

// reportedSync is when all replicas were in sync by the report: 22:52 to 16:24.
const reportedSync = 17*time.Hour + 32*time.Minute

// Incident replays a partition of 43 s with and without a promotion in the other region.
func Incident() study.Study {
	s := outage{length: 43 * time.Second, rate: 22.2, near: 1, detect: 15 * time.Second, promote: replication.Const(2 * time.Second), restore: 8 * time.Hour, load: 0.5, swing: 0.3}
	return study.Study{
		Name:     "incident",
		Question: "How do 43 seconds become a day?",
		Next:     "Wait for 60 s before promoting, and nothing is promoted. Which shortens the day more, less load (`--load 60%`) or a faster restore (`--restore 1h`)?",
		Examples: []string{"--detect 60s", "--load 60%", "--restore 1h", "--partition-for 20s --write-rate 500/s"},
		Flags:    s.declare,
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			if err := s.validate(); err != nil {
				return study.Report{}, err
			}
			x := replicationplot.CutOff{Restored: s.restore.Seconds(), InSync: math.Inf(1), Reported: reportedSync.Seconds()}
			if s.given("restore") || s.given("load") || s.given("swing") || s.given("partition-for") {
				x.Reported = 0
			}
			var err error
			if x.Promoted, err = replication.Simulate(s.config(true, env)); err != nil {
				return study.Report{}, err
			}
			if x.Held, err = replication.Simulate(s.config(false, env)); err != nil {
				return study.Report{}, err
			}
			if x.Recovery, err = replication.Simulate(s.recovery(env)); err != nil {
				return study.Report{}, err
			}
			for _, b := range x.Recovery.Backlogs {
				x.InSync = b.From + b.Took
			}
			figure, answer := replicationplot.Incident(x), incidentAnswer(x)
			return study.Report{
				Answer: answer, Table: incidentTable(x), Figure: figure,
				Reading: "The new region is promoted while clients of the old one still write there, and nothing fences them: two histories. The new one goes on and cannot be given up, so the old region has to be restored from a backup and to replay " +
					"all that was written since, T ρ/(1 - ρ) under the day's load (go doc ./replication/theory CatchUp). Without a promotion the other region waits until the network is back, and nothing is lost.",
				Sources: []string{"GitHub, post-incident analysis of October 21, 2018 (read in copies): 43 s of partition from 22:52 UTC, 954 writes of one cluster that were not replicated, first clusters restored at 06:51, in sync at 16:24, 24 h 11 min in all"},
				Notes: []string{
					"An illustration, no evidence: the rate of writes is the report's 954 writes by its 43 s, so that their number agrees says nothing; detection, promotion, load and its swing are assumed.",
				},
				Config: x.Promoted.Config, Result: struct {
					Lost   uint64  `json:"lost_acked_writes"`
					Split  float64 `json:"split_brain_s"`
					Held   uint64  `json:"held_lost_acked_writes"`
					InSync any     `json:"in_sync_s"`
				}{x.Promoted.LostAcked, x.Promoted.SplitBrain, x.Held.LostAcked, finite(x.InSync)},
			}, nil
		},
	}
}

type outage struct {
	length, detect, restore time.Duration
	rate, near, load, swing float64
	promote                 replication.Law
	given                   func(string) bool
}

func (s *outage) declare(f *study.Flags) {
	s.given = f.Changed
	f.Duration(&s.length, "partition-for", "length of the partition between the regions")
	f.Frequency(&s.rate, "write-rate", "writes per second")
	f.Fraction(&s.near, "near", "share of the clients in the old region")
	f.Duration(&s.detect, "detect", "how long the primary must be missing until the other region is promoted")
	f.Text(&s.promote, "LAW", "promote", "promotion in the other region")
	f.Duration(&s.restore, "restore", "from the partition until the old region is restored from a backup")
	f.Fraction(&s.load, "load", "mean load of replay in the old region")
	f.Fraction(&s.swing, "swing", "by how much the load rises and falls with the hour, as a share of it")
}

func (s *outage) validate() error {
	if s.length < time.Millisecond || s.length > time.Hour {
		return fmt.Errorf("%w: --partition-for = %v, want in [1ms, 1h]", replication.ErrInvalidConfig, s.length)
	}
	if s.detect < time.Millisecond || s.detect > time.Hour {
		return fmt.Errorf("%w: --detect = %v, want in [1ms, 1h]", replication.ErrInvalidConfig, s.detect)
	}
	if s.restore < time.Second || s.restore > 3*24*time.Hour {
		return fmt.Errorf("%w: --restore = %v, want in [1s, 3d]", replication.ErrInvalidConfig, s.restore)
	}
	if err := writable(s.rate, 3*s.length); err != nil {
		return err
	}
	if s.load <= 0 {
		return fmt.Errorf("%w: --load = %g, want in (0, 1]", replication.ErrInvalidConfig, s.load)
	}
	return nil
}

// config is a primary and a replica in the old region, and a replica in the new one.
func (s *outage) config(promote bool, env study.Env) replication.Config {
	c := replication.MySQLSemisync(false, 2)
	c.Mode, c.Seed, c.List, c.MaxWrites = replication.Async, env.Seed, 1_000_000, 1_000_000
	c.Pipeline.Delay = []replication.Law{replication.Const(300 * time.Microsecond), replication.Const(30 * time.Millisecond)}
	c.Workload.WriteRate, c.Workload.Near = s.rate, s.near
	f := &c.Failover
	f.Enabled, f.Fencing, f.Interval, f.Misses, f.Promote = promote, replication.NoFencing, s.detect/3, 3, s.promote
	f.Rejoin = replication.Const(time.Hour)
	at := s.length / 2
	c.Faults = []replication.Fault{{At: at, For: s.length, Kind: replication.Partition, Nodes: []int{0, 1}}}
	c.Duration = at + s.length*9/4
	return c
}

// recovery is a replica of the old region: nothing is replayed until it is restored. The load peaks 15 hours after the partition.
func (s *outage) recovery(env study.Env) replication.Config {
	c := replication.Group(1, replication.Const(30*time.Millisecond), 1)
	c.Duration = min(max(3*s.restore, time.Hour), 7*24*time.Hour)
	c.Workload.WriteRate = 60_000 / c.Duration.Seconds()
	c.Pipeline.Apply = replication.Const(time.Duration(1e9 * s.load / c.Workload.WriteRate))
	for i := range 300 {
		at := c.Duration * time.Duration(i) / 300
		rate := c.Workload.WriteRate * (1 + s.swing*math.Cos((at.Hours()-15)/24*2*math.Pi))
		c.Workload.Steps = append(c.Workload.Steps, replication.Step{At: at, Rate: rate})
	}
	c.Faults = []replication.Fault{{For: s.restore, Kind: replication.PauseReplay, Nodes: []int{1}}}
	c.Sample, c.Seed, c.MaxWrites = c.Duration/400, env.Seed, 1_000_000
	return c
}

func finite(t float64) any {
	if math.IsInf(t, 1) {
		return nil
	}
	return t
}

func incidentTable(x replicationplot.CutOff) study.Table {
	t := study.NewTable("quantity", "unit", "promoted", "held")
	t.Add("acknowledged writes in the old region alone", "", float64(x.Promoted.LostAcked), float64(x.Held.LostAcked))
	t.Add("two primaries", "s", x.Promoted.SplitBrain, x.Held.SplitBrain)
	t.Add("until the new region can write", "s", x.Promoted.RTO, x.Held.RTO)
	t.Add("until the old region is in sync", "s", finite(x.InSync), x.Held.RTO)
	return t
}

func incidentAnswer(x replicationplot.CutOff) string {
	length := units.FormatSeconds(x.Promoted.Config.Faults[0].For.Seconds())
	if x.Promoted.LostAcked == 0 {
		return fmt.Sprintf("Here they do not: in a partition of %s no acknowledged write is left behind, and the new region waits %s for a primary.", length, units.FormatSeconds(x.Promoted.RTO))
	}
	behind := "does not end within the run"
	if !math.IsInf(x.InSync, 1) {
		behind = "takes " + units.FormatSeconds(x.InSync)
	}
	return fmt.Sprintf("By a promotion that cannot be taken back: %s without a network leave %s acknowledged writes in the old region alone, and restoring it and catching up %s; without a promotion across regions %s are lost and writes from there wait %s.",
		length, units.FormatCount(float64(x.Promoted.LostAcked)), behind, units.FormatCount(float64(x.Held.LostAcked)), units.FormatSeconds(x.Held.RTO))
}
