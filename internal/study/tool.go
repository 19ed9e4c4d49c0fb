package study

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/pflag"
)

// A Tool is a program with flags but without studies.
type Tool struct {
	Name     string // go run ./examples/NAME
	Summary  string
	Examples []string // flags
	Flags    func(*Flags)
	Run      func(ctx context.Context, stdout, stderr io.Writer) error
}

// Do reads the command line and runs the tool, or prints its help. Errors are those of Program.Run.
func (t Tool) Do(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	p := Program{Concept: t.Name, Studies: func() []Study { return nil }}
	flags, help := newFlags(t.Name), false
	t.Flags(flags)
	flags.set.BoolVarP(&help, "help", "h", false, "show this help")
	if err := flags.parse(args); err != nil {
		if ExitCode(err) != 2 {
			err = p.flagError(err, flags, "")
		}
		return err
	}
	if words := flags.set.Args(); len(words) > 0 {
		return usagef("%s takes flags only, got %s; all flags: %s --help", t.Name, list(words), p.command())
	}
	out := &printer{w: stdout}
	if help {
		t.help(out, flags.set)
		return out.err
	}
	if err := t.Run(ctx, out, stderr); err != nil {
		return err
	}
	return out.err
}

func (t Tool) help(w io.Writer, flags *pflag.FlagSet) {
	command := Program{Concept: t.Name}.command()
	fmt.Fprintf(w, "%s\n\nUsage:\n  %s [flags]\n\nExamples:\n", t.Summary, command)
	for _, e := range t.Examples {
		fmt.Fprintf(w, "  %s %s\n", command, e)
	}
	fmt.Fprintf(w, "\nFlags:\n%s", usages(flags))
}
