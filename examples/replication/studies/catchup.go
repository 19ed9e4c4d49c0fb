package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
	"cloudconcepts/replication/theory"
)

// CatchUp stops a replica's replay and asks how long it takes to catch up, by load.
func CatchUp() study.Study {
	s := pause{length: time.Minute, apply: replication.Exp(5 * time.Millisecond), loads: []float64{0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95}, from: 0.7, to: 0.97, over: 3 * time.Minute}
	return study.Study{
		Name:     "catchup",
		Question: "How long does a replica need to catch up?",
		Next:     "Why does the time explode near full load? With `--rise-to 100%` it never ends.",
		Examples: []string{"--load 50%,99%,100%", "--pause 5min --apply const:5ms", "--rise-to 100%"},
		Flags:    s.declare,
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if err := s.validate(); err != nil {
				return study.Report{}, err
			}
			p := replicationplot.Pauses{Pause: s.length.Seconds(), Apply: replicationplot.LawText(s.apply), Measured: measuredPauses(), From: s.from, To: s.to, Over: s.over.Seconds()}
			for i, load := range s.loads {
				q, err := s.caughtUp(ctx, load, env)
				if err != nil {
					return study.Report{}, err
				}
				p.Points = append(p.Points, q)
				env.Progress(i+1, len(s.loads)+1)
			}
			if err := s.rise(&p, env); err != nil {
				return study.Report{}, err
			}
			figure := replicationplot.CatchUp(p)
			p.Rising.Rows, p.Rising.Transcript = nil, nil
			return study.Report{
				Answer: catchUpAnswer(p),
				Table:  catchUpTable(p),
				Figure: figure,
				Reading: "A replica that has stood still for T has T ρ of work waiting and works it off with what its load leaves, 1 - ρ: hence T ρ/(1 - ρ). At half load that is as long as the pause, near full load it goes " +
					"through the roof. On the right the load rises while it catches up: the first minutes promise an end (dashed) that never comes.",
				Sources: []string{"theory: go doc ./replication/theory CatchUp; go doc ./replication/theory CatchUpRising", "rings: PostgreSQL 15.18, replay paused for 10 s under 200 transactions/s, measured for this package (see its tests)"},
				Notes:   study.Warnings("", p.Rising.Warnings), Config: s.config(s.loads[0], env, 0), Result: p.Points,
			}, nil
		},
	}
}

// pause is a stop of replay, and the loads to try.
type pause struct {
	length   time.Duration
	apply    replication.Law
	loads    []float64
	from, to float64
	over     time.Duration
}

func (s *pause) declare(f *study.Flags) {
	f.Duration(&s.length, "pause", "how long replay stands still")
	f.Text(&s.apply, "LAW", "apply", "replay of one write on the standby")
	f.FractionList(&s.loads, "load", "loads of the applier, writes by what it can replay")
	f.Fraction(&s.from, "rise-from", "right panel: the load until replay goes on")
	f.Fraction(&s.to, "rise-to", "right panel: the load in the end")
	f.Duration(&s.over, "rise-over", "right panel: how long it rises")
}

func (s *pause) validate() error {
	for _, load := range append(slices.Clone(s.loads), s.from, s.to) {
		if !(load > 0 && load <= 1) {
			return fmt.Errorf("%w: --load, --rise-from or --rise-to = %g, want in (0, 1]", replication.ErrInvalidConfig, load)
		}
	}
	if m := s.apply.Mean(); !(m >= 1e-6 && m <= 60) {
		return fmt.Errorf("%w: --apply = %v, want a mean in [1us, 1min]", replication.ErrInvalidConfig, s.apply)
	}
	if s.length < time.Millisecond || s.length > 24*time.Hour {
		return fmt.Errorf("%w: --pause = %v, want in [1ms, 24h]", replication.ErrInvalidConfig, s.length)
	}
	if n := s.length.Seconds() / s.apply.Mean(); n > 100_000 {
		return fmt.Errorf("%w: --pause = %v is %.0f times --apply, want at most 100000 times", replication.ErrInvalidConfig, s.length, n)
	}
	if s.over < 0 || s.over > 24*time.Hour {
		return fmt.Errorf("%w: --rise-over = %v, want in [0s, 24h]", replication.ErrInvalidConfig, s.over)
	}
	return nil
}

// config is a group with one standby that stands still from a tenth of its length on; it ends so long after replay has gone on.
func (s *pause) config(load float64, env study.Env, after float64) replication.Config {
	c := replication.Group(1, replication.Const(time.Millisecond), load/s.apply.Mean())
	c.Pipeline.Apply = s.apply
	c.Seed, c.MaxWrites = env.Seed, 3_000_000
	at := s.length / 10
	c.Faults = []replication.Fault{{At: at, For: s.length, Kind: replication.PauseReplay, Nodes: []int{1}}}
	left := float64(c.MaxWrites)/c.Workload.WriteRate - (at + s.length).Seconds()
	c.Duration = at + s.length + time.Duration(1e9*max(1, min(after, left, 3*86400)))
	return c
}

func (s *pause) caughtUp(ctx context.Context, load float64, env study.Env) (replicationplot.CaughtUp, error) {
	q := replicationplot.CaughtUp{Load: load, Theory: theory.CatchUp(s.length.Seconds(), load), Mean: -1, Runs: env.RunsOr(10, 2)}
	after := 2*min(q.Theory, 100*s.length.Seconds()) + 1000*s.apply.Mean()
	if math.IsInf(q.Theory, 1) {
		q.Theory, after = -1, 3*s.length.Seconds()
	}
	c := s.config(load, env, after)
	if env.Runs == 0 {
		q.Runs = max(2, min(q.Runs, int(3e6/(c.Workload.WriteRate*c.Duration.Seconds()))))
	}
	sum, err := replication.Replicate(ctx, c, q.Runs)
	var m stats.Moments
	for _, r := range sum.Results {
		for _, b := range r.Backlogs {
			m.Add(b.Took)
			q.Ended++
		}
	}
	if q.Ended > 0 {
		q.Mean = m.Mean()
		q.Low, q.High = q.Mean, q.Mean
	}
	if q.Ended > 1 {
		q.Low, q.High = m.MeanInterval(0.95)
		q.Low = max(q.Low, 0)
	}
	return q, err
}

// rise runs the group under a load that rises in steps once replay goes on.
func (s *pause) rise(p *replicationplot.Pauses, env study.Env) error {
	load := func(t float64) float64 {
		return s.from + (s.to-s.from)*min(max(t, 0)/max(s.over.Seconds(), 1e-9), 1)
	}
	limit := 200 * s.length.Seconds()
	p.Promised = theory.CatchUp(p.Pause, s.from)
	p.Expected = theory.CatchUpRising(p.Pause, load, limit, p.Pause/1000)
	c := s.config(s.from, env, 1.4*min(p.Expected, 20*p.Pause, 86400)+1)
	p.Resumed = (c.Faults[0].At + s.length).Seconds()
	for i := range 60 {
		t := s.over.Seconds() * (float64(i) + 0.5) / 60
		c.Workload.Steps = append(c.Workload.Steps, replication.Step{At: c.Faults[0].At + s.length + time.Duration(float64(s.over)*float64(i)/60), Rate: load(t) / s.apply.Mean()})
	}
	c.Workload.Steps = append(c.Workload.Steps, replication.Step{At: c.Faults[0].At + s.length + s.over + 1, Rate: s.to / s.apply.Mean()})
	if s.over < time.Second {
		c.Workload.Steps = c.Workload.Steps[60:]
	}
	c.Sample = max(c.Duration/1000, 1)
	var err error
	p.Rising, err = replication.Simulate(c)
	return err
}

// measuredPauses are what a real server took after 10 s without replay.
func measuredPauses() []replicationplot.CaughtUp {
	return []replicationplot.CaughtUp{{Load: 0.099, Theory: 10, Mean: 1.02}, {Load: 0.519, Theory: 10, Mean: 9.6}}
}

func catchUpTable(p replicationplot.Pauses) study.Table {
	t := study.NewTable("load_fraction", "catch_up_s", "catch_up_low_s", "catch_up_high_s", "theory_s", "ended_runs", "runs")
	for _, q := range p.Points {
		row := []any{q.Load, q.Mean, q.Low, q.High, q.Theory, q.Ended, q.Runs}
		if q.Ended == 0 {
			row[1], row[2], row[3] = nil, nil, nil
		}
		if q.Theory < 0 {
			row[4] = nil
		}
		t.Add(row...)
	}
	return t.Show("load_fraction", "catch_up_s", "catch_up_low_s", "catch_up_high_s", "theory_s").Head("load_fraction", "load").Head("catch_up_s", "caught up after").Head("theory_s", "T rho/(1 - rho)")
}

func catchUpAnswer(p replicationplot.Pauses) string {
	var text strings.Builder
	text.WriteString(fmt.Sprintf("The pause times ρ/(1 - ρ): after %s", units.FormatSeconds(p.Pause)))
	for i, q := range p.Points {
		if i > 0 {
			text.WriteString(",")
		}
		switch {
		case q.Ended > 0:
			text.WriteString(fmt.Sprintf(" %s at %s load", units.FormatSeconds(q.Mean), units.FormatPercent(q.Load)))
		case q.Theory < 0:
			text.WriteString(fmt.Sprintf(" no end at %s", units.FormatPercent(q.Load)))
		default:
			text.WriteString(fmt.Sprintf(" not within the run at %s", units.FormatPercent(q.Load)))
		}
	}
	took := "does not end within the run"
	if t := p.Took(); !math.IsInf(t, 1) {
		took = "takes " + units.FormatSeconds(t)
	}
	return fmt.Sprintf("%s; while the load rises from %s to %s, it %s instead of the %s that the first load promises.", text.String(),
		units.FormatPercent(p.From), units.FormatPercent(p.To), took, orNever(p.Promised))
}

// orNever is a time, or never.
func orNever(t float64) string {
	if math.IsInf(t, 1) {
		return "never"
	}
	return units.FormatSeconds(t)
}
