package index_test

import (
	"fmt"
	"time"

	"cloudconcepts/replication/index"
)

// One key in a hundred gets two fifths of the writes. The index as a whole has room for twice the load, its busiest partition does not.
func ExampleSimulate() {
	c := index.DynamoDB()
	c.WriteRate, c.Keys, c.Zipf, c.Duration = 2000, 100, 1.5, time.Minute
	r, err := index.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("capacity of all partitions 4000/s, threshold %.0f/s\n", r.Threshold)
	fmt.Printf("throttled %.0f %%, median lag %.2f s\n", 100*r.ThrottledFraction, r.LagP50)
	// Output:
	// capacity of all partitions 4000/s, threshold 1691/s
	// throttled 8 %, median lag 0.98 s
}

func ExampleThreshold() {
	fmt.Println(index.Threshold(1000, 0.25)) // four partitions, evenly loaded
	fmt.Println(index.Threshold(1000, 0.5))  // a key with half of the writes, and any number of partitions
	// Output:
	// 4000
	// 2000
}

func ExampleResult_String() {
	c := index.DynamoDB()
	c.Duration = 10 * time.Second
	r, err := index.Simulate(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(r)
	// Output:
	// 19828 writes accepted, 0 % throttled; lag 0.0515 s mean, 0.05437 s p99; 9.53 % of reads stale; the index follows up to 3704 writes/s
}
