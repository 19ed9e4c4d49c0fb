package studies

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
)

// Lag asks which lag metric tells the truth.
func Lag() study.Study {
	cfg := replication.PostgreSQL(replication.Async, replication.AnyOf(1), 1)
	cfg.Workload.WriteRate, cfg.Workload.Heartbeat = 200, time.Second
	cfg.Pipeline.Delay = []replication.Law{replication.Const(5 * time.Millisecond)}
	cfg.Pipeline.Apply = replication.Const(time.Millisecond)
	cfg.Pipeline.StatusInterval = 10 * time.Second
	big := replication.Big{At: 50 * time.Second, Primary: 2 * time.Second, Replay: 6 * time.Second}
	burst, cut, idle := 1500.0, 8*time.Second, 15*time.Second
	return study.Study{
		Name:     "lag",
		Question: "Which number tells how far a replica is behind?",
		Next:     "Replay a transaction only when all of it has come (`--streamed=false`), or with workers in parallel: which number notices?",
		Examples: []string{"--streamed=false --apply-workers 4", "--apply const:4ms", "--idle 30s --heartbeat 5s", "--burst-rate 200/s --cut 20s"},
		Flags: func(f *study.Flags) {
			f.Frequency(&cfg.Workload.WriteRate, "write-rate", "writes per second in calm times")
			f.Frequency(&burst, "burst-rate", "writes per second from 10 to 25 s")
			f.Text(&cfg.Pipeline.Apply, "LAW", "apply", "replay of one write")
			f.Int(&cfg.Pipeline.Workers, "apply-workers", "appliers, at most 64")
			f.Text((*lawList)(&cfg.Pipeline.Delay), "LAW", "delay", "one way to the standby and back")
			f.Duration(&big.Primary, "transaction-primary", "a large transaction starts at 50 s and runs so long on the primary")
			f.Duration(&big.Replay, "transaction-replay", "and so long on the replica")
			f.Bool(&cfg.Pipeline.Streamed, "streamed", "it is sent and replayed while it runs (PostgreSQL); false: at its commit (MySQL)")
			f.Duration(&cut, "cut", "the network is cut at 80 s for so long; at most 20 s")
			f.Duration(&idle, "idle", "nobody writes from 105 s for so long; at most 1 h")
			f.Duration(&cfg.Workload.Heartbeat, "heartbeat", "time between two heartbeat rows; 0 = none")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			events, err := lagSchedule(&c, big, burst, cut, idle)
			if err != nil {
				return study.Report{}, err
			}
			r, err := besideHeartbeat(c)
			if err != nil {
				return study.Report{}, err
			}
			meters := replicationplot.Meters(r, 1)
			figure := replicationplot.Lag(r, 1, events)
			r.Rows, r.Transcript = nil, nil
			return study.Report{
				Answer: lagAnswer(meters, events),
				Table:  study.Rows(meters),
				Figure: figure,
				Reading: "Grey is the truth: the age of the oldest commit that a reader of the replica cannot see. A metric above the grey is a false alarm, one below it a false calm. " +
					"Seconds_Behind_Source compares with what was received, so it knows nothing of a cut network; the time since the last replayed commit grows when nobody writes; " +
					"PostgreSQL's columns know only what was answered. A heartbeat row goes the way of the data, and is right up to its period (it is read in a second run: its rows would also end the false alarm of an idle primary). Try `--streamed=false` for a large " +
					"transaction that is shipped at its commit, and `--heartbeat 5s`.",
				Sources: []string{
					"pg_stat_replication: PostgreSQL's documentation, monitoring statistics", "lag after a burst or a pause in closed form: go doc ./replication/theory CatchUp",
				},
				Notes: study.Warnings("", r.Warnings), Config: c, Result: map[string]any{"run": r, "metrics": meters},
			}, nil
		},
	}
}

// besideHeartbeat is a run without heartbeat rows, with the heartbeat's readings of the same run with them: they are
// transactions too, and would silence the false alarm of an idle primary.
func besideHeartbeat(c replication.Config) (replication.Result, error) {
	with, err := replication.Simulate(c)
	if err != nil {
		return with, err
	}
	c.Workload.Heartbeat = 0
	r, err := replication.Simulate(c)
	for i := range min(len(r.Rows), len(with.Rows)) {
		r.Rows[i].Heartbeat = with.Rows[i].Heartbeat
	}
	return r, err
}

// lagSchedule sets what happens when.
func lagSchedule(c *replication.Config, big replication.Big, burst float64, cut, idle time.Duration) ([]replicationplot.Event, error) {
	if cut > 20*time.Second || idle > time.Hour {
		return nil, fmt.Errorf("%w: --cut = %v, --idle = %v, want at most 20s and 1h", replication.ErrInvalidConfig, cut, idle)
	}
	rate, s := c.Workload.WriteRate, time.Second
	c.Workload.Steps = []replication.Step{{At: 10 * s, Rate: burst}, {At: 25 * s, Rate: rate}, {At: 105 * s, Rate: 0}, {At: 105*s + idle, Rate: rate}}
	c.Workload.Big = []replication.Big{big}
	if cut > 0 {
		c.Faults = []replication.Fault{{At: 80 * s, For: cut, Kind: replication.Partition, Nodes: []int{1}}}
	}
	c.Duration = 115*s + idle
	c.Sample, c.MaxWrites = max(c.Duration/1300, 1), 5_000_000
	end := 50 + max(big.Primary, big.Replay).Seconds()
	if !c.Pipeline.Streamed {
		end = 50 + (big.Primary + big.Replay).Seconds()
	}
	return []replicationplot.Event{
		{From: 10, To: 25, Name: "burst"},
		{From: 50, To: min(end, 80), Name: "big transaction"},
		{From: 80, To: 80 + cut.Seconds(), Name: "cut"},
		{From: 105, To: 105 + idle.Seconds(), Name: "idle time"},
	}, nil
}

// lagAnswer names the metric that is never far from the true lag, and then the errors of the others.
func lagAnswer(meters []replicationplot.Meter, events []replicationplot.Event) string {
	shown := slices.DeleteFunc(slices.Clone(meters), func(m replicationplot.Meter) bool { return m.Name == "write_lag" || m.Name == "flush_lag" })
	if len(shown) == 0 {
		return "None: no metric had a value."
	}
	best := slices.MinFunc(shown, func(a, b replicationplot.Meter) int { return cmp.Compare(worst(a), worst(b)) })
	var text strings.Builder
	fmt.Fprintf(&text, "At worst nearest to the true lag is %s,%s", strings.Replace(best.Name, "heartbeat", "the heartbeat", 1), lagErrors(best, events))
	for _, m := range shown {
		if m != best {
			fmt.Fprintf(&text, "; %s is%s", m.Name, lagErrors(m, events))
		}
	}
	return text.String() + "."
}

// worst is the greatest distance of a metric from the true lag.
func worst(m replicationplot.Meter) float64 { return max(m.Under, m.Over) }

// lagErrors says how far off a metric is at worst, and when.
func lagErrors(m replicationplot.Meter, events []replicationplot.Event) string {
	var errors []string
	if m.Under > 0.05 {
		errors = append(errors, fmt.Sprintf(" up to %s too low (%s)", units.FormatSeconds(m.Under), during(events, m.UnderAt)))
	}
	if m.Over > 0.05 {
		errors = append(errors, fmt.Sprintf(" up to %s too high (%s)", units.FormatSeconds(m.Over), during(events, m.OverAt)))
	}
	if len(errors) == 0 {
		return " right within 50 ms"
	}
	return strings.Join(errors, " and")
}

// during names what was going on at a time: the last event that had begun.
func during(events []replicationplot.Event, at float64) string {
	name := "before anything happened"
	for _, e := range events {
		if at >= e.From && e.To > e.From {
			name = "during the " + e.Name
			if at > e.To {
				name = "after the " + e.Name
			}
		}
	}
	return name
}
