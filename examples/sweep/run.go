package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/sweep"
)

//go:embed specs/*.json
var specs embed.FS

// options are the flags.
type options struct {
	spec, example, out string
	shard              sweep.Shard
	quick, quiet, list bool
	picture            picture
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) > 0 && args[0] == "merge" {
		return runMerge(ctx, args[1:], stdout, stderr)
	}
	o := options{out: filepath.Join("out", "sweep"), picture: newPicture()}
	tool := study.Tool{
		Name:    "sweep",
		Summary: "Runs a model over a grid of settings, on one machine or split into shards on a cluster.",
		Examples: []string{
			"--example queue                              # prints a spec to start from",
			"--spec grid.json --out results               # runs it on all cores; the same command goes on after a stop",
			"--spec grid.json --out results --shard 3/200 # a part of it; Slurm and Kubernetes say which by themselves",
			"merge results                                # when all shards are done",
		},
		Flags: func(f *study.Flags) {
			f.File(&o.spec, "spec", "what to sweep, as JSON")
			f.Choice(&o.example, "example", "print a spec of a model to start from", modelNames()...)
			f.Bool(&o.list, "list", "list the models and their presets")
			f.Folder(&o.out, "out", "folder for the files")
			f.Var(&o.shard, "shard", "do one part only (default: what SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX ask for, or all)")
			f.Bool(&o.quick, "quick", "try the spec: three values of each swept field, two runs")
			f.Bool(&o.quiet, "quiet", "print the answer only")
			o.picture.flags(f)
		},
		Run: func(ctx context.Context, stdout, stderr io.Writer) error { return o.do(ctx, stdout, stderr) },
	}
	return tool.Do(ctx, args, stdout, stderr)
}

func (o *options) do(ctx context.Context, stdout, stderr io.Writer) error {
	switch {
	case o.example != "":
		text, err := specs.ReadFile(specFile(o.example))
		if err == nil {
			_, err = stdout.Write(text)
		}
		return err
	case o.list:
		for _, m := range models() {
			fmt.Fprintf(stdout, "%-20s presets: %s\n", m.Name, strings.Join(m.Presets, ", "))
		}
		return nil
	case o.spec == "":
		return study.Usage(errors.New("--spec is missing: a JSON file that says what to sweep; --example queue prints one"))
	}
	plan, err := o.plan()
	if err != nil {
		return study.Usage(fmt.Errorf("%s: %w", o.spec, err))
	}
	return o.sweep(ctx, plan, stdout, stderr)
}

func specFile(model string) string { return "specs/" + strings.ReplaceAll(model, "/", "-") + ".json" }

func modelNames() []string {
	var names []string
	for _, m := range models() {
		names = append(names, m.Name)
	}
	return names
}

// plan reads the spec.
func (o *options) plan() (*sweep.Plan, error) {
	text, err := os.ReadFile(o.spec)
	if err != nil {
		return nil, err
	}
	spec, err := sweep.Parse(text)
	if err != nil {
		return nil, err
	}
	if o.quick {
		spec = spec.Quick()
	}
	for _, m := range models() {
		if m.Name == spec.Model {
			return sweep.NewPlan(m, spec)
		}
	}
	return nil, fmt.Errorf("unknown model %q%s; there are %s", spec.Model, study.Suggestion(spec.Model, modelNames()), strings.Join(modelNames(), ", "))
}

// sweep runs the shard, and merges if it is all there is.
func (o *options) sweep(ctx context.Context, plan *sweep.Plan, stdout, stderr io.Writer) error {
	if o.shard == (sweep.Shard{}) {
		var err error
		if o.shard, err = sweep.FromEnvironment(os.Getenv); err != nil {
			return study.Usage(err)
		}
	}
	if err := o.picture.check(&plan.Grid); err != nil {
		return study.Usage(err)
	}
	build, err := version()
	if err != nil {
		return err
	}
	undo, err := study.MakeFolder(o.out)
	if err != nil {
		return err
	}
	bar := newProgress(stderr, o.quiet)
	job := sweep.Job{Plan: plan, Shard: o.shard, Dir: o.out, Version: build, Progress: bar.report}
	report, err := job.Run(ctx)
	bar.close()
	if err != nil {
		undo()
		if report.Kept+report.Done > 0 && report.Kept < report.Blocks {
			fmt.Fprintf(stderr, "sweep: %d of %d %s are kept; the same command goes on\n", report.Kept+report.Done, report.Blocks, pieces(plan))
		}
		return err
	}
	if o.shard.Of > 1 {
		fmt.Fprintf(stdout, "Shard %v is done: %d %s, %d of them now.\n", o.shard, report.Blocks, pieces(plan), report.Done)
		if !o.quiet {
			fmt.Fprintf(stdout, "When all are: go run ./examples/sweep merge %s\n", study.Quote(o.out))
		}
		return nil
	}
	return o.picture.finish(o.out, o.quiet, stdout)
}

// pieces is what the work is counted in.
func pieces(plan *sweep.Plan) string {
	if plan.Blocks() == plan.Cells() {
		return "cells"
	}
	return "pieces of cells"
}

// runMerge is the program's other command.
func runMerge(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	dir, p, quiet, quick := "", newPicture(), false, false
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		dir, args = args[0], args[1:]
	}
	tool := study.Tool{
		Name:     "sweep merge",
		Summary:  "Puts the shards of a sweep together: rows, summary and picture.",
		Examples: []string{"results", "results --measure wait_p99_s --at servers=4"},
		Flags: func(f *study.Flags) {
			f.Folder(&dir, "out", "folder of the sweep")
			f.Bool(&quiet, "quiet", "print the answer only")
			f.Bool(&quick, "quick", "as without: there is nothing that could be left out")
			p.flags(f)
		},
		Run: func(_ context.Context, stdout, _ io.Writer) error {
			if dir == "" {
				return study.Usage(errors.New("which folder? go run ./examples/sweep merge DIR"))
			}
			return p.finish(dir, quiet, stdout)
		},
	}
	return tool.Do(ctx, args, stdout, stderr)
}
