package bloom

import (
	"math/rand/v2"

	"cloudconcepts/internal/rng"
)

// lookups are a chunk of the lookups of absent keys of one filter.
type lookups struct {
	c    Config
	keys keys
	next uint64
	rand *rand.Rand // nil for Fresh
	zipf *rand.Zipf
}

func newLookups(c Config, k keys, filter int, from uint64) *lookups {
	l := &lookups{c: c, keys: k, next: from}
	if c.Absent == Fresh {
		return l
	}
	l.rand = rng.New(c.Seed, uint64(filter), purposeLookups, from/chunk)
	if c.Absent == Repeated {
		l.zipf = rand.NewZipf(l.rand, c.Zipf, 1, uint64(c.Distinct-1))
	}
	return l
}

// hash is that of the next key asked for.
func (l *lookups) hash() uint64 {
	i := l.next
	l.next++
	switch l.c.Absent {
	case Repeated:
		return l.keys.absent(l.zipf.Uint64())
	case Overlapping:
		if l.rand.Float64() < l.c.Overlap {
			return l.keys.present(l.rand.Uint64N(l.c.Keys))
		}
	}
	return l.keys.absent(i)
}
