package studies

import (
	"context"
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
	preset, writeRate, ackRate := "lnkd-disk", 0.1, 1.0
	var given func(string) bool
	return study.Study{
		Name:     "quorum",
		Question: "How stale is a read that does not ask everybody?",
		Examples: []string{"--preset lnkd-ssd", "--preset wan --r 1 --w 2", "--preset exp --write-rate 4 --ack-rate 1 --json", "--n 5 --r 2 --w 2"},
		Flags: func(f *study.Flags) {
			f.Choice(&preset, "preset", "latencies of the four legs: LinkedIn's Voldemort on SSD or disk, Yammer's Riak (ymmr-printed: as the paper prints it), three data centres, or exponential", quorumPresets()...)
			f.Int(&cfg.N, "n", "replicas")
			f.Int(&cfg.R, "r", "answers that a read waits for")
			f.Int(&cfg.W, "w", "acknowledgements that a write waits for")
			f.Text(&cfg.ReadFanOut, "WHOM", "read-fan-out", "whom a read asks: to-all (the first R answers count) or to-quorum (R chosen at random)")
			f.Float(&writeRate, "write-rate", "exp: rate of a write's way to a replica, per ms")
			f.Float(&ackRate, "ack-rate", "exp: rate of acknowledgements, reads and responses, per ms")
			f.Int(&cfg.Trials, "trials", "pairs of a write and a read")
			given = f.Changed
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if env.Quick && !given("trials") {
				c.Trials = 100_000
			}
			c.Latency = latencyModel(preset, writeRate, ackRate)
			r, err := quorum.SimulateContext(ctx, c)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: quorumAnswer(r),
				Table:  quorumTable(r),
				Figure: replicationplot.Quorum(r, nil),
				Reading: "A write is acknowledged when W replicas have it and goes on to the others; a read takes the first R answers. Whether it sees the write is a race between the write's way to a " +
					"slow replica and the read's. With R + W > N some replica is in both; with less, staleness fades as the last replicas get the write. More replicas make it worse, not better: " +
					"try `--n 10`. What helps is a faster way for writes: `--preset lnkd-ssd`.",
				Sources: []string{
					"model and latencies: Bailis, Venkataraman, Franklin, Hellerstein and Stoica, \"Probabilistically Bounded Staleness for Practical Partial Quorums\", PVLDB 5(8), 2012, table 3",
				},
				Notes:  warnings(r.Warnings),
				Config: c, Result: r,
			}, nil
		},
	}
}

func quorumPresets() []string {
	return []string{"lnkd-ssd", "lnkd-disk", "ymmr", "ymmr-printed", "wan", "exp"}
}

func latencyModel(preset string, writeRate, ackRate float64) quorum.Model {
	switch preset {
	case "lnkd-ssd":
		return quorum.LinkedInSSD()
	case "ymmr":
		return quorum.Yammer()
	case "ymmr-printed":
		return quorum.YammerPrinted()
	case "wan":
		return quorum.WAN()
	case "exp":
		return quorum.Exponentials(writeRate, ackRate)
	}
	return quorum.LinkedInDisk()
}

func quorumAnswer(r quorum.Result) string {
	c := r.Config
	if c.R+c.W > c.N {
		return fmt.Sprintf("Not at all: with R = %d and W = %d of %d some replica is in both quorums; it costs %s to read and %s to write at P99.9.", c.R, c.W, c.N,
			units.FormatSeconds(r.ReadP999), units.FormatSeconds(r.WriteP999))
	}
	return fmt.Sprintf("A read at the moment of the acknowledgement misses the write in %s of the cases; 99 %% of the reads are fresh %s later and 99.9 %% %s later, with %s to read and %s to write at P99.9.",
		units.FormatPercent(1-r.PConsistent0), units.FormatSeconds(r.TVisibility99), units.FormatSeconds(r.TVisibility999), units.FormatSeconds(r.ReadP999), units.FormatSeconds(r.WriteP999))
}

func quorumTable(r quorum.Result) study.Table {
	t := study.NewTable("quantity", "unit", "value", "low", "high")
	t.Add("fresh at once", "fraction", r.PConsistent0, r.PConsistent0Low, r.PConsistent0High)
	t.Add("99 % fresh after", "s", r.TVisibility99, nil, nil)
	t.Add("99.9 % fresh after", "s", r.TVisibility999, r.TVisibility999Low, r.TVisibility999High)
	t.Add("99.99 % fresh after", "s", r.TVisibility9999, nil, nil)
	t.Add("read, P50", "s", r.ReadP50, nil, nil)
	t.Add("read, P99.9", "s", r.ReadP999, nil, nil)
	t.Add("write, P50", "s", r.WriteP50, nil, nil)
	t.Add("write, P99.9", "s", r.WriteP999, nil, nil)
	return t
}

// warnings are the texts of a model's warnings.
func warnings(list []error) []string {
	var texts []string
	for _, w := range list {
		texts = append(texts, w.Error())
	}
	return texts
}
