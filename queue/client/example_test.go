package client_test

import (
	"fmt"
	"time"

	"cloudconcepts/queue/client"
)

// A database for 300 queries/s, timeouts of 1 s, one retry, an outage of ten
// seconds: at 280/s it never comes back, unless retries have a budget.
func Example() {
	storm := client.Metastable(280)
	r, err := client.Simulate(storm)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("recovered: %v, %.2f attempts per request\n", r.Recovered, r.Amplification)

	storm.Budget = client.RatioBudget(0.02)
	r, err = client.Simulate(storm)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("with a budget of 2 %%: %v, %.2f attempts per request\n", r.Recovered, r.Amplification)
	fmt.Printf("stable below %g/s, and with the budget below %.0f/s\n", client.StableLoad(300, 1), client.StableLoad(300, 0.02))
	// Output:
	// recovered: false, 1.98 attempts per request
	// with a budget of 2 %: true, 1.01 attempts per request
	// stable below 150/s, and with the budget below 294/s
}

// A hundred clients update one row: how many calls it takes depends on how
// they back off.
func ExampleContend() {
	for _, law := range []client.Jitter{client.None, client.Exponential, client.FullJitter} {
		c := client.AWSContention(law, 100)
		c.Runs = 200
		r, err := client.Contend(c)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-11v %4.0f calls, %4.1f s\n", law, r.Calls.Mean, r.Time.Mean)
	}
	// Output:
	// none        2418 calls,  2.0 s
	// exponential 1857 calls, 63.6 s
	// full-jitter  796 calls,  4.9 s
}

func ExampleBackoff_Mean() {
	b := client.Backoff{Jitter: client.Decorrelated, Base: 5 * time.Millisecond, Cap: 2 * time.Second}
	fmt.Println(b, b.Mean(1), b.Mean(2), b.Mean(3))
	// Output: decorrelated:5ms,2s 10ms 17.5ms 28.75ms
}
