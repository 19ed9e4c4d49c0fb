package share_test

import (
	"fmt"

	"cloudconcepts/queue/commitlog/share"
)

// One record in a hundred fails every time. It is delivered five times, and nothing waits for it.
func Example() {
	c := share.KIP932()
	c.Rate, c.Poison = 20, 0.01
	r, err := share.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Accepted+r.Archived == r.Produced, r.Deliveries == r.Accepted+5*r.Archived)
	// Output: true true
}

// A result prints what matters most of it.
func ExampleResult_String() {
	c := share.KIP932()
	r, err := share.Simulate(c)
	fmt.Println(r, err)
	// Output: 10000 produced, 10000 accepted, 0 archived, 0 left: 1 deliveries a record, accepted after 0.163 s mean, 0.619 s p99 <nil>
}
