// Package studies holds the studies of replication: one question, one picture, one file each.
package studies

import (
	"cloudconcepts/internal/study"
)

// Program is the command `go run ./examples/replication`.
func Program() study.Program {
	return study.Program{
		Concept: "replication",
		Title:   "Replication",
		Summary: "What a write survives, what a read may miss, and how long until writes go on.",
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
		Lag(),
		Commit(),
		Stale(),
		Sessions(),
		Failover(),
		SplitBrain(),
		CatchUp(),
		Frontier(),
		Availability(),
		Election(),
		Conflicts(),
		GSI(),
		Incident(),
		Simulate(),
		Quorum(),
	}
}

const about = `**Replication** keeps the same data on several machines: for reads nearby, and for the day on which one of them dies. Every
way of doing it answers three questions differently. *What does a write survive?* It is safe once a second machine has it, and
waiting for that costs a round trip. *What may a read miss?* A replica shows the past, by its lag. *How long until writes go on?* A
new leader has to be found, and the old one has to be stopped.

The studies follow a write through the log of a primary and its replicas (insert, flush, send, write, flush, replay) under each
commit mode of PostgreSQL, MySQL, MongoDB and Kafka; let primaries crash and partitions split them; count stale reads of quorums as
probabilities; and hold elections by the rules of Raft as its dissertation, etcd and hashicorp/raft have them.`
