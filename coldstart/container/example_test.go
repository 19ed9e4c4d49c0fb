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
	fmt.Printf("wait %.1f ms, in theory %.1f ms; p99 latency %.0f ms\n", 1e3*r.WaitMean, 1e3*container.Wait(10, 80, 0.1), 1e3*r.LatencyP99)
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
		row := r.Series[i]
		fmt.Printf("%v: %d ready, %d starting, %d waiting, panic %v\n", row.At, row.Ready, row.Starting, row.Waiting, row.Panic)
	}
	// Output:
	// 4m55s: 1 ready, 0 starting, 0 waiting, panic false
	// 5m5s: 43 ready, 124 starting, 0 waiting, panic true
	// 5m10s: 212 ready, 0 starting, 0 waiting, panic true
	// 5m20s: 212 ready, 0 starting, 0 waiting, panic true
	// 9m55s: 15 ready, 0 starting, 0 waiting, panic false
}
