package study

import (
	"context"
	"io"

	"cloudconcepts/internal/chart"
)

// A Study answers one question with one run of a model.
//
// The function that makes a study is called afresh for every run, so the variables that its flags fill belong to that
// run alone.
type Study struct {
	Name     string       // one lower-case word, the study's name on the command line and of its files
	Question string       // what it answers, as a question
	Next     string       // what to try next: what the examples ask or show
	Examples []string     // flags to try, the best first
	Flags    func(*Flags) // declares the model's flags; nil if there are none
	Run      func(context.Context, Env) (Report, error)
}

// Env is what the shared flags ask of a run.
type Env struct {
	Quick    bool   // a smaller run of under a second
	Seed     uint64 // seed of everything random
	Runs     int    // independent replications; 0 leaves the number to the study
	Theme    string // light or dark
	Progress func(done, total int)
}

// RunsOr is the number of replications: what --runs says, or else the study's own number for a full or a quick run.
func (e Env) RunsOr(full, quick int) int {
	switch {
	case e.Runs > 0:
		return e.Runs
	case e.Quick:
		return quick
	}
	return full
}

// A Report is what a study found.
type Report struct {
	Answer  string  // one sentence with its numbers
	Table   Table   // written whole as CSV, printed for people
	Figure  Picture // may be nil
	Reading string  // how to read the picture
	Sources []string
	Notes   []string // what the reader should know about this run, such as the model's warnings
	Config  any      // what was simulated, for --json
	Result  any      // what came out, for --json
}

// A Picture draws itself in a format and a theme; chart.Figure is one.
type Picture interface {
	Write(w io.Writer, format string, theme chart.Theme) error
}

// A Preset is a real system whose numbers a study can start from.
type Preset struct {
	Name   string // as --preset takes it
	Source string // where the numbers come from
}

// A Program is all studies of one concept, as one command.
type Program struct {
	Concept string          // the command's name: go run ./examples/CONCEPT
	Summary string          // one sentence for the help text and the notes
	Title   string          // the concept in words; empty means the same as Concept
	About   string          // the model in plain words, as Markdown for the notes; may be empty
	Exam    []Exam          // questions of an examination that the studies answer
	Studies func() []Study  // makes all studies afresh
	Invalid []error         // the models' sentinels: what wraps one of them is a usage error
	Presets func() []Preset // nil if there are none
}

// Find makes the study of that name, or returns an error that suggests one.
func (p Program) Find(name string) (Study, error) {
	var names []string
	for _, s := range p.Studies() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Study{}, usagef("unknown study %q%s; the studies are %s", name, suggestion(name, names, ""), list(names))
}

// Heading is the concept in words.
func (p Program) Heading() string {
	if p.Title != "" {
		return p.Title
	}
	return p.Concept
}
