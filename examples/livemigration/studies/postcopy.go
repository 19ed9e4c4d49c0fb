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

// PostCopy follows the guest after a switch to post-copy.
func PostCopy() study.Study {
	g := newGuest()
	g.workingSet, g.rate, g.bandwidth = 1*lm.GiB, 5000*lm.PageBytes, 125*lm.MB
	vcpus, rtt := 1, 200*time.Microsecond
	post := lm.PostCopyMethod{AfterRounds: 1, Queue: 1 * lm.MiB, Service: 50 * time.Microsecond, Touches: 1, Locality: 1, Feedback: true}
	return study.Study{
		Name:     "postcopy",
		Question: "What does a guest feel after a switch to post-copy?",
		Next:     "Which hurts more, a large working set or a long way? Compare `--working-set 256MiB` with `--rtt 20ms`.",
		Examples: []string{"--working-set 256MiB", "--rtt 20ms", "--bandwidth 10Gbit/s --dirty-rate 200MB/s", "--postcopy-locality 8 --vcpus 4"},
		Flags: func(f *study.Flags) {
			g.set = f.Changed
			f.Bytes(&g.memory, "memory", "guest memory")
			f.Bytes(&g.workingSet, "working-set", "memory that is written; where it is not given, not more than there is")
			f.Rate(&g.rate, "dirty-rate", "memory written a second, at random")
			f.Int(&vcpus, "vcpus", "virtual CPUs: while one waits for a page the others run")
			f.Rate(&g.bandwidth, "bandwidth", "bandwidth of the link")
			f.Duration(&rtt, "rtt", "round trip time")
			f.Bytes(&post.Queue, "postcopy-queue", "bytes ahead of a requested page without a channel of its own")
			f.Duration(&post.Service, "postcopy-service", "handling of a fault on both hosts")
			f.Float(&post.Touches, "postcopy-touches", "pages touched for each page written")
			f.Float(&post.Locality, "postcopy-locality", "pages that one fault brings in")
			f.Int(&post.AfterRounds, "postcopy-after", "hybrid: live rounds before the switch")
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			base := g.config(hypervisor.QEMU())
			base.Link.RTT, base.VM.VCPUs, base.VM.DeviceState, base.Trace = rtt, vcpus, min(4*lm.MiB, g.memory), true
			var runs []migrationplot.Named
			var rows []postCopyRow
			for _, way := range postCopyWays() {
				cfg := base
				cfg.Method.Strategy, cfg.Method.PostCopy = way.strategy, post
				cfg.Method.PostCopy.Preempt = way.preempt
				row, r, err := postCopied(way.name, cfg)
				if err != nil {
					return study.Report{}, err
				}
				runs, rows = append(runs, migrationplot.Named{Name: way.name, Result: r}), append(rows, row)
			}
			measured, err := measuredRequests()
			return study.Report{
				Answer: whatItFeels(rows),
				Table: study.Rows(rows).Head("lost_cpu_s", "guest time lost").Head("network_faults", "waited for").Head("deaf_faults", "if it did not slow").
					Head("theory_faults", "theory of that").Head("lowest_speed_fraction", "slowest").
					Show("way", "total_s", "downtime_s", "slow_s", "lowest_speed_fraction", "lost_cpu_s", "network_faults", "deaf_faults", "theory_faults"),
				Figure: migrationplot.PostCopy(runs),
				Reading: "After the switch every page that has not arrived is a wait, and a guest that waits does not ask for the next page: waiting is what keeps the " +
					"number of waits low. Without a channel of its own a requested page stands behind what the push has put into the socket, and that is nearly all of its " +
					"delay. Hybrid copies once before the switch, so only what was dirtied meanwhile can be missing, for a much shorter time. " +
					"The last columns hold the guest at full speed, as theory does, which also lets the push carry pages that were already fetched: it is some per cent lower. " + measured,
				Sources: []string{"QEMU 10.2, migration/postcopy-ram.c", "theory: go doc ./livemigration/theory PostCopyFaults", "livemigration/hypervisor/testdata/qemu-7.2-runs.csv"},
				Config:  base, Result: rows,
			}, err
		},
	}
}

// whatItFeels compares the ways: plain, with a channel for requests, hybrid.
func whatItFeels(rows []postCopyRow) string {
	plain, preempt, hybrid := rows[0], rows[1], rows[2]
	last := fmt.Sprintf("after one copy made beforehand it is slow for %s instead of %s", units.FormatSeconds(hybrid.Slow), units.FormatSeconds(preempt.Slow))
	if hybrid.Outcome != lm.SwitchedToPost {
		last = "hybrid ends before it has to switch"
	}
	if plain.Lowest > 0.995 {
		return fmt.Sprintf("Next to nothing: it waits for pages for %s in all; with a channel for requested pages it waits for %s.",
			units.FormatSeconds(plain.Lost-plain.Downtime), units.FormatSeconds(preempt.Lost-preempt.Downtime))
	}
	return fmt.Sprintf("Its speed falls to %s, since it waits for %s pages, %s in all; with a channel for requested pages it falls to %s and loses %s; %s.",
		units.FormatPercent(round3(plain.Lowest)), units.FormatCount(math.Round(plain.Faults)), units.FormatSeconds(plain.Lost-plain.Downtime),
		units.FormatPercent(round3(preempt.Lowest)), units.FormatSeconds(preempt.Lost-preempt.Downtime), last)
}

// round3 keeps three decimals.
func round3(v float64) float64 { return math.Round(v*1000) / 1000 }
