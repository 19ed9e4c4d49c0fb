package sqs

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// Against a stable sort, with many equal times and pops in between.
func TestAgendaKeepsOrder(t *testing.T) {
	r := rng.New(1)
	type stamp struct {
		at int64
		a  int32
	}
	for range 100 {
		var q agenda
		var waiting []stamp
		for i := range int32(300) {
			if r.IntN(3) > 0 || len(waiting) == 0 {
				s := stamp{r.Int64N(20), i}
				q.push(s.at, event{a: i})
				waiting = append(waiting, s)
				continue
			}
			slices.SortStableFunc(waiting, func(a, b stamp) int { return int(a.at - b.at) })
			require.Equal(t, waiting[0].at, q.next())
			require.Equal(t, waiting[0].a, q.pop().a)
			waiting = waiting[1:]
		}
		for range waiting {
			q.pop()
		}
		require.Equal(t, int64(math.MaxInt64), q.next())
	}
}
