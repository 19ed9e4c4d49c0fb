package index

import (
	"errors"
	"fmt"
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
	purposePropagation
	purposeService
	purposeReads
	purposePlaces
)

// partition of the index: a queue that begins with a delay.
type partition struct {
	finish   des.Ring[int64] // when what is waiting, under way or in work will be done
	arrived  int64
	done     int64
	lagSum   float64
	accepted int64
	refused  int64
	most     int
	full     bool
}

type engine struct {
	c          Config
	result     Result
	partitions []partition
	place      []int32 // of each key
	visible    []int64 // when all accepted writes of a key are in the index
	full       []int32 // partitions that were found full

	picker      keys.Picker
	propagation law.Sampler
	service     law.Sampler

	arrivals, chosen, delays, services, reads *rand.Rand
}

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	shares := keys.Zipf(c.Keys, c.Zipf)
	e := &engine{
		c: c, result: Result{Config: c}, partitions: make([]partition, c.Partitions),
		place: make([]int32, c.Keys), visible: make([]int64, c.Keys),
		picker: keys.NewPicker(shares), propagation: c.Propagation.Sampler(), service: c.Service.Sampler(),
		arrivals: rng.New(c.Seed, purposeArrivals), chosen: rng.New(c.Seed, purposeKeys), delays: rng.New(c.Seed, purposePropagation),
		services: rng.New(c.Seed, purposeService), reads: rng.New(c.Seed, purposeReads),
	}
	places := rng.New(c.Seed, purposePlaces)
	rows := make([]Partition, c.Partitions)
	for key := range e.place {
		e.place[key] = int32(places.IntN(c.Partitions))
		rows[e.place[key]].Share += shares[key]
	}
	e.result.Partitions = rows
	e.run()
	e.finish()
	return e.result, nil
}

// run merges writes and reads.
func (e *engine) run() {
	end := float64(e.c.Duration)
	gap := 1e9 / e.c.WriteRate
	readGap, read := 0.0, end // none
	if e.c.ReadRate > 0 {
		readGap = 1e9 / e.c.ReadRate
		read = e.reads.ExpFloat64() * readGap
	}
	at := e.arrivals.ExpFloat64() * gap
	for ; at < end && e.result.Offered < e.c.MaxWrites; at += e.arrivals.ExpFloat64() * gap {
		for ; read < at; read += e.reads.ExpFloat64() * readGap {
			e.read(int64(read))
		}
		e.write(int64(at), e.picker.Next(e.chosen))
	}
	e.result.Span = e.c.Duration.Seconds()
	if at < end {
		e.result.Span = time.Duration(at).Seconds()
		e.result.Warnings = append(e.result.Warnings, errors.New("MaxWrites reached before Duration"))
	}
	for ; read < min(at, end); read += e.reads.ExpFloat64() * readGap {
		e.read(int64(read))
	}
}

// read is a query of one key.
func (e *engine) read(now int64) {
	e.result.Reads++
	if e.visible[e.picker.Next(e.reads)] > now {
		e.result.StaleReads++
	}
}

// write is offered to the table.
func (e *engine) write(now int64, key int32) {
	e.result.Offered++
	at := e.place[key]
	p := &e.partitions[at]
	delay, work := e.propagation.Next(e.delays), e.service.Next(e.services) // drawn also for what is refused
	waiting := p.waiting(now)
	if waiting >= e.c.MaxBacklog || e.c.Throttle == ThrottleTable && e.anyFull(now) {
		p.refused++
		return
	}
	p.arrived = max(p.arrived, now+delay)
	p.done = min(max(p.done, p.arrived)+work, des.Forever)
	p.finish.PushBack(p.done)
	e.visible[key] = p.done
	p.accepted++
	p.most = max(p.most, waiting+1)
	p.lagSum += float64(p.done - now)
	e.result.lags.Add(p.done - now)
	if waiting+1 == e.c.MaxBacklog && !p.full {
		p.full = true
		e.full = append(e.full, at)
	}
}

// waiting is how many accepted writes the index does not have yet.
func (p *partition) waiting(now int64) int {
	for p.finish.Len() > 0 && *p.finish.Front() <= now {
		p.finish.PopFront()
	}
	return p.finish.Len()
}

// anyFull tells whether a partition is at its bound; it forgets those that no longer are.
func (e *engine) anyFull(now int64) bool {
	for len(e.full) > 0 {
		p := &e.partitions[e.full[len(e.full)-1]]
		if p.waiting(now) >= e.c.MaxBacklog {
			return true
		}
		p.full = false
		e.full = e.full[:len(e.full)-1]
	}
	return false
}

// finish adds up.
func (e *engine) finish() {
	r := &e.result
	capacity := 1 / e.c.Service.Mean()
	for i := range e.partitions {
		p, row := &e.partitions[i], &r.Partitions[i]
		row.Load = e.c.WriteRate * row.Share / capacity
		row.Accepted, row.Throttled, row.BacklogMax = p.accepted, p.refused, p.most
		if p.accepted > 0 {
			row.LagMean = p.lagSum / float64(p.accepted) / 1e9
		}
		r.Accepted += p.accepted
		r.Throttled += p.refused
		r.MaxShare = max(r.MaxShare, min(row.Share, 1)) // a sum of shares, rounded
		r.End = max(r.End, time.Duration(p.done).Seconds())
		if row.Load >= 1 {
			r.Warnings = append(r.Warnings, fmt.Errorf("partition %d of the index has load %.3g >= 1: no steady state", i, row.Load))
		}
	}
	r.Threshold = Threshold(capacity, r.MaxShare)
	r.ThrottledFraction = fraction(r.Throttled, r.Offered)
	r.StaleFraction = fraction(r.StaleReads, r.Reads)
	if r.Span > 0 {
		r.Throughput = float64(r.Accepted) / r.Span
	}
	r.LagMean = r.lags.Mean() / 1e9
	r.LagP50, r.LagP99, r.LagP999 = r.LagQuantile(0.5), r.LagQuantile(0.99), r.LagQuantile(0.999)
	r.LagMax = float64(r.lags.Max()) / 1e9
}

func fraction(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
