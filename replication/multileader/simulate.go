package multileader

import (
	"errors"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/replication/internal/keys"
)

// The streams of random numbers.
const (
	purposeArrivals = iota
	purposeKeys
	purposeDelays
)

// A vector counts the writes of each leader to one key.
type vector [mostLeaders]uint32

// record is a write in its leader's log.
type record struct {
	knows       vector // how many writes of each leader to the key had been delivered to its own, which counts itself
	context     vector // of version vectors: what it follows, also by way of third leaders
	stamp       int64
	chain       int64 // increments that its value holds
	key         int32
	undelivered int8
	conflicts   bool
}

// link is the way of one leader's log to another.
type link struct {
	from, to int32
	arrivals des.Ring[int64]
	last     int64
	next     int64 // of the log, to be delivered
}

// stamped is the value of a key that a leader keeps by its timestamp.
type stamped struct {
	stamp int64
	chain int64
	owner int32
}

// versions are the values of a key that a leader keeps by version vectors.
type versions struct {
	context  vector
	siblings vector // the newest write of each leader that no other one here follows, 0 = none
	chains   [mostLeaders]int64
}

type engine struct {
	c       Config
	result  Result
	knows   []vector // by leader and key, as are the next two
	stamped []stamped
	version []versions
	newest  []int64 // greatest timestamp of each key
	logs    []des.Ring[record]
	first   []int64 // number of the first record of each log
	clocks  []int64
	links   []link // by the leader they come from
	cuts    [mostLeaders][]Partition
	events  des.Queue[int32] // the next arrival of each link that has one
	picker  keys.Picker
	arrival *rand.Rand
	chosen  *rand.Rand
	delays  []*rand.Rand
	found   int64 // siblings, by writes to keys with a value
	looked  int64
}

// Simulate runs c, delivers all logs and counts what was lost. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	e := newEngine(c)
	e.run()
	e.finish()
	return e.result, nil
}

func newEngine(c Config) *engine {
	e := &engine{
		c: c, result: Result{Config: c}, knows: make([]vector, c.Leaders*c.Keys),
		logs: make([]des.Ring[record], c.Leaders), first: make([]int64, c.Leaders), clocks: make([]int64, c.Leaders),
		picker:  keys.NewPicker(keys.Zipf(c.Keys, c.Zipf)),
		arrival: rng.New(c.Seed, purposeArrivals), chosen: rng.New(c.Seed, purposeKeys),
	}
	for i := range e.clocks {
		e.clocks[i] = -des.Forever
	}
	switch c.Policy {
	case LastWriterWins, HybridClock:
		e.newest = make([]int64, c.Keys)
		for i := range e.newest {
			e.newest[i] = -des.Forever
		}
		e.stamped = make([]stamped, c.Leaders*c.Keys)
		for i := range e.stamped {
			e.stamped[i].stamp = -des.Forever
		}
	case VersionVectors:
		e.version = make([]versions, c.Leaders*c.Keys)
	case Counter:
	}
	for from := range c.Leaders {
		for to := range c.Leaders {
			if from != to {
				e.delays = append(e.delays, rng.New(c.Seed, purposeDelays, uint64(len(e.links))))
				e.links = append(e.links, link{from: int32(from), to: int32(to)})
			}
		}
	}
	for _, p := range c.Partitions {
		e.cuts[p.Leader] = append(e.cuts[p.Leader], p)
	}
	return e
}

// run merges the writes with the arrivals of the logs.
func (e *engine) run() {
	gap := 1e9 / (e.c.WriteRate * float64(e.c.Leaders))
	end := float64(e.c.Duration)
	delay := e.c.Delay.Sampler()
	leaders := uint64(e.c.Leaders)
	at := e.arrival.ExpFloat64() * gap
	for ; at < end && e.result.Writes < e.c.MaxWrites; at += e.arrival.ExpFloat64() * gap {
		now := int64(at)
		for e.events.Next() <= now {
			e.deliver(e.events.Pop())
		}
		leader := int32(e.chosen.Uint64() >> 32 * leaders >> 32)
		e.write(now, leader, e.picker.Next(e.chosen))
		e.ship(now, leader, &delay)
	}
	e.result.Span = e.c.Duration.Seconds()
	if at < end {
		e.result.Span = time.Duration(at).Seconds()
		e.result.Warnings = append(e.result.Warnings, errors.New("MaxWrites reached before Duration"))
	}
	for e.events.Len() > 0 {
		e.deliver(e.events.Pop())
	}
}

// ship sends a leader's newest record to all others.
func (e *engine) ship(now int64, leader int32, delay *law.Sampler) {
	others := int32(e.c.Leaders - 1)
	for i := leader * others; i < (leader+1)*others; i++ {
		l := &e.links[i]
		l.last = max(l.last, e.sent(l, now)+delay.Next(e.delays[i]))
		if l.arrivals.PushBack(l.last); l.arrivals.Len() == 1 {
			e.events.Push(l.last, i)
		}
	}
}

// sent is when a message sent now leaves: at once, or when neither end is cut off.
func (e *engine) sent(l *link, now int64) int64 {
	if len(e.c.Partitions) == 0 {
		return now
	}
	for {
		before := now
		now = max(e.heals(l.from, now), e.heals(l.to, now))
		if now == before {
			return now
		}
	}
}

// heals is the end of a leader's partition that holds now, or now.
func (e *engine) heals(leader int32, now int64) int64 {
	cuts := e.cuts[leader]
	low, high := 0, len(cuts) // the first that ends after now
	for low < high {
		if mid := (low + high) / 2; int64(cuts[mid].At+cuts[mid].For) <= now {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(cuts) && int64(cuts[low].At) <= now {
		return int64(cuts[low].At + cuts[low].For)
	}
	return now
}
