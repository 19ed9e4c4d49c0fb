package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/migrationplot"
)

// Strategies compares the four ways to move a guest over faster and faster links.
func Strategies() study.Study {
	g := newGuest()
	g.rate, g.bandwidth = 400*lm.MB, 5*lm.Gbps
	state, rtt := int64(4*lm.MiB), 200*time.Microsecond
	lowest, highest := 0.5*lm.Gbps, 40*lm.Gbps
	return study.Study{
		Name:     "strategies",
		Question: "Offline, pre-copy, post-copy or hybrid: what does each cost?",
		Next:     "Let the guest write faster than the link sends (`--dirty-rate 2GB/s`): who still ends? And who suffers from a long way (`--rtt 20ms`)?",
		Examples: []string{"--dirty-rate 2GB/s", "--working-set 8GiB", "--rtt 20ms --bandwidth 1Gbit/s"},
		Flags: func(f *study.Flags) {
			g.flags(f)
			f.Bytes(&state, "device-state", "device and CPU state, sent with the guest stopped")
			f.Duration(&rtt, "rtt", "round trip time")
			f.Rate(&lowest, "lowest-bandwidth", "slowest link of the picture")
			f.Rate(&highest, "highest-bandwidth", "fastest link of the picture")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			steps := 160
			if env.Quick {
				steps = 40
			}
			base := g.config(hypervisor.QEMU())
			if !g.set("device-state") {
				state = min(state, g.memory)
			}
			base.VM.DeviceState, base.Link.RTT = state, rtt
			base.Method.Limit, base.Method.PostCopy.Feedback = lm.FixedLimit(g.limit), true
			var sweeps []migrationplot.Sweep
			var rows []strategyRow
			for i, s := range []lm.Strategy{lm.Offline, lm.PreCopy, lm.PostCopy, lm.Hybrid} {
				cfg := base
				cfg.Method.Strategy = s
				r, err := lm.Simulate(cfg)
				if err != nil {
					return study.Report{}, err
				}
				rows = append(rows, strategyRow{s, r.Outcome, r.Total, r.Downtime, r.LostCPU, r.NetworkFaults, r.SentBytes, r.Amplification})
				results, err := overBandwidth(ctx, cfg, lowest, highest, steps)
				if err != nil {
					return study.Report{}, err
				}
				sweeps = append(sweeps, migrationplot.Sweep{Name: []string{"offline", "pre-copy", "post-copy", "hybrid"}[i], Results: results})
			}
			return study.Report{
				Answer: whatCosts(g.bandwidth, rows),
				Table: study.Rows(rows).Head("lost_cpu_s", "guest time lost").Head("network_faults", "pages waited for").
					Show("strategy", "outcome", "total_s", "downtime_s", "lost_cpu_s", "network_faults", "sent_bytes"),
				Figure: migrationplot.Strategies(sweeps),
				Reading: "Pre-copy keeps the pause below the downtime limit but needs a link faster than the guest. Post-copy and hybrid pause only for " +
					"the device state and end on any link, but afterwards the guest waits for every page that it touches before it has come: see the " +
					"lowest panel, and remember that a failure on the way loses the guest. Offline loses the guest for as long as the copy takes.",
				Sources: []string{"QEMU 10.2, migration/{migration,ram,postcopy-ram}.c", "theory: go doc ./livemigration/theory PostCopyFaults"},
				Config:  base, Result: rows,
			}, nil
		},
	}
}

// strategyRow is a strategy at the link of --bandwidth.
type strategyRow struct {
	Strategy      lm.Strategy `json:"strategy"`
	Outcome       lm.Outcome  `json:"outcome"`
	Total         float64     `json:"total_s"`
	Downtime      float64     `json:"downtime_s"`
	Lost          float64     `json:"lost_cpu_s"`
	Faults        float64     `json:"network_faults"`
	Sent          int64       `json:"sent_bytes"`
	Amplification float64     `json:"amplification"`
}

// overBandwidth runs a migration over links from low to high, evenly in the
// logarithm.
func overBandwidth(ctx context.Context, cfg lm.Config, low, high float64, steps int) ([]lm.Result, error) {
	return par.Map(ctx, steps+1, func(_ context.Context, i int) (lm.Result, error) {
		c := cfg
		c.Link.Bandwidth = low * math.Pow(high/low, float64(i)/float64(steps))
		c.Link.SwitchOver = c.Link.Bandwidth
		return lm.Simulate(c)
	})
}

func whatCosts(bandwidth float64, rows []strategyRow) string {
	offline, pre, post, hybrid := rows[0], rows[1], rows[2], rows[3]
	precopy := fmt.Sprintf("pre-copy for %s (%s in all, %.2f times the memory sent)", units.FormatSeconds(pre.Downtime), units.FormatSeconds(pre.Total), pre.Amplification)
	if pre.Outcome == lm.Diverged {
		precopy = "pre-copy never ends"
	}
	last := fmt.Sprintf("hybrid %s for %s pages", units.FormatSeconds(hybrid.Lost-hybrid.Downtime), units.FormatCount(math.Round(hybrid.Faults)))
	if hybrid.Outcome != lm.SwitchedToPost {
		last = "hybrid ends before it has to switch to post-copy"
	}
	return fmt.Sprintf("At %s: offline stops the guest for %s; %s; post-copy stops it for %s and then costs it %s waiting for %s pages, %s.",
		units.FormatRate(bandwidth), units.FormatSeconds(offline.Downtime), precopy, units.FormatSeconds(post.Downtime),
		units.FormatSeconds(post.Lost-post.Downtime), units.FormatCount(math.Round(post.Faults)), last)
}
