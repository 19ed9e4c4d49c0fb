package studies

import (
	"context"
	"fmt"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

// Hypervisors moves the same guest by every preset.
func Hypervisors() study.Study {
	g := newGuest()
	rates := []float64{300 * lm.MB, 2 * lm.GB}
	return study.Study{
		Name:     "hypervisors",
		Question: "What would each hypervisor do with the same guest?",
		Next:     "At 1.3 GB/s rounds that are too large for SimGrid's 30 ms fit QEMU's 300 ms. Whom does a faster link help?",
		Examples: []string{"--dirty-rate 1.3GB/s", "--bandwidth 25Gbit/s", "--memory 64GiB --working-set 4GiB --dirty-rate 500MB/s,1.5GB/s"},
		Flags: func(f *study.Flags) {
			g.set = f.Changed
			f.Bytes(&g.memory, "memory", "guest memory")
			f.Bytes(&g.workingSet, "working-set", "memory that is written; where it is not given, not more than there is")
			f.RateList(&rates, "dirty-rate", "memory written a second, a row of panels for each")
			f.Rate(&g.bandwidth, "bandwidth", "bandwidth of the link")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if len(rates) == 0 || len(rates) > 4 {
				return study.Report{}, fmt.Errorf("%w: --dirty-rate has %d rates, want 1 to 4", lm.ErrInvalidConfig, len(rates))
			}
			var workloads []migrationplot.Workload
			var rows []hypervisorRow
			for i, rate := range rates {
				g.rate = rate
				env.Progress(i, len(rates))
				runs, err := byEveryPreset(ctx, g)
				if err != nil {
					return study.Report{}, err
				}
				workloads = append(workloads, migrationplot.Workload{Name: units.FormatRate(rate) + " written", Runs: runs})
				for _, run := range runs {
					rows = append(rows, hypervisorRow{rate, run.Name, run.Result.Outcome, run.Result.Reason, run.Result.Rounds, run.Result.Total, run.Result.Downtime, run.Result.SentBytes, run.Result.ThrottleMax, run.Result.PlateauBytes})
				}
			}
			return study.Report{
				Answer: whoMoves(workloads),
				Table:  hypervisorTable(workloads),
				Figure: migrationplot.Hypervisors(workloads),
				Reading: "A calm guest is moved by all of them in about the time of one copy; they differ in the pause that they leave: QEMU stops as soon as " +
					"the rest fits its limit, Xen goes on until next to nothing is left. A busy one shows what the rules are for. Without a remedy " +
					"pre-copy goes on for ever or gives up; a bound on the rounds forces the switch and pays with the pause; auto-converge and vMotion " +
					"pay with the guest's speed; the orchestrators' ramps and doublings pay with a longer limit. Adaptive Xen never sends faster than 500 Mbit/s. " +
					"A pause here is the copying of the last memory alone: to stop and start the processors and to carry the devices' state takes no time in the presets; in real ones it does.",
				Sources: []string{"of each preset: go run ./examples/livemigration --list-presets"},
				Config:  hypervisorConfig{g.memory, g.workingSet, g.bandwidth, rates}, Result: rows,
			}, nil
		},
	}
}
