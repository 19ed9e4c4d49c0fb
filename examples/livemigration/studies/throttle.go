package studies

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/migrationplot"
)

// Throttle follows auto-converge: how it slows the guest until it can move.
func Throttle() study.Study {
	g := newGuest()
	g.memory, g.workingSet, g.rate, g.bandwidth = 2*lm.GiB, 1*lm.GiB, 1.5*lm.GB, 117*lm.MB
	nonzero, timeout := int64(1382)*lm.MiB, 30*time.Minute // 1.35 GiB
	policies := []string{"legacy", "modern"}
	return study.Study{
		Name:     "throttle",
		Question: "What does auto-converge do to my guest?",
		Next:     "How do QEMU's two newer ways compare, and what does the throttle cost a guest that is slow enough for the link (`--dirty-rate 200MB/s`)?",
		Examples: []string{"--auto-converge modern,dirty-limit,proportional", "--dirty-rate 200MB/s", "--bandwidth 1.25GB/s"},
		Flags: func(f *study.Flags) {
			g.flags(f)
			f.Bytes(&nonzero, "nonzero", "memory that the first pass sends in full; where it is not given, not more than there is")
			f.ChoiceList(&policies, "auto-converge", "throttles to compare", "off", "modern", "two-strike", "legacy", "dirty-limit", "proportional")
			f.Duration(&timeout, "timeout", "time after which a migration is given up")
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			cfg := g.config(hypervisor.QEMU())
			cfg.VM.NonZero = nonzero
			if !g.set("nonzero") {
				cfg.VM.NonZero = min(nonzero, g.memory)
			}
			cfg.VM.Workload = lm.ConstantRate{Rate: g.rate, WorkingSet: g.workingSet}
			cfg.Method.Limit, cfg.Trace = lm.FixedLimit(g.limit), true
			cfg.Method.Stop = lm.Timeout{After: timeout, Action: lm.Abort}
			var runs []migrationplot.Throttled
			var rows []throttleRow
			for _, name := range policies {
				c := cfg
				c.Method.Throttle = throttle(name)
				r, err := lm.Simulate(c)
				if err != nil {
					return study.Report{}, err
				}
				run := migrationplot.Throttled{Name: throttleNames[name], Result: r}
				if name == "legacy" && !changed(g.set, "memory", "nonzero", "working-set", "dirty-rate", "bandwidth", "downtime-limit") {
					run.Measured, run.MeasuredName = 252, "on QEMU 2.6"
				}
				runs = append(runs, run)
				rows = append(rows, throttleRow{name, r.Outcome, r.Total, r.Downtime, r.ThrottleMax, r.LostCPU, r.Syncs, r.SentBytes})
			}
			return study.Report{
				Answer: heldDown(runs),
				Table: study.Rows(rows).Head("throttle", "auto-converge").Head("lost_cpu_s", "guest time lost").
					Head("max_throttle_fraction", "highest throttle").Head("dirty_sync_count", "syncs").Head("sent_bytes", "sent"),
				Figure: migrationplot.Throttle(runs),
				Reading: "Above, each sawtooth is a pass: memory to send falls, then the dirty log is fetched and nearly all is dirty again. " +
					"Below, the throttle goes up a step after two bad passes (three in early QEMU 2.x, whose only clock is the passes themselves; " +
					"in 10.2 a timer looks at least every 5 s). Only near the end does the guest dirty less than the link sends.",
				Sources: []string{
					"QEMU 10.2, migration/{ram,cpu-throttle,options}.c and system/dirtylimit.c; early QEMU 2.x, migration/ram.c",
					"252 s: V. Nikityuk's blog, 10 August 2016 (QEMU 2.6, 1 Gbit/s, 2 GB guest, stress with 2 x 512 MB); non-zero memory and write rate are not published, 1.35 GiB and 1.5 GB/s are assumed",
				},
				Config: cfg, Result: rows,
			}, nil
		},
	}
}

var throttleNames = map[string]string{
	"off": "no throttle", "modern": "modern", "two-strike": "two-strike", "legacy": "legacy",
	"dirty-limit": "dirty limit", "proportional": "proportional",
}

// throttleRow is a migration with one throttle.
type throttleRow struct {
	Throttle    string     `json:"throttle"`
	Outcome     lm.Outcome `json:"outcome"`
	Total       float64    `json:"total_s"`
	Downtime    float64    `json:"downtime_s"`
	MaxThrottle float64    `json:"max_throttle_fraction"`
	LostCPU     float64    `json:"lost_cpu_s"`
	Syncs       int        `json:"dirty_sync_count"`
	Sent        int64      `json:"sent_bytes"`
}

// changed tells whether the user gave one of the flags.
func changed(set func(string) bool, names ...string) bool {
	return slices.ContainsFunc(names, set)
}

// heldDown says of each migration how slow the guest gets and what it loses.
func heldDown(runs []migrationplot.Throttled) string {
	var parts []string
	for _, run := range runs {
		r := run.Result
		switch {
		case r.Outcome == lm.Diverged || r.Outcome == lm.Aborted:
			parts = append(parts, fmt.Sprintf("%s has not moved it after %s", run.Name, units.FormatSeconds(r.Total)))
		case r.ThrottleMax == 0:
			parts = append(parts, fmt.Sprintf("%s moves it within %s without slowing it", run.Name, units.FormatSeconds(r.Total)))
		default:
			parts = append(parts, fmt.Sprintf("%s moves it within %s, at down to %s speed and with %s of its time lost (%s)",
				run.Name, units.FormatSeconds(r.Total), units.FormatPercent(1-r.ThrottleMax), units.FormatPercent(r.LostCPU/r.Total), units.FormatSeconds(r.LostCPU)))
		}
	}
	return "It slows the guest until it dirties less than the link sends: " + strings.Join(parts, "; ") + "."
}
