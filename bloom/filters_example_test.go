package bloom_test

import (
	"context"
	"fmt"
	"strings"

	"cloudconcepts/bloom"
)

// A filter for 1000 keys, with one of them in it.
func ExampleNewClassic() {
	f, err := bloom.NewClassic(10000, 7, bloom.Enhanced)
	if err != nil {
		panic(err)
	}
	f.Add(bloom.HashBytes([]byte("love")))
	fmt.Println(f.Has(bloom.HashBytes([]byte("love"))), f.Has(bloom.HashBytes([]byte("hate"))), f.Ones())
	// Output: true false 7
}

// Textbook double hashing in a small filter: four times the rate that the
// formula says.
func ExampleMeasure() {
	r, err := bloom.Measure(context.Background(), bloom.Config{
		Bits: 64, Keys: 6, Hashes: 7, Scheme: bloom.Double, Filters: 20000, Queries: 50, Seed: 1,
	})
	if err != nil {
		panic(err)
	}
	fmt.Printf("classical %.4f, exact %.4f, measured %.3f\n", r.FPRClassical, r.FPRExact, r.FPRMeasured)
	fmt.Println(r.Interval)
	// Output:
	// classical 0.0060, exact 0.0069, measured 0.026
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
