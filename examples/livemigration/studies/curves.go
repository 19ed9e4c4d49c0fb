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

// Curves compares workloads by the one thing that a migration sees of them.
func Curves() study.Study {
	bandwidth, limit := 1*lm.Gbps, 300*time.Millisecond
	return study.Study{
		Name:     "curves",
		Question: "Which dirty rate decides a live migration?",
		Next:     "Give the guests ten times the link. Which of them move now, and which dot is still there?",
		Examples: []string{"--bandwidth 10Gbit/s", "--bandwidth 500Mbit/s --downtime-limit 5s"},
		Flags: func(f *study.Flags) {
			f.Rate(&bandwidth, "bandwidth", "bandwidth of the link")
			f.Duration(&limit, "downtime-limit", "longest pause that pre-copy aims at")
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			guests, err := curveGuests()
			if err != nil {
				return study.Report{}, err
			}
			var curves []migrationplot.Curve
			var rows []curveRow
			for _, guest := range guests {
				row, err := curveOf(guest, bandwidth, limit)
				if err != nil {
					return study.Report{}, err
				}
				rows = append(rows, row)
				curves = append(curves, migrationplot.Curve{Name: row.Workload, Workload: guest.vm.Workload, Measured: row.Measured, Plateau: row.Plateau})
			}
			return study.Report{
				Answer: whichRate(guests, rows, bandwidth),
				Table: study.Rows(rows).Head("workload", "guest").Head("rate_short_bytes_per_s", "over 125 ms").Head("rate_long_bytes_per_s", "over 60 s").
					Head("plateau_bytes", "stays dirty").Show("workload", "rate_short_bytes_per_s", "rate_long_bytes_per_s", "plateau_bytes", "outcome", "total_s", "downtime_s"),
				Figure: migrationplot.Curves(curves, bandwidth, limit.Seconds()),
				Reading: "A round that lasts t sends what the dashed line says and dirties what the curve says. Where a curve is above the line, the next " +
					"round is longer; where it is below, shorter: rounds move along the curve to the dot and stay there. A curve below the line all the way " +
					"has no dot and always ends. A rate measured over one window is one point of the curve: see how far the ends of the thick line are apart.",
				Sources: []string{
					"memcached: A. Gudkov, qemu-devel, 27 April 2023, \"[PATCH v2 0/4] Migration time prediction using calc-dirty-rate\"",
					"idle: 2 to 5 MB/s in the examples of the libvirt and QEMU documentation",
				},
				Config: map[string]any{"bandwidth_bytes_per_s": bandwidth, "downtime_limit_s": limit.Seconds()}, Result: rows,
			}, nil
		},
	}
}

func whichRate(guests []curveGuest, rows []curveRow, bandwidth float64) string {
	last := len(guests) - 1
	points := guests[last].vm.Workload.(lm.Empirical).Points
	short, long := points[0], points[len(points)-1]
	text := fmt.Sprintf("None alone: the measured %s guest dirties %s over %s but %s over %s, and what counts is where its curve crosses what the link sends",
		guests[last].name, rateWords(short), units.FormatSeconds(short.Seconds), rateWords(long), units.FormatSeconds(long.Seconds))
	if plateau := rows[last].Plateau; plateau > 0 {
		return fmt.Sprintf("%s: at %s, in rounds of %s, with %s dirty for ever.", text, units.FormatRate(bandwidth),
			units.FormatSeconds(plateau/bandwidth), units.FormatBytes(plateau))
	}
	return fmt.Sprintf("%s: at %s it never does, so it ends.", text, units.FormatRate(bandwidth))
}

// rateWords is the dirty rate that a measurement over this window reports.
func rateWords(p lm.CurvePoint) string {
	return fmt.Sprintf("%.3g MiB/s", p.Bytes/p.Seconds/lm.MiB)
}
