package livemigration_test

import (
	"fmt"
	"time"

	"cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// An 8 GiB guest that writes 82 MB/s over 256 MiB moves over 1 Gbit/s.
func ExampleSimulate() {
	c := livemigration.Default()
	c.VM.Workload = livemigration.Uniform{Rate: 82 * livemigration.MB, WorkingSet: 256 * livemigration.MiB}
	c.Method = hypervisor.QEMU()
	r, err := livemigration.Simulate(c)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%v: %.1f s in all, %.0f ms of downtime, %.2f GiB sent\n",
		r.Outcome, r.Total, r.Downtime*1e3, float64(r.SentBytes)/livemigration.GiB)
	// Output:
	// converged: 72.8 s in all, 297 ms of downtime, 8.48 GiB sent
}

// A result prints itself.
func ExampleResult() {
	r, err := livemigration.Simulate(livemigration.Default())
	if err != nil {
		panic(err)
	}
	fmt.Println(r)
	// Output:
	// converged after 12 rounds: total 92.945 s, downtime 251.4 ms, 11618065228 bytes sent
}

// How much each round has to send, and when it starts.
func ExampleResult_Series() {
	c := livemigration.Default()
	c.VM.Workload = livemigration.Uniform{Rate: 82 * livemigration.MB, WorkingSet: 256 * livemigration.MiB}
	c.Trace = true
	r, err := livemigration.Simulate(c)
	if err != nil {
		panic(err)
	}
	pending := r.Series(func(row livemigration.Round) float64 { return row.Pending / livemigration.MiB })
	for i := range pending.Len() {
		start, mib := pending.XY(i)
		fmt.Printf("after %4.1f s: %4.0f MiB\n", start, mib)
	}
	// Output:
	// after  0.0 s: 8192 MiB
	// after 68.7 s:  256 MiB
	// after 70.9 s:  123 MiB
	// after 71.9 s:   69 MiB
	// after 72.5 s:   42 MiB
	// after 72.8 s:   26 MiB
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
