package quorum_test

import (
	"fmt"

	"cloudconcepts/replication/quorum"
)

// How stale is Cassandra's fastest setting on spinning disks?
func ExampleSimulate() {
	c := quorum.Default()
	c.Trials = 200_000
	r, err := quorum.Simulate(c)
	if err != nil {
		panic(err)
	}
	fmt.Printf("fresh at once: %.0f %%, after 10 ms: %.0f %%\n", 100*r.PConsistent0, 100*r.PConsistent(0.010).Mean)
	fmt.Printf("99.9 %% fresh after about %.0f ms\n", 10*round(r.TVisibility999*100))
	// Output:
	// fresh at once: 44 %, after 10 ms: 93 %
	// 99.9 % fresh after about 50 ms
}

func round(x float64) float64 { return float64(int(x + 0.5)) }

func ExampleKStaleness() {
	for _, k := range []float64{1, 2, 5} {
		fmt.Printf("one of the last %g: %.4f\n", k, quorum.KStaleness(3, 1, 1, k))
	}
	// Output:
	// one of the last 1: 0.3333
	// one of the last 2: 0.5556
	// one of the last 5: 0.8683
}

func ExampleResult_String() {
	c := quorum.Default()
	c.Trials = 100_000
	r, err := quorum.Simulate(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(r)
	// Output:
	// N = 3, R = 1, W = 1: fresh at once 43.47 %, 99.9 % fresh after 0.05456 s; read 0.0005626 s p99, write 0.006707 s p99
}
