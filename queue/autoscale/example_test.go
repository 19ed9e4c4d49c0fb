package autoscale_test

import (
	"fmt"
	"time"

	"cloudconcepts/queue/autoscale"
	"cloudconcepts/queue/autoscale/load"
	"cloudconcepts/queue/theory"
)

// A flash sale on one worker of 500 messages/s.
func Example() {
	c := autoscale.AWS()
	c.Arrivals = load.Burst(200, 2000, 0, time.Minute).Regular()
	c.Service, c.Rule = autoscale.Const(2*time.Millisecond), autoscale.Fixed{Instances: 1}
	c.Initial, c.Max = 1, 1
	r, err := autoscale.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d messages waited after %.0f s, the oldest for %.0f s; empty after %.0f s\n", r.DepthPeak, r.PeakAt, r.AgeMax, r.EmptyAt)
	f, err := theory.Burst{Base: 200, Peak: 2000, Duration: 60, Capacity: 500}.Solve()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("fluid: %.0f, %.0f s, %.0f s\n", f.BacklogPeak, f.AgeMax, 60+f.Drain)
	// Output:
	// 90000 messages waited after 60 s, the oldest for 180 s; empty after 360 s
	// fluid: 90000, 180 s, 360 s
}

// The example of the EC2 Auto Scaling guide: 1500 messages, 10 instances, 0.1 s per message, 10 s acceptable.
func ExampleBacklogPerInstance() {
	rule := autoscale.BacklogPerInstance{Latency: 10 * time.Second, Processing: 100 * time.Millisecond}
	fmt.Println(rule.Target(), rule.Want(autoscale.Observation{Visible: 1500, Measured: 10, Serving: 10, Capacity: 10}))
	// Output:
	// 100 15
}

// How late may a loop be that aims at 10 s?
func ExampleStableReaction() {
	fmt.Println(autoscale.StableReaction(10*time.Second).Round(100*time.Millisecond), autoscale.SmoothReaction(10*time.Second).Round(100*time.Millisecond))
	// Output:
	// 15.7s 3.7s
}

// A result prints what matters most of it.
func ExampleResult_String() {
	c := autoscale.KEDA()
	r, err := autoscale.Simulate(c)
	fmt.Println(r, err)
	// Output: HPA 5 per pod: 672241 of 672250 messages done, at most 8336 waiting, the oldest for 22.07 s; 94.8 instances on average, $3.794 <nil>
}
