package bloom_test

import (
	"context"
	"fmt"
	"strings"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
)

// The textbook's formula is too low for small filters, and right for large ones.
func ExampleExact() {
	for _, bits := range []uint64{64, 1024, 1_000_000} {
		keys := bits / 10
		exact := bloom.Exact(bits, keys, 7)
		classical := bloom.Classical(float64(bits), float64(keys), 7)
		fmt.Printf("%7d bits: classical %.4f %%, exact %.4f %%\n", bits, 100*classical, 100*exact)
	}
	// Output:
	//      64 bits: classical 0.5975 %, exact 0.6859 %
	//    1024 bits: classical 0.8040 %, exact 0.8110 %
	// 1000000 bits: classical 0.8194 %, exact 0.8194 %
}

// What one asks for, 1 %, and what one gets.
func ExampleOptimal() {
	for _, r := range bloom.Roundings() {
		p, rate, err := bloom.Optimal(1_000_000, 0.01, r)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-14v %5.2f bits/key, %d hashes: %.3f %%\n", r, p.BitsPerKey(), p.Hashes, 100*rate)
	}
	// Output:
	// guarantee       9.59 bits/key, 7 hashes: 1.000 %
	// best            9.59 bits/key, 7 hashes: 1.000 %
	// bitsandblooms   9.59 bits/key, 7 hashes: 1.004 %
	// leveldb        10.00 bits/key, 6 hashes: 0.867 %
	// rocksdb5        9.59 bits/key, 6 hashes: 1.150 %
	// rocksdb-legacy 10.00 bits/key, 6 hashes: 1.186 %
	// pebble         10.00 bits/key, 6 hashes: 1.186 %
	// cassandra      10.00 bits/key, 5 hashes: 0.943 %
	// scylladb       10.00 bits/key, 5 hashes: 0.943 %
	// hbase           9.70 bits/key, 7 hashes: 0.985 %
	// parquet        16.78 bits/key, 8 hashes: 0.103 %
}

func ExampleParams_String() {
	p, _, err := bloom.Optimal(1000, 0.01, bloom.RoundGuarantee)
	if err != nil {
		panic(err)
	}
	fmt.Println(p)
	// Output:
	// 9595 bits, 1000 keys, 7 hashes
}

// A target of one half is where Cassandra's sizes go wrong.
func ExampleOptimal_cassandra() {
	for _, target := range []float64{0.01, 0.1, 0.5} {
		p, rate, err := bloom.Optimal(1_000_000, target, bloom.RoundCassandra)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("target %g: %.0f bits/key, %d hashes, %.4f\n", target, p.BitsPerKey(), p.Hashes, rate)
	}
	// Output:
	// target 0.01: 10 bits/key, 5 hashes, 0.0094
	// target 0.1: 5 bits/key, 3 hashes, 0.0918
	// target 0.5: 1 bits/key, 2 hashes, 0.7476
}

// How many keys are in a filter of unknown history?
func ExampleEstimateKeys() {
	guess, err := bloom.EstimateKeys(10_000, 5034, 7)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f keys, give or take %.0f\n", guess.Keys, guess.StandardError)
	full, err := bloom.EstimateKeys(10_000, 10_000, 7)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(full.Keys, full.Saturated)
	// Output:
	// 1000 keys, give or take 8
	// +Inf true
}

// One cache line per key costs a sixth more false positives at 10 bits per key.
func ExampleBlocked() {
	rate := bloom.Blocked(10, 512, 6, bloom.InnerClassical)
	fmt.Printf("%.4f %%\n", 100*rate)
	// Output: 0.9536 %
}

// Textbook double hashing in a small filter: four times the rate that the
// formula says.
func ExampleMeasure() {
	r, err := bloom.Measure(context.Background(), bloom.Config{
		Bits: 64, Keys: 6, Hashes: 7, Scheme: filter.Double, Filters: 20000, Queries: 50, Seed: 1,
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(r)
	fmt.Println(r.Interval)
	// Output:
	// classic filter of 64 bits, 6 keys, 7 hashes (double), fill 0.4867
	// false positive rate 0.02638 in [0.02604, 0.02671], exact 0.006859, classical 0.005975
	// 95 % of the mean rate of all such filters (Student's t between 20000 filters)
}

// Keys from a file, one a line.
func ExampleReadKeys() {
	set, err := bloom.ReadKeys(strings.NewReader("ada\ngrace\nada\n\nbarbara\n"))
	if err != nil {
		panic(err)
	}
	fmt.Println(set.Distinct(), "keys,", set.Duplicates, "duplicate,", set.Empty, "empty line")
	r, err := bloom.MeasureKeys(context.Background(), bloom.Config{
		Bits: 32, Keys: set.Distinct(), Hashes: 5, Filters: 1000, Queries: 1000, Seed: 1,
	}, set)
	if err != nil {
		panic(err)
	}
	fmt.Println(r.FalseNegatives, "false negatives")
	// Output:
	// 3 keys, 1 duplicate, 1 empty line
	// 0 false negatives
}
