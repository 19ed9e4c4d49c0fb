package des

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

type stamp struct{ at, order int64 }

// Against a stable sort, with many equal times and pops in between.
func TestQueueOrder(t *testing.T) {
	r := rng.New(1)
	for range 200 {
		var q Queue[stamp]
		var waiting []stamp
		for i := range int64(400) {
			if r.IntN(3) > 0 || q.Len() == 0 {
				s := stamp{r.Int64N(20), i}
				q.Push(s.at, s)
				waiting = append(waiting, s)
				continue
			}
			waiting = popBoth(t, &q, waiting)
		}
		for len(waiting) > 0 {
			waiting = popBoth(t, &q, waiting)
		}
		require.Zero(t, q.Len())
		require.Equal(t, int64(math.MaxInt64), q.Next())
	}
}

func popBoth(t *testing.T, q *Queue[stamp], waiting []stamp) []stamp {
	t.Helper()
	slices.SortStableFunc(waiting, func(a, b stamp) int { return int(a.at - b.at) })
	require.Equal(t, waiting[0].at, q.Next())
	at, s := q.Pop()
	require.Equal(t, waiting[0], s)
	require.Equal(t, s.at, at)
	return waiting[1:]
}

func TestQueueDoesNotAllocate(t *testing.T) {
	var q Queue[stamp]
	for i := range int64(1000) {
		q.Push(i, stamp{})
	}
	at := int64(1000)
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		q.Pop()
		q.Push(at, stamp{})
		at++
	}))
	q.Clear()
	assert.Zero(t, q.Len())
}

// Against a slice.
func TestRing(t *testing.T) {
	r := rng.New(2)
	var ring Ring[int]
	var want []int
	for i := range 20000 {
		switch k := r.IntN(9); {
		case k < 3:
			ring.PushBack(i)
			want = append(want, i)
		case k < 5:
			ring.PushFront(i)
			want = slices.Insert(want, 0, i)
		case len(want) == 0:
		case k < 7:
			require.Equal(t, want[0], ring.PopFront())
			want = want[1:]
		default:
			require.Equal(t, want[len(want)-1], ring.PopBack())
			want = want[:len(want)-1]
		}
		require.Equal(t, len(want), ring.Len())
		if len(want) > 0 {
			j := r.IntN(len(want))
			require.Equal(t, want[0], *ring.Front())
			require.Equal(t, want[len(want)-1], *ring.Back())
			require.Equal(t, want[j], *ring.At(j))
		}
	}
	ring.Clear()
	assert.Zero(t, ring.Len())
}

func TestClock(t *testing.T) {
	assert.Equal(t, int64(1_500_000_000), Nanoseconds(1.5))
	assert.Equal(t, int64(1), Nanoseconds(0.9e-9))
	for _, nothing := range []float64{0, -1, math.NaN(), math.Inf(-1), 1e-300} {
		assert.Zero(t, Nanoseconds(nothing))
	}
	for _, much := range []float64{1e10, 1e300, math.Inf(1)} {
		assert.Equal(t, int64(Forever), Nanoseconds(much))
	}
	assert.InDelta(t, 0.25, Seconds(250_000_000), 0)
}

// BenchmarkQueue holds a thousand events and replaces the earliest (the "hold" model).
func BenchmarkQueue(b *testing.B) {
	for _, size := range []int{2, 16, 1000, 100000} {
		b.Run(sizeName(size), func(b *testing.B) {
			r := rng.New(3)
			var q Queue[int32]
			for range size {
				q.Push(r.Int64N(1e9), 0)
			}
			b.ReportAllocs()
			for b.Loop() {
				at, what := q.Pop()
				q.Push(at+int64(r.Uint32()>>2), what)
			}
		})
	}
}

func sizeName(n int) string {
	return map[int]string{2: "2", 16: "16", 1000: "1k", 100000: "100k"}[n]
}
