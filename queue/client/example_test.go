package client_test

import (
	"fmt"
	"time"

	"cloudconcepts/queue/client"
)

// A database for 300 queries/s, timeouts of 1 s, one retry, an outage of ten
// seconds: at 280/s it never comes back, unless it serves the newest first.
func Example() {
	storm := client.Metastable(280)
	storm.Duration = time.Minute
	r, err := client.Simulate(storm)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("recovered: %v, %.2f attempts per request\n", r.Recovered, r.Amplification)

	storm.Server.Discipline = client.LIFO
	r, err = client.Simulate(storm)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("newest first: %v, %.2f attempts per request\n", r.Recovered, r.Amplification)
	fmt.Printf("stable below %g/s, and with a budget of 2 %% below %.0f/s\n", client.StableLoad(300, 1), client.StableLoad(300, 0.02))
	// Output:
	// recovered: false, 1.82 attempts per request
	// newest first: true, 1.19 attempts per request
	// stable below 150/s, and with a budget of 2 % below 294/s
}

func ExampleBackoff_Mean() {
	b := client.Backoff{Jitter: client.Decorrelated, Base: 5 * time.Millisecond, Cap: 2 * time.Second}
	fmt.Println(b, b.Mean(1), b.Mean(2), b.Mean(3))
	// Output: decorrelated:5ms,2s 10ms 17.5ms 28.75ms
}

// A result prints what matters most of it.
func ExampleResult_String() {
	c := client.Metastable(280)
	r, err := client.Simulate(c)
	fmt.Println(r, err)
	// Output: 142477 requests, 1.98 attempts each: 1.9 % succeeded, goodput 5.3/s of 279.4/s offered, last timeout at 510.0 s <nil>
}
