package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/examples/bloom/studies"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/study/studytest"
)

func run(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	return studytest.Run(t, studies.Program(), args...)
}

func TestExam(t *testing.T) { studytest.Exam(t, studies.Program()) }

func TestNext(t *testing.T) { studytest.Next(t, studies.Program()) }

func TestEveryStudy(t *testing.T) { studytest.EveryStudy(t, studies.Program()) }

func TestWrongValues(t *testing.T) { studytest.WrongValues(t, studies.Program()) }

func TestInterrupted(t *testing.T) { studytest.Interrupted(t, studies.Program()) }

// simulated is what the contract of simulate --json promises.
type simulated struct {
	Concept string         `json:"concept"`
	Config  map[string]any `json:"config"`
	Result  struct {
		Classical      *float64 `json:"fpr_classical"`
		Exact          *float64 `json:"fpr_exact"`
		Measured       *float64 `json:"fpr_measured"`
		Low            *float64 `json:"fpr_measured_low"`
		High           *float64 `json:"fpr_measured_high"`
		FillExpected   *float64 `json:"fill_expected"`
		FillMeasured   *float64 `json:"fill_measured"`
		FalseNegatives *float64 `json:"false_negatives"`
	} `json:"result"`
}

func simulate(t *testing.T, args ...string) simulated {
	t.Helper()
	stdout, err := run(t, append([]string{"simulate", "--json"}, args...)...)
	require.NoError(t, err)
	in := json.NewDecoder(strings.NewReader(stdout))
	var out simulated
	require.NoError(t, in.Decode(&out))
	assert.False(t, in.More(), "one object and nothing else")
	assert.Equal(t, "bloom", out.Concept)
	assert.NotEmpty(t, out.Config)
	r := out.Result
	for name, v := range map[string]*float64{
		"fpr_classical": r.Classical, "fpr_exact": r.Exact, "fpr_measured": r.Measured, "fpr_measured_low": r.Low, "fpr_measured_high": r.High,
		"fill_expected": r.FillExpected, "fill_measured": r.FillMeasured, "false_negatives": r.FalseNegatives,
	} {
		require.NotNil(t, v, name)
	}
	assert.Zero(t, *r.FalseNegatives)
	assert.LessOrEqual(t, *r.Low, *r.Measured)
	assert.GreaterOrEqual(t, *r.High, *r.Measured)
	return out
}

// Exact rates of exact arithmetic, and measurements within five standard errors
// of them, by the command line.
func TestSimulateJSON(t *testing.T) {
	small := simulate(t, "--bits", "64", "--keys", "6", "--hashes", "7", "--filters", "40000", "--queries", "400", "--seed", "1").Result
	assert.InDelta(t, 0.0059747881, *small.Classical, 1e-9)
	assert.InDelta(t, 0.0068594118056317, *small.Exact, 1e-14)
	assert.InDelta(t, 0.006859, *small.Measured, 2.4e-4)
	double := simulate(t, "--bits", "64", "--keys", "6", "--hashes", "7", "--scheme", "double", "--filters", "40000", "--queries", "400").Result
	assert.InDelta(t, 0.0263, *double.Measured, 9e-4)

	classic := simulate(t, "--bits", "10k", "--keys", "1000", "--hashes", "7", "--filters", "50", "--queries", "20000").Result
	assert.InDelta(t, 0.0082009574, *classic.Exact, 1e-9)
	assert.InDelta(t, 0.503432, *classic.FillExpected, 1e-6)
	assert.InDelta(t, *classic.FillExpected, *classic.FillMeasured, 0.003)

	for layout, want := range map[string]float64{"classic": 0.0082, "partitioned": 0.00826, "blocked --hashes 6": 0.00966, "splitblock": 0.01262} {
		args := strings.Fields("--bits 100k --keys 10000 --filters 20 --queries 20000 --layout " + layout)
		r := simulate(t, args...).Result
		assert.InEpsilon(t, want, *r.Exact, 0.03, layout)
		assert.InEpsilon(t, want, *r.Measured, 0.12, layout)
	}
	for _, scheme := range []string{"independent", "double", "enhanced", "bitsandblooms"} {
		r := simulate(t, "--scheme", scheme, "--filters", "20", "--queries", "10000", "--seed", "7").Result
		assert.InEpsilon(t, 0.0082, *r.Measured, 0.15, scheme)
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.txt")
	write := func(text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	write("one\ntwo\n\ntwo\nthree\r\nthree\nfour")
	stdout, err := run(t, "keys", "--file", path, "--quick", "--out", t.TempDir())
	require.NoError(t, err)
	assert.Contains(t, stdout, "4 different keys")
	assert.Contains(t, stdout, "2 of 7 lines repeat a key")
	assert.Contains(t, stdout, "1 empty lines")
	for _, empty := range []string{"", "\n\n"} {
		write(empty)
		_, err := run(t, "keys", "--file", path, "--quick", "--out", t.TempDir())
		assert.Equal(t, 2, study.ExitCode(err))
		assert.ErrorContains(t, err, "no keys")
	}
}

func TestPresets(t *testing.T) { studytest.Presets(t, studies.Program()) }

func TestBadInput(t *testing.T) {
	studytest.Refuses(t, studies.Program(),
		"simulate --bits 0", "simulate --keys 0", "simulate --hashes 0", "simulate --hashes 65", "simulate --bits 3 --hashes 4",
		"simulate --bits 1000T", "simulate --filters 0", "simulate --queries 0", "simulate --layout nonsense", "simulate --bits -1",
		"tradeoff --fpr 0", "tradeoff --fpr NaN", "keys --fpr 0", "keys --fpr 1", "keys --fpr NaN", "keys --file missing.txt",
		"allocation --bits-per-key -1", "allocation --bits-per-key 4.9e-324", "allocation --bits-per-key NaN", "allocation --levels 0", "allocation --keys 0", "allocation --keys 100G",
		"allocation --policy tiering --size-ratio 2.5", "tail --sorted-runs 0", "tail --cache-hit 2", "tail --bits-per-key NaN",
		"cache --keys 0", "cache --entry-size 0", "cache --skew 1", "cache --absent NaN", "docscheck --keys 0", "docscheck --keys 99", "docscheck --queries 0", "nonsense",
	)
}
