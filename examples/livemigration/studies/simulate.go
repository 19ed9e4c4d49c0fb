package studies

import (
	"context"
	"fmt"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

// Simulate is one migration with every knob of the model.
func Simulate() study.Study {
	in := newInput()
	return study.Study{
		Name:     "simulate",
		Question: "What does my own migration do?",
		Next:     "It is every flag of the model: take a guest of your own, another hypervisor (`--preset xen`), or `--auto-converge modern` for one that never gets there.",
		Examples: []string{
			"--memory 16GiB --bandwidth 10Gbit/s --dirty-rate 500MB/s --working-set 4GiB",
			"--preset xen",
			"--preset qemu --auto-converge modern --bandwidth 1Gbit/s --dirty-rate 300MB/s --json",
			"--workload curve --curve curve.csv --preset rounds --page-header 8",
		},
		Flags: in.flags,
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			cfg, err := in.config(env.Seed)
			if err != nil {
				return study.Report{}, err
			}
			run := lm.Simulate
			if in.engine == "pages" {
				run = lm.SimulatePages
			}
			res, err := run(cfg)
			if err != nil {
				return study.Report{}, err
			}
			figure := migrationplot.Timeline(res)
			if in.engine == "pages" {
				figure.Caption = fmt.Sprintf("cloudconcepts/livemigration · page engine · seed %d", env.Seed)
			}
			return study.Report{
				Answer: verdict(res),
				Table:  timetable(res),
				Figure: figure,
				Reading: "The memory still to send falls while a round goes out and jumps when the dirty log is fetched. " +
					"The dashed line is what fits the downtime limit.",
				Notes: notes(res), Config: cfg, Result: res,
			}, nil
		},
	}
}

// verdict is a migration in one sentence.
func verdict(r lm.Result) string {
	total, sent := units.FormatSeconds(r.Total), units.FormatBytes(float64(r.SentBytes))
	switch r.Outcome {
	case lm.Diverged:
		return fmt.Sprintf("It never ends: after %s and %s sent, %s stay dirty, round after round.", total, sent, units.FormatBytes(float64(r.PlateauBytes)))
	case lm.Aborted:
		return fmt.Sprintf("It was aborted after %s and %s sent; the guest stays where it is.", total, sent)
	case lm.SwitchedToPost:
		return fmt.Sprintf("It takes %s in all; the guest stands still for %s and then waits for %.0f pages over the network.",
			total, units.FormatSeconds(r.Downtime), r.NetworkFaults)
	}
	return fmt.Sprintf("It takes %s in all, %d live rounds and %s on the wire; the guest stands still for %s (%s).",
		total, r.Rounds, sent, units.FormatSeconds(r.Downtime), r.Reason)
}

// timetable is a line for each round. What the method has not, a downtime limit or a throttle, is not printed; the CSV has it.
func timetable(r lm.Result) study.Table {
	t := study.Rows(r.Rows).Head("throttle_fraction", "guest CPU withheld")
	for i, c := range t.Columns {
		t.Columns[i].Hidden = c.Hidden || c.Name == "throttle_fraction" && r.ThrottleMax == 0 || c.Name == "threshold_bytes" && unlimited(r)
	}
	return t
}

// unlimited tells whether pre-copy's rounds end by other rules than a downtime limit.
func unlimited(r lm.Result) bool {
	return r.Config.Method.Strategy == lm.PreCopy && r.Config.Method.Limit == nil
}

// notes are the run's warnings, and what its method lacks.
func notes(r lm.Result) []string {
	list := study.Warnings("", r.Warnings)
	if unlimited(r) {
		list = append(list, fmt.Sprintf("%s has no downtime limit of its own: its rounds end by other rules. --downtime-limit adds one.", r.Config.Method.Name))
	}
	return list
}
