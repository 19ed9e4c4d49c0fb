package raft_test

import (
	"fmt"
	"time"

	"cloudconcepts/replication/raft"
)

// How long is a group of five etcd servers without a leader when the leader's machine dies?
func ExampleSimulate() {
	c := raft.EtcdServer()
	c.OneWay = raft.Exp(5 * time.Millisecond)
	c.Elections = 20_000
	r, err := raft.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean %.2f s, 99.9 %% within %.1f s, more than one term in %.1f %%\n", r.ElectionMean, r.ElectionP999, 100*r.SplitVoteFraction)
	// Output:
	// mean 1.13 s, 99.9 % within 2.6 s, more than one term in 0.8 %
}

// The dissertation's formula beside the simulation.
func ExampleSplitVote() {
	c := raft.Config{
		Servers: 5, Alive: 4, Rules: raft.Dissertation, TimeoutMin: time.Second, TimeoutMax: 2 * time.Second,
		OneWay: raft.Const(200 * time.Millisecond), Elections: 100_000, MaxTerms: 100,
	}
	r, err := raft.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("formula %.2f, simulation %.2f\n", raft.SplitVote(5, 4, .2), r.SplitVoteFraction)
	// Output:
	// formula 0.18, simulation 0.18
}

func ExampleResult_String() {
	c := raft.EtcdServer()
	c.Elections = 1000
	r, err := raft.Simulate(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(r)
	// Output:
	// etcd: leader after 1.102 s (p50 1.071, p99.9 1.728), heard after 1.103 s; more than one term in 0 %
}
