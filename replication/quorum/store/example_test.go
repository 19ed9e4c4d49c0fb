package store_test

import (
	"fmt"
	"time"

	"cloudconcepts/replication/quorum/store"
)

// Overlapping quorums are never stale, and still no single copy: one reader sees a write under way, the next does not.
func ExampleSimulate() {
	c := store.Default()
	c.R, c.W, c.Keys, c.Duration = 2, 2, 5, 10*time.Second
	for _, repair := range []store.Repair{store.NoRepair, store.BlockingRepair} {
		c.ReadRepair = repair
		r, err := store.Simulate(c)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: stale %d, inversions %v\n", repair, r.StaleReads, r.Inversions > 0)
	}
	// Output:
	// none: stale 0, inversions true
	// blocking: stale 0, inversions false
}

func ExampleResult_String() {
	c := store.Default()
	c.Duration = time.Second
	r, err := store.Simulate(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(r)
	// Output:
	// 1020 writes, 1020 acknowledged; 976 reads, 15.6 % stale, 22 inversions; read 0.0005715 s p99, write 0.007779 s p99; 0 copies behind at the end
}
