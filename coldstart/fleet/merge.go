package fleet

import (
	"cmp"
	"math"
	"slices"

	"cloudconcepts/coldstart/trace"
)

// merge goes through the arrivals of several functions in order of time, equal ones in order of the functions. It holds one
// minute of them.
type merge struct {
	cursors []trace.Cursor
	next    []int // the next minute of each
	list    []trace.Arrival
	spare   []trace.Arrival
}

// start begins with functions [u.first, u.end).
func (m *merge) start(functions []trace.Function, u unit, spread trace.Spread, seed uint64) {
	m.cursors, m.next = m.cursors[:0], m.next[:0]
	for i := u.first; i < u.end; i++ {
		c := functions[i].Cursor(spread, seed, i)
		m.cursors = append(m.cursors, c)
		m.next = append(m.next, c.Minute())
	}
}

// minute gives the arrivals of the next minute that has some, or nothing at the end. The list holds until the next call.
func (m *merge) minute() []trace.Arrival {
	now := slices.Min(m.next)
	if now == math.MaxInt {
		return nil
	}
	m.list = m.list[:0]
	parts := 0
	for i, at := range m.next {
		if at == now {
			m.list = m.cursors[i].Append(m.list)
			m.next[i] = m.cursors[i].Minute()
			parts++
		}
	}
	if parts > 1 {
		m.sort(int64(now) * trace.Minute)
	}
	return m.list
}

const digit = 12 // bits; three of them hold a minute in ns

// sort is stable: by insertion for few, else by radix.
func (m *merge) sort(start int64) {
	if len(m.list) < 1<<10 {
		slices.SortStableFunc(m.list, func(a, b trace.Arrival) int { return cmp.Compare(a.At, b.At) })
		return
	}
	m.spare = slices.Grow(m.spare[:0], len(m.list))[:len(m.list)]
	for shift := 0; shift < 3*digit; shift += digit {
		var place [1 << digit]int32
		for i := range m.list {
			place[(m.list[i].At-start)>>shift&(1<<digit-1)]++
		}
		sum := int32(0)
		for i, n := range place {
			place[i] = sum
			sum += n
		}
		for _, a := range m.list {
			p := &place[(a.At-start)>>shift&(1<<digit-1)]
			m.spare[*p] = a
			*p++
		}
		m.list, m.spare = m.spare, m.list
	}
}
