package study

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloudconcepts/internal/units"

	"github.com/spf13/pflag"
)

// A usageError is a mistake of the one who called the program.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// ExitCode is the exit code that an error of Program.Run asks for: 0 for none, 2 for a usage error, 130 for an
// interruption, 1 for any other failure.
func ExitCode(err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		return 130
	case errors.As(err, &usage):
		return 2
	}
	return 1
}

// valueError says which flag has a wrong value and what a right one is.
func valueError(name, value string, err error) error {
	reason := err.Error()
	var unit *units.Error
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unit):
		reason = unit.Reason()
		if unit.Value != value {
			reason = fmt.Sprintf("%q: %s", unit.Value, reason)
		}
	case errors.As(err, &invalid):
		reason = invalid.Unwrap().Error()
	}
	if name == "preset" {
		reason += "; --list-presets tells where their numbers come from"
	}
	return &usageError{fmt.Errorf("--%s %q: %s", name, value, reason)}
}

// given says which flags a model's error comes from: the model names the fields of its config, and not the flags.
func (p Program) given(study string, parameters []Parameter, err error) error {
	var words []string
	for _, flag := range parameters {
		if flag.Changed && strings.Contains(err.Error(), "--"+flag.Flag+" ") {
			return nil // it names the flag
		}
		if flag.Changed {
			words = append(words, "--"+flag.Flag+" "+Quote(flag.Value))
		}
	}
	if len(words) == 0 {
		return nil
	}
	return fmt.Errorf("the flags given were %s; all flags: %s %s --help", strings.Join(words, " "), p.command(), study)
}

// undrawable is the error of a picture that could not be drawn: flags that leave nothing to draw are a usage error.
func (p Program) undrawable(o Outcome, err error) error {
	if given := p.given(o.Study.Name, o.Parameters, err); given != nil {
		return &usageError{errors.Join(err, given)}
	}
	return err
}

// flagError turns an error of pflag into one that helps: the flags that there are, where a flag belongs.
func (p Program) flagError(err error, flags *Flags, study string) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		return p.unknownFlag(unknown, flags, study)
	case errors.As(err, &missing):
		flag := missing.GetFlag()
		return usagef("--%s needs a value: --%s %s (%s)", flag.Name, flag.Name, flag.Value.Type(), flag.Usage)
	}
	return &usageError{err}
}

func (p Program) unknownFlag(unknown *pflag.NotExistError, flags *Flags, study string) error {
	name := unknown.GetSpecifiedName()
	if short := unknown.GetSpecifiedShortnames(); short != "" {
		return usagef("unknown flag -%s: flags have two dashes%s", short, suggestion(short, flags.names(), "--"))
	}
	if owners := p.owners(name); len(owners) > 0 && study == "" {
		return usagef("--%s belongs to one study: name the study first, as in: %s %s --%s ...; it is a flag of %s",
			name, p.command(), owners[0], name, list(owners))
	} else if len(owners) > 0 {
		return usagef("--%s is not a flag of %s, but of %s", name, study, list(owners))
	}
	help, known := p.command()+" "+study+" --help", flags.names()
	if study == "" {
		help, known = p.command()+" --help", append(known, p.allFlags().names()...)
	}
	return usagef("unknown flag --%s%s; all flags: %s", name, suggestion(name, known, "--"), help)
}

// owners are the studies that have a flag.
func (p Program) owners(flag string) []string {
	var names []string
	for _, s := range p.Studies() {
		f := newFlags(s.Name)
		if s.Flags != nil {
			s.Flags(f)
		}
		if f.set.Lookup(flag) != nil {
			names = append(names, s.Name)
		}
	}
	return names
}

// suggestion is the text "; did you mean X?", or nothing if no candidate is near.
func suggestion(given string, candidates []string, prefix string) string {
	best, bestDistance := "", 1+max(2, len(given)/3)
	for _, c := range candidates {
		d := distance(strings.ToLower(given), strings.ToLower(c))
		if strings.HasPrefix(c, given) && len(given) > 2 {
			d = 1
		}
		if d < bestDistance && d < len(c) {
			best, bestDistance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s%s?", prefix, best)
}

// distance is the number of letters to insert, delete, change or swap with their neighbour to get from a to b.
func distance(a, b string) int {
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			next[j+1] = min(row[j]+change, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

// list joins names for a sentence.
func list(names []string) string {
	names = slices.Clone(names)
	if n := len(names); n > 1 {
		names = append(names[:n-2], names[n-2]+" and "+names[n-1])
	}
	return strings.Join(names, ", ")
}
