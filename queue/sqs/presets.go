package sqs

import "time"

const (
	day = 24 * time.Hour
	// inFlight is the cap of standard queues ("Amazon SQS visibility timeout") and of FIFO queues, which also look that
	// far ahead ("Amazon SQS FIFO queue quotas", "Avoid large message backlogs with the same message group ID"); older
	// pages say 20,000 for FIFO.
	inFlight = 120_000
)

// SQSStandard is an Amazon SQS standard queue with the defaults of its documentation (visibility timeout 30 s, retention
// 4 days, 120,000 in flight, age metric without messages received 3 times), no dead-letter queue, and late deletes that
// work. 10,000 messages/s arrive at random for 100 s; there is always an idle worker that takes a second on average.
func SQSStandard() Config {
	return Config{
		Queue: Queue{
			Name: "SQS standard", Kind: Standard, AWS: true,
			Visibility: 30 * time.Second, MaxVisibility: 12 * time.Hour, Retention: 4 * day, DeadRetention: 4 * day,
			InFlightCap: inFlight, LookAhead: inFlight, DedupWindow: 5 * time.Minute, Partitions: 1, AgeReceives: 3,
			Fair: Fairness{
				InFlightShare: 0.1, InFlight: 30, TimeShare: 0.1,
				Window: time.Minute, Silent: 5 * time.Minute,
			},
		},
		Producer: Producer{
			Messages: 1_000_000, Arrivals: Poisson, Steps: []Step{{Rate: 10_000}}, Batch: 1, Groups: 1, SlowFactor: 1,
		},
		Consumer: Consumer{Service: Exp(time.Second), Batch: 1, Wait: 20 * time.Second},
		Duration: 14 * day, MaxCalls: 1e9, Seed: 1,
	}
}

// SQSFIFO is an Amazon SQS FIFO queue: late deletes fail, duplicates are dropped for 5 minutes, 300 calls/s of each kind
// ("Amazon SQS message quotas"). 100 messages/s of 1,000 groups.
func SQSFIFO() Config {
	c := SQSStandard()
	c.Queue.Name, c.Queue.Kind, c.Queue.LateDelete, c.Queue.CallLimit = "SQS FIFO", FIFO, LateDeleteFails, 300
	c.Producer.Messages, c.Producer.Steps, c.Producer.Groups = 100_000, []Step{{Rate: 100}}, 1000
	return c
}

// SQSFair is an Amazon SQS standard queue with tenants ("How Amazon SQS fair queues work": noisy above 10 % of those in
// flight and at least 30, or above 10 % of recent processing time). Of 100 tenants one floods the queue for a minute.
func SQSFair() Config {
	c := SQSStandard()
	c.Queue.Name, c.Queue.Kind = "SQS fair", Fair
	c.Producer.Messages, c.Producer.Groups = 60_000, 100
	c.Producer.Steps = []Step{
		{Rate: 50},
		{At: time.Minute, Rate: 500, Hot: 0.9},
		{At: 2 * time.Minute, Rate: 50},
	}
	c.Consumer.Workers = 100
	return c
}

// JetStream is a NATS JetStream pull consumer (server/consumer.go of nats-server): AckWait 30 s, expiry one timer at
// AckWait + 1 ms, redeliveries first and outside the cap of 1,000, late acks work, the maximum is tested at expiry, and
// the scan is put off by 100 ms above 1,024 unacked messages while acks come in. The probability of that is calibrated:
// 0.53 stretches AckWait 150 ms to the 232 ms that were measured for this project on nats-server 2.15.2.
func JetStream() Config {
	c := SQSStandard()
	q := &c.Queue
	q.Name, q.AWS, q.MaxVisibility, q.InFlightCap, q.MaxTested = "JetStream", false, 0, 1000, AtExpiry
	q.Expiry = Expiry{
		Extra: time.Millisecond, ReturnsFirst: true, ReturnsIgnoreCap: true,
		PutOff: 100 * time.Millisecond, PutOffAbove: 1024, PutOffProbability: 0.53,
	}
	c.Producer.Messages, c.Producer.Steps = 10_000, []Step{{Rate: 500}}
	c.Consumer.Service = Exp(150 * time.Millisecond)
	return c
}

// RedisStreams is a Redis stream whose consumers claim idle entries (XAUTOCLAIM) every second, with acks that are fenced
// by the delivery count. Redis itself knows no maximum of deliveries; MaxReceives is what such consumers add.
func RedisStreams() Config {
	c := SQSStandard()
	q := &c.Queue
	q.Name, q.AWS, q.MaxVisibility, q.InFlightCap, q.LateDelete = "Redis Streams", false, 0, 1e9, LateDeleteFenced
	q.Expiry = Expiry{Scan: time.Second, ReturnsFirst: true}
	c.Producer.Messages, c.Producer.Steps = 10_000, []Step{{Rate: 500}}
	return c
}

// LambdaPollers is the event source mapping of a Lambda function with a timeout: 5 concurrent batches, 300 more a minute
// while messages wait, at most 1,000 (or MaximumConcurrency), and 5 again when few do; "Configuring scaling behavior for
// SQS event source mappings". Newer editions of that page say at most 1,250, and as few as 2 without MaximumConcurrency.
func LambdaPollers(timeout time.Duration) Lambda {
	return Lambda{Start: 5, Ramp: 300, Max: 1000, Timeout: timeout}
}
