package queue

import (
	"fmt"
	"slices"
	"time"
)

// Config describes messages that come to a service, wait in its queue and are served. It is a plain value: copy it,
// change a field, simulate again.
type Config struct {
	Arrivals   Arrivals      `json:"arrivals"` // when messages come
	Service    Law           `json:"service"`  // how long a server works on one; mean at most 1 year
	Servers    int           `json:"servers"`  // [1, MaxServers]
	Capacity   int           `json:"capacity"` // places, those in service included, [Servers, MaxCapacity]; 0 = any number
	Full       Full          `json:"full"`     // what happens when they are taken
	Discipline Discipline    `json:"discipline"`
	Policy     Policy        `json:"policy"`            // numbers of adaptive-lifo, codel... and red
	Deadline   time.Duration `json:"deadline_ns"`       // a message that starts after a longer wait is late, [0, 1 year]; 0 = never
	Classes    []Class       `json:"classes,omitempty"` // of messages, most urgent first, at most 8; nil = one
	Trace      Trace         `json:"trace,omitzero"`    // the messages themselves, for FromTrace()

	// The run. Arrivals end with the Messages-th or at Duration, whichever is first, and one of them must be set unless
	// there is a trace. At Duration all ends; without it the queue is served until it is empty, or
	// for 73 years.
	Messages int64         `json:"messages"`    // [0, 1e11]; 0 = any number
	Duration time.Duration `json:"duration_ns"` // [0, 10 years]; 0 = until all are served
	Warmup   int64         `json:"warmup"`      // messages at the start that no statistic counts, [0, 1e11]

	Seed   uint64        `json:"seed"`
	Sample time.Duration `json:"sample_ns"` // step of Result.Rows, [1 us, 1 year] and at most 1e6 rows in Duration; 0 = no rows
	Engine Engine        `json:"engine"`
}

// Class is a kind of message.
type Class struct {
	Share float64 `json:"share_fraction"` // of the arrivals, (0, 1]; all shares make 1
	Size  float64 `json:"size"`           // its service takes Size times the law's, (0, 1e6]
}

// Engine is how a run is computed. Where both can do it they give the same result to the last bit.
type Engine uint8

// The engines.
const (
	Auto      Engine = iota // the recursion where it is exact and fast
	Events                  // event by event
	Recursion               // Lindley's for one server, Kiefer and Wolfowitz's for more: FIFO without losses, classes and rows
)

func engineNames() []string { return []string{"auto", "events", "recursion"} }

// String is the engine's name.
func (e Engine) String() string {
	if int(e) < len(engineNames()) {
		return engineNames()[e]
	}
	return "invalid"
}

// MarshalText implements encoding.TextMarshaler.
func (e Engine) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *Engine) UnmarshalText(text []byte) error {
	i := slices.Index(engineNames(), string(text))
	if i < 0 {
		return fmt.Errorf("queue: engine %q, want one of %v", text, engineNames())
	}
	*e = Engine(i)
	return nil
}

// Default is an M/M/1 queue at 80 % load: a million messages after a warm-up of 10,000.
func Default() Config {
	return Config{
		Arrivals: Poisson(0.8), Service: Exp(time.Second), Servers: 1, Policy: DefaultPolicy(),
		Messages: 1_010_000, Warmup: 10_000, Seed: 1,
	}
}

// Load is the work offered per server, in seconds per second: from 1 on, a queue of unlimited room has no steady
// state. It goes by the long-run rate of the arrivals, and is NaN for a trace.
func (c Config) Load() float64 {
	size := 1.0
	if len(c.Classes) > 0 {
		size = 0
		for _, class := range c.Classes {
			size += class.Share * class.Size
		}
	}
	return c.Arrivals.Rate() * c.Service.Mean() * size / float64(c.Servers)
}

// recursive tells whether the recursion gives the exact result.
func (c Config) recursive() bool {
	return c.Discipline == FIFO && c.Capacity == 0 && len(c.Classes) < 2 && c.Sample == 0 && !c.Trace.classed()
}
