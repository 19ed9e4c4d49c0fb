package sqs

import (
	"time"

	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Exp is exponential.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// ParseLaw reads the text of a law.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Config describes one run: producers, a queue, consumers, and when to stop. It is a plain value: start from a preset
// (SQSStandard and its like), change a field, simulate again.
type Config struct {
	Queue    Queue    `json:"queue"`
	Producer Producer `json:"producer"`
	Consumer Consumer `json:"consumer"`

	// Duration ends a run whose messages are not all gone by then, (0, 1 year].
	Duration time.Duration `json:"duration_ns"`
	// MaxCalls ends a run after that many calls of consumers (receives, also empty ones, and heartbeats), [1, 1e11].
	MaxCalls int64 `json:"max_calls"`
	// Sample is the time between two rows of Result.Rows, 0 = no rows; at most a million rows in Duration.
	Sample time.Duration `json:"sample_ns"`
	// Trace is how many of the first messages have a row in Result.Trace, [0, 1e6].
	Trace int    `json:"trace_messages"`
	Seed  uint64 `json:"seed"`
}

// Queue is the queue's settings and the rules of the service that it lives in.
type Queue struct {
	Name string `json:"name"` // of the preset, for legends
	Kind Kind   `json:"kind"`
	// AWS holds the settings to the limits of Amazon SQS, and the consumer to those of its API.
	AWS bool `json:"aws_limits"`

	Visibility    time.Duration `json:"visibility_timeout_ns"`    // from the receive on, [0, 12 h]
	MaxVisibility time.Duration `json:"max_visibility_ns"`        // total since a receive that heartbeats can reach, 0 = no cap; 12 h
	Delay         time.Duration `json:"delay_ns"`                 // of every new message, [0, 15 min]
	Retention     time.Duration `json:"retention_ns"`             // [60 s, 14 days], 4 days by default
	DeadRetention time.Duration `json:"dead_letter_retention_ns"` // of the dead-letter queue, [60 s, 14 days]
	// MaxReceives is maxReceiveCount: deliveries before a message is dead-lettered, [1, 1000], 0 = no dead-letter queue.
	MaxReceives int `json:"max_receives"`
	// MaxTested is when the maximum is looked at: at the next receive (SQS) or when the last delivery expires (JetStream).
	MaxTested MaxTested `json:"max_tested"`

	// LateDelete is what a delete does whose delivery has timed out.
	LateDelete LateDelete `json:"late_delete"`
	// LateDeleteProbability is that of a late delete with an old handle working, for LateDeleteChance, [0, 1].
	LateDeleteProbability float64 `json:"late_delete_probability"`
	// DuplicateProb is that of a delete being lost: it succeeds, and the message comes back, [0, 1].
	DuplicateProbability float64 `json:"duplicate_probability"`

	InFlightCap int `json:"in_flight_cap"` // messages, [1, 1e9]; 120,000
	LookAhead   int `json:"look_ahead"`    // FIFO: messages in which available groups are looked for, [1, 1e9]; 120,000
	// DedupWindow is how long FIFO accepts and drops a message with a known deduplication ID, 5 min.
	DedupWindow time.Duration `json:"dedup_window_ns"`
	DedupScope  Scope         `json:"dedup_scope"`

	// CallLimit is calls/s of each kind (send, receive) and partition, 0 = no limit; 300 for FIFO. Partitions is how many
	// partitions groups are spread over (high throughput), [1, 1e6].
	CallLimit  float64 `json:"call_limit_per_s"`
	Partitions int     `json:"partitions"`
	// AgeReceives is the receives after which a message of a standard queue goes to the back of the line and is left out
	// of ApproximateAgeOfOldestMessage, [1, 1e6]; 3.
	AgeReceives int `json:"age_receives"`
	// ShortPollMiss is the probability that a short poll, which asks only some servers, sees nothing, [0, 1).
	ShortPollMiss float64 `json:"short_poll_miss"`

	Fair    Fairness `json:"fair"`
	Expiry  Expiry   `json:"expiry"`
	Redrive Redrive  `json:"redrive"`
}

// Fairness is when a tenant (a message group) of a fair queue counts as noisy.
type Fairness struct {
	InFlightShare float64 `json:"in_flight_share"` // more than this share of all in flight, 0.1, and
	InFlight      int     `json:"in_flight"`       // at least that many in flight, 30; or
	TimeShare     float64 `json:"time_share"`      // more than this share of recent processing time, 0.1
	// Window is what "recent" means: the time constant of an exponentially fading sum. Undocumented; [1 s, 1 day], 1 min.
	Window time.Duration `json:"window_ns"`
	Silent time.Duration `json:"silent_ns"` // quiet again after sending nothing for this long, 5 min, or when its backlog is gone
}

// Expiry is how a broker finds out that deliveries have timed out. All zero: at once, as if there was a timer each.
type Expiry struct {
	Extra time.Duration `json:"extra_ns"` // later by this much, [0, 1 h]; JetStream 1 ms
	// Scan finds expired deliveries only at its multiples, as a consumer does that claims by polling, [0, 1 h]: the first
	// gap between two deliveries is V + U(0, Scan), later ones are V rounded up to a multiple of it.
	Scan time.Duration `json:"scan_ns"`
	// PutOff is by how much a scan that is due is put off with probability PutOffProbability while more than PutOffAbove
	// messages are in flight (JetStream: 100 ms above 1,024 while acks come in); 0 = never.
	PutOff            time.Duration `json:"put_off_ns"`
	PutOffAbove       int           `json:"put_off_above"`
	PutOffProbability float64       `json:"put_off_probability"`
	ReturnsFirst      bool          `json:"returns_first"`      // expired messages go before new ones, however often they came back
	ReturnsIgnoreCap  bool          `json:"returns_ignore_cap"` // and do not count against InFlightCap when they are handed out
}

// Redrive is a task that moves the dead letters back (StartMessageMoveTask): those that are in the dead-letter queue At
// that time, oldest first, Rate messages/s, (0, 500]. Rate 0 = no task.
type Redrive struct {
	At   time.Duration `json:"at_ns"`
	Rate float64       `json:"rate_per_s"`
}

// Producer is what is sent.
type Producer struct {
	Messages int      `json:"messages"` // [1, 1e9], resends not counted
	Arrivals Arrivals `json:"arrivals"`
	// Steps are the rate over time: each holds from its At to the next one's. Not used by AtOnce.
	Steps []Step `json:"steps"`
	Batch int    `json:"batch"` // messages per send call, [1, 10]; they arrive together when the last one is there

	Groups int     `json:"groups"`        // message groups or tenants, [1, 1e7]
	Zipf   float64 `json:"zipf_exponent"` // of their popularity, group 0 first; 0 = uniform, [0, 10]

	Latency Law `json:"latency"` // of a send
	// Timer is each message's own delay (a message timer, in place of the queue's), const:0s = none; at most 15 min.
	Timer Law `json:"timer"`
	// ResendProbability is that of a producer sending the same message again (same deduplication ID), ResendDelay later,
	// and again; [0, 0.99]. ResendOtherGroup is the share of those that carry another group, [0, 1].
	ResendProbability float64 `json:"resend_probability"`
	ResendDelay       Law     `json:"resend_delay"`
	ResendOtherGroup  float64 `json:"resend_other_group"`

	PoisonShare float64 `json:"poison_share"` // of messages that fail at every attempt, [0, 1]
	PoisonFirst int     `json:"poison_first"` // the first so many are, too, [0, Messages]
	SlowShare   float64 `json:"slow_share"`   // of messages that take SlowFactor times as long, [0, 1]
	SlowFactor  float64 `json:"slow_factor"`  // [0, 1e6]
}

// Step is a stretch of arrivals.
type Step struct {
	At   time.Duration `json:"at_ns"`      // since the start; the first is 0, times rise
	Rate float64       `json:"rate_per_s"` // messages/s, [0, 1e9]
	Hot  float64       `json:"hot_share"`  // of them for group 0, over and above what Zipf gives it, [0, 1]
}

// Consumer is who receives.
type Consumer struct {
	Workers int `json:"workers"` // [0, 1e6]; 0 = there is always an idle one
	Service Law `json:"service"` // processing time of a message
	Batch   int `json:"batch"`   // messages per receive, [1, 10]; Lambda up to 10,000; processed one after another
	// Prefetch keeps a worker's batch full while it works, as a client's buffer does, instead of receiving when it is empty.
	// It asks for as many as fit once RefillAt or fewer are buffered or on their way, [0, Batch-1].
	Prefetch bool `json:"prefetch"`
	RefillAt int  `json:"refill_at"`
	// Wait is the time of a long poll, [0, 20 s]; 0 = short poll. Pause is between an empty or refused receive and the next.
	Wait  time.Duration `json:"wait_ns"`
	Pause time.Duration `json:"pause_ns"`

	FailureProbability float64 `json:"failure_probability"` // of an attempt, [0, 1]
	// Failure is what a worker does about it: nothing, or set the visibility to NackDelay.
	Failure   Failure       `json:"failure"`
	NackDelay time.Duration `json:"nack_delay_ns"` // [0, 12 h]

	// Heartbeat is the time between two calls of ChangeMessageVisibility by a worker for all messages that it has not
	// finished, 0 = none; Extend is what they set it to, counted from the call.
	Heartbeat time.Duration `json:"heartbeat_ns"`
	Extend    time.Duration `json:"extend_ns"`

	ReceiveLatency Law `json:"receive_latency"` // from the receive, when the visibility timeout starts, to the worker
	DeleteLatency  Law `json:"delete_latency"`  // from the end of an attempt to the delete or negative ack; the worker waits
	// DeleteAtEnd deletes a batch when all of it is processed, not message by message.
	DeleteAtEnd bool `json:"delete_at_end"`
	// PartialBatch returns only the failed messages of such a batch; without it one failure returns all.
	PartialBatch bool `json:"partial_batch"`

	Lambda Lambda `json:"lambda"`
}

// Lambda is an event source mapping in place of the workers: every batch is one invocation, deleted at its end. Max 0 = none.
type Lambda struct {
	Start int `json:"start"`           // concurrent batches at first, and the fewest; 5
	Ramp  int `json:"ramp_per_minute"` // more of them a minute while messages wait, and fewer when none do; 300
	Max   int `json:"max"`             // at most; 1,000, or MaximumConcurrency [2, 1000]
	// Timeout of the function: a batch that takes longer fails whole, [1 s, 15 min]. At most the visibility timeout.
	Timeout time.Duration `json:"timeout_ns"`
}
