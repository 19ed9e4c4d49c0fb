package study

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

const helpWidth = 100

// help prints how to use the program, or one study of it.
func (p Program) help(w io.Writer, name string) {
	if name == "" {
		fmt.Fprintf(w, "%s\n\nUsage:\n  %s [STUDY] [flags]\n\nWithout a name all studies are run.\n\n", p.Summary, p.command())
		fmt.Fprintln(w, "Studies:")
		p.listStudies(w)
		p.examples(w, p.Studies())
		fmt.Fprintf(w, "\nFlags of every study:\n%s", usages(p.sharedFlags()))
		fmt.Fprintf(w, "\nEach study has flags of its own: %s STUDY --help\n", p.command())
		return
	}
	s, err := p.Find(name)
	if err != nil {
		return
	}
	fmt.Fprintf(w, "%s\n\nUsage:\n  %s %s [flags]\n", s.Question, p.command(), s.Name)
	p.examples(w, []Study{s})
	if own := newFlags(s.Name); s.Flags != nil {
		s.Flags(own)
		fmt.Fprintf(w, "\nModel flags:\n%s", usages(own.set))
	}
	fmt.Fprintf(w, "\nOutput flags:\n%s", usages(p.sharedFlags()))
}

func (p Program) sharedFlags() *pflag.FlagSet {
	shared := newFlags(p.Concept)
	o := p.newOptions()
	o.declare(shared)
	return shared.set
}

// usages describes flags. One that says what holds where it is not given has no other default.
func usages(set *pflag.FlagSet) string {
	set.VisitAll(func(flag *pflag.Flag) {
		if strings.Contains(flag.Usage, "(not given: ") {
			flag.DefValue = ""
		}
	})
	return set.FlagUsagesWrapped(helpWidth)
}

// examples prints the examples of some studies; a study without any shows its name.
func (p Program) examples(w io.Writer, studies []Study) {
	fmt.Fprintln(w, "\nExamples:")
	for _, s := range studies {
		for _, e := range s.Examples {
			fmt.Fprintf(w, "  %s\n", p.example(s, e))
		}
	}
	if len(studies) == 1 && len(studies[0].Examples) == 0 {
		fmt.Fprintf(w, "  %s %s --quick --out notes\n", p.command(), studies[0].Name)
	}
	if len(studies) > 1 {
		fmt.Fprintf(w, "  %s --quick\n", p.command())
	}
}

// example completes an example that is only flags, or starts with the study's name, to a command.
func (p Program) example(s Study, text string) string {
	text = strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(text, "go run "):
		return text
	case text == s.Name || strings.HasPrefix(text, s.Name+" "):
		return p.command() + " " + text
	}
	return strings.TrimSpace(p.command() + " " + s.Name + " " + text)
}

func (p Program) listStudies(w io.Writer) {
	studies := p.Studies()
	width := 0
	for _, s := range studies {
		width = max(width, len(s.Name))
	}
	for _, s := range studies {
		fmt.Fprintf(w, "  %-*s  %s\n", width, s.Name, s.Question)
	}
}

func (p Program) listPresets(w io.Writer) error {
	if p.Presets == nil {
		return usagef("--list-presets: %s has no presets", p.Concept)
	}
	presets := p.Presets()
	width := 0
	for _, s := range presets {
		width = max(width, len(s.Name))
	}
	for _, s := range presets {
		fmt.Fprintf(w, "  %-*s  %s\n", width, s.Name, s.Source)
	}
	return nil
}
