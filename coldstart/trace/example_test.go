package trace_test

import (
	"fmt"
	"strings"

	"cloudconcepts/coldstart/trace"
)

// Rows are read one by one; a bad one is named, and reading goes on behind it.
func ExampleReadInvocations() {
	file := "app,func,end_timestamp,duration\nA,f,12.5,0.5\nA,f,13,-1\nA,g,14,2\n"
	for row, err := range trace.ReadInvocations(strings.NewReader(file)) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(row.Function, row.End-row.Duration, row.Duration)
	}
	// Output:
	// f 12s 500ms
	// trace: invalid trace: line 3, column duration: -1, want in [0, 3.2e+08]
	// g 12s 2s
}

// A load like Azure's has a few applications that make almost all requests.
func ExampleAzure_Generate() {
	load := trace.AzureLike()
	load.Functions = 1000
	functions, err := load.Generate()
	if err != nil {
		fmt.Println(err)
		return
	}
	quiet := 0
	for i := range functions {
		if functions[i].Total() <= 24 {
			quiet++
		}
	}
	fmt.Printf("%d of %d functions have at most one request an hour\n", quiet, len(functions))
	// Output: 652 of 1000 functions have at most one request an hour
}
