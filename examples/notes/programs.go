package main

import (
	bloom "cloudconcepts/examples/bloom/studies"
	coldstart "cloudconcepts/examples/coldstart/studies"
	livemigration "cloudconcepts/examples/livemigration/studies"
	queue "cloudconcepts/examples/queue/studies"
	replication "cloudconcepts/examples/replication/studies"
	"cloudconcepts/internal/study"
)

// programs are the concepts of the notes, in the order of their pages.
func programs() []study.Program {
	return []study.Program{
		livemigration.Program(),
		bloom.Program(),
		queue.Program(),
		replication.Program(),
		coldstart.Program(),
	}
}
