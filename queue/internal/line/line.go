// Package line is a waiting line: who is let in, who is next, and who is thrown out.
//
// A line knows no servers and no events; its owner tells it the time. Offer brings an item in, Take hands out the next
// one together with its fate:
//
//	for {
//		it, fate := l.Take(now)
//		if fate == line.Serve { start(it) }
//		if fate != line.Discard { break } // Serve or Empty
//		lost(it)
//	}
//
// After Serve the line must be asked again, by the next free server or by the same one later, before it is said to be
// empty: that is how CoDel learns that its queue has gone. While a server is idle the line is empty, so an item that
// finds one passes by the line, if Admit lets it (only RED, which looks at every arrival, ever says no).
package line

import (
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
)

// Item is something that waits.
type Item struct {
	Arrived int64 // ns
	Work    int64 // its owner's: an index, or the work in ns
	Class   uint8 // priority class, 0 first
	Mark    uint8 // its owner's
}

// MaxClasses is the most priority classes that a line can have.
const MaxClasses = 8

// Config is what a line needs to know.
type Config struct {
	Discipline Discipline
	Full       Full
	Places     int // items that may wait, -1 = any number
	Deadline   time.Duration
	Classes    int // of Priority, [1, MaxClasses]
	Policy     Policy
}

// Verdict is what becomes of an item that is offered.
type Verdict uint8

// The verdicts.
const (
	Accepted Verdict = iota // it waits
	Rejected                // it was refused, by a full line or by RED
	Replaced                // it waits, and the item that Offer returns was thrown out for it
	Blocked                 // there is no room; offer it again after the next Take
)

// Fate is what becomes of an item that is taken.
type Fate uint8

// The fates.
const (
	Empty   Fate = iota // there is none
	Serve               // it is next
	Discard             // it is thrown out; take again
)

// Line is a waiting line; make one with New. A copy shares its items with the original.
type Line struct {
	items      des.Ring[Item] // all of them, or those of class 0; in order of arrival
	lower      []des.Ring[Item]
	n          int // items in all rings
	discipline Discipline
	full       Full
	places     int
	deadline   int64
	policy     Policy
	target     int64
	interval   int64
	codel      codel
	shed       shed
	red        red
	random     *rand.Rand
}

// New makes an empty line. Only RED draws from random, which may be nil for the others.
func New(c Config, random *rand.Rand) Line {
	l := Line{
		discipline: c.Discipline, full: c.Full, places: c.Places, deadline: int64(c.Deadline), policy: c.Policy,
		target: int64(c.Policy.Target), interval: int64(c.Policy.Interval), random: random,
		shed: shed{fresh: true}, red: red{sinceDrop: -1},
	}
	if c.Discipline == Priority {
		l.lower = make([]des.Ring[Item], max(min(c.Classes, MaxClasses), 1)-1)
	}
	return l
}

// Len is how many items wait.
func (l *Line) Len() int { return l.n }

// Full tells whether the next item would find no place.
func (l *Line) Full() bool { return l.places >= 0 && l.n >= l.places }

// Admit tells whether an item that finds an idle server, and so need not wait, is let in.
func (l *Line) Admit() bool { return l.discipline != RED || !l.redDrops() }

// Offer brings an item in, or not. With Replaced it returns the item that had to leave, else the item itself.
func (l *Line) Offer(now int64, it Item) (Verdict, Item) {
	if l.discipline == FIFO && l.places < 0 {
		l.items.PushBack(it)
		l.n++
		return Accepted, it
	}
	if !l.Admit() {
		return Rejected, it
	}
	if l.Full() {
		return l.overflow(now, it)
	}
	l.push(now, it)
	return Accepted, it
}

func (l *Line) overflow(now int64, it Item) (Verdict, Item) {
	switch {
	case l.full == Block:
		return Blocked, it
	case l.full != DropOldest || l.n == 0:
		return Rejected, it
	}
	last := l.last()
	if l.ring(it.Class) != last && it.Class > last.Front().Class {
		return Rejected, it // all that wait come before it
	}
	victim := last.PopFront()
	l.n--
	l.push(now, it)
	return Replaced, victim
}

func (l *Line) push(now int64, it Item) {
	if l.n == 0 {
		l.codel.lastEmpty = now
	}
	l.ring(it.Class).PushBack(it)
	l.n++
}

// ring is where items of a class wait.
func (l *Line) ring(class uint8) *des.Ring[Item] {
	if class == 0 || len(l.lower) == 0 {
		return &l.items
	}
	return &l.lower[min(int(class), len(l.lower))-1]
}

// first is the ring of the highest class that has items; there must be some.
func (l *Line) first() *des.Ring[Item] {
	if l.items.Len() > 0 {
		return &l.items
	}
	for i := range l.lower {
		if l.lower[i].Len() > 0 {
			return &l.lower[i]
		}
	}
	return &l.items
}

// last is the ring of the lowest class that has items.
func (l *Line) last() *des.Ring[Item] {
	for i := len(l.lower) - 1; i >= 0; i-- {
		if l.lower[i].Len() > 0 {
			return &l.lower[i]
		}
	}
	return &l.items
}

// Take hands out the next item at time now, which must not go back.
func (l *Line) Take(now int64) (Item, Fate) {
	if l.n == 0 {
		if l.discipline == CoDel {
			l.codel.empty()
		}
		return Item{}, Empty
	}
	l.n--
	switch l.discipline {
	case FIFO, RED:
		return l.items.PopFront(), Serve
	case LIFO:
		return l.items.PopBack(), Serve
	case AdaptiveLIFO:
		if l.n >= l.policy.Threshold {
			return l.items.PopBack(), Serve
		}
		return l.items.PopFront(), Serve
	case Priority:
		return l.first().PopFront(), Serve
	}
	it := l.items.PopFront()
	return it, l.Judge(now, it)
}

// Judge is the fate of an item that is next, or that was held back elsewhere until it found an empty line and an idle
// server: Serve or Discard.
func (l *Line) Judge(now int64, it Item) Fate {
	if l.managed(now, now-it.Arrived) {
		return Discard
	}
	return Serve
}

// managed asks the disciplines that throw out what is next whether they do so after such a wait.
func (l *Line) managed(now, wait int64) bool {
	switch l.discipline {
	case Expire:
		return l.deadline > 0 && wait > l.deadline
	case CoDel:
		return l.codel.drops(now, wait, l.n, l.target, l.interval)
	case CoDelFacebook:
		return l.shed.drops(now, wait, l.target, l.interval)
	case CoDelTimeout:
		return l.timedOut(now, wait)
	}
	return false
}

// Oldest is when the item that has waited longest arrived, or now if none waits.
func (l *Line) Oldest(now int64) int64 {
	oldest := now
	if l.items.Len() > 0 {
		oldest = min(oldest, l.items.Front().Arrived)
	}
	for i := range l.lower {
		if l.lower[i].Len() > 0 {
			oldest = min(oldest, l.lower[i].Front().Arrived)
		}
	}
	return oldest
}
