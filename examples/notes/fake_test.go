package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/require"
)

// fakes are programs that only the tests know: real pictures, a wide table, long words, and a study that fails on
// demand.
func fakes(failing bool) []study.Program {
	waves := study.Program{
		Concept: "waves", Title: "Waves & tides", Summary: "Waves go up and down: a model for the tests.",
		About: "A wave has an *amplitude* and a period; `y = sin x`.",
		Exam: []study.Exam{
			{Question: "What *is* a storm?", Answer: "A wave of 10 m.", Study: "storm", Shows: []string{"10 m"}},
			{Question: "How long is a wave?", Answer: "As long as you like.", Study: "calm", Flags: "--periods 1"},
		},
		Studies: func() []study.Study {
			return []study.Study{wave("calm", "When is the sea calm?", 0.1), wave("storm", "When does a storm break the <wall>?", 10)}
		},
	}
	stones := study.Program{
		Concept: "stones", Summary: "Stones lie where they are.",
		Studies: func() []study.Study {
			s := study.Study{
				Name: "rest", Question: "Does a stone rest?",
				Run: func(context.Context, study.Env) (study.Report, error) {
					return study.Report{Answer: "It rests for 3 years, and costs $2 * 3."}, nil
				},
			}
			panicking, broken := s, s
			panicking.Name, panicking.Question = "burst", "Does a stone burst?"
			panicking.Run = func(ctx context.Context, _ study.Env) (study.Report, error) {
				return study.Report{}, par.Each(ctx, 2, func(_ context.Context, i int) error {
					return []error{nil}[i] // there is no second one
				})
			}
			broken.Name, broken.Question = "roll", "Does a stone roll?"
			broken.Run = func(context.Context, study.Env) (study.Report, error) {
				return study.Report{}, errors.New("it is stuck")
			}
			if failing {
				return []study.Study{broken, panicking, s}
			}
			return []study.Study{s}
		},
	}
	return []study.Program{waves, stones}
}

func wave(name, question string, height float64) study.Study {
	periods := 3.0
	return study.Study{
		Name: name, Question: question, Next: "More periods.", Examples: []string{"--periods 9"},
		Flags: func(f *study.Flags) {
			f.Float(&periods, "periods", "how many periods are drawn, counted from the left")
		},
		Run: func(_ context.Context, env study.Env) (study.Report, error) {
			x, y := make([]float64, 200), make([]float64, 200)
			table := study.NewTable("time_s", "height", "speed_bytes_per_s", "share_fraction", "price_usd",
				"a_rather_long_column_name_that_needs_room", "another_long_column_name_that_needs_room")
			for i := range x {
				x[i] = periods * 2 * math.Pi * float64(i) / 199
				y[i] = height * math.Sin(x[i])
				table.Add(x[i], y[i], 1e6*x[i], 0.5, 0.01*x[i], i, "word")
			}
			return study.Report{
				Answer: fmt.Sprintf("A wave of %g m rises %g times (seed %d, quick %t).", height, periods, env.Seed, env.Quick),
				Table:  table,
				Figure: chart.Figure{
					Title: fmt.Sprintf("A wave of %g m", height), Subtitle: "Height over time", Caption: "waves, no randomness",
					Panels: []chart.Panel{{Name: "height (m)", X: chart.Axis{Name: "time (s)"}, Marks: []chart.Mark{chart.Line{Label: "wave", X: x, Y: y}}}},
				},
				Reading: "The line is the *surface*. A_word_with_many_parts_" + longWord() + " must not push the page wider than the screen.",
				Sources: []string{"Airy, Tides and Waves, 1845, https://example.org/a_very_long_address/" + longWord()},
				Notes:   []string{"the sea is flat at night"},
			}, nil
		},
	}
}

func longWord() string {
	return "abcdefghijklmnopqrstuvwxyz_0123456789_abcdefghijklmnopqrstuvwxyz_0123456789"
}

// write writes the notes of the fakes and returns their folder.
func write(t *testing.T, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, run(t.Context(), fakes(false), append([]string{"--out", dir}, args...), t.Output(), t.Output()))
	return dir
}
