package quiet_test

import (
	"fmt"
	"time"

	"cloudconcepts/replication/raft"
	"cloudconcepts/replication/raft/quiet"
)

// A leader that stands still for 200 ms now and then, and two timeouts.
func ExampleSimulate() {
	c := quiet.Config{
		Servers: 5, Rules: raft.Etcd, Ticks: 10, Heartbeat: 50 * time.Millisecond,
		Pause: raft.Const(200 * time.Millisecond), PauseEvery: 10 * time.Second, Heartbeats: 100_000,
	}
	for _, timeout := range []time.Duration{200 * time.Millisecond, 500 * time.Millisecond} {
		c.ElectionTimeout = timeout
		r, err := quiet.Simulate(c)
		if err != nil {
			panic(err)
		}
		fmt.Println(timeout, r)
	}
	// Output:
	// 200ms 2 needless elections in 5091 s: 1.414 per hour
	// 500ms 0 needless elections in 5091 s: 0 per hour
}
