// Command peers measures the module beside its bare loops and beside other libraries, and writes the tables of BENCHMARKS.md:
// those that are named, or all.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"
)

const (
	// python is Debian's, which has SimPy from the package python3-simpy3.
	python = "/usr/bin/python3"
	// root is the folder of the module, seen from this one.
	root = "../.."
	// rounds is how often each pair is measured.
	rounds = 9
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, names []string) error {
	for _, part := range []struct {
		name string
		make func() (string, error)
	}{
		{"machine", machine},
		{"simpy", func() (string, error) { return simpyTable(ctx, rounds) }},
		{"filters", func() (string, error) { return filterTables(rounds) }},
		{"bare", func() (string, error) { return bareTable(ctx, rounds) }},
	} {
		if len(names) > 0 && !slices.Contains(names, part.name) {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring:", part.name)
		text, err := part.make()
		if err != nil {
			return err
		}
		if err := write(part.name, text); err != nil {
			return err
		}
	}
	return nil
}
