package study_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUsageErrorsSayWhatIsWrongAndHowToPutItRight(t *testing.T) {
	inFolder(t)
	p := fake(plain("waves"))
	for _, c := range []struct{ args, want string }{
		{"round", `unknown study "round"; did you mean rounds?; the studies are rounds and waves`},
		{"zebra", `unknown study "zebra"; the studies are rounds and waves`},
		{"rounds waves", `one study at a time, got rounds and waves; run without a name for all studies`},
		{"rounds --memry 1GiB", `unknown flag --memry; did you mean --memory?; all flags: go run ./examples/fake rounds --help`},
		{"--memry 1GiB rounds", `unknown flag --memry; did you mean --memory?; all flags: go run ./examples/fake --help`},
		{"rounds --xyzzy", `unknown flag --xyzzy; all flags: go run ./examples/fake rounds --help`},
		{"--memory 1GiB", `--memory belongs to one study: name the study first, as in: go run ./examples/fake rounds --memory ...; it is a flag of rounds`},
		{"waves --memory 1GiB", `--memory is not a flag of waves, but of rounds`},
		{"rounds -m 1GiB", `unknown flag -m: flags have two dashes`},
		{"rounds --memory", `--memory needs a value: --memory SIZE (guest memory)`},
		{"rounds --memory 8Gb", `--memory "8Gb": unknown unit "Gb", did you mean GB?; want a number with B, kB, MB, GB, TB, PB (powers of 1000) or KiB, MiB, GiB, TiB, PiB (powers of 1024), at most 8191 PiB, for example 8GiB`},
		{"rounds --memory -1", `--memory "-1": it is negative; want a number with B, kB`},
		{"rounds --memory NaN", `--memory "NaN": NaN is not a quantity; want`},
		{"rounds --bandwidth Inf", `--bandwidth "Inf": it must be finite; want`},
		{"rounds --limit 300", `--limit "300": a unit is missing; want numbers with ns, us, ms, s, m, h or d, at most 106751 days, for example 300ms, 4m12s or 1d12h`},
		{"rounds --hit 1.5", `--hit "1.5": it is above 1; want a number from 0 to 1, or a percentage from 0% to 100%, for example 0.01 or 1%`},
		{"rounds --strategy preocpy", `--strategy "preocpy": not one of precopy and postcopy; did you mean precopy?`},
		{"rounds --preset medium", `--preset "medium": not one of small and large`},
		{"rounds --sizes 1GiB,x", `--sizes "1GiB,x": "x": it does not start with a number; want`},
		{"rounds --repeat 1.5", `--repeat "1.5": it is not a whole number; want`},
		{"rounds --curve none.csv", `--curve "none.csv": no such file or directory; want the path of a file that can be read`},
		{"rounds --curve .", `--curve ".": it is a folder; want`},
		{"rounds --verbose=maybe", `--verbose "maybe": not true or false`},
		{"--format gif", `--format "gif": not one of png, svg and pdf`},
		{"--format png,svg,PNG", `--format "png,svg,PNG": png stands in it twice; want each once`},
		{"--theme drak", `--theme "drak": not one of light and dark; did you mean dark?`},
		{"--seed -1", `--seed "-1": this is not a seed; want a whole number from 0 to 18446744073709551615, for example 42`},
		{"--runs -1", `--runs "-1": out of range; want a whole number from 0 to 1,000,000, for example 20`},
		{"rounds --memory 2000PiB", `fake: invalid config: Memory = 2251799813685248000, want at most 1 PiB`},
	} {
		t.Run(c.args, func(t *testing.T) {
			out, _, err := run(t, p, strings.Fields(c.args)...)
			require.ErrorContains(t, err, c.want)
			assert.Equal(t, 2, study.ExitCode(err))
			assert.Empty(t, out)
		})
	}
}

func TestAnErrorOfTheModelSaysWhichFlagsWereGiven(t *testing.T) {
	_, _, err := run(t, fake(), "rounds", "--json", "--seed", "3", "--memory", "2000PiB", "--label", "a b")
	require.EqualError(t, err, "fake: invalid config: Memory = 2251799813685248000, want at most 1 PiB\n"+
		"the flags given were --memory 2000PiB --label 'a b'; all flags: go run ./examples/fake rounds --help")
	assert.Equal(t, 2, study.ExitCode(err))

	named := plain("named")
	named.Flags = func(f *study.Flags) { f.Int(new(int), "size", "a size") }
	named.Run = func(context.Context, study.Env) (study.Report, error) {
		return study.Report{}, fmt.Errorf("%w: --size = 0, want in [1, 9]", errInvalid)
	}
	_, _, err = run(t, fake(named), "named", "--json", "--size", "0")
	require.EqualError(t, err, "fake: invalid config: --size = 0, want in [1, 9]", "it names the flag already")
}

func TestAVeryLongValueIsNotPrintedWhole(t *testing.T) {
	for _, arg := range []string{"--memory=" + strings.Repeat("é", 60_000), "--" + strings.Repeat("x", 120_000), strings.Repeat("9", 120_000)} {
		_, _, err := run(t, fake(), arg, "rounds")
		assert.Equal(t, 2, study.ExitCode(err))
		message := study.Message("fake", err)
		assert.Less(t, len(message), 2000)
		assert.True(t, utf8.ValidString(message))
		assert.Contains(t, message, " ... ")
	}
	_, _, err := run(t, fake(), "rounds", "--memory", strings.Repeat("x", 9999))
	message := study.Message("fake", err)
	assert.True(t, strings.HasPrefix(message, `fake: --memory "xxx`), message)
	assert.True(t, strings.HasSuffix(message, "for example 8GiB"), message)
}

func TestEveryWrongFlagIsNamedAtOnce(t *testing.T) {
	_, _, err := run(t, fake(), "rounds", "--memory", "x", "--limit", "5", "--json")
	require.ErrorContains(t, err, `--memory "x"`)
	require.ErrorContains(t, err, `--limit "5"`)
	_, _, err = run(t, fake(), "rounds", "--preset", "tiny")
	require.ErrorContains(t, err, `--preset "tiny": not one of small and large; --list-presets`)
}

func TestFlagsReachTheModel(t *testing.T) {
	curve := t.TempDir() + "/curve.csv"
	require.NoError(t, os.WriteFile(curve, []byte("0,0\n"), 0o600))
	out, _, err := run(t, fake(), "--json", "--quick", "rounds", "--bandwidth=10Gbps", "--limit", "1m30s", "--hit", "5%",
		"--strategy", "PostCopy", "--verbose", "--curve", curve, "--sizes", "1GB,2GB", "--repeat", "2", "--memory", "1.5GiB")
	require.NoError(t, err)
	var got struct{ Config fakeConfigJSON }
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	assert.Equal(t, fakeConfigJSON{1610612736, 1.25e9, 90, 0.05, "postcopy"}, got.Config)
}

type fakeConfigJSON struct {
	Memory   int64   `json:"memory_bytes"`
	Rate     float64 `json:"rate_bytes_per_s"`
	Limit    float64 `json:"limit_s"`
	Hit      float64 `json:"hit_fraction"`
	Strategy string  `json:"strategy"`
}

func TestPresetsAreAppliedBeforeTheOtherFlags(t *testing.T) {
	inFolder(t)
	for _, c := range []struct{ args, sent string }{
		{"rounds --preset large", "64 GiB"},
		{"rounds --preset large --memory 3GiB", "3 GiB"},
		{"rounds --memory 3GiB --preset large", "3 GiB"},
	} {
		out, _, err := run(t, fake(), strings.Fields(c.args)...)
		require.NoError(t, err)
		assert.Regexp(t, "\\n +1 +"+c.sent, out, c.args)
	}
}

func TestTheReproducingCommandReproduces(t *testing.T) {
	inFolder(t)
	args := []string{"rounds", "--label", "a b'c", "--memory", "1000", "--limit", "90s", "--verbose", "--bandwidth", "12345.6", "--out", "x y"}
	out, _, err := run(t, fake(), args...)
	require.NoError(t, err)
	_, command, found := strings.Cut(out, "Again:  ")
	require.True(t, found)
	assert.Equal(t, `go run ./examples/fake rounds --memory 1kB --bandwidth 12345.6B/s --limit 1m30s --verbose`+
		` --label 'a b'\''c' --out 'x y'`, strings.TrimSpace(command))
}

func TestHelpAndLists(t *testing.T) {
	inFolder(t)
	p := fake(plain("waves"))
	help, _, err := run(t, p, "--help")
	require.NoError(t, err)
	for _, part := range []string{
		"fake: a program for the tests.", "go run ./examples/fake [STUDY] [flags]", "rounds  Why does it copy in rounds?",
		"go run ./examples/fake rounds --memory 16GiB --limit 1s", "--out DIR", "(default out/fake)", "(default png,svg)",
	} {
		assert.Contains(t, help, part)
	}
	assert.NotContains(t, help, "--memory SIZE")

	help, _, err = run(t, p, "rounds", "-h")
	require.NoError(t, err)
	model, output, found := strings.Cut(help, "Output flags:")
	require.True(t, found)
	assert.Contains(t, model, "--memory SIZE")
	assert.Contains(t, model, "guest memory (default 8GiB)")
	assert.Contains(t, model, "(default 10Gbit/s)")
	assert.Contains(t, model, "memory on disk (not given: all of it)\n")
	assert.Contains(t, model, "(default 1GiB,2GiB)")
	assert.Contains(t, output, "--theme light|dark")

	out, _, err := run(t, p, "--list")
	require.NoError(t, err)
	assert.Equal(t, "  rounds  Why does it copy in rounds?\n  waves   Is it waves?\n", out)

	out, _, err = run(t, p, "--list-presets")
	require.NoError(t, err)
	assert.Equal(t, "  small  a guess\n  large  a book\n", out)

	p.Presets = nil
	_, _, err = run(t, p, "--list-presets")
	assert.Equal(t, 2, study.ExitCode(err))
	assert.NoDirExists(t, "out")
}

func TestChangedKnowsWhatWasGiven(t *testing.T) {
	var limit time.Duration
	var flags *study.Flags
	s := plain("waves")
	s.Flags = func(f *study.Flags) {
		flags = f
		f.Duration(&limit, "limit", "longest pause")
		f.Duration(&limit, "other", "another one")
	}
	p := study.Program{Concept: "fake", Studies: func() []study.Study { return []study.Study{s} }}
	_, _, err := run(t, p, "waves", "--limit", "0s", "--json")
	require.NoError(t, err)
	assert.True(t, flags.Changed("limit"))
	assert.False(t, flags.Changed("other"))
}

func TestRunsOr(t *testing.T) {
	assert.Equal(t, 20, study.Env{}.RunsOr(20, 3))
	assert.Equal(t, 3, study.Env{Quick: true}.RunsOr(20, 3))
	assert.Equal(t, 7, study.Env{Quick: true, Runs: 7}.RunsOr(20, 3))
}
