package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

// QEMU holds the model against migrations measured on a real hypervisor.
func QEMU() study.Study {
	return study.Study{
		Name:     "qemu",
		Question: "Does the model predict what a real hypervisor does?",
		Run: func(context.Context, study.Env) (study.Report, error) {
			measured, err := lm.QEMURuns()
			if err != nil {
				return study.Report{}, err
			}
			var runs []migrationplot.Verified
			table := study.NewTable("guest", "measured_total_s", "predicted_total_s", "error_fraction", "measured_sent_bytes",
				"predicted_sent_bytes", "traffic_error_fraction", "measured_syncs", "predicted_syncs")
			for _, m := range measured {
				r, err := lm.Simulate(m.Config)
				if err != nil {
					return study.Report{}, err
				}
				v := migrationplot.Verified{Name: runName(m), Measured: m, Predicted: r}
				runs = append(runs, v)
				if m.Converged {
					table.Add(v.Name, m.Total, r.Total, v.TotalError(), m.SentBytes, r.SentBytes, v.BytesError(), m.Syncs, r.Syncs)
				} else {
					table.Add(v.Name+", never ends", nil, nil, nil, nil, nil, nil, nil, nil)
				}
			}
			return study.Report{
				Answer: matches(runs), Table: table, Figure: migrationplot.QEMU(runs, []int{0, 8}),
				Reading: "Above, a guest that QEMU moved and one that it never could, from the end of the first pass on. The line is the prediction, which knows only the " +
					"guest's memory, its working set and write rate, the bandwidth limit and the downtime limit; a dot is a poll right after QEMU fetched the dirty log. Below, the " +
					"error of each run that ended. Repetitions of one configuration differ by up to 3 % themselves, since the guest boots with different zero pages.",
				Sources: []string{"QEMU 7.2.22, -accel tcg, two processes over loopback; livemigration/testdata/qemu-7.2-runs.csv tells how it was measured"},
				Result:  table.Rows,
			}, nil
		},
	}
}

// runName is a measured run in words.
func runName(m lm.MeasuredRun) string {
	w, _ := m.Config.VM.Workload.(lm.Uniform)
	limit, _ := m.Config.Method.Limit.(lm.FixedLimit)
	name := fmt.Sprintf("%s over %s, limit %s", units.FormatRate(w.Rate), units.FormatBytes(float64(w.WorkingSet)), units.FormatDuration(time.Duration(limit)))
	if m.Config.Method.Strategy == lm.Hybrid {
		name += ", post-copy"
	}
	return name
}

// matches says how good the predictions are.
func matches(runs []migrationplot.Verified) string {
	ended, never, right, syncs := 0, 0, 0, 0
	for _, v := range runs {
		if !v.Measured.Converged {
			never++
			if v.Agrees() {
				right++
			}
			continue
		}
		ended++
		syncs = max(syncs, int(math.Abs(float64(v.Predicted.Syncs-v.Measured.Syncs))))
	}
	return fmt.Sprintf("Yes: of %d measured migrations the %d that ended are predicted within %.1f %% of time and traffic and %d dirty sync(s), and %d of the %d that never ended as never ending.",
		len(runs), ended, 100*migrationplot.WorstError(runs), syncs, right, never)
}
