package des

import "math"

// Queue holds events that carry a P, earliest first; events of one time leave in the order in which they were pushed.
// It is a 4-ary heap of values: nothing is boxed, and nothing is allocated once it has grown to the most events that
// were ever waiting. The zero value is an empty queue.
type Queue[P any] struct {
	heap []event[P]
	seq  uint64
}

type event[P any] struct {
	at   int64
	seq  uint64
	what P
}

// Len is how many events wait.
func (q *Queue[P]) Len() int { return len(q.heap) }

// Next is the time of the earliest event, or math.MaxInt64 if there is none.
func (q *Queue[P]) Next() int64 {
	if len(q.heap) == 0 {
		return math.MaxInt64
	}
	return q.heap[0].at
}

// Push adds an event.
func (q *Queue[P]) Push(at int64, what P) {
	e := event[P]{at, q.seq, what}
	q.seq++
	q.heap = append(q.heap, e)
	i := len(q.heap) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if p := &q.heap[parent]; p.at < at || p.at == at && p.seq < e.seq {
			break
		}
		q.heap[i] = q.heap[parent]
		i = parent
	}
	q.heap[i] = e
}

// Pop takes the earliest event out. The queue must not be empty.
func (q *Queue[P]) Pop() (at int64, what P) {
	top := q.heap[0]
	last := len(q.heap) - 1
	e := q.heap[last]
	q.heap[last] = event[P]{}
	q.heap = q.heap[:last]
	if last > 0 {
		q.sink(e)
	}
	return top.at, top.what
}

// Clear removes all events and keeps the room that they had.
func (q *Queue[P]) Clear() {
	clear(q.heap)
	q.heap = q.heap[:0]
}

// sink puts e where it belongs, from the root down.
func (q *Queue[P]) sink(e event[P]) {
	h := q.heap
	i := 0
	for {
		child := 4*i + 1
		if child >= len(h) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(h)); c++ {
			if h[c].at < h[least].at || h[c].at == h[least].at && h[c].seq < h[least].seq {
				least = c
			}
		}
		if e.at < h[least].at || e.at == h[least].at && e.seq < h[least].seq {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = e
}
