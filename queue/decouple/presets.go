package decouple

import (
	"time"

	"cloudconcepts/queue/autoscale/load"
)

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
