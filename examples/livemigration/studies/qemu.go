package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/migrationplot"
)

// QEMU holds the model against migrations measured on a real hypervisor.
func QEMU() study.Study {
	return study.Study{
		Name:     "qemu",
		Question: "Does the model predict what a real hypervisor does?",
		Next:     "Move one of the measured guests yourself, and throttle one that never ended.",
		Examples: []string{
			"go run ./examples/livemigration simulate --memory 537403392 --nonzero 349MB --bandwidth 32MB/s --switchover-bandwidth 1GB/s --dirty-rate 49MB/s --working-set 128MiB",
			"go run ./examples/livemigration simulate --memory 537403392 --nonzero 349MB --bandwidth 32MB/s --switchover-bandwidth 1GB/s --dirty-rate 49MB/s --working-set 128MiB --auto-converge modern",
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			measured, err := hypervisor.QEMURuns()
			if err != nil {
				return study.Report{}, err
			}
			var runs []migrationplot.Verified
			var rows []verifiedRow
			var configs []lm.Config
			for _, m := range measured {
				r, err := lm.Simulate(m.Config)
				if err != nil {
					return study.Report{}, err
				}
				v := migrationplot.Verified{Name: runName(m), Measured: m, Predicted: r}
				runs, rows, configs = append(runs, v), append(rows, verifiedOf(v)), append(configs, m.Config)
			}
			return study.Report{
				Answer: matches(runs),
				Table: study.Rows(rows).Head("measured_total_s", "total").Head("predicted_total_s", "predicted").Head("total_error_fraction", "error").
					Head("measured_sent_bytes", "sent").Head("predicted_sent_bytes", "predicted").Head("sent_error_fraction", "error").
					Head("measured_dirty_sync_count", "syncs").Head("predicted_dirty_sync_count", "predicted").Head("measured_end", "ended").Head("predicted_outcome", "predicted"),
				Figure: migrationplot.QEMU(runs),
				Reading: "The first pass takes most of the time; then each fetch of the dirty log lifts the line, and QEMU sends until what is left fits the downtime " +
					"limit and looks again. It is done when a look finds no more than that. A dot comes after the first burst that follows a look, so it lies a " +
					"little below the line's peak. In the table, runs of the same guest differ by up to 3 % from each other, since a guest boots with different " +
					"zero pages. Where pre-copy never ended, post-copy moved the same guest.",
				Sources: []string{"QEMU 7.2.22, -accel tcg, two processes over loopback; livemigration/hypervisor/testdata/qemu-7.2-runs.csv tells how it was measured"},
				Config:  configs, Result: rows,
			}, nil
		},
	}
}

// verifiedRow is a measured migration beside its prediction; what never ended
// has no times.
type verifiedRow struct {
	Guest          string     `json:"guest"`
	Total          *float64   `json:"measured_total_s"`
	PredictedTotal *float64   `json:"predicted_total_s"`
	TotalError     *float64   `json:"total_error_fraction"`
	Sent           *int64     `json:"measured_sent_bytes"`
	PredictedSent  *int64     `json:"predicted_sent_bytes"`
	SentError      *float64   `json:"sent_error_fraction"`
	Syncs          *int       `json:"measured_dirty_sync_count"`
	PredictedSyncs *int       `json:"predicted_dirty_sync_count"`
	Ended          bool       `json:"measured_end"`
	Outcome        lm.Outcome `json:"predicted_outcome"`
}

func verifiedOf(v migrationplot.Verified) verifiedRow {
	m, r := v.Measured, v.Predicted
	row := verifiedRow{Guest: v.Name, Ended: m.Converged, Outcome: r.Outcome}
	if m.Converged {
		row.Total, row.Sent, row.Syncs = &m.Total, &m.SentBytes, &m.Syncs
	}
	if r.Outcome != lm.Diverged {
		row.PredictedTotal, row.PredictedSent, row.PredictedSyncs = &r.Total, &r.SentBytes, &r.Syncs
	}
	if m.Converged && v.Agrees() {
		total, sent := v.TotalError(), v.BytesError()
		row.TotalError, row.SentError = &total, &sent
	}
	return row
}

// runName is a measured run in words.
func runName(m hypervisor.MeasuredRun) string {
	w, _ := m.Config.VM.Workload.(lm.Uniform)
	limit, _ := m.Config.Method.Limit.(lm.FixedLimit)
	name := fmt.Sprintf("%s over %s, limit %s, link %s", units.FormatRate(w.Rate), units.FormatBytes(float64(w.WorkingSet)),
		units.FormatDuration(time.Duration(limit)), units.FormatRate(m.Config.Link.Bandwidth))
	if m.Config.Method.Strategy == lm.Hybrid {
		name += ", post-copy"
	}
	return name
}

// matches says how good the predictions are.
func matches(runs []migrationplot.Verified) string {
	ended, never, right, syncs := 0, 0, 0, 0
	for _, v := range runs {
		switch {
		case v.Measured.Converged:
			ended++
			syncs = max(syncs, int(math.Abs(float64(v.Predicted.Syncs-v.Measured.Syncs))))
		default:
			never++
		}
		if v.Agrees() {
			right++
		}
	}
	verdict := "Yes"
	if right < len(runs) {
		verdict = "Not always"
	}
	return fmt.Sprintf("%s: of %d migrations measured on QEMU it tells of %d whether they end (%d did, %d never); those that ended it predicts within %.1f %% of time and traffic and %s of the dirty log.",
		verdict, len(runs), right, ended, never, 100*migrationplot.WorstError(runs), plural(syncs, "fetch"))
}
