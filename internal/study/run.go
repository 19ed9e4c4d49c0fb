package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Run is the whole program: it reads the command line, runs what it asks for and prints it. The error's exit code is
// ExitCode of it; nothing is printed about it yet.
func (p Program) Run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	name, err := p.studyName(args)
	if err != nil {
		return err
	}
	job, err := p.newJob(name, args)
	if err != nil {
		return err
	}
	job.stdout, job.stderr = &printer{w: stdout}, stderr
	switch {
	case job.help:
		p.help(job.stdout, name)
	case job.list:
		p.listStudies(job.stdout)
	case job.listPresets:
		err = p.listPresets(job.stdout)
	default:
		err = job.run(ctx, name)
	}
	return errors.Join(err, job.stdout.err)
}

// studyName finds the study's name among the flags; it is empty if all studies are meant.
func (p Program) studyName(args []string) (string, error) {
	words := positional(args, p.allFlags())
	switch {
	case len(words) == 0:
		return "", nil
	case len(words) > 1:
		return "", usagef("one study at a time, got %s; run without a name for all studies", list(words))
	}
	s, err := p.Find(words[0])
	return s.Name, err
}

// allFlags are the flags of all studies together with the shared ones.
func (p Program) allFlags() *Flags {
	all := newFlags(p.Concept)
	all.merge = true
	for _, s := range p.Studies() {
		if s.Flags != nil {
			s.Flags(all)
		}
	}
	o := p.newOptions()
	o.declare(all)
	return all
}

// positional are the words that are neither flags nor their values, up to the first unknown flag.
func positional(args []string, flags *Flags) []string {
	var words []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(words, args[i+1:]...)
		}
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			words = append(words, arg)
			continue
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		flag := flags.set.Lookup(name)
		if flag == nil && arg != "-h" {
			return words
		}
		if flag != nil && !hasValue && flag.NoOptDefVal == "" {
			i++
		}
	}
	return words
}

// A job is one call of a program.
type job struct {
	options
	program Program
	study   Study // the one study, if only one is asked for
	flags   *Flags
	stdout  *printer
	stderr  io.Writer
}

// newJob sets the flags of the study, or the shared flags alone if no study is named.
func (p Program) newJob(name string, args []string) (*job, error) {
	j := &job{program: p, options: p.newOptions(), flags: newFlags(p.Concept)}
	if name != "" {
		study, err := p.Find(name)
		if err != nil {
			return nil, err
		}
		j.study = study
		if study.Flags != nil {
			study.Flags(j.flags)
		}
	}
	j.declare(j.flags)
	if err := j.flags.parse(args); err != nil {
		if ExitCode(err) != 2 {
			err = p.flagError(err, j.flags, name)
		}
		return nil, err
	}
	return j, nil
}

// run runs one study or all of them.
func (j *job) run(ctx context.Context, name string) (err error) {
	if j.writesFiles() {
		undo, failed := MakeFolder(j.out)
		if failed != nil {
			return failed
		}
		defer func() {
			if err != nil {
				undo()
			}
		}()
	}
	if name == "" {
		return j.runAll(ctx)
	}
	object, err := j.one(ctx, j.study, j.flags)
	if err == nil && j.json {
		err = j.stdout.json(object)
	}
	return err
}

func (j *job) writesFiles() bool { return !j.json || j.flags.Changed("out") }

// runAll runs all studies one after the other. One that fails does not stop the others.
func (j *job) runAll(ctx context.Context) error {
	var errs []error
	var objects []rawJSON
	for i, s := range j.program.Studies() {
		if i > 0 && !j.json && !j.quiet {
			fmt.Fprintf(j.stdout, "\n%s\n\n", strings.Repeat("-", 72))
		}
		flags, err := j.sharedFlags(s)
		if err != nil {
			return err
		}
		object, err := j.one(ctx, s, flags)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			errs = append(errs, err)
			object, err = failure(s.Name, err)
		}
		if err != nil {
			return err
		}
		objects = append(objects, object)
	}
	if j.json {
		errs = append(errs, j.stdout.all(j.program.Concept, objects))
	}
	if err := errors.Join(errs...); err != nil {
		return &partial{err}
	}
	return nil
}

// A partial error is that of a run in which some studies failed; their usage errors are not the caller's.
type partial struct{ err error }

func (e *partial) Error() string { return e.err.Error() }

// sharedFlags are a study's flags with the shared ones set as in the whole run.
func (j *job) sharedFlags(s Study) (*Flags, error) {
	flags := newFlags(s.Name)
	if s.Flags != nil {
		s.Flags(flags)
	}
	o := j.program.newOptions()
	o.declare(flags)
	var errs []error
	for _, name := range j.flags.names() {
		if from := j.flags.set.Lookup(name); from.Changed {
			errs = append(errs, flags.set.Set(name, from.Value.String()))
		}
	}
	return flags, errors.Join(errs...)
}

// one runs a study, writes its files and prints it. It returns the study's JSON object if that is asked for.
func (j *job) one(ctx context.Context, s Study, flags *Flags) (rawJSON, error) {
	bar := NewProgress(j.stderr, s.Name, j.quiet)
	outcome, err := j.program.execute(ctx, s, flags, j.env(bar.Report), mostMemory)
	bar.Close()
	if err != nil {
		return nil, err
	}
	var names []string
	if j.writesFiles() {
		names, err = j.write(ctx, outcome)
	}
	switch {
	case err != nil:
		return nil, err
	case j.json:
		return success(j.program.Concept, outcome)
	case j.quiet && j.study.Name != "":
		fmt.Fprintln(j.stdout, outcome.Report.Answer)
	case j.quiet:
		fmt.Fprintf(j.stdout, "%s\n%s\n", s.Question, outcome.Report.Answer)
	default:
		j.print(outcome, names, j.program.commandLine(s.Name, flags))
	}
	return nil, nil
}
