package multileader

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"cloudconcepts/internal/rng"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mergeable is what a state-based replicated type has; T is the type itself.
type mergeable[T any] interface {
	*T
	Merge(*T)
	Equal(*T) bool
	Clone() T
}

func (r *LWWRegister[V]) Clone() LWWRegister[V] { return *r }

func (s *Siblings[V]) Clone() Siblings[V] {
	return Siblings[V]{maps.Clone(s.context), maps.Clone(s.values)}
}

func (s *Siblings[V]) Equal(other *Siblings[V]) bool {
	return s.context.Compare(other.context) == Equal && len(s.values) == len(other.values) && func() bool {
		for d := range s.values {
			if _, ok := other.values[d]; !ok {
				return false
			}
		}
		return true
	}()
}

// laws runs random histories of three replicas that change their states and now and then merge another's, and checks that merging is
// commutative, associative and idempotent, takes nothing back, and that all replicas agree once all have merged all.
func laws[T any, P mergeable[T]](t *testing.T, change func(P, int, *rand.Rand)) {
	t.Helper()
	rounds := 400
	if testing.Short() {
		rounds = 50
	}
	for seed := range uint64(rounds) {
		r := rng.New(seed)
		var states [3]T
		for range r.IntN(40) {
			i := r.IntN(3)
			if r.IntN(3) == 0 {
				j := r.IntN(3)
				other := P(&states[j]).Clone()
				P(&states[i]).Merge(&other)
			} else {
				change(&states[i], i, r)
			}
		}
		obeys[T, P](t, &states)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func obeys[T any, P mergeable[T]](t *testing.T, states *[3]T) {
	t.Helper()
	merged := func(a, b T) T {
		a = P(&a).Clone()
		P(&a).Merge(&b)
		return a
	}
	equal := func(law string, a, b T) { assert.True(t, P(&a).Equal(&b), "%s: %+v %+v", law, a, b) }
	a, b, c := states[0], states[1], states[2]
	before := P(&b).Clone()
	equal("commutative", merged(a, b), merged(b, a))
	equal("associative", merged(merged(a, b), c), merged(a, merged(b, c)))
	equal("idempotent", merged(a, a), a)
	equal("nothing taken back", merged(merged(a, b), a), merged(a, b))
	equal("the other stays as it is", b, before)
	var zero T
	equal("zero", merged(a, zero), a)
	equal("zero", merged(zero, a), a)
	all := merged(merged(a, b), c)
	for _, order := range [][3]T{{a, c, b}, {b, a, c}, {b, c, a}, {c, a, b}, {c, b, a}} {
		equal("convergence", merged(merged(order[0], order[1]), order[2]), all)
	}
}

func name(i int) string { return string(rune('a' + i)) }

func TestLawsOfMerging(t *testing.T) {
	t.Run("g-counter", func(t *testing.T) {
		laws[GCounter](t, func(c *GCounter, i int, r *rand.Rand) { c.Add(name(i), r.Uint64N(5)) })
	})
	t.Run("pn-counter", func(t *testing.T) {
		laws[PNCounter](t, func(c *PNCounter, i int, r *rand.Rand) { c.Add(name(i), r.Int64N(9)-4) })
	})
	t.Run("or-set", func(t *testing.T) {
		laws[ORSet[int]](t, func(s *ORSet[int], i int, r *rand.Rand) {
			if r.IntN(3) == 0 {
				s.Remove(r.IntN(4))
			} else {
				s.Add(name(i), r.IntN(4))
			}
		})
	})
	t.Run("lww-register", func(t *testing.T) {
		at := int64(0) // clocks that jump about, and never give one replica the same time twice
		laws[LWWRegister[int64]](t, func(s *LWWRegister[int64], i int, r *rand.Rand) {
			at += 10
			s.Set(name(i), at+r.Int64N(4)*1000, at)
		})
	})
	t.Run("siblings", func(t *testing.T) {
		laws[Siblings[int]](t, func(s *Siblings[int], i int, r *rand.Rand) { s.Put(name(i), r.IntN(1000)) })
	})
}

// Counters hold the sum of all that was added anywhere, however the replicas heard of it.
func TestCountersAreExact(t *testing.T) {
	for seed := range uint64(40) {
		r := rng.New(seed)
		var up [4]GCounter
		var both [4]PNCounter
		var sum uint64
		var net int64
		for range 200 {
			i, j := r.IntN(4), r.IntN(4)
			n := r.Int64N(7)
			sum += uint64(n)
			net += n - 3
			up[i].Add(name(i), uint64(n))
			both[i].Add(name(i), n-3)
			up[j].Merge(&up[i])
			both[i].Merge(&both[j])
		}
		for i := range up {
			up[0].Merge(&up[i])
			both[0].Merge(&both[i])
		}
		require.Equal(t, sum, up[0].Value())
		require.Equal(t, net, both[0].Value())
	}
	var c PNCounter
	c.Add("a", math.MinInt64)
	assert.Equal(t, int64(math.MinInt64), c.Value())
	c.Add("b", math.MaxInt64)
	assert.Equal(t, int64(-1), c.Value())
}

// One replica alone is a set of the standard kind.
func TestORSetAgainstAMap(t *testing.T) {
	r := rng.New(1)
	var s ORSet[int]
	want := map[int]bool{}
	for range 2000 {
		e := r.IntN(20)
		if r.IntN(2) == 0 {
			s.Add("a", e)
			want[e] = true
		} else {
			s.Remove(e)
			delete(want, e)
		}
		require.Equal(t, want[e], s.Contains(e))
		require.Equal(t, len(want), s.Len())
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(s.All()))
}

// An addition that a remover has not seen stays; one that it has seen goes everywhere.
func TestAdditionWins(t *testing.T) {
	var a, b ORSet[string]
	a.Add("a", "x")
	b.Merge(&a)
	b.Remove("x")
	a.Add("a", "x") // again, at the same time
	a.Merge(&b)
	b.Merge(&a)
	assert.True(t, a.Contains("x") && b.Contains("x"))
	b.Remove("x")
	a.Merge(&b)
	assert.False(t, a.Contains("x"))
	assert.True(t, a.Equal(&b))
	assert.Zero(t, a.Len())
}

func TestSiblings(t *testing.T) {
	var a, b Siblings[string]
	a.Put("a", "milk")
	b.Merge(&a)
	a.Put("a", "milk, eggs")
	b.Put("b", "milk, flour")
	a.Merge(&b)
	assert.ElementsMatch(t, []string{"milk, eggs", "milk, flour"}, a.Values())
	a.Put("a", "milk, eggs, flour")
	b.Merge(&a)
	assert.Equal(t, []string{"milk, eggs, flour"}, b.Values())
	assert.Equal(t, VersionVector{"a": 3, "b": 1}, b.Context())
}

func TestVersionVector(t *testing.T) {
	for _, x := range []struct {
		v, w VersionVector
		want Order
	}{
		{nil, nil, Equal},
		{nil, VersionVector{"a": 0}, Equal},
		{VersionVector{"a": 1}, VersionVector{"a": 1, "b": 1}, Before},
		{VersionVector{"a": 2}, VersionVector{"a": 1}, After},
		{VersionVector{"a": 2}, VersionVector{"a": 1, "b": 1}, Concurrent},
	} {
		assert.Equal(t, x.want, x.v.Compare(x.w), "%v %v", x.v, x.w)
	}
	assert.Equal(t, VersionVector{"a": 2, "b": 1}, VersionVector{"a": 2}.Merge(VersionVector{"a": 1, "b": 1}))
	assert.Equal(t, "equal before after concurrent", fmt.Sprint(Equal, Before, After, Concurrent))
}

func TestLWWRegister(t *testing.T) {
	var a, b LWWRegister[string]
	_, ok := a.Value()
	assert.False(t, ok)
	assert.True(t, a.Set("a", 10, "first"))
	b.Merge(&a)
	assert.False(t, b.Set("b", 9, "second, by a clock that is behind"))
	assert.True(t, b.Set("b", 10, "the same time, a later name"))
	assert.False(t, b.Set("a", 10, "the same time, an earlier name"))
	a.Merge(&b)
	value, ok := a.Value()
	assert.True(t, ok)
	assert.Equal(t, "the same time, a later name", value)
}
