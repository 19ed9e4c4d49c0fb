package queue

import "cloudconcepts/internal/des"

// ends holds when the running services end, each with a bit that says whether it began in time. A time and its bit make
// one number, 2 x time + bit. Those of a few servers are kept in rising order, those of many in a heap with four children
// to a node. Of services that end at one time it does not matter which comes first.
type ends struct {
	heap []int64
	few  bool
}

// fewServers are so few that it is cheapest to go past all of them without a branch.
const fewServers = 8

// Times are below 2 x des.Forever, so that twice a time fits.
const _ = uint64(4*des.Forever - 1)

func endOf(at int64, punctual bool) int64 {
	if punctual {
		return 2*at + 1
	}
	return 2 * at
}

// next is the earliest end, noEvent if there is none.
func (q *ends) next() int64 {
	if len(q.heap) == 0 {
		return noEvent
	}
	return q.heap[0] >> 1
}

func (q *ends) push(e int64) {
	q.heap = append(q.heap, e)
	if q.few {
		last := len(q.heap) - 1
		for i, other := range q.heap[:last] {
			q.heap[i], e = min(other, e), max(other, e)
		}
		q.heap[last] = e
		return
	}
	h := q.heap
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if h[parent] <= e {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = e
}

// pop takes the earliest end out.
func (q *ends) pop() {
	last := len(q.heap) - 1
	if q.few {
		copy(q.heap, q.heap[1:])
		q.heap = q.heap[:last]
		return
	}
	e := q.heap[last]
	q.heap = q.heap[:last]
	if last > 0 {
		q.replace(e)
	}
}

// replace puts another end in the place of the earliest.
func (q *ends) replace(e int64) {
	h := q.heap
	if q.few {
		sink(h, e)
		return
	}
	i := 0
	for {
		child := 4*i + 1
		if child+3 >= len(h) {
			q.settle(i, e)
			return
		}
		four := (*[4]int64)(h[child:])
		a, b := child, four[0]
		if four[1] < b {
			a, b = child+1, four[1]
		}
		c, d := child+2, four[2]
		if four[3] < d {
			c, d = child+3, four[3]
		}
		if d < b {
			a, b = c, d
		}
		if e <= b {
			break
		}
		h[i] = b
		i = a
	}
	h[i] = e
}

// sink puts e in the place of the first of a rising list and moves it to where it belongs.
func sink(h []int64, e int64) {
	for i := 1; i < len(h); i++ {
		h[i-1], e = min(h[i], e), max(h[i], e)
	}
	h[len(h)-1] = e
}

// settle puts e at i, whose children are fewer than four and have none themselves, or below.
func (q *ends) settle(i int, e int64) {
	h := q.heap
	least := i
	for c := 4*i + 1; c < len(h); c++ {
		if h[c] < e && (least == i || h[c] < h[least]) {
			least = c
		}
	}
	h[i] = h[least]
	h[least] = e
}
