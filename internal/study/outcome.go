package study

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"cloudconcepts/internal/chart"
)

// An Outcome is a study that has run, with all that is needed to show and to repeat it.
type Outcome struct {
	Study      Study
	Report     Report
	Parameters []Parameter
	Command    string   // repeats the run
	Next       []string // commands to try next
}

// Do runs a study of the program with its default flags. Many may run side by side, so that none is held to account for
// the memory of all.
func (p Program) Do(ctx context.Context, name string, env Env) (Outcome, error) {
	s, err := p.Find(name)
	if err != nil {
		return Outcome{}, err
	}
	flags := newFlags(s.Name)
	if s.Flags != nil {
		s.Flags(flags)
	}
	o := p.newOptions()
	o.declare(flags)
	if env.Quick {
		err = flags.set.Set("quick", "true")
	}
	if env.Seed != o.seed {
		err = errors.Join(err, flags.set.Set("seed", fmt.Sprint(env.Seed)))
	}
	if err != nil {
		return Outcome{}, err
	}
	return p.execute(ctx, s, flags, env, math.MaxUint64)
}

// execute runs a study whose flags are set, in so many bytes of memory.
func (p Program) execute(ctx context.Context, s Study, flags *Flags, env Env, memory uint64) (Outcome, error) {
	if env.Progress == nil {
		env.Progress = func(int, int) {}
	}
	out := Outcome{
		Study: s, Parameters: parameters(s, flags),
		Command: p.commandLine(s.Name, flags, "out", "quiet", "json"), Next: p.ExampleCommands(s),
	}
	if err := ctx.Err(); err != nil {
		return out, fmt.Errorf("%s: interrupted: %w", s.Name, err)
	}
	report, err := attempt(ctx, s, env, memory)
	out.Report = report
	switch {
	case ctx.Err() != nil:
		return out, fmt.Errorf("%s: interrupted: %w", s.Name, ctx.Err())
	case slices.ContainsFunc(p.Invalid, func(invalid error) bool { return errors.Is(err, invalid) }), ExitCode(err) == 2:
		return out, &usageError{errors.Join(err, p.given(s.Name, out.Parameters, err))}
	case err != nil:
		return out, fmt.Errorf("%s: %w", s.Name, err)
	}
	return out, nil
}

// Draw renders the picture; it returns nothing if the study has none.
func (o Outcome) Draw(format string, theme chart.Theme) ([]byte, error) {
	if o.Report.Figure == nil {
		return nil, nil
	}
	var b bytes.Buffer
	if err := o.Report.Figure.Write(&b, format, theme); err != nil {
		return nil, fmt.Errorf("%s: cannot draw the picture as %s: %w", o.Study.Name, format, err)
	}
	return b.Bytes(), nil
}

// Markdown writes the study as a section of a page, with its question as a heading of this level (1 to 6) and the
// given Markdown where the picture belongs.
func (o Outcome) Markdown(level int, picture string) string {
	var b strings.Builder
	para := func(text string) {
		if text != "" {
			b.WriteString(strings.TrimRight(text, "\n") + "\n\n")
		}
	}
	r := o.Report
	para(strings.Repeat("#", level) + " " + Escape(o.Study.Question))
	para("**" + Escape(r.Answer) + "**")
	para(picture)
	para(labelled("How to read it", r.Reading))
	para(labelled("What to try next", o.Study.Next))
	if len(o.Next) > 0 {
		para(Shell(o.Next...))
	}
	if table := r.Table.Markdown(); table != "" {
		para("**Numbers**")
		para(table)
	}
	for _, note := range r.Notes {
		para(labelled("Note", note))
	}
	para(o.parameterTable())
	para("**Run it again**")
	para(Shell(o.Command))
	if len(r.Sources) > 0 {
		para("**Sources**")
		para(bullets(r.Sources))
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// Shell is the Markdown of commands for a shell.
func Shell(commands ...string) string { return "```sh\n" + strings.Join(commands, "\n") + "\n```" }

func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return "**" + label + ".** " + Escape(text)
}

func bullets(items []string) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString("- " + Escape(item) + "\n")
	}
	return b.String()
}

func (o Outcome) parameterTable() string {
	if len(o.Parameters) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("**Parameters**\n\n| flag | value | meaning |\n| --- | --- | --- |\n")
	for _, p := range o.Parameters {
		value := ""
		if p.Value != "" {
			value = "`" + strings.ReplaceAll(p.Value, "|", `\|`) + "`"
		}
		usage := strings.ReplaceAll(Escape(p.Usage), "|", `\|`)
		fmt.Fprintf(&b, "| `--%s` | %s | %s |\n", p.Flag, value, usage)
	}
	return b.String()
}
