// Package studies holds the studies of live migration: one question, one
// picture, one file each.
package studies

import (
	_ "embed"

	"cloudconcepts/internal/study"
	"cloudconcepts/livemigration"
)

// Program is the command `go run ./examples/livemigration`.
func Program() study.Program {
	return study.Program{
		Concept: "livemigration",
		Title:   "Live migration",
		Summary: "Moving a running virtual machine to another host, and what it costs.",
		About:   about,
		Exam:    exam(),
		Studies: All,
		Invalid: []error{livemigration.ErrInvalidConfig},
		Presets: presets,
	}
}

// All makes every study, in the order in which they are best read.
func All() []study.Study {
	return []study.Study{
		Rounds(),
		Convergence(),
		Curves(),
		Throttle(),
		Strategies(),
		Downtime(),
		Hypervisors(),
		Parallel(),
		PostCopy(),
		Memcached(),
		QEMU(),
		Simulate(),
	}
}

// about is the model in plain words.
//
//go:embed about.md
var about string
