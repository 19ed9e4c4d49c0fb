package study_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/require"
)

var (
	errInvalid = errors.New("fake: invalid config")
	errBroken  = errors.New("the model broke")
)

// fakeConfig is the config of a model that only the tests know.
type fakeConfig struct {
	Memory   int64         `json:"memory_bytes"`
	Rate     float64       `json:"rate_bytes_per_s"`
	Limit    time.Duration `json:"limit_s"`
	Hit      float64       `json:"hit_fraction"`
	Strategy string        `json:"strategy"`
}

type fakeRow struct {
	Round    int           `json:"round"`
	Sent     int64         `json:"sent_bytes"`
	Duration time.Duration `json:"duration_s"`
	Rate     float64       `json:"rate_bytes_per_s"`
	Hit      float64       `json:"hit_fraction"`
	Cost     float64       `json:"cost_usd"`
}

type fakeResult struct {
	Outcome  string    `json:"outcome"`
	Total    float64   `json:"total_s"`
	Never    float64   `json:"never_s"`
	Rows     []fakeRow `json:"rows"`
	Warnings []error   `json:"warnings"`
}

// A picture is a few bytes that tell the format and the theme.
type picture struct{ text string }

func (p picture) Write(w io.Writer, format string, t chart.Theme) error {
	_, err := fmt.Fprintf(w, "%s %s %s", p.text, format, t.Name)
	return err
}

// fake is a program with one well-behaved study and further ones.
func fake(more ...study.Study) study.Program {
	return study.Program{
		Concept: "fake", Summary: "fake: a program for the tests.", Invalid: []error{errInvalid},
		Presets: func() []study.Preset { return []study.Preset{{"small", "a guess"}, {"large", "a book"}} },
		Studies: func() []study.Study { return append([]study.Study{rounds()}, more...) },
	}
}

func rounds() study.Study {
	cfg := fakeConfig{Memory: 8 << 30, Rate: 1.25e9, Limit: 300 * time.Millisecond, Hit: 0.01, Strategy: "precopy"}
	var preset, curve, label string
	swap := int64(1 << 40)
	var verbose bool
	sizes, repeat := []int64{1 << 30, 2 << 30}, 3
	return study.Study{
		Name: "rounds", Question: "Why does it copy in rounds?",
		Examples: []string{"--memory 16GiB --limit 1s"},
		Flags: func(f *study.Flags) {
			f.Preset(&preset, "preset", "a real system", func(name string) error {
				cfg.Memory = map[string]int64{"small": 1 << 30, "large": 64 << 30}[name]
				return nil
			}, "small", "large")
			f.Bytes(&cfg.Memory, "memory", "guest memory")
			f.Rate(&cfg.Rate, "bandwidth", "what the link carries")
			f.Duration(&cfg.Limit, "limit", "longest pause")
			f.Fraction(&cfg.Hit, "hit", "share of hits")
			f.Choice(&cfg.Strategy, "strategy", "how to migrate", "precopy", "postcopy")
			f.BytesList(&sizes, "sizes", "sizes to compare")
			f.Int(&repeat, "repeat", "how often")
			f.Bool(&verbose, "verbose", "say more")
			f.File(&curve, "curve", "measured curve")
			f.String(&label, "label", "name of the run")
			f.Bytes(&swap, "swap", "memory on disk (not given: all of it)")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			if cfg.Memory > 1<<50 {
				return study.Report{}, fmt.Errorf("%w: Memory = %d, want at most 1 PiB", errInvalid, cfg.Memory)
			}
			rows := []fakeRow{
				{1, cfg.Memory, 12100 * time.Millisecond, cfg.Rate, cfg.Hit, 0.5},
				{2, 1500, 290 * time.Millisecond, 1e6, math.NaN(), 1234.5},
			}
			return study.Report{
				Answer:  fmt.Sprintf("It takes %d rounds (seed %d, runs %d, quick %t).", len(rows), env.Seed, env.Runs, env.Quick),
				Table:   study.Rows(rows),
				Figure:  picture{fmt.Sprintf("rounds of %d", cfg.Memory)},
				Reading: "Each bar is a round: *all* of it.", Sources: []string{"Clark et al., NSDI 2005"},
				Notes: []string{"the model is a fake"}, Config: cfg,
				Result: fakeResult{"converged", 12.39, math.Inf(1), rows, []error{errors.New("rho >= 1")}},
			}, nil
		},
	}
}

// plain is a study that only answers.
func plain(name string) study.Study {
	return study.Study{
		Name: name, Question: "Is it " + name + "?",
		Run: func(context.Context, study.Env) (study.Report, error) {
			return study.Report{Answer: "It is " + name + ".", Result: name}, nil
		},
	}
}

// failing is a study whose model breaks.
func failing() study.Study {
	return study.Study{
		Name: "failing", Question: "Does it fail?",
		Run: func(context.Context, study.Env) (study.Report, error) { return study.Report{}, errBroken },
	}
}

// run runs a program and returns what it printed.
func run(t *testing.T, p study.Program, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = p.Run(t.Context(), args, &out, &errs)
	return out.String(), errs.String(), err
}

// inFolder makes an empty folder the working directory.
func inFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	require.DirExists(t, dir)
	return dir
}
