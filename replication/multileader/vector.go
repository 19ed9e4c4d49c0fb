package multileader

import "maps"

// VersionVector counts the events of each replica that something knows of. The zero value knows of none, and can be read; a
// replica is named by any text. Its methods that change it do so in place.
type VersionVector map[string]uint64

// Order is how two vectors are to one another.
type Order int

// The four orders.
const (
	Equal      Order = iota
	Before           // the other one knows all that this one does, and more
	After            // the reverse
	Concurrent       // each knows of something that the other does not: a conflict
)

// String is the order in lower case.
func (o Order) String() string {
	switch o {
	case Equal:
		return "equal"
	case Before:
		return "before"
	case After:
		return "after"
	default:
		return "concurrent"
	}
}

// Compare tells how v is to w.
func (v VersionVector) Compare(w VersionVector) Order {
	less, more := false, false
	for replica, n := range v {
		more = more || n > w[replica]
	}
	for replica, n := range w {
		less = less || n > v[replica]
	}
	switch {
	case less && more:
		return Concurrent
	case less:
		return Before
	case more:
		return After
	}
	return Equal
}

// Merge is a vector that knows what either does; v and w stay as they are.
func (v VersionVector) Merge(w VersionVector) VersionVector {
	merged := make(VersionVector, max(len(v), len(w)))
	maps.Copy(merged, v)
	for replica, n := range w {
		merged[replica] = max(merged[replica], n)
	}
	return merged
}

// A dot is one event of a replica.
type dot struct {
	replica string
	number  uint64
}

func (v VersionVector) covers(d dot) bool { return v[d.replica] >= d.number }

// next is the next event of a replica, which the vector knows of from now on.
func (v *VersionVector) next(replica string) dot {
	if *v == nil {
		*v = VersionVector{}
	}
	(*v)[replica]++
	return dot{replica, (*v)[replica]}
}

// Siblings is a register that keeps values that do not know of one another side by side. The zero value is empty. It is not safe for
// concurrent use; neither are the other types here.
type Siblings[V any] struct {
	context VersionVector
	values  map[dot]V
}

// Put replaces all values here by one.
func (s *Siblings[V]) Put(replica string, value V) {
	s.values = map[dot]V{s.context.next(replica): value}
}

// Values are the siblings, in no order: one if there is no conflict.
func (s *Siblings[V]) Values() []V {
	var list []V
	for _, value := range s.values {
		list = append(list, value)
	}
	return list
}

// Context is what the register knows of.
func (s *Siblings[V]) Context() VersionVector { return maps.Clone(s.context) }

// Merge takes in what another replica has: a value stays if both have it, or if the one that does not have it has never known of it.
func (s *Siblings[V]) Merge(other *Siblings[V]) {
	kept := map[dot]V{}
	keep(kept, s.values, other.values, other.context)
	keep(kept, other.values, s.values, s.context)
	s.context, s.values = s.context.Merge(other.context), kept
}

func keep[V any](kept, mine, others map[dot]V, known VersionVector) {
	for d, value := range mine {
		if _, both := others[d]; both || !known.covers(d) {
			kept[d] = value
		}
	}
}
