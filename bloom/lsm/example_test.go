package lsm_test

import (
	"context"
	"fmt"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/bloom/lsm"
)

// Ten bits for every key, or the same memory shared out by Monkey: 3.5 times fewer
// needless reads.
func ExampleAllocate() {
	runs, err := lsm.Tree{SizeRatio: 10, Levels: 5, Keys: 1e9, Policy: lsm.Levelling}.Runs()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, by := range []lsm.Sharing{lsm.EqualBits, lsm.MonkeyBits} {
		a, err := lsm.Allocate(runs, 10e9, by)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v: %.4f reads, last level %.2f bits/key\n", by, lsm.AbsentReads(a.Rates), a.BitsPerKey[4])
	}
	// Output:
	// uniform: 0.0410 reads, last level 10.00 bits/key
	// monkey: 0.0118 reads, last level 9.47 bits/key
}

// Five runs at 10 bits per key: one lookup in 25 reads the disk in vain, so the
// 99th percentile is a full read.
func ExampleLatencyModel() {
	p := bloom.Ideal(10)
	l, err := lsm.LatencyModel{
		Classes:  []bloom.KeyClass{{Weight: 1, Rates: []float64{p, p, p, p, p}}},
		CacheHit: make([]float64, 5), Medium: lsm.HDD(), CPU: lsm.ColdFilters(), Hashes: 7, Fill: 0.5,
	}.Solve()
	if err != nil {
		fmt.Println(err)
		return
	}
	median, _ := l.Quantile(0.5)
	tail, _ := l.Quantile(0.99)
	fmt.Printf("mean %.0f us, median %v, P99 %v\n", l.Mean()*1e6, median, tail)
	// Output:
	// mean 410 us, median 530ns, P99 10.00153ms
}

// In Pebble a key that fools one run's filter tends to fool the others.
func ExampleSharedHashRuns() {
	classes, err := lsm.Pebble().Classes([]float64{10, 10, 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	shared, _ := lsm.SharedHashRuns(classes)
	rate, _ := lsm.Pebble().Rate(10)
	apart, _ := lsm.IndependentRuns([]float64{rate, rate, rate})
	fmt.Printf("all three runs: %.1e shared, %.1e independent\n", shared[3], apart[3])
	// Output:
	// all three runs: 2.0e-04 shared, 1.6e-06 independent
}

// The same, with real filters.
func ExampleMeasure() {
	run := lsm.RunFilter{Keys: 100_000, BitsPerKey: 5, Hashes: 3}
	r, err := lsm.Measure(context.Background(), lsm.Config{
		Runs: []lsm.RunFilter{run, run, run}, Layout: filter.Blocked, Scheme: filter.Double, SharedHash: true,
		Lookups: 200_000, Seed: 1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	fmt.Println(r.FalseNegatives, "false negatives")
	// Output:
	// 200000 lookups of absent keys in 3 runs: 0.281 reads on average, 2 at P99
	// 0 false negatives
}

// With 64 bits of memory per key, skewed access and 1 KiB entries, 16.6 bits
// belong to the filters.
func ExampleMemorySplit() {
	m := lsm.MemorySplit{Total: 64, EntryBytes: 1024, Runs: 5, Absent: 0.5, Present: 0.5, Hits: lsm.PowerLawHits{Zipf: 0.8}}
	b, cost, err := m.Optimum()
	fmt.Printf("%.1f bits/key, %.3f reads, %v\n", b, cost, err)
	// Output:
	// 16.6 bits/key, 0.323 reads, <nil>
}
