// Package studies holds the studies of serverless cold starts: one question, one picture, one file each.
package studies

import (
	_ "embed"

	"cloudconcepts/internal/study"
)

// Program is the command `go run ./examples/coldstart`.
func Program() study.Program {
	return study.Program{
		Concept: "coldstart",
		Title:   "Serverless cold starts",
		Summary: "When requests are cold, why, what each remedy buys, and when containers win.",
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
		TTL(),
		Causes(),
		Anatomy(),
		Latency(),
		Burst(),
		Scaling(),
		Provisioned(),
		Warmers(),
		Policies(),
		Selection(),
		Memory(),
		Cost(),
		Hybrid(),
		Gantt(),
		AWS(),
		Simulate(),
	}
}

// about is the model in plain words.
//
//go:embed about.md
var about string
