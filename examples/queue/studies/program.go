// Package studies holds the studies of queues and backpressure: one question, one picture, one file each.
package studies

import (
	"cloudconcepts/internal/study"
)

// Program is the command `go run ./examples/queue`.
func Program() study.Program {
	return study.Program{
		Concept: "queue",
		Title:   "Queues and backpressure",
		Summary: "Queueing theory, SQS and Kafka: what a queue does to waits, overload, retries and duplicates.",
		About:   about,
		Exam:    exam(),
		Studies: All,
		Invalid: invalid(),
		Presets: presets,
	}
}

// All makes every study, in the order in which they are best read.
func All() []study.Study {
	return []study.Study{
		Utilization(),
		FlashSale(),
		WithQueue(),
		Visibility(),
		Poison(),
		Jitter(),
		RetryStorm(),
		Overload(),
		Kafka(),
		Partitions(),
		Autoscale(),
		Fair(),
		Dedup(),
		Simulate(),
		SQS(),
		Log(),
	}
}

const about = `A **queue** stands between work that arrives when it likes and servers that need their time. While the servers keep up on
average, it turns bursts into waits; when they do not, it grows until something gives: memory, patience or the retention period.

The studies go from the law that governs every server (the wait explodes as utilization nears one) over the two families of real
queues to the failures that they cause and cure. **SQS** hands each message to one worker and hides it for the visibility timeout; a
worker that needs longer makes a duplicate. **Kafka** keeps a log that consumers read in order; what they have not read is the lag.
Behind a service that is overloaded the order of service, timeouts, retries and back-off decide whether it recovers or stays down.`
