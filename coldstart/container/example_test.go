package container_test

import (
	"fmt"
	"time"

	"cloudconcepts/coldstart/container"
)

// Ten always-on tasks at 80 % load, against Erlang's formula.
func ExampleSimulate() {
	r, err := container.Simulate(container.AlwaysOn(10, 80))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("wait %.1f ms, in theory %.1f ms; p99 latency %.0f ms\n", 1e3*r.WaitMean, 1e3*container.WaitMean(10, 80, 0.1), 1e3*r.LatencyP99)
	// Output: wait 20.6 ms, in theory 20.5 ms; p99 latency 496 ms
}

// The pods of Knative after a burst.
func ExampleKnativeDefaults() {
	c := container.KnativeDefaults(0)
	c.PerTask, c.Load = 10, []container.Step{{At: 0, Rate: 20}, {At: 5 * time.Minute, Rate: 1000}}
	c.Duration, c.Sample, c.Warmup = 10*time.Minute, 5*time.Second, 0
	r, err := container.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range []int{59, 61, 62, 64, 119} {
		row := r.Rows[i]
		fmt.Printf("%v s: %d ready, %d starting, %d waiting, panic %v\n", row.At, row.Ready, row.Starting, row.Waiting, row.Panic)
	}
	// Output:
	// 295 s: 1 ready, 0 starting, 0 waiting, panic false
	// 305 s: 43 ready, 124 starting, 0 waiting, panic true
	// 310 s: 212 ready, 0 starting, 0 waiting, panic true
	// 320 s: 212 ready, 0 starting, 0 waiting, panic true
	// 595 s: 15 ready, 0 starting, 0 waiting, panic false
}

// A Result prints as one line.
func ExampleResult_String() {
	r, err := container.Simulate(container.AlwaysOn(10, 80))
	fmt.Println(r, err)
	// Output:
	// 791628 served of 791648: latency 0.1204 s mean, 0.4956 s p99; 40.7 % waited; 10 tasks, 79.8 % busy <nil>
}
