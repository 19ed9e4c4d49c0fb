package client

import (
	"fmt"
	"time"

	"cloudconcepts/internal/check"
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

// Outage is a time in which the server is in trouble.
type Outage struct {
	At   time.Duration `json:"start_ns"`
	For  time.Duration `json:"duration_ns"` // (0, 10 years]
	Kind OutageKind    `json:"kind"`
}

// Capacity is the throughput of all servers in attempts per second; +Inf if
// services take no time.
func (s Server) Capacity() float64 { return float64(s.Servers) / s.Service.Mean() }

const (
	longestRun = 10 * 365 * 24 * time.Hour
	mostRows   = 1_000_000
	mostSteps  = 10_000
	maxRate    = 1e9
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	v.load(c)
	v.Span("Timeout", c.Timeout, 0, 24*time.Hour)
	check.Count(&v.List, "Retries", int64(c.Retries), 0, 1000)
	for _, p := range c.Backoff.Problems() {
		v.Add("Backoff.%w", p)
	}
	v.budget(c.Budget)
	v.throttle(c.Throttle)
	v.breaker(c.Breaker)
	check.Count(&v.List, "MaxInFlight", c.MaxInFlight, 0, 1e9)
	check.Count(&v.List, "Credits", c.Credits, 0, 1e9)
	v.Span("RoundTrip", c.RoundTrip, 0, time.Hour)
	v.server(c.Server)
	v.outages(c.Outages)
	v.Span("Duration", c.Duration, 1, longestRun)
	check.Count(&v.List, "MaxAttempts", c.MaxAttempts, 1, 2e9)
	v.Span("Sample", c.Sample, 0, longestRun)
	if c.Sample > 0 && c.Duration/c.Sample > mostRows {
		v.Add("Sample = %v, want 0 or in [%v, %v]: at most %d rows", c.Sample, c.Duration/mostRows+1, longestRun, mostRows)
	}
	return v.Err()
}

func (v *checks) load(c Config) {
	v.Between("Rate", c.Rate, 0, maxRate, " requests/s")
	if len(c.Steps) > mostSteps {
		v.Add("Steps has %d entries, want at most %d", len(c.Steps), mostSteps)
		return
	}
	before := time.Duration(-1)
	for i, s := range c.Steps {
		name := fmt.Sprintf("Steps[%d]", i)
		v.Span(name+".At", s.At, 0, longestRun)
		v.Between(name+".Rate", s.Rate, 0, maxRate, " requests/s")
		if s.At <= before {
			v.Add("%s.At = %v, want later than %v", name, s.At, before)
		}
		before = s.At
	}
}

func (v *checks) server(s Server) {
	check.Count(&v.List, "Server.Servers", int64(s.Servers), 1, 100_000)
	if err := s.Service.Validate(); err != nil {
		v.Add("Server.Service = %v: %w", s.Service, err)
	}
	check.Count(&v.List, "Server.Places", int64(s.Places), -1, 1e9)
	if !s.Full.Known() {
		v.Add("Server.Full = %d, want reject-newest, drop-oldest or block", s.Full)
	}
	if !s.Discipline.Known() {
		v.Add("Server.Discipline = %d, want fifo, lifo, adaptive-lifo, priority, expire, codel, codel-facebook, codel-timeout or red", s.Discipline)
	}
	if s.Discipline == RED && s.Places == 0 {
		v.Add("Server.Places = 0, want -1 or in [1, 1e9] with discipline red")
	}
	v.Span("Server.Deadline", s.Deadline, 0, 24*time.Hour)
	for _, bad := range s.Policy.Check(s.Discipline) {
		v.Add("Server.%s", bad)
	}
	v.Between("Server.Bucket.Rate", s.Bucket.Rate, 0, maxRate, " tokens/s")
	if s.Bucket.Burst != 0 || s.Bucket.Rate != 0 {
		v.Between("Server.Bucket.Burst", s.Bucket.Burst, 1, 1e9, " tokens")
	}
}

func (v *checks) outages(list []Outage) {
	if len(list) > mostSteps {
		v.Add("Outages has %d entries, want at most %d", len(list), mostSteps)
		return
	}
	free := time.Duration(0)
	for i, o := range list {
		name := fmt.Sprintf("Outages[%d]", i)
		v.Span(name+".At", o.At, 0, longestRun)
		v.Span(name+".For", o.For, 1, longestRun)
		if o.Kind != Stall && o.Kind != Refuse {
			v.Add("%s.Kind = %d, want stall or refuse", name, o.Kind)
		}
		if o.At < free {
			v.Add("%s.At = %v, want at least %v: after the outage before it", name, o.At, free)
		}
		free = max(0, min(o.At, longestRun)) + max(0, min(o.For, longestRun))
	}
}

// checks collects what is wrong.
type checks struct{ check.List }
