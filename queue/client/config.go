package client

import (
	"time"

	"cloudconcepts/internal/enum"

	"cloudconcepts/internal/law"
	"cloudconcepts/queue/internal/line"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Exp is exponential.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// ParseLaw reads the text of a law.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Discipline is the order in which the server takes from its waiting line.
type Discipline = line.Discipline

// The disciplines; see package queue.
const (
	FIFO          = line.FIFO
	LIFO          = line.LIFO
	AdaptiveLIFO  = line.AdaptiveLIFO
	Priority      = line.Priority // here: first attempts before retries
	Expire        = line.Expire
	CoDel         = line.CoDel
	CoDelFacebook = line.CoDelFacebook
	CoDelTimeout  = line.CoDelTimeout
	RED           = line.RED
)

// Full is what a full waiting line does.
type Full = line.Full

// The rules of a full line. With Block, attempts that find no place are held
// at the client until there is one.
const (
	RejectNewest = line.RejectNewest
	DropOldest   = line.DropOldest
	Block        = line.Block
)

// DefaultPolicy has the defaults of every discipline that needs numbers.
func DefaultPolicy() Policy { return line.DefaultPolicy() }

// Policy has the numbers of the disciplines that need some.
type Policy = line.Policy

// Config describes clients, the service behind them, and what goes wrong.
// All clients share one retry budget, one breaker and one throttle, as the
// threads of one process do.
type Config struct {
	Rate    float64 `json:"rate_per_s"` // new requests per second from time 0, [0, 1e9]
	Steps   []Step  `json:"steps"`      // later rates, times rising
	Regular bool    `json:"regular"`    // equal gaps between new requests instead of a Poisson process

	Timeout       time.Duration `json:"timeout_ns"`     // of one attempt, [0, 24 h]; 0 = clients wait for ever
	Retries       int           `json:"retries"`        // after the first attempt, [0, 1000]
	RetryRejected bool          `json:"retry_rejected"` // retry what the server rejects, refuses or drops, too; else only what timed out
	Backoff       Backoff       `json:"backoff"`
	Budget        Budget        `json:"budget"`
	Throttle      Throttle      `json:"throttle"`
	Breaker       Breaker       `json:"breaker"`
	MaxInFlight   int64         `json:"max_in_flight"` // attempts that clients wait for at a time (a bulkhead); beyond it they are rejected at once, [0, 1e9], 0 = any number
	// Credits is the number of attempts that may be at the server, in line, in
	// service or on the way back (credit-based flow control); further ones are
	// held at the client. [0, 1e9], 0 = any number.
	Credits   int64         `json:"credits"`
	RoundTrip time.Duration `json:"round_trip_ns"` // of the network, [0, 1 h]; all of it is put behind the service

	Server  Server   `json:"server"`
	Outages []Outage `json:"outages"` // times rising, not overlapping

	Duration    time.Duration `json:"duration_ns"`  // (0, 10 years]
	MaxAttempts int64         `json:"max_attempts"` // the run ends there at the latest, [1, 2e9]
	Sample      time.Duration `json:"step_ns"`      // of Result.Rows, 0 = no rows; at most 1e6 rows
	Seed        uint64        `json:"seed"`
}

// Step changes the rate of new requests.
type Step struct {
	At   time.Duration `json:"at_ns"`
	Rate float64       `json:"rate_per_s"` // [0, 1e9]
}

// Server is the service. What has been given up by its client is served all
// the same, unless the discipline throws it out.
type Server struct {
	Servers    int        `json:"servers"` // [1, 100000]
	Service    Law        `json:"service"`
	Places     int        `json:"places"` // attempts that may wait, [-1, 1e9]; -1 = any number
	Full       Full       `json:"full"`
	Discipline Discipline `json:"discipline"`
	// Deadline is the longest wait that the discipline Expire serves, [0, 24 h];
	// 0 = Config.Timeout. It should leave the timeout some room for the service
	// itself, or an overloaded server does only work that comes too late.
	Deadline time.Duration `json:"deadline_ns"`
	Policy   Policy        `json:"policy"`
	Bucket   TokenBucket   `json:"bucket"` // in front of the line
}

// TokenBucket admits Burst + Rate t attempts in any time t and rejects the
// rest. The zero value admits all.
type TokenBucket struct {
	Rate  float64 `json:"rate_per_s"` // tokens per second, [0, 1e9]
	Burst float64 `json:"burst"`      // most tokens, and those at the start, [1, 1e9]; 0 = no bucket
}

// OutageKind is what an outage does.
type OutageKind int

// The kinds.
const (
	Stall  OutageKind = iota // nothing is served: services stand still and go on afterwards, the line grows
	Refuse                   // new attempts are rejected; what is in the server goes on
)

func outageNames() []string { return []string{"stall", "refuse"} }

// String is the name, as a flag takes it.
func (k OutageKind) String() string { return enum.Name(k, outageNames()) }

// MarshalText writes the name.
func (k OutageKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *OutageKind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "client: outage", outageNames())
}

// Outage is a time in which the server is in trouble.
type Outage struct {
	At   time.Duration `json:"start_ns"`
	For  time.Duration `json:"duration_ns"` // (0, 10 years]
	Kind OutageKind    `json:"kind"`
}

// Capacity is the throughput of all servers in attempts per second; +Inf if
// services take no time.
func (s Server) Capacity() float64 { return float64(s.Servers) / s.Service.Mean() }
