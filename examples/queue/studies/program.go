// Package studies holds the studies of queues and backpressure: one question, one picture, one file each.
package studies

import (
	_ "embed"

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

// about is the model in plain words.
//
//go:embed about.md
var about string
