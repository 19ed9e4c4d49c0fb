package studies

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

// hypervisorConfig is what all rows share.
type hypervisorConfig struct {
	Memory     int64     `json:"memory_bytes"`
	WorkingSet int64     `json:"working_set_bytes"`
	Bandwidth  float64   `json:"bandwidth_bytes_per_s"`
	Rates      []float64 `json:"dirty_rates_bytes_per_s"`
}

// hypervisorRow is what one preset did with one workload.
type hypervisorRow struct {
	Rate     float64    `json:"dirty_rate_bytes_per_s"`
	Preset   string     `json:"preset"`
	Outcome  lm.Outcome `json:"outcome"`
	Reason   string     `json:"reason"`
	Rounds   int        `json:"rounds"`
	Total    float64    `json:"total_s"`
	Downtime float64    `json:"downtime_s"`
	Sent     int64      `json:"sent_bytes"`
	Throttle float64    `json:"max_throttle_fraction"`
	Plateau  int64      `json:"plateau_bytes"`
}

// byEveryPreset moves a guest by each preset.
func byEveryPreset(ctx context.Context, g *guest) ([]migrationplot.Named, error) {
	all := methods()
	return par.Map(ctx, len(all), func(_ context.Context, i int) (migrationplot.Named, error) {
		r, err := lm.Simulate(g.config(all[i].method(g.memory)))
		return migrationplot.Named{Name: all[i].name, Result: r}, err
	})
}

// hypervisorTable has a row for each preset, with the outcomes of all workloads.
func hypervisorTable(workloads []migrationplot.Workload) study.Table {
	t := study.NewTable("preset")
	for _, w := range workloads {
		rate, id := strings.TrimSuffix(w.Name, " written"), strings.NewReplacer(" ", "_", "/", "_per_", ".", "_").Replace(w.Name)
		t.Columns = append(t.Columns,
			study.Column{Name: id + "_outcome", Header: rate}, study.Column{Name: id + "_rounds", Header: "rounds"},
			study.Column{Name: id + "_total_s", Header: "total"}, study.Column{Name: id + "_downtime_s", Hidden: true}, study.Column{Name: id + "_pause", Header: "downtime"},
			study.Column{Name: id + "_sent_bytes", Header: "sent"})
	}
	for i, first := range workloads[0].Runs {
		row := []any{first.Name}
		for _, w := range workloads {
			r := w.Runs[i].Result
			total, pause, words := any(r.Total), any(r.Downtime), migrationplot.PauseText(r.Downtime)
			switch r.Outcome {
			case lm.Diverged:
				total, pause, words = nil, nil, ""
			case lm.Aborted:
				pause, words = nil, ""
			}
			row = append(row, r.Outcome, r.Rounds, total, pause, words, r.SentBytes)
		}
		t.Add(row...)
	}
	return t
}

// whoMoves says of each workload which presets move it, and how fast.
func whoMoves(workloads []migrationplot.Workload) string {
	var words []string
	for _, w := range workloads {
		var moved []migrationplot.Named
		var stuck []string
		for _, run := range w.Runs {
			if run.Result.Outcome == lm.Diverged || run.Result.Outcome == lm.Aborted {
				stuck = append(stuck, run.Name)
				continue
			}
			moved = append(moved, run)
		}
		n := len(w.Runs)
		if len(stuck) == n {
			words = append(words, fmt.Sprintf("at %s none of the %d presets moves it", strings.TrimSuffix(w.Name, " written"), n))
			continue
		}
		who := fmt.Sprintf("all %d presets move it", n)
		if len(stuck) > 0 {
			who = fmt.Sprintf("%d of %d move it (not %s)", n-len(stuck), n, strings.Join(stuck, ", "))
		}
		total := func(a, b migrationplot.Named) int { return cmp.Compare(a.Result.Total, b.Result.Total) }
		pause := func(a, b migrationplot.Named) int { return cmp.Compare(a.Result.Downtime, b.Result.Downtime) }
		fast, slow := slices.MinFunc(moved, total), slices.MaxFunc(moved, total)
		short, long := slices.MinFunc(moved, pause), slices.MaxFunc(moved, pause)
		words = append(words, fmt.Sprintf("at %s %s, in %s (%s) to %s (%s), with pauses from %s (%s) to %s (%s)", strings.TrimSuffix(w.Name, " written"), who,
			units.FormatSeconds(fast.Result.Total), fast.Name, units.FormatSeconds(slow.Result.Total), slow.Name,
			migrationplot.PauseText(short.Result.Downtime), short.Name, migrationplot.PauseText(long.Result.Downtime), long.Name))
	}
	text := strings.Join(words, "; ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
