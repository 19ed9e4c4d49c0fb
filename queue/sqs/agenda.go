package sqs

import (
	"math"
	"math/bits"
)

// agenda holds the events that have a time of their own, earliest first, those of one time in the order in which they
// were added. It is a heap with four children a node, like des.Queue, whose comparisons do not branch: which of four
// times is the earliest cannot be predicted, and guessing wrong costs more than the rest of an event.
type agenda struct {
	heap []entry
	seq  uint64
}

type entry struct {
	at  int64
	seq uint64
	event
}

// before is 1 if e comes before f and else 0. Times are not negative.
func (e *entry) before(f *entry) int {
	_, borrow := bits.Sub64(e.seq, f.seq, 0)
	_, borrow = bits.Sub64(uint64(e.at), uint64(f.at), borrow)
	return int(borrow)
}

// next is the time of the earliest event, or math.MaxInt64.
func (q *agenda) next() int64 {
	if len(q.heap) == 0 {
		return math.MaxInt64
	}
	return q.heap[0].at
}

// push adds an event.
func (q *agenda) push(at int64, what event) {
	e := entry{at, q.seq, what}
	q.seq++
	q.heap = append(q.heap, e)
	h := q.heap
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if h[parent].at <= at {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = e
}

// pop takes the earliest event out; there must be one.
func (q *agenda) pop() event {
	h := q.heap
	top := h[0].event
	e := h[len(h)-1]
	h = h[:len(h)-1]
	q.heap = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for 4*i+1 < len(h) {
		least := 4*i + 1
		if least+4 <= len(h) {
			four := (*[4]entry)(h[least:])
			x := four[1].before(&four[0])
			y := 2 + four[3].before(&four[2])
			least += x + (y-x)*four[y&3].before(&four[x&3])
		} else {
			least = earliest(h, least)
		}
		if e.before(&h[least]) == 1 {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = e
	return top
}

// earliest is the place of the earliest of the last events, from a place on.
func earliest(h []entry, from int) int {
	least := from
	for i := from + 1; i < len(h); i++ {
		least += (i - least) * h[i].before(&h[least])
	}
	return least
}
