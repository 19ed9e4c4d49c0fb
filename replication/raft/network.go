package raft

import "time"

// send lets a message leave after a wait (ns).
func (e *engine) send(m message, wait int64) {
	e.messages++
	m.at = e.now + wait + e.delay()
	if e.ordered {
		link := &e.last[int(m.from)*len(e.servers)+int(m.to)]
		m.at = max(m.at, *link)
		*link = m.at
	}
	e.push(m)
	if e.trace != nil {
		e.trace.message(m, e.now+wait)
	}
}

func (e *engine) push(m message) {
	if len(e.pending) == cap(e.pending) && e.head > 0 {
		e.pending = e.pending[:copy(e.pending, e.pending[e.head:])]
		e.head = 0
	}
	e.pending = append(e.pending, m)
	i := len(e.pending) - 1
	for ; i > e.head && e.pending[i-1].at > m.at; i-- {
		e.pending[i] = e.pending[i-1]
	}
	e.pending[i] = m
}

// broadcast sends to all other servers; what goes to the dead is only counted.
func (e *engine) broadcast(from int, k kind, term int32, wait int64) {
	e.messages += int64(e.dead)
	m := message{kind: k, from: uint8(from), term: term, epoch: e.servers[from].epoch}
	for to := range e.servers {
		if to != from {
			m.to = uint8(to)
			e.send(m, wait)
		}
	}
}

// reply answers m.
func (e *engine) reply(m message, k kind, term int32, granted bool, wait int64) {
	e.send(message{kind: k, from: m.to, to: m.from, term: term, epoch: m.epoch, granted: granted}, wait)
}

// longest is the most that one delay is taken to be, a year.
const longest = int64(365 * 24 * time.Hour)

func (e *engine) delay() int64 {
	if e.fixedDelay >= 0 {
		return e.fixedDelay
	}
	return min(e.oneWay.Next(e.delays), longest)
}

func (e *engine) sync() int64 {
	if e.fixedDisk >= 0 {
		return e.fixedDisk
	}
	return min(e.disk.Next(e.disks), longest)
}
