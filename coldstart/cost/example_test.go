package cost_test

import (
	"fmt"
	"time"

	"cloudconcepts/coldstart/cost"
)

// Above which rate is a small container cheaper than a function of 512 MB and 100 ms?
func ExampleCrossover() {
	task := cost.FargateX86().PerHour(cost.Task{VCPU: 0.25, GB: 0.5})
	request := cost.LambdaX86().PerRequest(512, 100*time.Millisecond)
	fmt.Printf("$%.4f a million requests, $%.2f a month: level at %.2f requests/s\n", 1e6*request, task*cost.Month.Hours(), cost.Crossover(task, request))
	// Output: $1.0333 a million requests, $9.01 a month: level at 3.32 requests/s
}

func ExampleLambda_Bill() {
	b, err := cost.LambdaX86().Bill(cost.Use{
		Invocations: 3e6, Duration: time.Second, MemoryMB: 512, StorageMB: 512, FreeTier: true,
	})
	fmt.Printf("%.2f for requests, %.2f for time, %.2f in all %v\n", b.Requests, b.Duration, b.Total, err)
	// Output: 0.40 for requests, 18.33 for time, 18.73 in all <nil>
}

// How many servers of one's own, if the rest goes to a public cloud?
func ExampleHybrid_Optimum() {
	h := cost.Hybrid{
		Profile: cost.Day(100, 0.8, 24), Service: 200 * time.Millisecond, PerHour: 0.02, PerRequest: 3.5333e-6, Peakedness: 1, Most: 100,
	}
	curve, err := h.Curve()
	if err != nil {
		fmt.Println(err)
		return
	}
	best, _ := h.Optimum()
	fmt.Printf("a day: %.2f without a base, %.2f with %d servers, %.2f with 100; %.1f %% of the requests overflow\n",
		curve[0].Total, best.Total, best.Servers, curve[100].Total, 100*best.OverflowFraction)
	// Output: a day: 30.53 without a base, 17.90 with 28 servers, 48.00 with 100; 14.6 % of the requests overflow
}
