// Command peers measures the module beside its bare loops and beside other libraries, and writes the tables of BENCHMARKS.md.
package main

import (
	"context"
	"fmt"
	"os"
)

// python is Debian's, which has SimPy from the package python3-simpy3.
const python = "/usr/bin/python3"

// root is the folder of the module, seen from this one.
const root = "../.."

// rounds is how often each pair is measured.
const rounds = 9

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, tables []string) error {
	for _, table := range tables {
		var text string
		var err error
		switch table {
		case "simpy":
			text, err = simpyTable(ctx, rounds)
		case "filters":
			text, err = filterTables(rounds)
		}
		if err != nil {
			return err
		}
		fmt.Println(text)
	}
	return nil
}
