package commit_test

import (
	"fmt"
	"time"

	"cloudconcepts/replication/raft"
	"cloudconcepts/replication/raft/commit"
)

// A majority of two servers out of three waits for one follower, of which the faster one counts.
func ExampleMean() {
	c := commit.Config{Servers: 3, Alive: 3, OneWay: raft.Exp(time.Millisecond), Proposals: 100_000}
	fmt.Printf("both followers: %.2f ms\n", 1e3*commit.Mean(c))
	c.Alive = 2
	fmt.Printf("one is down: %.2f ms\n", 1e3*commit.Mean(c))
	// Output:
	// both followers: 1.25 ms
	// one is down: 2.00 ms
}
