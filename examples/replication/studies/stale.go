package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
)

// Stale asks how long after a write a read may miss it.
func Stale() study.Study {
	n, lag, window, reads := 3, replication.Exp(5*time.Millisecond), 5*time.Millisecond, int64(20_000)
	var after []time.Duration
	for _, us := range []int{0, 1000, 2500, 5000, 7500, 10_000, 15_000, 20_000} {
		after = append(after, time.Duration(us)*time.Microsecond)
	}
	var given func(string) bool
	return study.Study{
		Name:     "stale",
		Question: "A write was acknowledged: how likely does a read miss it, and for how long?",
		Next:     "A constant lag is a cliff (`--lag const:5ms`). How long must the window on the primary be against a lag that varies?",
		Examples: []string{"--replicas 5", "--lag const:5ms", "--lag lognormal:5ms,cv=2 --after 0s,5ms,10ms,20ms,40ms", "--window 15ms"},
		Flags: func(f *study.Flags) {
			f.Int(&n, "replicas", "replicas, of which a read asks one at random; at most 30")
			f.Text(&lag, "LAW", "lag", "from a commit until a replica shows it")
			f.DurationList(&after, "after", "times from the acknowledgement to the read, at most 20")
			f.Duration(&window, "window", "a client's reads go to the primary for so long after its write")
			f.Count(&reads, "reads", "reads of each point, 100 to 1M")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if env.Quick && !given("reads") {
				reads = 2000
			}
			if n < 1 || n > 30 || len(after) == 0 || len(after) > 20 || reads < 100 || reads > 1_000_000 {
				return study.Report{}, fmt.Errorf("%w: --replicas = %d, %d times in --after, --reads = %d, want in [1, 30], [1, 20] and [100, 1M]",
					replication.ErrInvalidConfig, n, len(after), reads)
			}
			c := replication.Group(n, lag, 1)
			c.Pipeline.Return = []replication.Law{replication.Const(0)} // answers are instant: time counts from when the write is there
			c.Reads.Count, c.Reads.Window, c.MaxWrites, c.Seed = 1, window, int(reads), env.Seed
			// Writes are so far apart that none waits for another on a link.
			apart := max(1, min(200, 5e5/(float64(reads)*lag.Mean())))
			c.Workload.WriteRate = 1 / (apart*lag.Mean() + 1e-3)
			c.Duration, c.Transcript, c.List = 7*24*time.Hour, 0, 0
			curves, err := staleCurves(ctx, env, c, after)
			if err != nil {
				return study.Report{}, err
			}
			var rows []replicationplot.StalePoint
			for _, s := range curves {
				rows = append(rows, s.Points...)
			}
			return study.Report{
				Answer: staleAnswer(curves),
				Table:  study.Rows(rows).Show("reads", "after_s", "stale_fraction", "theory_fraction"),
				Figure: replicationplot.Stale(c, curves),
				Reading: "A straight line on this axis is an exponential lag. An asynchronous replica misses what is younger than its lag. Waiting for k replicas to replay (remote-apply) removes " +
					"only the share k/n of the misses: the others are as late as before, which is why synchronous does not mean fresh. A window on the primary or a token ends one's own " +
					"misses, at the price of load or waiting.",
				Sources: []string{"lines: go doc ./replication/theory StaleRead", "rings: PostgreSQL 15.18, synchronous_commit = local, one standby behind an exponential delay of 5 ms, measured"},
				Config:  c, Result: rows,
			}, nil
		},
	}
}

// staleCurves simulates each way of writing and reading at each time.
func staleCurves(ctx context.Context, env study.Env, c replication.Config, after []time.Duration) ([]replicationplot.StaleCurve, error) {
	curves := []replicationplot.StaleCurve{
		{Name: "async", Mode: replication.Async, Policy: replication.AnyReplica},
		{Name: "remote-apply ANY 1", Mode: replication.RemoteApply, K: 1, Policy: replication.AnyReplica},
	}
	if c.Replicas > 2 {
		curves = append(curves, replicationplot.StaleCurve{Name: fmt.Sprintf("remote-apply ANY %d", c.Replicas-1), Mode: replication.RemoteApply, K: c.Replicas - 1, Policy: replication.AnyReplica})
	}
	if c.Replicas > 1 {
		curves = append(curves, replicationplot.StaleCurve{Name: fmt.Sprintf("remote-apply ANY %d", c.Replicas), Mode: replication.RemoteApply, K: c.Replicas, Policy: replication.AnyReplica})
	}
	curves = append(curves,
		replicationplot.StaleCurve{Name: "async, window of " + units.FormatDuration(c.Reads.Window), Mode: replication.Async, Policy: replication.PrimaryWindow},
		replicationplot.StaleCurve{Name: "async, token", Mode: replication.Async, Policy: replication.TokenWait})
	points, err := par.Map(ctx, len(curves)*len(after), func(_ context.Context, i int) (replicationplot.StalePoint, error) {
		s, at := curves[i/len(after)], c
		at.Mode, at.Acks, at.Reads.Policy, at.Reads.Think = s.Mode, replication.AnyOf(max(s.K, 1)), s.Policy, law.Const(after[i%len(after)])
		r, err := replication.Simulate(at)
		if err != nil {
			return replicationplot.StalePoint{}, err
		}
		env.Progress(i+1, len(curves)*len(after))
		p := replicationplot.StalePoint{Name: s.Name, After: after[i%len(after)].Seconds(), Stale: r.StaleFraction, Theory: s.At(c, after[i%len(after)].Seconds())}
		p.Low, p.High = wilson(float64(r.Stale), float64(r.Reads))
		return p, nil
	})
	if err != nil {
		return nil, err
	}
	for i := range curves {
		curves[i].Points = points[i*len(after) : (i+1)*len(after)]
	}
	return curves, nil
}

func staleAnswer(curves []replicationplot.StaleCurve) string {
	text := ""
	for i, s := range curves {
		p := s.Points[len(s.Points)/2]
		if i == 0 {
			text = fmt.Sprintf("%s after its acknowledgement %s of the reads miss a write with %s", units.FormatSeconds(p.After), units.FormatPercent(p.Stale), s.Name)
			continue
		}
		text += fmt.Sprintf(", %s with %s", units.FormatPercent(p.Stale), s.Name)
	}
	return text + "."
}

// wilson is the 95 % interval of a share of n.
func wilson(count, n float64) (low, high float64) {
	if !(n > 0) {
		return 0, 1
	}
	const z = 1.959964
	p, w := count/n, z*z/n
	half := z * math.Sqrt(p*(1-p)/n+w/(4*n))
	return max(0, (p+w/2-half)/(1+w)), min(1, (p+w/2+half)/(1+w))
}
