package quorum

import (
	"time"

	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// mostParts is how many laws a Latency can mix.
const mostParts = 4

// Part is one law of a mixture: Pareto if Alpha > 0, else exponential. Times are in milliseconds, as in the paper.
type Part struct {
	Weight float64 // share of the messages, (0, 1]
	Xm     float64 // Pareto: least time in ms, (0, 1e9]
	Alpha  float64 // Pareto: tail index, (0, 1000]; 0 = exponential
	Rate   float64 // exponential: per ms, [1e-9, 1e9]
}

// Latency is the law of one leg's one-way delay: a mixture of Pareto and exponential laws, or any Law. It is a small
// value that can be compared, and is its text in JSON. The zero value takes no time.
type Latency struct {
	parts [mostParts]Part
	count int // parts in use; 0 = the law counts
	law   Law
}

// Mix is a mixture of one to four laws whose weights add up to 1. (More of them make a Latency that Validate refuses.)
func Mix(parts ...Part) Latency {
	l := Latency{count: len(parts)}
	copy(l.parts[:], parts)
	return l
}

// Of is a leg whose delay follows a law, such as one read by law text: exp:1ms, lognormal:2ms,cv=1.
func Of(l Law) Latency { return Latency{law: l} }

// Exponential is the exponential leg of a rate per ms.
func Exponential(perMillisecond float64) Latency {
	return Mix(Part{Weight: 1, Rate: perMillisecond})
}

// Parts are the mixture's laws, nil if the leg follows a Law.
func (l Latency) Parts() []Part { return append([]Part(nil), l.parts[:min(l.count, mostParts)]...) }

// Model is what the network and the replicas' disks do to one write and one read: the four legs of WARS.
type Model struct {
	Name     string  `json:"name"`     // of the preset, for legends
	Write    Latency `json:"write"`    // W: coordinator to replica, and there until the write can be read
	Ack      Latency `json:"ack"`      // A: replica to coordinator
	Read     Latency `json:"read"`     // R: coordinator to replica, until the value is looked up
	Response Latency `json:"response"` // S: replica to coordinator
	// Remote is added to each message between a coordinator and a replica that is not in its data centre; every replica
	// is in a data centre of its own, and each write and each read starts in one of them, chosen at random. [0, 1 h], 0 = one data centre.
	Remote time.Duration `json:"remote_ns"`
}

func (m *Model) legs() [4]*Latency { return [4]*Latency{&m.Write, &m.Ack, &m.Read, &m.Response} }

func symmetric(name string, write, others Latency) Model {
	return Model{Name: name, Write: write, Ack: others, Read: others, Response: others}
}
