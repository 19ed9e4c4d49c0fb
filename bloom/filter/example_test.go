package filter_test

import (
	"fmt"

	"cloudconcepts/bloom/filter"
)

// A filter for 1000 keys, with one of them in it.
func ExampleNew() {
	f, err := filter.New(filter.Config{Bits: 10000, Hashes: 7, Scheme: filter.Enhanced})
	if err != nil {
		panic(err)
	}
	f.Add(filter.HashBytes([]byte("love")))
	fmt.Println(f.Has(filter.HashBytes([]byte("love"))), f.Has(filter.HashBytes([]byte("hate"))), f.Ones())
	// Output: true false 7
}
