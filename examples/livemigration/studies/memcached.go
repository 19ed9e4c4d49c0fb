package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

// Memcached predicts the migration of a real guest from its measured dirty
// curve, by default the one whose predictions were published.
func Memcached() study.Study {
	in := realGuest{
		bandwidths: []float64{100 * mebibit, 1024 * mebibit, 10_240 * mebibit, 25_600 * mebibit, 40_960 * mebibit},
		limits:     []time.Duration{125e6, 250e6, 500e6, 1e9, 5e9},
	}
	return study.Study{
		Name:     "memcached",
		Question: "What would a live migration of this real guest do?",
		Examples: []string{"--downtime-limit 300ms,2s", "--curve curve.csv --memory 64GiB --nonzero 40GiB --bandwidth 1Gbit/s,10Gbit/s,25Gbit/s"},
		Flags: func(f *study.Flags) {
			in.set = f.Changed
			f.File(&in.curve, "curve", "CSV with seconds,bytes: unique bytes dirtied within that time (not given: memcached under YCSB, measured)")
			f.Bytes(&in.memory, "memory", "guest memory (not given: 32 GiB)")
			f.Bytes(&in.nonZero, "nonzero", "memory that is not zero (not given: as measured; with a curve of one's own, all)")
			f.RateList(&in.bandwidths, "bandwidth", "bandwidths of the table")
			f.DurationList(&in.limits, "downtime-limit", "downtime limits")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			vm, err := in.vm()
			if err != nil {
				return study.Report{}, err
			}
			cells, err := in.cells(ctx, vm)
			if err != nil {
				return study.Report{}, err
			}
			sweeps, err := in.sweeps(ctx, vm, env)
			if err != nil {
				return study.Report{}, err
			}
			name := fmt.Sprintf("%s guest, %s of it not zero, %v", units.FormatBytes(float64(vm.Memory)), units.FormatBytes(float64(vm.NonZero)), vm.Workload)
			return study.Report{
				Answer: in.answer(cells),
				Table:  cellTable(cells),
				Figure: migrationplot.Predictor(name, sweeps, in.published(cells)),
				Reading: "Each line is the same guest under one downtime limit; it starts where pre-copy begins to end. On slower links only stopping the guest " +
					"and copying everything ends at all (dashed). A longer limit ends earlier and on slower links, and pays with the pause below. The dots are the " +
					"cells that were published; they lie on the lines or, rounded up to whole seconds, just above. Measure your own guest with " +
					"`virsh domdirtyrate-calc --seconds N` for several N and try `--curve`.",
				Sources: []string{"A. Gudkov, qemu-devel, 27 April 2023, \"[PATCH v2 0/4] Migration time prediction using calc-dirty-rate\": dirty samples and table"},
				Config:  vm, Result: cells,
			}, nil
		},
	}
}

// answer says what the table shows: where it ends, and whether the published
// cells come out.
func (in realGuest) answer(cells []cell) string {
	sentence := "On none of these links does pre-copy end within these limits"
	for _, c := range cells {
		if c.Limit > 0 && c.Outcome == lm.Converged {
			sentence = fmt.Sprintf("At %s and a limit of %s it moves in %s and stands still for %s; on slower links of the table no limit lets pre-copy end",
				bitRate(c.Bandwidth), units.FormatSeconds(c.Limit), units.FormatSeconds(c.Total), units.FormatSeconds(c.Downtime))
			break
		}
	}
	same, known := agreement(cells)
	if known == 0 {
		return sentence + "."
	}
	return fmt.Sprintf("%s; %d of %d published predictions come out to the second.", sentence, same, known)
}
