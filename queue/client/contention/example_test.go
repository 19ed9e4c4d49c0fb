package contention_test

import (
	"fmt"

	"cloudconcepts/queue/client"
	"cloudconcepts/queue/client/contention"
)

// A hundred clients update one row: how many calls it takes depends on how
// they back off.
func ExampleSimulate() {
	for _, law := range []client.Jitter{client.None, client.Exponential, client.FullJitter} {
		c := contention.AWS(law, 100)
		c.Runs = 5
		r, err := contention.Simulate(c)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-11v %4.0f calls, %4.1f s\n", law, r.Calls.Mean, r.End.Mean)
	}
	// Output:
	// none        2409 calls,  2.0 s
	// exponential 1866 calls, 65.8 s
	// full-jitter  793 calls,  4.8 s
}

func ExampleResult_String() {
	c := contention.AWS(client.FullJitter, 10)
	c.Runs = 100
	r, err := contention.Simulate(c)
	fmt.Println(r, err)
	// Output: 10 clients, backoff full-jitter:5ms,2s: 39.26 calls, 3.93 each, all done after 0.476 s <nil>
}
