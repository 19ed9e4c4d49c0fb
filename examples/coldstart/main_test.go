package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/theory"
	"cloudconcepts/examples/coldstart/studies"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/study/studytest"
)

func TestEveryStudy(t *testing.T) { studytest.EveryStudy(t, studies.Program()) }

func TestWrongValues(t *testing.T) { studytest.WrongValues(t, studies.Program()) }

func TestInterrupted(t *testing.T) { studytest.Interrupted(t, studies.Program()) }

func TestPresets(t *testing.T) { studytest.Presets(t, studies.Program()) }

func TestExam(t *testing.T) { studytest.Exam(t, studies.Program()) }

func TestNext(t *testing.T) { studytest.Next(t, studies.Program()) }

// simulate runs the study with --json and checks that the keys are numbers.
func simulate(t *testing.T, flags string) func(string) float64 {
	t.Helper()
	r := studytest.JSON(t, studies.Program(), "simulate "+flags, "requests", "cold_probability", "instances_mean", "running_mean", "idle_mean",
		"lifespan_mean_s", "throttled_fraction", "latency_p50_s", "latency_p99_s", "billed_gb_s", "cost_usd")
	return func(key string) float64 {
		t.Helper()
		return studytest.Number(t, r, key)
	}
}

// The README example of SimFaaS by its flags, and closed forms.
func TestSimulate(t *testing.T) {
	example := simulate(t, "--rate 0.9/s --warm exp:1.991s --cold exp:2.244s --keep-alive 10m --selection newest --duration 4000000s")
	assert.InEpsilon(t, 0.00133, example("cold_probability"), 0.05)
	assert.InEpsilon(t, 7.69, example("instances_mean"), 0.008)
	assert.InEpsilon(t, 1.79, example("running_mean"), 0.006)
	assert.InEpsilon(t, 5.90, example("idle_mean"), 0.012)
	assert.InEpsilon(t, example("instances_mean"), 0.9*example("cold_probability")*example("lifespan_mean_s"), 0.01, "Little's law")
	defaults := simulate(t, "")
	assert.InEpsilon(t, 0.00133, defaults("cold_probability"), 0.1)
	assert.InEpsilon(t, 7.69, defaults("instances_mean"), 0.015)
	limited := simulate(t, "--rate 70/s --warm exp:100ms --cold exp:100ms --max-concurrency 10 --duration 40000s")
	assert.InDelta(t, theory.ErlangB(10, 7), limited("throttled_fraction"), 0.0015)
	assert.InDelta(t, 0.078741, limited("throttled_fraction"), 0.0015)
	single := simulate(t, "--rate 0.005/s --warm const:2s --cold exp:5s --max-concurrency 1 --duration 100000000s")
	assert.InEpsilon(t, 0.049787, single("cold_probability"), 0.03)
	assert.InEpsilon(t, 0.010633, single("throttled_fraction"), 0.06)
	halving := simulate(t, "--rate 0.005/s --warm const:1us --cold const:1us --keep-alive halving:380s --duration 100000000s")
	assert.InEpsilon(t, 0.080829, halving("cold_probability"), 0.03)
	pinned := simulate(t, "--selection lru")
	assert.Greater(t, pinned("instances_mean"), 10.0)
	assert.Less(t, pinned("cold_probability"), 1e-4)
	spilled := simulate(t, "--rate 100/s --warm exp:100ms --cold exp:100ms --provisioned 18 --duration 10000s")
	assert.InEpsilon(t, 0.007142, spilled("spilled_fraction"), 0.1)
}

// Lists of times make arrivals; a bad line is named.
func TestTraces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace.csv")
	write := func(text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	write("time_s\n0\n1\n700\n")
	r := simulate(t, "--warm const:2s --cold const:2s --duration 1h --arrivals trace:"+path)
	assert.InDelta(t, 3, r("requests"), 0)
	assert.InDelta(t, 1, r("cold_probability"), 1e-9, "the first, an overlap, and one after 10 min")
	for text, want := range map[string]string{"": "empty", "2\n1\n": "line 2", "1\nx\n": "line 2", "-1\n": "line 1", "1\nNaN\n": "line 2"} {
		write(text)
		_, err := studytest.Run(t, studies.Program(), "simulate", "--arrivals", "trace:"+path, "--out", t.TempDir())
		assert.Equal(t, 2, study.ExitCode(err), "%q: %v", text, err)
		assert.ErrorContains(t, err, want, "%q", text)
	}
}

// A burst that is no burst leaves nothing to follow, and a metric that comes sooner leaves a shorter line.
func TestScaling(t *testing.T) {
	longest := func(line string) (waiting []float64) {
		out, err := studytest.Run(t, studies.Program(), append(strings.Fields("scaling --json "), strings.Fields(line)...)...)
		require.NoError(t, err)
		var got struct {
			Result []struct {
				Waiting float64 `json:"most_waiting"`
				Refused float64 `json:"refused_fraction"`
			} `json:"result"`
		}
		require.NoError(t, json.Unmarshal([]byte(out), &got))
		require.Len(t, got.Result, 3, "Lambda, utilization, Knative")
		for _, r := range got.Result {
			waiting = append(waiting, r.Waiting)
			assert.Zero(t, r.Refused)
		}
		return waiting
	}
	calm, slow, fast := longest("--peak 50/s --target 20%"), longest(""), longest("--period 10s --cooldown 10s")
	assert.Less(t, calm[1], 20.0)
	assert.Zero(t, slow[0], "nobody waits in line for a function")
	assert.Greater(t, slow[1], 10*slow[2], "utilization is bounded, waiting requests are not")
	assert.Less(t, fast[1], slow[1])
	assert.Equal(t, slow[2], fast[2], "Knative has its own clock")
}

// Every study writes one JSON object, also where a number is missing.
func TestJSON(t *testing.T) {
	for _, s := range studies.All() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			out, err := studytest.Run(t, studies.Program(), s.Name, "--quick", "--json")
			require.NoError(t, err)
			assert.NotContains(t, out, "NaN")
		})
	}
}

func TestBadInput(t *testing.T) {
	studytest.Refuses(t, studies.Program(),
		"simulate --memory 64", "simulate --memory 10241", "simulate --keep-alive 0s", "simulate --keep-alive nonsense", "simulate --provisioned 20 --max-concurrency 10",
		"simulate --rate 0/s", "simulate --rate -1/s", "simulate --warm exp:-1s", "simulate --cold nonsense", "simulate --arrivals trace:missing.csv",
		"simulate --selection nonsense", "simulate --scaling nonsense", "simulate --runtime cobol", "simulate --duration 0s", "simulate --provisioned -1", "simulate --max-concurrency -1",
		"simulate --retry nonsense", "simulate --warmup 2000000s", "ttl --keep-alive 0s", "ttl --rate 0/s,1/s", "ttl --rate 2/s,1/s", "ttl --requests 0", "ttl --warm exp:-1s",
		"causes --duration 1s", "causes --keep-alive 0s", "causes --rate 1000/s", "aws --duration 1s", "aws --selection nonsense", "selection --rate 1/s", "selection --requests 1",
		"warmers --pings -1", "provisioned --target 4.9e-324", "warmers --burst 0", "warmers --ping-every 0s", "warmers --burst-every 1s", "warmers --memory 64", "warmers --ping-work exp:-1s",
		"gantt --rate 1000/s", "gantt --duration 0s", "gantt --keep-alive 0s", "gantt --init exp:-1s", "nonsense",
		"scaling --peak 1/s", "scaling --burst-at 1h", "scaling --burst-at 0s", "scaling --per-task 0", "scaling --target 0", "scaling --service exp:20s", "scaling --startup exp:-1s",
	)
}

// A keep-alive without a formula for expiry alone: the answer does without it.
func TestKeepAliveWithoutAFormula(t *testing.T) {
	stdout, err := studytest.Run(t, studies.Program(), "ttl", "--quick", "--quiet", "--keep-alive", "lognormal:1s,cv=0", "--requests", "1000", "--out", t.TempDir())
	require.NoError(t, err)
	assert.NotContains(t, stdout, "n/a")
	assert.NotContains(t, stdout, "idle expiry alone")
}

func TestWarmersOfAKeepAliveWithoutAFormula(t *testing.T) {
	_, err := studytest.Run(t, studies.Program(), "warmers", "--quick", "--keep-alive", "lognormal:1s,cv=0", "--out", t.TempDir())
	require.NoError(t, err)
}
