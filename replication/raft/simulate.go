package raft

import (
	"context"
	"fmt"

	"cloudconcepts/internal/par"
)

// blockSize elections share their streams of random numbers; waveSize blocks are at work before they are added up.
const (
	blockSize = 1 << 14
	waveSize  = 64
)

// Simulate runs c. The same Config gives the same Result on any number of processors. An election that
// cannot end is no error: see Result.Blocked and Result.Cause.
func Simulate(c Config) (Result, error) { return SimulateContext(context.Background(), c) }

// SimulateContext is Simulate that ends early, with the context's error, when the context does.
func SimulateContext(ctx context.Context, c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	r := Result{Config: c, Warnings: c.warnings()}
	if cause := c.hopeless(); cause != "" {
		r.Blocked, r.Cause = c.Elections, cause
		return r, nil
	}
	var sum tally
	blocks := (c.Elections + blockSize - 1) / blockSize
	for first := 0; first < blocks; first += waveSize {
		wave, err := par.Map(ctx, min(waveSize, blocks-first), func(_ context.Context, i int) (*tally, error) {
			return c.block(first + i), nil
		})
		if err != nil {
			return Result{}, err
		}
		for _, t := range wave {
			sum.merge(t)
		}
	}
	r.fill(&sum)
	if r.Blocked > 0 {
		r.Cause = fmt.Sprintf("no leader that a majority has heard after %d timeouts per server", c.MaxTerms)
	}
	return r, nil
}

// block runs the elections of one block.
func (c Config) block(block int) *tally {
	e := newEngine(c)
	e.seed(c.Seed, uint64(block))
	first := block * blockSize
	t := new(tally)
	for i := first; i < min(first+blockSize, c.Elections); i++ {
		if i < c.Trace {
			t.traces = append(t.traces, Trace{Election: i})
			e.trace = &t.traces[len(t.traces)-1]
		}
		ended := e.election()
		if e.trace != nil {
			e.trace.close(e, ended)
			e.trace = nil
		}
		t.add(e, ended)
	}
	return t
}

func (t *tally) add(e *engine, ended bool) {
	if !ended {
		t.blocked++
		return
	}
	elected, heard := float64(e.elected)/1e9, float64(e.now)/1e9
	t.elected.Add(e.elected)
	t.heard.Add(e.now)
	t.electedSq += elected * elected
	t.heardSq += heard * heard
	terms := e.leadTerm
	if e.rules == Dissertation {
		terms = e.electedTerm
	}
	if terms > 1 {
		t.split++
	}
	t.terms[min(int(terms), termBins)-1]++
	t.termSum += int64(terms)
	t.messages += e.messages
}

// hopeless is why no election can succeed, or nothing.
func (c Config) hopeless() string {
	if q := c.quorum(); c.Alive < q {
		return fmt.Sprintf("%d of %d servers are alive, and a majority is %d", c.Alive, c.Servers, q)
	}
	return ""
}

// warnings are about settings that are legal and hardly meant.
func (c Config) warnings() []error {
	var list []error
	least := c.TimeoutMin
	if c.Rules != Dissertation {
		least = c.ElectionTimeout
	}
	trip := 2*c.OneWay.Mean() + c.Disk.Mean()
	if trip > least.Seconds() {
		list = append(list, fmt.Errorf("a vote takes %.3g s on average, longer than the least timeout of %v: elections disturb one another", trip, least))
	}
	if c.Rules == Dissertation && c.TimeoutMin == c.TimeoutMax && c.Alive > 1 {
		list = append(list, fmt.Errorf("all timeouts are %v: without randomness split votes repeat", c.TimeoutMin))
	}
	return list
}
