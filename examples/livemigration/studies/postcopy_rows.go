package studies

import (
	"fmt"
	"math"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/theory"
)

// postCopyWay is a way to end in post-copy.
type postCopyWay struct {
	name     string
	strategy lm.Strategy
	preempt  bool
}

func postCopyWays() []postCopyWay {
	return []postCopyWay{
		{"post-copy", lm.PostCopy, false},
		{"with preempt", lm.PostCopy, true},
		{"hybrid", lm.Hybrid, true},
	}
}

// postCopyRow is what a guest feels of one of them.
type postCopyRow struct {
	Way      string     `json:"way"`
	Outcome  lm.Outcome `json:"outcome"`
	Total    float64    `json:"total_s"`
	Downtime float64    `json:"downtime_s"`
	Slow     float64    `json:"slow_s"` // from the switch until all is there
	Lowest   float64    `json:"lowest_speed_fraction"`
	Lost     float64    `json:"lost_cpu_s"`
	Faults   float64    `json:"network_faults"`
	Deaf     float64    `json:"deaf_faults"` // of a guest that goes on at full speed
	Theory   float64    `json:"theory_faults"`
}

// postCopied runs a way as it is, and with a guest that faults do not slow,
// which is what theory has a closed form for.
func postCopied(name string, cfg lm.Config) (postCopyRow, lm.Result, error) {
	r, err := lm.Simulate(cfg)
	if err != nil {
		return postCopyRow{}, r, err
	}
	cfg.Method.PostCopy.Feedback = false
	deaf, err := lm.Simulate(cfg)
	row := postCopyRow{
		Way: name, Outcome: r.Outcome, Total: r.Total, Downtime: r.Downtime, Lowest: 1, Lost: r.LostCPU,
		Faults: r.NetworkFaults, Deaf: deaf.NetworkFaults,
	}
	for _, f := range r.Faults {
		row.Lowest = math.Min(row.Lowest, f.Speed)
	}
	if w, ok := cfg.VM.Workload.(lm.Uniform); ok && r.Outcome == lm.SwitchedToPost && w.WorkingSet > 0 {
		row.Slow = float64(r.PostCopyBytes) / cfg.Link.SwitchOver
		// Of the working set only what is missing at the switch can fault.
		missing := float64(w.WorkingSet)
		if len(r.Rows) > 0 {
			missing = math.Min(missing, r.Faults[0].Remaining)
		}
		touches := w.Rate / lm.PageBytes * cfg.Method.PostCopy.Touches * missing / float64(w.WorkingSet)
		row.Theory = theory.PostCopyFaults(missing/lm.PageBytes, touches, row.Slow) / cfg.Method.PostCopy.Locality
	}
	return row, r, err
}

// measuredRequests tells what QEMU measured.
func measuredRequests() (string, error) {
	runs, err := hypervisor.QEMURuns()
	least, most, pushed := math.MaxInt, 0, int64(0)
	for _, run := range runs {
		if run.Requests > 0 {
			least, most, pushed = min(least, run.Requests), max(most, run.Requests), max(pushed, run.PostCopyBytes)
		}
	}
	return fmt.Sprintf("QEMU 7.2, measured for this package with a small guest and a link at memory speed, had %d to %d requests while %.0f MB were pushed.",
		least, most, float64(pushed)/lm.MB), err
}
