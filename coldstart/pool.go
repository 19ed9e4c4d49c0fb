package coldstart

import (
	"math/rand/v2"

	"cloudconcepts/internal/des"
)

// nobody is no environment.
const nobody = -1

// instance is an environment.
type instance struct {
	id      int64 // its number, from 1
	born    int64
	free    int64 // since when it is idle
	expires int64 // when it ends if it stays idle
	active  int32 // requests in it
	life    uint32
	next    int32
	before  int32
	place   int32 // in shelf.items
	shelf   uint8 // that it is in; 0 = none
	queued  uint8 // shelves that have it in their order of age, as bits

	provisioned, ready, doomed bool
}

// shelf holds environments that can take a request, in the order in which they were put there.
type shelf struct {
	number uint8
	by     Selection
	first  int32
	last   int32
	count  int
	items  []int32          // for Random
	young  des.Queue[int32] // for Newest, by -id; entries may be out of date
}

func newShelf(number uint8, by Selection) shelf {
	return shelf{number: number, by: by, first: nobody, last: nobody}
}

func (s *shelf) put(all []instance, i int32) {
	x := &all[i]
	x.shelf, x.before, x.next = s.number, s.last, nobody
	if s.last >= 0 {
		all[s.last].next = i
	} else {
		s.first = i
	}
	s.last = i
	s.count++
	switch s.by {
	case Random:
		x.place = int32(len(s.items))
		s.items = append(s.items, i)
	case Newest:
		s.rank(all, i)
	}
}

func (s *shelf) rank(all []instance, i int32) {
	x := &all[i]
	if x.queued>>s.number&1 == 1 {
		return
	}
	x.queued |= 1 << s.number
	s.young.Push(-x.id, i)
	if s.young.Len() <= 2*s.count+64 {
		return
	}
	s.young.Clear()
	for j := range all {
		all[j].queued &^= 1 << s.number
	}
	for j := s.first; j >= 0; j = all[j].next {
		all[j].queued |= 1 << s.number
		s.young.Push(-all[j].id, j)
	}
}

func (s *shelf) remove(all []instance, i int32) {
	x := &all[i]
	if x.before >= 0 {
		all[x.before].next = x.next
	} else {
		s.first = x.next
	}
	if x.next >= 0 {
		all[x.next].before = x.before
	} else {
		s.last = x.before
	}
	x.shelf = 0
	s.count--
	if s.by == Random {
		moved := s.items[len(s.items)-1]
		s.items[x.place] = moved
		all[moved].place = x.place
		s.items = s.items[:len(s.items)-1]
	}
}

// take removes the one that the policy wants; there must be one.
func (s *shelf) take(all []instance, r *rand.Rand) int32 {
	i := s.last
	switch s.by {
	case LRU:
		i = s.first
	case Random:
		i = s.items[r.IntN(len(s.items))]
	case Newest:
		i = s.youngest(all)
	}
	s.remove(all, i)
	return i
}

func (s *shelf) youngest(all []instance) int32 {
	for s.young.Len() > 0 {
		key, i := s.young.Pop()
		x := &all[i]
		if x.id != -key {
			continue
		}
		x.queued &^= 1 << s.number
		if x.shelf == s.number {
			return i
		}
	}
	return s.last
}
