package replication_test

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/replication"
)

// What an asynchronous failover loses: the writes acknowledged in the last 20 ms, the delay of the link.
func ExampleSimulate() {
	c := replication.Group(2, replication.Const(20*time.Millisecond), 500)
	c.Faults = []replication.Fault{{At: 30 * time.Second, Kind: replication.Crash, Nodes: []int{0}}}
	c.Failover.Enabled = true
	for _, mode := range []replication.Mode{replication.Async, replication.Sync} {
		c.Mode = mode
		r, err := replication.Simulate(c)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v: commit %.0f ms, %d acknowledged writes lost, %d in doubt, %.1f s without a primary\n",
			mode, r.CommitMean*1e3, r.LostAcked, r.InDoubt, r.RTO)
	}
	// Output:
	// async: commit 0 ms, 8 acknowledged writes lost, 0 in doubt, 3.0 s without a primary
	// sync: commit 40 ms, 0 acknowledged writes lost, 16 in doubt, 3.0 s without a primary
}

func ExampleResult_String() {
	c := replication.Default()
	c.Duration = 10 * time.Second
	r, err := replication.Simulate(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(r)
	// Output:
	// async: 5035 of 5035 writes acknowledged after 0.0005594 s mean, 0.0009853 s p99; lag 0.001577 s mean; 0 % of reads stale; 0 acknowledged writes lost; 0 s without a primary
}

func ExampleReplicate() {
	c := replication.Default()
	c.Duration = 20 * time.Second
	c.Faults = []replication.Fault{{At: 10 * time.Second, Kind: replication.Crash, Nodes: []int{0}}}
	c.Failover.Enabled = true
	s, err := replication.Replicate(context.Background(), c, 5)
	if err != nil {
		panic(err)
	}
	fmt.Println(s)
	// Output:
	// 5 runs: commit 0.000561 (0.0005593 to 0.0005627) s mean; lag 0.001577 s mean; 0 % of reads stale; 0.6 (-0.08009 to 1.28) acknowledged writes lost, none in 40 % of the runs; 3 s without a primary
}
