// Package studies holds the studies of Bloom filters: one question, one
// picture, one file each.
package studies

import (
	_ "embed"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/bloom/lsm"
	"cloudconcepts/internal/study"
)

// Program is the command `go run ./examples/bloom`.
func Program() study.Program {
	return study.Program{
		Concept: "bloom",
		Title:   "Bloom filters",
		Summary: "Memory against false positives, and what they cost a database's reads.",
		About:   about,
		Exam:    exam(),
		Studies: All,
		Invalid: []error{bloom.ErrInvalidConfig, filter.ErrInvalidConfig, lsm.ErrInvalidConfig},
		Presets: presets,
	}
}

// All makes every study, in the order in which they are best read.
func All() []study.Study {
	return []study.Study{
		Tradeoff(),
		Hashes(),
		Overfill(),
		Exact(),
		Fill(),
		Layouts(),
		Allocation(),
		Tail(),
		Cache(),
		Docscheck(),
		Keys(),
		Simulate(),
	}
}

// about is the model in plain words.
//
//go:embed about.md
var about string
