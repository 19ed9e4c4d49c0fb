package theory_test

import (
	"fmt"
	"time"

	"cloudconcepts/coldstart/theory"
)

// How many provisioned environments let at most 1 % of the requests spill over, at 100 requests/s of 100 ms?
func ExampleErlangBInverse() {
	load := 100 * 0.1
	n := theory.ErlangBInverse(load, 0.01)
	fmt.Printf("%d environments, %.2f %% spill over\n", n, 100*theory.ErlangB(n, load))
	// Output: 18 environments, 0.71 % spill over
}

// What requests that overlap do to the share of cold ones: 0.1/s, kept for 5 min.
func ExampleColdExpTTL() {
	pool := theory.ColdExpTTL(0.1, 2*time.Second, 5*time.Minute)
	fmt.Printf("%.1g without service time\n", theory.ColdPoisson(0.1, 5*time.Minute))
	fmt.Printf("%.2f with 2 s of it, and %.2f environments\n", pool.Cold, pool.Instances)
	// Output:
	// 9e-14 without service time
	// 0.06 with 2 s of it, and 1.90 environments
}
