package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/multileader"
	"cloudconcepts/replication/replicationplot"
)

// Conflicts lets several leaders write the same keys, and counts what each policy loses.
func Conflicts() study.Study {
	s := conflictFlags{
		Config:   multileader.Default(),
		delays:   []time.Duration{time.Millisecond, 3 * time.Millisecond, 10 * time.Millisecond, 30 * time.Millisecond, 100 * time.Millisecond, 300 * time.Millisecond, time.Second},
		policies: []string{"lww", "hybrid-clock", "version-vectors", "g-counter"},
		skew:     20 * time.Millisecond,
	}
	s.Keys, s.WriteRate, s.MaxWrites = 100, 200, 60_000
	return study.Study{
		Name:     "conflicts",
		Question: "Two leaders write the same key: how often, and what is lost?",
		Next:     "Perfect clocks (`--clock-offset 0s`) still lose writes. More leaders, or popular keys (`--zipf 1 --keys 10000`), how much more?",
		Examples: []string{"--clock-offset 0s", "--leaders 5", "--zipf 1 --keys 10000", "--write-rate 20/s"},
		Flags:    s.declare,
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if err := s.validate(); err != nil {
				return study.Report{}, err
			}
			if env.Quick {
				s.MaxWrites = min(s.MaxWrites, 10_000)
			}
			sweep := replicationplot.ConflictSweep{Leaders: s.Leaders, Rate: s.WriteRate / float64(s.Keys), Skew: s.skew.Seconds(), Runs: env.RunsOr(5, 2), Seed: env.Seed}
			total := len(s.policies) * len(s.delays)
			var err error
			if sweep.Points, err = par.Map(ctx, total, func(_ context.Context, i int) (replicationplot.ConflictPoint, error) {
				defer env.Progress(i+1, total)
				return s.point(s.policies[i/len(s.delays)], s.delays[i%len(s.delays)], sweep)
			}); err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: conflictAnswer(sweep),
				Table:  conflictTable(sweep),
				Figure: replicationplot.Conflicts(sweep),
				Reading: "A write is in conflict with whatever another leader takes of its key within a delay before or after it. No policy changes that; it only decides what becomes of the two. The last writer wins, by its clock, and the other write " +
					"vanishes; clocks that are off lose writes even where the delay is short. Version vectors lose nothing, but a counter of siblings still miscounts: the merger cannot tell which increments they share. A G-counter counts each leader apart and is exact.",
				Sources: []string{"theory: go doc ./replication/multileader ConflictProbability; go doc ./replication/multileader Inverted", "G-counter: Shapiro, Preguiça, Baquero and Zawirski, 2011"},
				Config:  s.Config, Result: sweep.Points,
			}, nil
		},
	}
}

type conflictFlags struct {
	multileader.Config
	delays   []time.Duration
	policies []string
	skew     time.Duration
}

var conflictPolicies = map[string]multileader.Policy{
	"lww": multileader.LastWriterWins, "hybrid-clock": multileader.HybridClock, "version-vectors": multileader.VersionVectors, "g-counter": multileader.Counter,
}

func (s *conflictFlags) declare(f *study.Flags) {
	f.ChoiceList(&s.policies, "policy", "policies to compare", "lww", "hybrid-clock", "version-vectors", "g-counter")
	f.DurationList(&s.delays, "delay", "one-way delays between leaders, rising")
	f.Int(&s.Leaders, "leaders", "leaders, 2 to 8")
	f.Int(&s.Keys, "keys", "keys that all leaders write")
	f.Float(&s.Zipf, "zipf", "popularity of the i-th key is i^-zipf; 0 = uniform")
	f.Frequency(&s.WriteRate, "write-rate", "writes per second at each leader, of all keys (Poisson)")
	f.Duration(&s.skew, "clock-offset", "how far each leader's clock is ahead of the one before")
	f.Count(&s.MaxWrites, "writes", "writes of a run, at most 1M")
}

func (s *conflictFlags) validate() error {
	if !slices.IsSorted(s.delays) || len(slices.Compact(slices.Clone(s.delays))) != len(s.delays) || s.delays[0] < time.Microsecond || s.delays[len(s.delays)-1] > time.Hour {
		return fmt.Errorf("%w: --delay = %v, want rising times in [1us, 1h]", multileader.ErrInvalidConfig, s.delays)
	}
	if s.MaxWrites < 1 || s.MaxWrites > 1_000_000 {
		return fmt.Errorf("%w: --writes = %d, want in [1, 1000000]", multileader.ErrInvalidConfig, s.MaxWrites)
	}
	if s.skew > time.Hour/8 {
		return fmt.Errorf("%w: --clock-offset = %v, want in [0s, %v]", multileader.ErrInvalidConfig, s.skew, time.Hour/8)
	}
	c := s.Config
	c.Duration = 365 * 24 * time.Hour
	return c.Validate()
}

// point is several runs of a policy at one delay.
func (s *conflictFlags) point(policy string, delay time.Duration, sweep replicationplot.ConflictSweep) (replicationplot.ConflictPoint, error) {
	c := s.Config
	c.Policy, c.Delay, c.Duration = conflictPolicies[policy], multileader.Const(delay), 365*24*time.Hour
	for i := range c.Leaders {
		c.Skews[i] = time.Duration(i) * s.skew
	}
	p := replicationplot.ConflictPoint{Policy: c.Policy, Delay: delay.Seconds()}
	var conflicts, lost, siblings stats.Moments
	for run := range sweep.Runs {
		c.Seed = sweep.Seed + uint64(run)
		r, err := multileader.Simulate(c)
		if err != nil {
			return p, err
		}
		conflicts.Add(r.ConflictFraction)
		lost.Add(r.LostFraction)
		siblings.Add(r.SiblingsMean)
		p.Writes, p.Sum, p.Unmerged = p.Writes+r.Writes, p.Sum+r.Sum, p.Unmerged+r.Unmerged
	}
	p.Conflict, p.Lost, p.Siblings = interval(conflicts), interval(lost), siblings.Mean()
	if p.Conflict.Theory = -1; c.Zipf == 0 {
		p.Conflict.Theory = multileader.ConflictProbability(c.Leaders, sweep.Rate, delay.Seconds())
	}
	return p, nil
}

// interval is the mean of runs with its 95 % interval, as a share.
func interval(m stats.Moments) replicationplot.Share {
	s := replicationplot.Share{Value: m.Mean(), Low: m.Mean(), High: m.Mean(), Theory: -1}
	if m.Count() > 1 {
		low, high := m.MeanInterval(0.95)
		s.Low, s.High = max(low, 0), min(high, 1)
	}
	return s
}

func conflictTable(s replicationplot.ConflictSweep) study.Table {
	t := study.NewTable("policy", "delay_s", "conflict_fraction", "conflict_low_fraction", "conflict_high_fraction", "theory_fraction", "lost_fraction", "counted_fraction", "siblings_mean", "writes", "sum")
	for _, p := range s.Points {
		row := []any{replicationplot.PolicyTitle(p.Policy), p.Delay, p.Conflict.Value, p.Conflict.Low, p.Conflict.High, p.Conflict.Theory, p.Lost.Value, float64(p.Sum) / float64(max(p.Writes, 1)), p.Siblings, p.Writes, p.Sum}
		if p.Conflict.Theory < 0 {
			row[5] = nil
		}
		t.Add(row...)
	}
	return t.Show("policy", "delay_s", "conflict_fraction", "theory_fraction", "lost_fraction", "counted_fraction", "siblings_mean").
		Head("conflict_fraction", "in conflict").Head("theory_fraction", "theory").Head("lost_fraction", "lost").Head("counted_fraction", "counted")
}

// loses says what a policy makes of the writes.
func loses(p replicationplot.ConflictPoint) string {
	name := replicationplot.PolicyTitle(p.Policy)
	switch {
	case p.Lost.Value > 0:
		return fmt.Sprintf("%s loses %s", name, units.FormatPercent(p.Lost.Value))
	case p.Sum < p.Writes:
		return fmt.Sprintf("%s nothing but miscounts %s", name, units.FormatPercent(1-float64(p.Sum)/float64(p.Writes)))
	}
	return name + " nothing"
}

func conflictAnswer(s replicationplot.ConflictSweep) string {
	middle := s.Points[0].Delay
	for _, p := range s.Points {
		if math.Abs(math.Log(p.Delay/0.1)) < math.Abs(math.Log(middle/0.1)) {
			middle = p.Delay
		}
	}
	var parts []string
	conflict := 0.0
	for _, p := range s.Points {
		if p.Delay == middle {
			conflict = p.Conflict.Value
			parts = append(parts, loses(p))
		}
	}
	return fmt.Sprintf("With %d leaders %s apart that each write a key %s, %s of the writes are in conflict; of all writes, %s.",
		s.Leaders, units.FormatSeconds(middle), units.FormatFrequency(s.Rate), units.FormatPercent(conflict), strings.Join(parts, ", "))
}
