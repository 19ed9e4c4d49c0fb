package studies

import (
	"context"
	"errors"
	"fmt"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/quorum"
	"cloudconcepts/replication/replicationplot"
)

// Quorum asks how stale a partial quorum reads.
func Quorum() study.Study {
	cfg := quorum.Default()
	cfg.Trials = 2_000_000
	legs := latencies{Preset: "lnkd-disk", WriteRate: 0.1, AckRate: 1}
	var given func(string) bool
	return study.Study{
		Name:     "quorum",
		Question: "How stale is a read that does not ask everybody?",
		Next:     "More replicas make it worse, not better: try `--n 10`. What helps is a faster way for writes: `--preset lnkd-ssd`.",
		Examples: []string{"--n 10", "--preset lnkd-ssd", "--preset wan --r 1 --w 2", "--preset exp --write-rate 4 --ack-rate 1 --json", "--preset propagation --n 5 --r 2 --w 2"},
		Flags: func(f *study.Flags) {
			legs.flags(f)
			f.Int(&cfg.N, "n", "replicas")
			f.Int(&cfg.R, "r", "answers that a read waits for")
			f.Int(&cfg.W, "w", "acknowledgements that a write waits for")
			f.Text(&cfg.ReadFanOut, "WHOM", "read-fan-out", "whom a read asks: all (the first R answers count) or quorum (R chosen at random)")
			f.Int(&cfg.Trials, "trials", "pairs of a write and a read")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed, c.Latency = env.Seed, legs.model()
			if env.Quick && !given("trials") {
				c.Trials = 100_000
			}
			if err := errors.Join(c.Validate(), legs.check(given)); err != nil {
				return study.Report{}, err
			}
			runs, err := neighbours(ctx, env, c)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: quorumAnswer(runs[0]),
				Table:  study.Rows(quorumRows(runs)).Show("r", "w", "stale_at_once_fraction", "t_visibility_99_s", "t_visibility_999_s", "read_p50_s", "read_p999_s", "write_p50_s", "write_p999_s"),
				Figure: replicationplot.Quorum(runs[0], runs[1:], closedForm(legs, c)),
				Reading: "A write is acknowledged when W replicas have it and goes on to the others; a read takes the first R answers. Whether it sees the write is a race between the write's way to a " +
					"slow replica and the read. With R + W > N some replica is in both; with less, staleness fades as the last replicas get the write. The first row is the choice itself, the others wait for " +
					"one replica more or less. More replicas make it worse, not better: try `--n 10`. What helps is a faster way for writes: `--preset lnkd-ssd`.",
				Sources: []string{
					"model and latencies: Bailis, Venkataraman, Franklin, Hellerstein and Stoica, \"Probabilistically Bounded Staleness for Practical Partial Quorums\", PVLDB 5(8), 2012, table 3",
					"closed form of --preset propagation: go doc ./replication/quorum StaleAfter",
				},
				Notes:  study.Warnings("", runs[0].Warnings),
				Config: c, Result: runs[0],
			}, nil
		},
	}
}

// neighbours are the choice itself, and those that wait for one replica more, or for one less if none is ever stale.
func neighbours(ctx context.Context, env study.Env, c quorum.Config) ([]quorum.Result, error) {
	step := 1
	if c.R+c.W > c.N {
		step = -1
	}
	more := []quorum.Config{c, c, c}
	more[1].R += step
	more[2].W += step
	var runs []quorum.Result
	for i, at := range more {
		if i > 0 && at.Validate() != nil {
			continue
		}
		r, err := quorum.SimulateContext(ctx, at)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
		env.Progress(i+1, len(more))
	}
	return runs, nil
}

// closedForm is the probability of a stale read where all legs but the write's take no time, else nil.
func closedForm(legs latencies, c quorum.Config) func(float64) float64 {
	if legs.Preset != "propagation" {
		return nil
	}
	return func(t float64) float64 { return quorum.StaleAfter(c.N, c.R, c.W, 1000*legs.WriteRate, t) }
}

func quorumAnswer(r quorum.Result) string {
	c := r.Config
	cost := fmt.Sprintf("%s to read and %s to write at P99.9", units.FormatSeconds(r.ReadP999), units.FormatSeconds(r.WriteP999))
	if c.R+c.W > c.N {
		return fmt.Sprintf("Not at all: with R = %d and W = %d of %d some replica is in both quorums; it costs %s.", c.R, c.W, c.N, cost)
	}
	if r.TVisibility999 == 0 {
		return fmt.Sprintf("Hardly: a read at the moment of the acknowledgement misses the write in %s of the cases, with %s.", units.FormatPercent(1-r.PConsistent0), cost)
	}
	return fmt.Sprintf("A read at the moment of the acknowledgement misses the write in %s of the cases; 99 %% of the reads are fresh %s later and 99.9 %% %s later, with %s.",
		units.FormatPercent(1-r.PConsistent0), units.FormatSeconds(r.TVisibility99), units.FormatSeconds(r.TVisibility999), cost)
}

// quorumRow is one choice of R and W.
type quorumRow struct {
	R         int     `json:"r"`
	W         int     `json:"w"`
	Stale     float64 `json:"stale_at_once_fraction"`
	StaleLow  float64 `json:"stale_at_once_low_fraction"`
	StaleHigh float64 `json:"stale_at_once_high_fraction"`
	T99       float64 `json:"t_visibility_99_s"`
	T999      float64 `json:"t_visibility_999_s"`
	T999Low   float64 `json:"t_visibility_999_low_s"`
	T999High  float64 `json:"t_visibility_999_high_s"`
	T9999     float64 `json:"t_visibility_9999_s"`
	ReadP50   float64 `json:"read_p50_s"`
	ReadP999  float64 `json:"read_p999_s"`
	WriteP50  float64 `json:"write_p50_s"`
	WriteP999 float64 `json:"write_p999_s"`
}

func quorumRows(runs []quorum.Result) []quorumRow {
	var rows []quorumRow
	for _, r := range runs {
		rows = append(rows, quorumRow{
			r.Config.R, r.Config.W, 1 - r.PConsistent0, 1 - r.PConsistent0High, 1 - r.PConsistent0Low,
			r.TVisibility99, r.TVisibility999, r.TVisibility999Low, r.TVisibility999High, r.TVisibility9999, r.ReadP50, r.ReadP999, r.WriteP50, r.WriteP999,
		})
	}
	return rows
}
