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
