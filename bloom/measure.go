package bloom

import (
	"context"
	"fmt"
	"runtime"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/par"
)

// Measure builds filters, fills them with generated keys and asks them for keys
// that were not added. The same Config gives the same Result, on any number of
// processors.
func Measure(ctx context.Context, c Config) (Result, error) { return measure(ctx, c, nil) }

// MeasureKeys is Measure with real keys, of which Config.Keys must be the
// number. The absent keys are generated, and different from all of them; every
// filter hashes with a seed of its own.
func MeasureKeys(ctx context.Context, c Config, set KeySet) (Result, error) {
	if c.Keys != set.Distinct() {
		return Result{}, fmt.Errorf("%w: Keys = %d, want %d, the number of different keys in the set", ErrInvalidConfig, c.Keys, set.Distinct())
	}
	return measure(ctx, c, &set)
}

func measure(ctx context.Context, c Config, set *KeySet) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	r := predict(c)
	tallies, err := count(ctx, c, set)
	if err != nil {
		return Result{}, err
	}
	r.take(tallies)
	if set != nil {
		r.KeyLines, r.EmptyLines, r.DuplicateKeys = set.Lines, set.Empty, set.Duplicates
	}
	r.warn()
	return r, nil
}

// tally is what the lookups of one filter gave.
type tally struct {
	absent, falsePositives   uint64
	present, falseNegatives  uint64
	testedAbsent, testedKeys uint64
	ones                     uint64
}

func (t *tally) add(u tally) {
	t.absent += u.absent
	t.falsePositives += u.falsePositives
	t.present += u.present
	t.falseNegatives += u.falseNegatives
	t.testedAbsent += u.testedAbsent
	t.testedKeys += u.testedKeys
}

const (
	batches   = 256     // of filters; a batch uses the memory of one filter
	sideBytes = 1 << 30 // of filters side by side; as much again may wait for the garbage collector
	chunk     = 1 << 20 // lookups in one piece of work
	heartbeat = 1 << 16 // keys between looks at the context
)

// count measures every filter. Filters are measured side by side if there are
// enough and they fit into memory together; otherwise one after another, and
// their lookups side by side. The tallies are the same either way.
func count(ctx context.Context, c Config, set *KeySet) ([]tally, error) {
	workers := runtime.GOMAXPROCS(0)
	bytes := c.shape().BuiltBits() / 8
	tallies := make([]tally, c.Filters)
	if c.Filters < workers || bytes*uint64(workers) > sideBytes {
		return tallies, countRange(ctx, c, set, tallies, 0, par.Each)
	}
	n := min(batches, c.Filters)
	return tallies, par.Each(ctx, n, func(ctx context.Context, i int) error {
		from, to := i*c.Filters/n, (i+1)*c.Filters/n
		return countRange(ctx, c, set, tallies[from:to], from, each)
	})
}

// run does pieces of work 0..n-1, side by side or not.
type run func(ctx context.Context, n int, work func(ctx context.Context, i int) error) error

// each is par.Each on one goroutine.
func each(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	for i := range n {
		if err := work(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// countRange measures filters one after another, in the memory of one.
func countRange(ctx context.Context, c Config, set *KeySet, tallies []tally, first int, do run) error {
	f, err := filter.New(c.shape())
	if err != nil {
		return err
	}
	for i := range tallies {
		if i > 0 {
			f.Reset()
		}
		k := keysOf(c.Seed, first+i, set)
		if err := fill(ctx, f, k, c.Keys); err != nil {
			return err
		}
		if tallies[i], err = ask(ctx, c, f, k, first+i, do); err != nil {
			return err
		}
		tallies[i].ones = f.Ones()
	}
	return nil
}

func fill(ctx context.Context, f filter.Filter, k keys, n uint64) error {
	for from := uint64(0); from < n; from += heartbeat {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for i := from; i < min(from+heartbeat, n); i++ {
			f.Add(k.present(i))
		}
	}
	return ctx.Err()
}

// ask looks up all present keys and then the absent ones, in chunks.
func ask(ctx context.Context, c Config, f filter.Filter, k keys, filter int, do run) (tally, error) {
	queries := uint64(c.Queries)
	present := (c.Keys + chunk - 1) / chunk
	pieces := present + (queries+chunk-1)/chunk
	parts := make([]tally, pieces)
	err := do(ctx, int(pieces), func(ctx context.Context, i int) error {
		p := uint64(i)
		var err error
		if p < present {
			parts[i], err = askPresent(ctx, f, k, p*chunk, min((p+1)*chunk, c.Keys))
			return err
		}
		p -= present
		l := newLookups(c, k, filter, p*chunk)
		parts[i], err = askAbsent(ctx, f, l, min((p+1)*chunk, queries))
		return err
	})
	var t tally
	for _, part := range parts {
		t.add(part)
	}
	return t, err
}

func askPresent(ctx context.Context, f filter.Filter, k keys, from, to uint64) (tally, error) {
	t := tally{present: to - from}
	for i := from; i < to; i++ {
		if i%heartbeat == 0 && ctx.Err() != nil {
			return t, ctx.Err()
		}
		tested, found := f.Probe(k.present(i))
		t.testedKeys += uint64(tested)
		if !found {
			t.falseNegatives++
		}
	}
	return t, nil
}

func askAbsent(ctx context.Context, f filter.Filter, l *lookups, to uint64) (tally, error) {
	t := tally{absent: to - l.next}
	for l.next < to {
		if l.next%heartbeat == 0 && ctx.Err() != nil {
			return t, ctx.Err()
		}
		tested, found := f.Probe(l.hash())
		t.testedAbsent += uint64(tested)
		if found {
			t.falsePositives++
		}
	}
	return t, nil
}
