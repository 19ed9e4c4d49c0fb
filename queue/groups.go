package queue

import (
	"math"

	"cloudconcepts/internal/stats"
)

// sumOf adds up at most blockSize numbers >= 0.
func sumOf(values []int64) (a stats.Sum) {
	sum, any := int64(0), int64(0)
	for _, v := range values {
		sum += v
		any |= v
	}
	if any < math.MaxInt64/blockSize {
		a.Add(sum)
		return a
	}
	for _, v := range values {
		a.Add(v)
	}
	return a
}

// groups passes the means of groups of 16 numbers on to batch means, which need no more.
type groups struct {
	means stats.BatchMeans
	sum   float64
	n     int
}

const groupSize = 16

func (g *groups) add(v int64) {
	g.sum += float64(v)
	if g.n++; g.n == groupSize {
		g.pass()
	}
}

// addAll is add for many.
func (g *groups) addAll(values []int64) {
	for len(values) > 0 {
		some := values[:min(len(values), groupSize-g.n)]
		for _, v := range some {
			g.sum += float64(v)
		}
		if g.n += len(some); g.n == groupSize {
			g.pass()
		}
		values = values[len(some):]
	}
}

func (g *groups) pass() {
	g.means.Add(g.sum / groupSize)
	g.sum, g.n = 0, 0
}
