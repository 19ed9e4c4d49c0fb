package studies

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
)

// Commit asks what it costs to wait for standbys.
func Commit() study.Study {
	cfg := replication.PostgreSQL(replication.Async, replication.AnyOf(1), 3)
	cfg.Workload.WriteRate = 20
	cfg.Pipeline.Delay = lawsOf("1ms+exp:1ms", "4ms+exp:2ms", "15ms+exp:5ms")
	writes := int64(20_000)
	var given func(string) bool
	return study.Study{
		Name:     "commit",
		Question: "What does a commit cost when it waits for standbys, and for which?",
		Next:     "Under load (`--write-rate 1000/s`) writes wait for each other. With `--replicas 9 --delay exp:5ms`, how fast is ANY 1 of many?",
		Examples: []string{"--write-rate 1000/s", "--replicas 9 --delay exp:5ms", "--delay 'const:2ms;const:10ms;const:30ms'", "--flush lognormal:2ms,cv=2"},
		Flags: func(f *study.Flags) {
			f.Int(&cfg.Replicas, "replicas", "standbys, at most 30")
			f.Text((*lawList)(&cfg.Pipeline.Delay), "LAWS", "delay", "one way to a standby and back: one law for all, or one each, separated by ;")
			f.Text(&cfg.Pipeline.Flush, "LAW", "flush", "a log flush, on any node")
			f.Text(&cfg.Pipeline.Apply, "LAW", "apply", "replay of one write on a standby")
			f.Frequency(&cfg.Workload.WriteRate, "write-rate", "writes per second, at random (Poisson)")
			f.Count(&writes, "writes", "writes of each run, at most 1M")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed, c.MaxWrites = env.Seed, int(min(writes, 1_000_001))
			if env.Quick && !given("writes") {
				c.MaxWrites = 3000
			}
			if given("replicas") && !given("delay") {
				c.Pipeline.Delay = c.Pipeline.Delay[:1]
			}
			if c.MaxWrites < 1 || c.MaxWrites > 1_000_000 || c.Replicas < 1 || !(c.Workload.WriteRate >= 0.1) {
				return study.Report{}, fmt.Errorf("%w: --writes = %d, --replicas = %d, --write-rate = %g/s, want in [1, 1M], [1, 30] and at least 0.1/s",
					replication.ErrInvalidConfig, writes, c.Replicas, c.Workload.WriteRate)
			}
			waits, err := commitRuns(ctx, env, c)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: commitAnswer(waits),
				Table:  study.Rows(waits).Show("mode", "acks", "p50_s", "p99_s", "mean_s", "theory_mean_s"),
				Figure: replicationplot.Commit(c, waits),
				Reading: "Above, one standby has to answer, and what it has done before it answers changes from curve to curve. Below, its disk has the write, and how many standbys have to " +
					"answer changes. ANY 1 is the quickest of all, FIRST 1 a named one, and all of them is the slowest. Dashed: round trips that are independent from write to write. A log " +
					"is one stream: the answer after the flush waits for the one after the write, and at a high rate a message for all before it.",
				Sources: []string{"synchronous_commit, synchronous_standby_names: PostgreSQL's documentation, runtime-config-wal and runtime-config-replication", "dashed, in closed form: go doc ./replication/theory CommitWait"},
				Config:  c, Result: waits,
			}, nil
		},
	}
}

func lawsOf(texts ...string) (laws []replication.Law) {
	for _, text := range texts {
		l, err := replication.ParseLaw(text)
		if err == nil {
			laws = append(laws, l)
		}
	}
	return laws
}

// commitRuns simulates the levels with ANY 1, and the numbers of standbys with their disks.
func commitRuns(ctx context.Context, env study.Env, c replication.Config) ([]replicationplot.CommitRun, error) {
	n := c.Replicas
	runs := []replicationplot.CommitRun{
		{Mode: replication.Async, Acks: replication.AnyOf(1)},
		{Mode: replication.RemoteWrite, Acks: replication.AnyOf(1)},
		{Mode: replication.Sync, Acks: replication.AnyOf(1)},
		{Mode: replication.RemoteApply, Acks: replication.AnyOf(1)},
		{Mode: replication.Sync, Acks: replication.AnyOf(1), Panel: 1},
	}
	if n > 1 {
		runs = append(runs, replicationplot.CommitRun{Mode: replication.Sync, Acks: replication.FirstOf(1, 2), Panel: 1})
	}
	if n > 2 {
		runs = append(runs, replicationplot.CommitRun{Mode: replication.Sync, Acks: replication.AnyOf((n + 1) / 2), Panel: 1})
	}
	if n > 1 {
		runs = append(runs, replicationplot.CommitRun{Mode: replication.Sync, Acks: replication.AnyOf(n), Panel: 1})
	}
	c.Duration = time.Duration(min(1.3*float64(c.MaxWrites)/c.Workload.WriteRate+60, 7*24*3600) * 1e9)
	c.Transcript, c.List = 0, 0
	return par.Map(ctx, len(runs), func(_ context.Context, i int) (replicationplot.CommitRun, error) {
		run, at := runs[i], c
		at.Mode, at.Acks = run.Mode, run.Acks
		r, err := replication.Simulate(at)
		if err != nil {
			return run, err
		}
		run.Fill(r, commitTheory(at))
		env.Progress(i+1, len(runs))
		return run, nil
	})
}

// commitTheory are 20,000 commits whose round trips are independent of one another and of other commits, in their order:
// the local flush and the k-th smallest round trip, as theory.CommitWait has it in closed form.
func commitTheory(c replication.Config) []float64 {
	draw := rand.New(rand.NewPCG(c.Seed, 20_000))
	p, laws := c.Pipeline, []law.Sampler(nil)
	flush, apply := p.Flush.Sampler(), p.Apply.Sampler()
	for node := 1; node <= c.Replicas; node++ {
		if c.Mode != replication.Async && (c.Acks.List == 0 || c.Acks.List>>node&1 != 0) {
			laws = append(laws, p.Delay[min(node-1, len(p.Delay)-1)].Sampler())
		}
	}
	commits, acks := make([]float64, 20_000), make([]float64, len(laws))
	for i := range commits {
		for k := range laws {
			acks[k] = laws[k].Seconds(draw) + laws[k].Seconds(draw)
			if c.Mode != replication.RemoteWrite {
				acks[k] += flush.Seconds(draw)
			}
			if c.Mode == replication.RemoteApply {
				acks[k] += apply.Seconds(draw)
			}
		}
		commits[i] = flush.Seconds(draw)
		if len(acks) > 0 {
			slices.Sort(acks)
			commits[i] += acks[c.Acks.K-1]
		}
	}
	slices.Sort(commits)
	return commits
}

func commitAnswer(runs []replicationplot.CommitRun) string {
	var text strings.Builder
	text.WriteString("The median commit takes")
	for i, r := range runs {
		if r.Panel == 1 && runs[i-1].Panel == 0 {
			text.WriteString("; with a flush on the standbys")
		} else if i > 0 {
			text.WriteString(",")
		}
		text.WriteString(fmt.Sprintf(" %s %s", units.FormatSeconds(r.P50), r.Name()))
	}
	return text.String() + "."
}
