package study

import (
	"errors"
	"path/filepath"
	"strconv"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// options are the flags that every program has.
type options struct {
	out         string
	formats     []string
	seed        uint64
	runs        int
	theme       string
	quick       bool
	quiet       bool
	json        bool
	list        bool
	listPresets bool
	help        bool
}

func (p Program) newOptions() options {
	return options{
		out: filepath.Join("out", p.Concept), formats: []string{"png", "svg"}, seed: 1, theme: "light",
	}
}

// declare adds the shared flags to a set.
func (o *options) declare(f *Flags) {
	f.Folder(&o.out, "out", "folder for the files")
	f.ChoiceList(&o.formats, "format", "picture formats", chart.Formats()...)
	f.Seed(&o.seed, "seed", "seed of everything random")
	f.Var(units.NewValue(&o.runs, runsKind()), "runs", "independent replications (0: as many as the study needs)")
	f.Choice(&o.theme, "theme", "colours of the pictures", "light", "dark")
	f.Bool(&o.quick, "quick", "a smaller run of under a second")
	f.Bool(&o.quiet, "quiet", "print the answer only; of several studies, their questions too")
	f.Bool(&o.json, "json", "print one JSON object and nothing else; write files only if --out is given")
	f.Bool(&o.list, "list", "list the studies")
	f.Bool(&o.listPresets, "list-presets", "list the presets and their sources")
	f.set.BoolVarP(&o.help, "help", "h", false, "show this help")
}

func (o options) env(progress func(done, total int)) Env {
	return Env{Quick: o.quick, Seed: o.seed, Runs: o.runs, Theme: o.theme, Progress: progress}
}

// Folder declares the path of a folder, which need not exist.
func (f *Flags) Folder(p *string, name, usage string) {
	kind := units.Text()
	kind.Name = "DIR"
	kind.Parse = func(s string) (string, error) {
		if s == "" {
			return "", errors.New("it is empty; want the path of a folder, for example results")
		}
		return s, nil
	}
	f.Var(units.NewValue(p, kind), name, usage)
}

// Seed declares a seed.
func (f *Flags) Seed(p *uint64, name, usage string) {
	f.Var(units.NewValue(p, seedKind()), name, usage)
}

func seedKind() units.Kind[uint64] {
	return units.Kind[uint64]{
		Name: "N",
		Parse: func(s string) (uint64, error) {
			n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 64)
			if err != nil {
				err = &units.Error{
					Kind: "seed", Value: s, Problem: "this is not a seed",
					Allowed: "a whole number from 0 to 18446744073709551615", Example: "42",
				}
			}
			return n, err
		},
		Text: func(n uint64) string { return strconv.FormatUint(n, 10) },
	}
}

func runsKind() units.Kind[int] {
	const most = 1_000_000
	kind := units.Int()
	parse := kind.Parse
	kind.Parse = func(s string) (int, error) {
		n, err := parse(s)
		if err == nil && (n < 0 || n > most) {
			err = &units.Error{
				Kind: "runs", Value: s, Problem: "out of range", Allowed: "a whole number from 0 to 1,000,000", Example: "20",
			}
		}
		return n, err
	}
	return kind
}
