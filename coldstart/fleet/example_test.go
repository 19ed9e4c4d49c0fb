package fleet_test

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/coldstart/fleet"
	"cloudconcepts/coldstart/trace"
)

// The frontier of keep-alive policies on a small load like Azure's.
func Example() {
	load := trace.AzureLike()
	load.Functions, load.RateFactor = 500, 0.02
	functions, err := load.Generate()
	if err != nil {
		fmt.Println(err)
		return
	}
	var configs []fleet.Config
	for _, keep := range []fleet.KeepAlive{fleet.Fixed(10 * time.Minute), fleet.Fixed(time.Hour), fleet.Histogram()} {
		c := fleet.Default()
		c.KeepAlive = keep
		configs = append(configs, c)
	}
	results, err := fleet.Frontier(context.Background(), functions, configs...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Printf("%-14v %5.2f %% cold, half of the applications at most %3.0f %%, %6.0f GB-h idle\n",
			r.Config.KeepAlive, 100*r.ColdProbability(), 100*r.AppColdP50, r.WastedGBSeconds/3600)
	}
	// Output:
	// fixed 10m0s     6.20 % cold, half of the applications at most 100 %,     57 GB-h idle
	// fixed 1h0m0s    1.81 % cold, half of the applications at most  75 %,    130 GB-h idle
	// hybrid 4h0m0s   3.10 % cold, half of the applications at most  50 %,    136 GB-h idle
}

// Greedy-dual evicts what is cheap to start again, least recently used what was not used for longest.
func ExampleEviction_Priority() {
	fmt.Printf("%.3f %.3f\n", fleet.GreedyDual.Priority(0, 1, 1000, 512, 0), fleet.GreedyDual.Priority(0, 1, 100, 512, 0))
	// Output: 1.953 0.195
}

// A Result prints as two lines.
func ExampleResult_String() {
	c := fleet.Default()
	c.Load.Functions, c.Load.RateFactor = 500, 0.02
	r, err := fleet.Simulate(c)
	fmt.Println(r, err)
	// Output:
	// 19732 requests to 500 functions, 6.2 % of them cold (75th percentile of the applications: 100 %), 0 dropped
	// 2.652 GB of memory on average; 57.13 GB-h were idle <nil>
}
