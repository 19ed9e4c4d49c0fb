package multileader

import (
	"iter"
	"maps"
)

// GCounter only grows: each replica counts its own increments, and merging takes the greatest count of each (Shapiro, Preguiça, Baquero and
// Zawirski, 2011). The zero value is 0.
type GCounter struct{ counts VersionVector }

// Add adds n at a replica.
func (c *GCounter) Add(replica string, n uint64) {
	if c.counts == nil {
		c.counts = VersionVector{}
	}
	c.counts[replica] += n
}

// Value is the sum.
func (c *GCounter) Value() uint64 {
	var sum uint64
	for _, n := range c.counts {
		sum += n
	}
	return sum
}

// Merge takes in what another replica has.
func (c *GCounter) Merge(other *GCounter) { c.counts = c.counts.Merge(other.counts) }

// Equal tells whether both hold the same counts.
func (c *GCounter) Equal(other *GCounter) bool { return c.counts.Compare(other.counts) == Equal }

// Clone is a copy that changes on its own.
func (c *GCounter) Clone() GCounter { return GCounter{maps.Clone(c.counts)} }

// PNCounter also goes down: a GCounter of what was added and one of what was taken away. The zero value is 0.
type PNCounter struct{ up, down GCounter }

// Add adds n at a replica; n may be negative.
func (c *PNCounter) Add(replica string, n int64) {
	if n >= 0 {
		c.up.Add(replica, uint64(n))
	} else {
		c.down.Add(replica, -uint64(n))
	}
}

// Value is the difference.
func (c *PNCounter) Value() int64 { return int64(c.up.Value() - c.down.Value()) }

// Merge takes in what another replica has.
func (c *PNCounter) Merge(other *PNCounter) {
	c.up.Merge(&other.up)
	c.down.Merge(&other.down)
}

// Equal tells whether both hold the same counts.
func (c *PNCounter) Equal(other *PNCounter) bool {
	return c.up.Equal(&other.up) && c.down.Equal(&other.down)
}

// Clone is a copy that changes on its own.
func (c *PNCounter) Clone() PNCounter { return PNCounter{c.up.Clone(), c.down.Clone()} }

// LWWRegister keeps the value with the greatest timestamp, of equal ones that of the replica whose name comes last. Its replicas agree if
// no replica uses a timestamp twice. The zero value is older than any.
type LWWRegister[V comparable] struct {
	value   V
	at      int64
	replica string
	set     bool
}

// Set writes a value; it tells whether the value is kept. One that is not has vanished.
func (r *LWWRegister[V]) Set(replica string, at int64, value V) bool {
	if r.set && (r.at > at || r.at == at && r.replica >= replica) {
		return false
	}
	*r = LWWRegister[V]{value, at, replica, true}
	return true
}

// Value is what is kept, and whether anything is.
func (r *LWWRegister[V]) Value() (value V, ok bool) { return r.value, r.set }

// Merge takes in what another replica has.
func (r *LWWRegister[V]) Merge(other *LWWRegister[V]) {
	if other.set {
		r.Set(other.replica, other.at, other.value)
	}
}

// Equal tells whether both hold the same.
func (r *LWWRegister[V]) Equal(other *LWWRegister[V]) bool { return *r == *other }

// ORSet is a set in which an element that is added and removed at once stays: removing takes only those additions away that the replica has
// seen. It keeps no tombstones: what a replica knows of and no longer has is removed (Bieniusa and others, 2012). The zero
// value is empty.
type ORSet[E comparable] struct {
	context   VersionVector
	additions map[E]map[dot]bool // those that hold; no element without one
}

// Add adds an element at a replica.
func (s *ORSet[E]) Add(replica string, element E) {
	if s.additions == nil {
		s.additions = map[E]map[dot]bool{}
	}
	s.additions[element] = map[dot]bool{s.context.next(replica): true} // it stands for those seen before
}

// Remove takes an element away, as far as this replica has seen it.
func (s *ORSet[E]) Remove(element E) { delete(s.additions, element) }

// Contains tells whether an element is in the set.
func (s *ORSet[E]) Contains(element E) bool { return s.additions[element] != nil }

// Len is how many elements there are.
func (s *ORSet[E]) Len() int { return len(s.additions) }

// All are the elements, in no order.
func (s *ORSet[E]) All() iter.Seq[E] { return maps.Keys(s.additions) }

// Merge takes in what another replica has.
func (s *ORSet[E]) Merge(other *ORSet[E]) {
	merged := map[E]map[dot]bool{}
	for element := range s.additions {
		s.mergeOne(merged, other, element)
	}
	for element := range other.additions {
		if s.additions[element] == nil {
			s.mergeOne(merged, other, element)
		}
	}
	s.context, s.additions = s.context.Merge(other.context), merged
}

func (s *ORSet[E]) mergeOne(merged map[E]map[dot]bool, other *ORSet[E], element E) {
	kept := map[dot]bool{}
	keep(kept, s.additions[element], other.additions[element], other.context)
	keep(kept, other.additions[element], s.additions[element], s.context)
	if len(kept) > 0 {
		merged[element] = kept
	}
}

// Equal tells whether both hold the same additions and know of the same.
func (s *ORSet[E]) Equal(other *ORSet[E]) bool {
	return s.context.Compare(other.context) == Equal && maps.EqualFunc(s.additions, other.additions, maps.Equal)
}

// Clone is a copy that changes on its own.
func (s *ORSet[E]) Clone() ORSet[E] {
	additions := make(map[E]map[dot]bool, len(s.additions))
	for element, dots := range s.additions {
		additions[element] = maps.Clone(dots)
	}
	return ORSet[E]{maps.Clone(s.context), additions}
}
