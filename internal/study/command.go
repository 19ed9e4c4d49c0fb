package study

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// A Parameter is one of the model's flags and the value that a run used.
type Parameter struct {
	Flag    string
	Value   string
	Usage   string
	Changed bool
}

func (p Program) command() string { return "go run ./examples/" + p.Concept }

// commandLine is the command that repeats a run: the study and all flags that were given, except some.
func (p Program) commandLine(study string, flags *Flags, except ...string) string {
	words := []string{p.command()}
	if study != "" {
		words = append(words, study)
	}
	flags.set.VisitAll(func(f *pflag.Flag) {
		if !f.Changed || slices.Contains(except, f.Name) {
			return
		}
		value := f.Value.String()
		switch {
		case f.Value.Type() == "bool" && value == "true":
			words = append(words, "--"+f.Name)
		case f.Value.Type() == "bool" || strings.HasPrefix(value, "-"):
			words = append(words, "--"+f.Name+"="+Quote(value))
		default:
			words = append(words, "--"+f.Name, Quote(value))
		}
	})
	return strings.Join(words, " ")
}

// parameters are the flags of the study itself, without the shared ones.
func parameters(s Study, flags *Flags) []Parameter {
	own := newFlags(s.Name)
	own.merge = true
	var shared options
	shared.declare(own)
	var out []Parameter
	flags.set.VisitAll(func(f *pflag.Flag) {
		if own.set.Lookup(f.Name) != nil {
			return
		}
		out = append(out, Parameter{Flag: f.Name, Value: f.Value.String(), Usage: f.Usage, Changed: f.Changed})
	})
	return out
}

// Quote writes a word so that a shell reads it as one word, with quotation marks only where they are needed.
func Quote(word string) string {
	harmless := func(c rune) bool {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("-_./,:=+@%", c)
	}
	if word != "" && strings.IndexFunc(word, func(c rune) bool { return !harmless(c) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
