package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync/atomic"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
)

// options are the flags of the program.
type options struct {
	out     string
	only    []string
	formats []string
	seed    uint64
	quick   bool
	quiet   bool
}

// run is the program without the process around it.
func run(ctx context.Context, programs []study.Program, args []string, stdout, stderr io.Writer) error {
	o := options{out: "notes", formats: []string{"png", "svg"}, seed: 1}
	names := make([]string, len(programs))
	for i, p := range programs {
		names[i] = p.Concept
	}
	tool := study.Tool{
		Name:     "notes",
		Summary:  "notes: runs every study and writes a folder of study notes, as Markdown pages and as one HTML file.",
		Examples: []string{"--quick", "--out notes --format png,pdf"},
		Flags: func(f *study.Flags) {
			f.Folder(&o.out, "out", "folder for the notes")
			f.ChoiceList(&o.only, "only", "only these concepts", names...)
			f.ChoiceList(&o.formats, "format", "formats of the picture files", chart.Formats()...)
			f.Seed(&o.seed, "seed", "seed of everything random")
			f.Bool(&o.quick, "quick", "smaller runs, of under a second each")
			f.Bool(&o.quiet, "quiet", "print errors only")
		},
		Run: func(ctx context.Context, stdout, stderr io.Writer) error {
			return o.write(ctx, programs, stdout, stderr)
		},
	}
	return tool.Do(ctx, args, stdout, stderr)
}

// write runs the studies and writes the notes.
func (o options) write(ctx context.Context, programs []study.Program, stdout, stderr io.Writer) error {
	undo, err := study.MakeFolder(o.out)
	if err != nil {
		return err
	}
	pages, err := o.runAll(ctx, programs, stderr)
	if err == nil {
		err = o.save(pages)
	}
	if err != nil {
		undo()
		return err
	}
	if !o.quiet {
		summarize(stdout, pages, o.out)
	}
	var errs []error
	for _, p := range pages {
		errs = append(errs, p.errors()...)
	}
	return errors.Join(errs...)
}

func (o options) save(pages []page) error {
	files, err := notes(pages)
	if err != nil {
		return err
	}
	return study.WriteFiles(o.out, files)
}

// runAll runs the studies side by side and returns a page for each concept. The error is only that of an interruption:
// a study that fails is an entry that says so.
func (o options) runAll(ctx context.Context, programs []study.Program, stderr io.Writer) ([]page, error) {
	type task struct {
		program study.Program
		page    int
		study   study.Study
	}
	var pages []page
	var tasks []task
	bar, lines := study.NewProgress(stderr, "notes", o.quiet), newFinished(stderr)
	defer bar.Close()
	if o.quiet || bar.Shown() {
		lines.out = io.Discard
	}
	for _, p := range programs {
		if len(o.only) > 0 && !slices.Contains(o.only, p.Concept) {
			continue
		}
		for _, s := range p.Studies() {
			tasks = append(tasks, task{p, len(pages), s})
			lines.total[p.Concept]++
		}
		pages = append(pages, page{program: p})
	}
	var done atomic.Int64
	entries, err := par.Map(ctx, len(tasks), func(ctx context.Context, i int) (entry, error) {
		e := o.runOne(ctx, tasks[i].program, tasks[i].study)
		bar.Report(int(done.Add(1)), len(tasks))
		lines.report(tasks[i].program.Concept)
		return e, ctx.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("interrupted: %w", err)
	}
	for i, e := range entries {
		pages[tasks[i].page].entries = append(pages[tasks[i].page].entries, e)
	}
	return pages, nil
}

// runOne runs one study and draws its picture in both themes. A study that panics has failed, no more.
func (o options) runOne(ctx context.Context, p study.Program, s study.Study) (e entry) {
	e = entry{concept: p.Concept, study: s, files: map[string][]byte{}}
	e.outcome.Command = p.Command(s.Name, "")
	defer func() {
		switch value := recover().(type) {
		case nil:
		case *par.Panic:
			e.err = fmt.Errorf("%s: panic: %v", s.Name, value.Value)
		default:
			e.err = fmt.Errorf("%s: panic: %v", s.Name, value)
		}
	}()
	e.outcome, e.err = p.Do(ctx, s.Name, study.Env{Quick: o.quick, Seed: o.seed, Theme: "light"})
	if e.err != nil {
		return e
	}
	for _, theme := range []chart.Theme{chart.Light(), chart.Dark()} {
		for _, format := range withBoth(o.formats) {
			data, err := e.outcome.Draw(format, theme)
			if err != nil {
				e.err = err
				return e
			}
			if data != nil {
				e.files[picture(theme.Name, format)] = data
			}
		}
	}
	e.formats = o.formats
	return e
}

// withBoth adds the formats that the HTML file chooses from.
func withBoth(formats []string) []string {
	all := slices.Clone(formats)
	for _, f := range []string{"png", "svg"} {
		if !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// picture is how a picture's file name ends.
func picture(theme, format string) string {
	if theme == "dark" {
		return "-dark." + format
	}
	return "." + format
}

// summarize prints what was written, and where to start reading.
func summarize(w io.Writer, pages []page, dir string) {
	studies, failed := 0, 0
	for _, p := range pages {
		studies += len(p.entries)
		failed += len(p.errors())
	}
	fmt.Fprintf(w, "%d of %d questions answered.\n\n", studies-failed, studies)
	for _, p := range pages {
		fmt.Fprintf(w, "%s\n", p.program.Heading())
		for _, e := range p.entries {
			fmt.Fprintf(w, "  %s\n", e.headline())
		}
	}
	fmt.Fprintf(w, "\nOpen %s, or %s in a note tool.\n", filepath.Join(dir, "index.html"), filepath.Join(dir, "index.md"))
}
