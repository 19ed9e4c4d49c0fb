package theory_test

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/replication/theory"
)

// Waiting for one of three standbys is quicker than for one of one: the quickest counts.
func ExampleCommitWait() {
	trip := law.Exp(time.Millisecond)
	for n := 1; n <= 3; n++ {
		w := theory.CommitWait{K: 1}
		for range n {
			w.Acks = append(w.Acks, trip)
		}
		fmt.Printf("ANY 1 of %d: mean %.3f ms, 99 %% within %.2f ms\n", n, 1e3*w.Mean(), 1e3*w.Quantile(.99))
	}
	// Output:
	// ANY 1 of 1: mean 1.000 ms, 99 % within 4.61 ms
	// ANY 1 of 2: mean 0.500 ms, 99 % within 2.30 ms
	// ANY 1 of 3: mean 0.333 ms, 99 % within 1.54 ms
}

func ExampleApplyQueue() {
	for _, rate := range []float64{500, 800, 950} {
		q := theory.ApplyQueue{WriteRate: rate, Cost: law.Const(time.Millisecond)}
		fmt.Printf("load %.2f: mean lag %.1f ms, above 10 ms: %.4f\n", q.Load(), 1e3*q.LagMean(), q.LagSurvival(.010))
	}
	// Output:
	// load 0.50: mean lag 1.5 ms, above 10 ms: 0.0000
	// load 0.80: mean lag 3.0 ms, above 10 ms: 0.0179
	// load 0.95: mean lag 10.5 ms, above 10 ms: 0.3870
}

// Recovery looks linear in its first minutes, and is not.
func ExampleCatchUpRising() {
	fmt.Printf("load 0.8 for ever: %.0f s\n", theory.CatchUp(60, .8))
	rising := func(t float64) float64 { return .8 + .0004*t }
	fmt.Printf("load 0.8 that rises by 0.02 in 50 s: %.0f s\n", theory.CatchUpRising(60, rising, 3600, .1))
	// Output:
	// load 0.8 for ever: 240 s
	// load 0.8 that rises by 0.02 in 50 s: 383 s
}

func ExampleMajorityUp() {
	for n := 1; n <= 5; n++ {
		fmt.Printf("%d nodes: %.6f, tolerates %d\n", n, theory.MajorityUp(n, .99), theory.ToleratedFailures(n))
	}
	// Output:
	// 1 nodes: 0.990000, tolerates 0
	// 2 nodes: 0.980100, tolerates 0
	// 3 nodes: 0.999702, tolerates 1
	// 4 nodes: 0.999408, tolerates 1
	// 5 nodes: 0.999990, tolerates 2
}

// A client that reads its own write from a random replica, half a second later on average, with lags of 0.2 s.
func ExampleSession() {
	s := theory.Session{Lag: .2, Think: .5}
	for _, window := range []float64{0, .1, 1} {
		fmt.Printf("primary for %.1f s: %.2f %% miss it, %.0f %% of reads go to the primary\n", window, 100*s.OwnWriteMissed(window), 100*s.PrimaryReads(window))
	}
	// Output:
	// primary for 0.0 s: 28.57 % miss it, 0 % of reads go to the primary
	// primary for 0.1 s: 14.19 % miss it, 18 % of reads go to the primary
	// primary for 1.0 s: 0.03 % miss it, 86 % of reads go to the primary
}

// What an asynchronous failover loses, 2000 writes/s and 10 ms on the way.
func ExampleLostConstant() {
	fmt.Printf("mean %.0f, none with probability %.0e\n", theory.LostMean(2000, .010), theory.LostConstant(2000, .010, 0))
	fmt.Printf("100 writes/s: mean %.0f, none with probability %.3f = 1/e = %.3f\n",
		theory.LostMean(100, .010), theory.LostConstant(100, .010, 0), 1/math.E)
	// Output:
	// mean 20, none with probability 2e-09
	// 100 writes/s: mean 1, none with probability 0.368 = 1/e = 0.368
}
