package kinesis_test

import (
	"fmt"
	"time"

	"cloudconcepts/queue/commitlog/kinesis"
)

// Every further consumer that polls makes all of them slower.
func Example() {
	c := kinesis.Stream()
	c.Duration = 1000 * time.Second
	for _, c.Consumers = range []int{1, 5} {
		r, err := kinesis.Simulate(c)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d consumers: %.2f s behind on average\n", c.Consumers, r.DelayMean)
	}
	// Output:
	// 1 consumers: 0.10 s behind on average
	// 5 consumers: 0.50 s behind on average
}

// A result prints what matters most of it.
func ExampleResult_String() {
	c := kinesis.Stream()
	r, err := kinesis.Simulate(c)
	fmt.Println(r, err)
	// Output: 29840 offered, 0 rejected; 29840 delivered after 0.1 s on average, 0.198 s p99, 0 behind <nil>
}
