package main

import (
	"fmt"
	"io"
	"sync"
)

// A finished list says which concepts are done, one line each, where no terminal shows a bar.
type finished struct {
	mu    sync.Mutex
	out   io.Writer
	total map[string]int // studies of each concept
	done  map[string]int
}

func newFinished(out io.Writer) *finished {
	return &finished{out: out, total: map[string]int{}, done: map[string]int{}}
}

// report says that a study of the concept has ended.
func (f *finished) report(concept string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done[concept]++
	if n := f.total[concept]; f.done[concept] == n {
		fmt.Fprintf(f.out, "%s: %d of %d\n", concept, n, n)
	}
}
