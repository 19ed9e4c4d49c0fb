package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/chart"
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
		Question: "What would a live migration of a real memcached server do?",
		Next:     "Measure your own guest with `virsh domdirtyrate-calc --seconds N` for several N, and give the samples as `--curve curve.csv`.",
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
			figure, err := in.predicted(ctx, vm, cells, env)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: moves(figure, cells),
				Table:  cellTable(cells),
				Figure: migrationplot.Predictor(figure),
				Reading: "The table gives the total time, and in brackets what was published, rounded up to whole seconds, for links of 100 to 40,000 Mb/s with an Mb of 2^20 bit. Above, the border: a round as long as the limit " +
					"must dirty less than the link sends, so the bandwidth that a limit takes is the dirty rate over a window of that length. A long limit helps " +
					"because the curve bends. In the middle, what copying while the guest runs costs; near the border it is most. Below, the pause: it jumps where " +
					"the link is fast enough to save a round.",
				Sources: []string{"A. Gudkov, qemu-devel, 27 April 2023, \"[PATCH v2 0/4] Migration time prediction using calc-dirty-rate\": dirty samples and table; its Mb is 2^20 bit"},
				Config:  vm, Result: cells,
			}, nil
		},
	}
}

// moves says which link the limits take, what the first cell that ends is like,
// and whether the published cells come out.
func moves(p migrationplot.Predicted, cells []cell) string {
	least, most := p.Sweeps[0], p.Sweeps[0]
	for _, s := range p.Sweeps {
		if s.Limit > 0 && s.Need < least.Need {
			least = s
		}
		if s.Limit > 0 && s.Need > most.Need {
			most = s
		}
	}
	sentence := fmt.Sprintf("Pre-copy ends from %s on with a limit of %s", bits(least.Need), units.FormatDuration(least.Limit))
	switch {
	case least.Limit == most.Limit:
	case bits(least.Need) == bits(most.Need):
		sentence = fmt.Sprintf("Pre-copy ends from %s on with each of these limits", bits(least.Need))
	default:
		sentence += fmt.Sprintf(" and from %s on with %s", bits(most.Need), units.FormatDuration(most.Limit))
	}
	for _, c := range cells {
		if c.Limit > 0 && c.Outcome == lm.Converged {
			sentence += fmt.Sprintf("; at %s and %s it moves in %s and stands still for %s", bitRate(c.Bandwidth), units.FormatSeconds(c.Limit),
				units.FormatSeconds(c.Total), units.FormatSeconds(c.Downtime))
			break
		}
	}
	if same, known := agreement(cells); known > 0 {
		sentence += fmt.Sprintf("; rounded up to whole seconds, %d of %d times are as published", same, known)
	}
	return sentence + "."
}

// bits writes bytes/s as a bit rate of two digits.
func bits(v float64) string {
	unit := math.Pow(10, math.Floor(math.Log10(8*v))-1)
	return chart.BitRate(math.Round(8*v/unit) * unit)
}
