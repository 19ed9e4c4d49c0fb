// Package studies holds the studies of replication: one question, one picture, one file each.
package studies

import (
	_ "embed"

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

// about is the model in plain words.
//
//go:embed about.md
var about string
