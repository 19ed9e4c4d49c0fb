// Package studies holds the studies of Bloom filters: one question, one
// picture, one file each.
package studies

import (
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

const about = `A **Bloom filter** is an array of bits that answers "have I seen this key?" with "no" or "perhaps". Each key sets a
few bits; a key whose bits are all set may be there, and a key with one bit clear is certainly not. The price of the small memory is
the **false positive**: bits that other keys have set. A database keeps one filter for each sorted run of a log-structured
merge tree, and asks it before it reads from disk: a false positive is a read in vain.

The studies compare four things that are often taken for one: the formula of the textbooks, the exact rate, the rate of a real
layout and hash scheme, and what a measurement finds.`
