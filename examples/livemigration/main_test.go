package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/examples/livemigration/studies"
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
		Outcome    string  `json:"outcome"`
		Rounds     int     `json:"rounds"`
		Syncs      int     `json:"dirty_sync_count"`
		Total      float64 `json:"total_s"`
		Downtime   float64 `json:"downtime_s"`
		SentBytes  float64 `json:"sent_bytes"`
		FinalBytes float64 `json:"final_bytes"`
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
	assert.Equal(t, "livemigration", out.Concept)
	assert.NotEmpty(t, out.Config)
	return out
}

func TestSimulateJSON(t *testing.T) {
	geometric := simulate(t, "--preset", "rounds", "--workload", "constant", "--memory", "8GiB", "--bandwidth", "125MB/s",
		"--dirty-rate", "62.5MB/s", "--downtime-limit", "300ms").Result
	assert.Equal(t, "converged", geometric.Outcome)
	assert.Equal(t, 8, geometric.Rounds)
	assert.InDelta(t, 137.170518016, geometric.Total, 1e-9)
	assert.InDelta(t, 0.268435456, geometric.Downtime, 1e-9)
	assert.EqualValues(t, 17_146_314_752, geometric.SentBytes)
	assert.EqualValues(t, 33_554_432, geometric.FinalBytes)

	uniform := simulate(t, "--preset", "rounds", "--memory", "8GiB", "--bandwidth", "117.5MB/s", "--dirty-rate", "81.92MB/s", "--working-set", "256MiB").Result
	assert.InDelta(t, 77.914998, uniform.Total, 1e-6)

	bytesFlags := simulate(t, "--preset", "rounds", "--memory", "1073741824", "--device-state", "8B", "--page-header", "8").Result
	assert.Positive(t, bytesFlags.Total)

	legacy := simulate(t, "--preset", "qemu-legacy", "--auto-converge", "legacy", "--memory", "2GiB", "--nonzero", "1449551462", "--page-header", "0",
		"--workload", "constant", "--dirty-rate", "1.5GB/s", "--working-set", "1GiB", "--bandwidth", "117MB/s", "--downtime-limit", "300ms").Result
	assert.InEpsilon(t, 252, legacy.Total, 0.05)
	modern := simulate(t, "--preset", "qemu", "--auto-converge", "modern", "--memory", "2GiB", "--nonzero", "1449551462", "--page-header", "0",
		"--workload", "sequential", "--dirty-rate", "1.5GB/s", "--working-set", "1GiB", "--bandwidth", "117MB/s").Result
	assert.InEpsilon(t, 111, modern.Total, 0.05)

	post := simulate(t, "--strategy", "postcopy", "--memory", "8GiB", "--bandwidth", "125MB/s", "--device-state", "4MiB", "--page-header", "0").Result
	assert.Equal(t, "postcopy", post.Outcome)
	assert.InDelta(t, 0.033554432, post.Downtime, 1e-9)

	assert.Equal(t, "diverged", simulate(t, "--preset", "simgrid", "--bandwidth", "100MB/s", "--dirty-rate", "200MB/s", "--working-set", "1GiB").Result.Outcome)
	assert.Equal(t, "aborted", simulate(t, "--timeout", "5s", "--bandwidth", "100MB/s").Result.Outcome)
	assert.Equal(t, "forced", simulate(t, "--preset", "rounds", "--max-rounds", "2", "--downtime-limit", "0s", "--bandwidth", "100MB/s").Result.Outcome)
	assert.Equal(t, "converged", simulate(t, "--strategy", "offline").Result.Outcome)
}

// A migration measured on QEMU 7.2, by the command line.
func TestSimulateMeasuredRun(t *testing.T) {
	r := simulate(t, "--memory", "537403392", "--nonzero", "348966912", "--bandwidth", "32MB/s", "--switchover-bandwidth", "1GB/s",
		"--workload", "uniform", "--dirty-rate", "24.576MB/s", "--working-set", "64MiB", "--preset", "qemu", "--downtime-limit", "300ms").Result
	assert.InEpsilon(t, 15.247, r.Total, 0.05)
	assert.InEpsilon(t, 495_952_832, r.SentBytes, 0.03)
	assert.InDelta(t, 11, r.Syncs, 2)
}

func TestSimulateCurveFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "curve.csv")
	write := func(text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	write("seconds,bytes\n0.1,10000000\n1,50000000\n10,200000000\n")
	r := simulate(t, "--preset", "rounds", "--memory", "1GiB", "--workload", "curve", "--curve", path, "--bandwidth", "100MB/s", "--downtime-limit", "300ms").Result
	assert.Equal(t, "converged", r.Outcome)
	assert.Positive(t, r.FinalBytes)
	for text, want := range map[string]string{"": "at least 2", "1,2\n1,3\n": "rising times", "1,2\n2,x\n": "line 2", "1,5\n2,4\n": "never fall"} {
		write(text)
		_, err := run(t, "simulate", "--workload", "curve", "--curve", path, "--bandwidth", "0B/s")
		assert.Equal(t, 2, study.ExitCode(err))
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "Link.Bandwidth = 0", "and the other wrong field in the same message")
	}
}

// Every preset and every workload runs from the command line.
func TestSimulatePresets(t *testing.T) {
	for _, p := range studies.Program().Presets() {
		assert.NotEmpty(t, p.Source)
		r := simulate(t, "--preset", p.Name, "--memory", "1GiB", "--dirty-rate", "10MB/s").Result
		assert.NotEqual(t, "diverged", r.Outcome, p.Name)
	}
	for _, w := range []string{"constant", "uniform", "sequential", "hotcold", "zipf"} {
		for _, engine := range []string{"curve", "pages"} {
			r := simulate(t, "--workload", w, "--memory", "256MiB", "--dirty-rate", "10MB/s", "--engine", engine).Result
			assert.Equal(t, "converged", r.Outcome, "%s, %s", w, engine)
		}
	}
}

func TestBadInput(t *testing.T) {
	studytest.Refuses(t, studies.Program(),
		"simulate --bandwidth NaN", "simulate --bandwidth Inf", "simulate --bandwidth 0", "simulate --memory -1", "simulate --working-set 9GiB",
		"simulate --downtime-limit 0s", "simulate --workload curve", "simulate --curve missing.csv", "simulate --preset vmware", "simulate --zero-scan 4.9e-324", "nonsense",
	)
}
