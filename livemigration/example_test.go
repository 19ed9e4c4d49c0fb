package livemigration_test

import (
	"fmt"
	"time"

	"cloudconcepts/livemigration"
)

// An 8 GiB guest that writes 82 MB/s over 256 MiB moves over 1 Gbit/s.
func ExampleSimulate() {
	vm := livemigration.Default().VM
	vm.Workload = livemigration.Uniform{Rate: 82 * livemigration.MB, WorkingSet: 256 * livemigration.MiB}
	r, err := livemigration.Simulate(livemigration.Config{
		VM: vm, Link: livemigration.Wire(1 * livemigration.Gbps), Method: livemigration.QEMU(),
	})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%v: %.1f s in all, %.0f ms of downtime, %.2f GiB sent\n",
		r.Outcome, r.Total, r.Downtime*1e3, float64(r.SentBytes)/livemigration.GiB)
	// Output:
	// converged: 72.8 s in all, 297 ms of downtime, 8.48 GiB sent
}

// The same guest under every hypervisor's rules.
func ExampleMethod() {
	vm := livemigration.Default().VM
	vm.Workload = livemigration.Uniform{Rate: 150 * livemigration.MB, WorkingSet: 1 * livemigration.GiB}
	for _, method := range []livemigration.Method{
		livemigration.QEMU(), livemigration.QEMUAutoConverge(), livemigration.Xen(), livemigration.SimGrid(),
	} {
		r, err := livemigration.Simulate(livemigration.Config{VM: vm, Link: livemigration.Wire(1 * livemigration.Gbps), Method: method})
		if err != nil {
			panic(err)
		}
		fmt.Printf("%-18s %v, %.1f GiB sent, downtime %.2f s\n", method.Name, r.Outcome, float64(r.SentBytes)/livemigration.GiB, r.Downtime)
	}
	// Output:
	// qemu               diverged, 30.3 GiB sent, downtime 0.00 s
	// qemu-auto-converge converged, 11.2 GiB sent, downtime 0.28 s
	// xen                forced, 11.2 GiB sent, downtime 3.84 s
	// simgrid            diverged, 51.9 GiB sent, downtime 0.00 s
}

// A ramp raises the limit until the guest fits.
func ExampleNovaRamp() {
	ramp := livemigration.NovaRamp{Max: 500 * time.Millisecond, Steps: 10, DelayPerGiB: 75 * time.Second, GiB: 2}
	for _, at := range []time.Duration{0, 150 * time.Second, 1500 * time.Second} {
		fmt.Println(at, ramp.At(at, 0))
	}
	// Output:
	// 0s 50ms
	// 2m30s 95ms
	// 25m0s 500ms
}
