// Gallery draws the pictures that README.md shows, light and dark, into the folder of its source.
//
//	go generate ./examples/gallery
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	bloom "cloudconcepts/examples/bloom/studies"
	coldstart "cloudconcepts/examples/coldstart/studies"
	livemigration "cloudconcepts/examples/livemigration/studies"
	queue "cloudconcepts/examples/queue/studies"
	replication "cloudconcepts/examples/replication/studies"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
)

//go:generate go run . --quiet --out .

func main() {
	os.Exit(study.Process("gallery", func(ctx context.Context, args []string, stdout, stderr io.Writer) error {
		return run(ctx, shown(), args, stdout, stderr)
	}))
}

// A picture is a study that README.md shows.
type picture struct {
	program study.Program
	study   string
}

// file is the name of the picture's file in a theme.
func (p picture) file(theme string) string {
	name := p.program.Concept + "-" + p.study
	if theme == "dark" {
		name += "-dark"
	}
	return name + ".svg"
}

// shown are the pictures of README.md.
func shown() []picture {
	var list []picture
	for _, of := range []struct {
		program study.Program
		studies []string
	}{
		{livemigration.Program(), []string{"convergence", "rounds"}},
		{bloom.Program(), []string{"tradeoff", "allocation"}},
		{queue.Program(), []string{"flashsale", "retrystorm", "overload"}},
		{replication.Program(), []string{"failover", "stale", "election"}},
		{coldstart.Program(), []string{"cost", "burst"}},
	} {
		for _, name := range of.studies {
			list = append(list, picture{of.program, name})
		}
	}
	return list
}

func run(ctx context.Context, pictures []picture, args []string, stdout, stderr io.Writer) error {
	out, quick, quiet := "gallery", false, false
	tool := study.Tool{
		Name:     "gallery",
		Summary:  "gallery: draws the pictures that README.md shows, light and dark.",
		Examples: []string{"--out examples/gallery"},
		Flags: func(f *study.Flags) {
			f.Folder(&out, "out", "folder for the pictures")
			f.Bool(&quick, "quick", "smaller runs, of under a second each")
			f.Bool(&quiet, "quiet", "print errors only")
		},
		Run: func(ctx context.Context, stdout, _ io.Writer) error {
			files, err := draw(ctx, pictures, quick)
			if err != nil {
				return err
			}
			if err := study.WriteFiles(out, files); err != nil || quiet {
				return err
			}
			_, err = fmt.Fprintf(stdout, "%d pictures in %s\n", len(files), out)
			return err
		},
	}
	return tool.Do(ctx, args, stdout, stderr)
}

// draw runs the studies and draws each in both themes.
func draw(ctx context.Context, pictures []picture, quick bool) ([]study.File, error) {
	pairs, err := par.Map(ctx, len(pictures), func(ctx context.Context, i int) ([]study.File, error) {
		p := pictures[i]
		outcome, err := p.program.Do(ctx, p.study, study.Env{Quick: quick, Seed: 1, Theme: "light"})
		if err != nil {
			return nil, err
		}
		light, err := outcome.Draw("svg", chart.Light())
		if err != nil {
			return nil, err
		}
		dark, err := outcome.Draw("svg", chart.Dark())
		return []study.File{{Name: p.file("light"), Data: light}, {Name: p.file("dark"), Data: dark}}, err
	})
	var files []study.File
	for _, pair := range pairs {
		files = append(files, pair...)
	}
	return files, err
}
