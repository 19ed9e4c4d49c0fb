package hypervisor_test

import (
	"fmt"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// The same guest under every hypervisor's rules.
func Example() {
	c := lm.Default()
	c.VM.Workload = lm.Uniform{Rate: 150 * lm.MB, WorkingSet: 1 * lm.GiB}
	for _, method := range []lm.Method{hypervisor.QEMU(), hypervisor.QEMUAutoConverge(), hypervisor.Xen(), hypervisor.SimGrid()} {
		c.Method = method
		r, err := lm.Simulate(c)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%-18s %v, %.1f GiB sent, downtime %.2f s\n", method.Name, r.Outcome, float64(r.SentBytes)/lm.GiB, r.Downtime)
	}
	// Output:
	// qemu               diverged, 30.3 GiB sent, downtime 0.00 s
	// qemu-auto-converge converged, 11.2 GiB sent, downtime 0.28 s
	// xen                forced, 11.2 GiB sent, downtime 3.84 s
	// simgrid            diverged, 51.9 GiB sent, downtime 0.00 s
}
