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

// How much memory stays dirty for ever when the guest writes faster than the
// link sends, in either semantics.
func ExampleUniformPlateau() {
	for _, lambda := range []float64{0.9, 1.1, 1.5, 3} {
		fmt.Printf("lambda %.1f: %4.1f %% round-based, %4.1f %% drained\n",
			lambda, 100*livemigration.UniformPlateau(lambda), 100*livemigration.DrainPlateau(lambda, 0))
	}
	// Output:
	// lambda 0.9:  0.0 % round-based,  0.0 % drained
	// lambda 1.1: 17.6 % round-based,  9.1 % drained
	// lambda 1.5: 58.3 % round-based, 33.3 % drained
	// lambda 3.0: 94.0 % round-based, 66.7 % drained
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
