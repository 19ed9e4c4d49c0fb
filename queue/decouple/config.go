package decouple

import (
	"errors"
	"fmt"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/queue/autoscale/load"
)

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("decouple: invalid config")

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Exp is exponential.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// ParseLaw reads the text of a law.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Config describes user requests, the slow provider that each of them needs, and the two ways to get there. It is a
// plain value: copy it, change a field, simulate again.
type Config struct {
	Arrivals load.Profile `json:"arrivals"` // of the users' requests
	Provider Provider     `json:"provider"`
	Sync     Sync         `json:"sync"`
	Async    Async        `json:"async"`

	Duration    time.Duration `json:"duration_ns"`  // of the run, (0, 1 year]
	MaxRequests int           `json:"max_requests"` // the run ends at this many, [1, 1e9]
	Sample      time.Duration `json:"step_ns"`      // between two rows; 0 = no rows
	Seed        uint64        `json:"seed"`         // selects arrivals, processing times and failures
}

// Provider is what both need: a slow service of bounded capacity.
type Provider struct {
	Servers      int           `json:"servers"`             // calls that it works on at once, [1, 1e6]
	Service      Law           `json:"service"`             // time of one call, the same for every attempt of a request
	Failure      float64       `json:"failure_probability"` // of a call, after all of its time, [0, 1]
	ErrorLatency time.Duration `json:"error_latency_ns"`    // of a call that begins in a failing window, [0, 1 h]
	Windows      []Window      `json:"windows"`             // outages and slow times in order, apart; at most 1000
}

// Kind is what is wrong in a window.
type Kind int

// The kinds.
const (
	Slow Kind = iota // work takes Factor times as long, calls under way included
	Hang             // nothing moves until the window ends
	Fail             // calls that begin are refused after ErrorLatency; those under way go on
)

// String is the kind's name.
func (k Kind) String() string {
	if k < 0 || k > Fail {
		return "invalid"
	}
	return [...]string{"slow", "hang", "fail"}[k]
}

// MarshalText writes the name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *Kind) UnmarshalText(text []byte) error {
	for i := Slow; i <= Fail; i++ {
		if i.String() == string(text) {
			*k = i
			return nil
		}
	}
	return fmt.Errorf("decouple: unknown window %q, want slow, hang or fail", text)
}

// Window is a time in which the provider is not itself.
type Window struct {
	At     time.Duration `json:"from_ns"`   // from the start of the run, [0, 1 year]
	For    time.Duration `json:"length_ns"` // (0, 1 year]
	Kind   Kind          `json:"kind"`
	Factor float64       `json:"factor"` // of Slow, [1, 1e6]; of no use to the others, [0, 1e6]
}

func (w Window) end() int64 { return int64(w.At + w.For) }

// Sync is the API that calls the provider while its user waits.
type Sync struct {
	Threads int           `json:"threads"`    // requests that it works on at once; each is held for the whole call, [1, 1e6]
	Backlog int           `json:"backlog"`    // accepted requests that may wait for a thread; more get a 503, [0, 1e6]
	Timeout time.Duration `json:"timeout_ns"` // of the user's client, from sending an attempt; 0 = none; at most 1 day

	Retries    int           `json:"retries"`        // attempts after the first, after a timeout, a 503 or an error, [0, 100]
	Backoff    time.Duration `json:"backoff_ns"`     // before retry n: evenly in [0, min(BackoffCap, Backoff 2^n)], n from 0; [0, 1 day]
	BackoffCap time.Duration `json:"backoff_cap_ns"` // [Backoff, 1 day]
	SkipGone   bool          `json:"skip_timed_out"` // a thread does not begin with a request whose user has given up
}

// Async is the API that puts the request in a queue, and the workers behind it.
type Async struct {
	Accept      Law           `json:"accept"`         // until the request is in the queue and the user has the answer "accepted"
	Workers     int           `json:"workers"`        // messages that are worked on at once; of use up to Provider.Servers, [1, 1e6]
	RetryDelay  time.Duration `json:"retry_delay_ns"` // from a failed call until the message is visible again, [0, 12 h]
	MaxReceives int           `json:"max_receives"`   // failed calls until a message goes to the dead-letter queue, [1, 1000]
	Retention   time.Duration `json:"retention_ns"`   // a message that has been in the queue for longer is lost, [1 min, 14 days]
}

// Shop is a checkout that calls a payment provider: 100 users a second, 20 calls at once of 0.1 s each (200 calls/s),
// 50 threads with a backlog of 100, clients that give up after 2 s, and a queue with SQS's defaults (visibility timeout
// 30 s, retention 4 days). The provider hangs for a minute after two. The numbers are an example, not a measurement.
func Shop() Config {
	return Config{
		Arrivals: load.Constant(100),
		Provider: Provider{
			Servers: 20, Service: Exp(100 * time.Millisecond), ErrorLatency: 10 * time.Millisecond,
			Windows: []Window{{At: 2 * time.Minute, For: time.Minute, Kind: Hang}},
		},
		Sync: Sync{Threads: 50, Backlog: 100, Timeout: 2 * time.Second, Backoff: 100 * time.Millisecond, BackoffCap: 10 * time.Second},
		Async: Async{
			Accept: Exp(15 * time.Millisecond), Workers: 20, RetryDelay: 30 * time.Second, MaxReceives: 10,
			Retention: 4 * 24 * time.Hour,
		},
		Duration: 10 * time.Minute, MaxRequests: 10e6, Sample: time.Second, Seed: 1,
	}
}
