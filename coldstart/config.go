package coldstart

import (
	"time"

	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=0.5" or "5ms+exp:1ms"; see internal/law for
// all.
type Law = law.Law

// Exp is the exponential law of a mean.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const is always d.
func Const(d time.Duration) Law { return law.Const(d) }

// Uniform lies evenly between low and high.
func Uniform(low, high time.Duration) Law { return law.Uniform(low, high) }

// Lognormal has a mean and a coefficient of variation, [0, 1000].
func Lognormal(mean time.Duration, cv float64) Law { return law.Lognormal(mean, cv) }

// ParseLaw reads a law: exp:1s const:1s erlang:4,1s hyper:cv2=4,1s lognormal:1s,cv=2 uniform:1s,2s pareto:alpha=2.5,1s empirical:1s,2s,5s 5ms+exp:1ms.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Config describes one function, the requests that come to it, and the platform that runs it. It is a plain value: start
// from a preset (Default, AWSLambda), change a field, simulate again.
type Config struct {
	Arrivals Arrivals        `json:"arrivals"`            // when requests come
	Trace    []time.Duration `json:"trace_ns,omitempty"`  // their times, for FromTrace()
	Warm     Law             `json:"warm"`                // time of the handler that does not depend on memory, mean at most 1 day
	CPU      CPU             `json:"cpu"`                 // and its work that does
	Cold     Cold            `json:"cold"`                // what a new environment adds
	Timeout  time.Duration   `json:"function_timeout_ns"` // of one invocation, (0, 15 min]; 0 = none. Who reaches it fails, and its environment is gone
	MemoryMB int             `json:"memory_mb"`           // of an environment, [128, 10240]

	KeepAlive   KeepAlive `json:"keep_alive"`   // how long an idle environment stays
	Selection   Selection `json:"selection"`    // which idle environment serves
	PerInstance int       `json:"per_instance"` // requests that one environment serves at a time, [1, 1600]; 1

	Limits      Limits      `json:"limits"`
	Provisioned Provisioned `json:"provisioned"`
	Retry       Retry       `json:"retry"`
	Warmer      Warmer      `json:"warmer"`
	Price       Price       `json:"price"`

	// ErrorProbability is that of the function failing at an invocation, [0, 1].
	ErrorProbability float64 `json:"error_probability"`

	// The run ends at Duration or with the Requests-th arrival, whichever is first.
	Duration    time.Duration `json:"duration_ns"` // (0, 10 years]
	MaxRequests int64         `json:"requests"`    // [0, 1e11]; 0 = any number
	Warmup      time.Duration `json:"warmup_ns"`   // at the start, that no statistic counts, [0, Duration)

	Sample  time.Duration `json:"sample_ns"` // time between rows of Result.Rows, at most 1e6 rows in Duration; 0 = no rows
	Records int           `json:"records"`   // requests of which Result.Records has a row, from the start of the run, [0, 1e6]
	Seed    uint64        `json:"seed"`
	Engine  Engine        `json:"engine"`
}

// Limits are how many environments there may be and how fast they may come. A request that meets one is throttled.
type Limits struct {
	Account  int     `json:"account"`             // concurrency of the account and Region, [0, 1e7]; 1,000 by default, 0 = no limit
	Reserved int     `json:"reserved"`            // the function's share of it and its hard maximum, [0, Account - 100]; 0 = none
	Scaling  Scaling `json:"scaling"`             // how fast new environments may come
	Burst    int     `json:"burst"`               // of new environments, [1, 1e7] unless Scaling is none; 1,000, legacy 500 to 3,000
	Refill   float64 `json:"refill"`              // further environments: a second (aws, 100) or a minute (aws-legacy, 500), [0, 1e7]
	Requests float64 `json:"requests_multiplier"` // requests/s allowed for each unit of concurrency, [0, 1e6]; 10, 0 = no limit
}

// Provisioned is a number of environments that are always initialised. A request goes to a free one of them first, else it
// spills over to the others. They take Count from the concurrency, busy or not.
type Provisioned struct {
	Count int `json:"count"`           // [0, 1e6], at most the function's concurrency
	Ramp  int `json:"ramp_per_minute"` // how fast they come from the start of the run on, [0, 1e7]; 0 = all are there
}

// Retry is what happens to requests that are throttled. The delay before try n+1 is First x Factor^(n-1), at most Most, of
// which a share of up to Jitter is cut off at random.
type Retry struct {
	Kind     RetryKind     `json:"kind"`
	First    time.Duration `json:"first_ns"` // [1 us, 1 day]
	Most     time.Duration `json:"most_ns"`  // [First, 1 day]
	Factor   float64       `json:"factor"`   // [1, 100]
	Jitter   float64       `json:"jitter"`   // [0, 1]
	Attempts int           `json:"attempts"` // in all, [1, 1e6]; 0 = any number until MaxAge
	// MaxAge of an event in the queue, (0, 14 days], for async; 6 h. An event beyond it goes to the dead-letter queue.
	MaxAge time.Duration `json:"max_age_ns"`
}

// Warmer sends pings that keep environments alive: Concurrent at once every Every, each taking Work. Pings are no requests in
// the statistics, but they are billed and may be throttled.
type Warmer struct {
	Concurrent int           `json:"concurrent"` // [0, 1e5]; 0 = none
	Every      time.Duration `json:"every_ns"`   // [1 ms, 1 year]
	Work       Law           `json:"work"`       // mean at most 15 min
}

// Price is what AWS charges, in US dollars. Package coldstart/cost has the dated presets.
type Price struct {
	GBSecond            float64 `json:"per_gb_second"`                      // of invocations, rounded up to 1 ms, [0, 1e6]
	Request             float64 `json:"per_request"`                        // [0, 1e6]
	ProvisionedGBSecond float64 `json:"per_provisioned_gb_second"`          // of provisioned environments, busy or not, [0, 1e6]
	ProvisionedDuration float64 `json:"per_provisioned_gb_second_executed"` // of invocations on them, [0, 1e6]
	BillInit            bool    `json:"bill_init"`                          // the INIT phase is billed, as it is since August 2025 (AWS Compute Blog)
}
