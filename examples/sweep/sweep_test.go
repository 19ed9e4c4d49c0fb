package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/sweep"
	"cloudconcepts/queue"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain lets the test binary play the program itself, so that signals and exit codes are real.
func TestMain(m *testing.M) {
	if os.Getenv("CLOUDCONCEPTS_TEST_PROGRAM") != "" {
		os.Exit(study.Process("sweep", run))
	}
	os.Exit(m.Run())
}

func call(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err := run(t.Context(), args, &stdout, &stderr)
	return stdout.String(), err
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := call(t, args...)
	require.NoError(t, err)
	return out
}

// specOf writes a spec into a file.
func specOf(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "grid.json")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(text)
}

// TestExamples runs the example of every model with few cells, whole and in shards.
func TestExamples(t *testing.T) {
	for _, m := range models() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			text := must(t, "--example", m.Name)
			assert.Contains(t, text, "//", "it has comments")
			spec, dir, shards := specOf(t, text), t.TempDir(), t.TempDir()
			out := must(t, "--spec", spec, "--quick", "--out", dir)
			assert.Contains(t, out, "from ", "it says what came out")
			table, err := csv.NewReader(strings.NewReader(readFile(t, dir, sweep.CSVFile))).ReadAll()
			require.NoError(t, err)
			assert.Greater(t, len(table), 3)
			picture, err := png.Decode(strings.NewReader(readFile(t, dir, "chart.png")))
			require.NoError(t, err)
			assert.Greater(t, picture.Bounds().Dx(), 1000)
			for _, shard := range []string{"2/3", "3/3", "1/3"} {
				assert.Contains(t, must(t, "--spec", spec, "--quick", "--out", shards, "--shard", shard), "Shard "+shard+" is done")
			}
			must(t, "merge", shards)
			for _, name := range []string{sweep.CSVFile, sweep.JSONLFile, "summary.md", "chart.png", "chart.svg"} {
				assert.Equal(t, readFile(t, dir, name), readFile(t, shards, name), name)
			}
		})
	}
}

// TestTheSummaryRepeatsTheSweep runs the spec that summary.md shows: the rows must be the same.
func TestTheSummaryRepeatsTheSweep(t *testing.T) {
	for _, model := range []string{"queue", "livemigration"} {
		dir, again := t.TempDir(), t.TempDir()
		must(t, "--spec", specOf(t, must(t, "--example", model)), "--quick", "--out", dir)
		spec := regexp.MustCompile("(?s)```json\n(.*?)```").FindStringSubmatch(readFile(t, dir, "summary.md"))
		require.Len(t, spec, 2)
		must(t, "--spec", specOf(t, spec[1]), "--out", again)
		assert.Equal(t, readFile(t, dir, sweep.CSVFile), readFile(t, again, sweep.CSVFile))
	}
}

const tiny = `{"model": "queue", "config": {"messages": 2000, "warmup": 0}, "sweep": {"servers": [1, 2], "seconds": [1, 2, 3, 4]},
	"measure": ["wait_mean_s", "utilization"], "runs": 2}`

func tinySpec(t *testing.T) string {
	return specOf(t, strings.Replace(tiny, `"warmup"`, `"service": "exp:{seconds}s", "warmup"`, 1))
}

func TestMistakesAreTheCallers(t *testing.T) {
	dir := t.TempDir()
	for line, want := range map[string]string{
		"":                                       "--spec is missing",
		"--spec nofile":                          "want the path of a file",
		"--spec SPEC --shard 4/3":                "shards are numbered from 1",
		"--spec SPEC --measure wait_s":           "--measure wait_s is not measured; there are wait_mean_s, utilization",
		"--spec SPEC --at servers=3":             "servers has the values 1, 2",
		"--spec SPEC --at server=1":              "server is not swept; there are servers, seconds",
		"--spec SPEC --chart map --at seconds=1": "--chart map needs two",
		"--example queues":                       "did you mean queue",
		"merge":                                  "which folder?",
		"--spec SPEC words":                      "takes flags only",
	} {
		_, err := call(t, strings.Fields(strings.ReplaceAll(line+" --out "+dir, "SPEC", tinySpec(t)))...)
		if line == "merge" {
			_, err = call(t, "merge")
		}
		require.ErrorContains(t, err, want, line)
		assert.Equal(t, 2, study.ExitCode(err), line)
	}
	_, err := call(t, "--spec", specOf(t, `{"model": "queu", "sweep": {"servers": [1]}, "measure": ["x"]}`))
	assert.ErrorContains(t, err, `unknown model "queu"; did you mean queue?`)
	_, err = call(t, "merge", t.TempDir())
	assert.ErrorContains(t, err, "cannot read the folder")
	assert.Equal(t, 1, study.ExitCode(err))
}

func TestSchedulersSayWhichShard(t *testing.T) {
	spec, dir := tinySpec(t), t.TempDir()
	t.Setenv("JOB_COMPLETIONS", "2")
	for _, index := range []string{"0", "1"} {
		t.Setenv("JOB_COMPLETION_INDEX", index)
		assert.Contains(t, must(t, "--spec", spec, "--out", dir), "/2 is done")
	}
	assert.Contains(t, must(t, "merge", dir), "Wait mean: from")
	for _, name := range []string{"COUNT", "MAX"} {
		t.Setenv("SLURM_ARRAY_TASK_"+name, "3")
	}
	for _, name := range []string{"ID", "MIN", "STEP"} {
		t.Setenv("SLURM_ARRAY_TASK_"+name, "1")
	}
	_, err := call(t, "--spec", spec, "--out", dir)
	assert.ErrorContains(t, err, "holds shard 1/2, and this is 1/3")
}

// TestInterrupted stops the program by a signal: it keeps what is done, says so, and the same command goes on.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	spec := specOf(t, `{"model": "queue", "config": {"messages": "100k", "warmup": 0}, "measure": ["wait_mean_s"],
		"sweep": {"servers": {"from": 1, "to": 400, "points": 400}}}`)
	program := func() *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "--spec", spec, "--out", dir)
		cmd.Env = append(os.Environ(), "CLOUDCONCEPTS_TEST_PROGRAM=1")
		return cmd
	}
	cmd := program()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	require.NoError(t, cmd.Start())
	part := filepath.Join(dir, sweep.ShardFolder, "00001-of-00001.jsonl.part")
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(part)
		return err == nil && bytes.Count(text, []byte("\n")) > 3
	}, time.Minute, time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	assert.Equal(t, 130, cmd.ProcessState.ExitCode(), stderr.String())
	assert.Regexp(t, `sweep: \d+ of 400 cells are kept; the same command goes on\nsweep: interrupted`, stderr.String())
	assert.NoFileExists(t, filepath.Join(dir, sweep.CSVFile))
	kept := bytes.Count([]byte(readFile(t, dir, "shards/00001-of-00001.jsonl.part")), []byte("\n")) - 1
	assert.GreaterOrEqual(t, kept, 3)
	out, err := program().CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Equal(t, 401, strings.Count(readFile(t, dir, sweep.CSVFile), "\n"))
}

func TestPicturesAreChosen(t *testing.T) {
	dir := t.TempDir()
	must(t, "--spec", specOf(t, `{"model": "queue", "config": {"arrivals": "poisson:{rate_per_s}/s", "messages": 1000, "warmup": 0}, "measure": ["wait_mean_s", "utilization"],
		"runs": 2, "sweep": {"rate_per_s": {"from": 0.1, "to": 0.9, "points": 6}, "servers": [1, 2, 3, 4, 5, 6], "discipline": ["fifo", "lifo"]}}`), "--out", dir)
	title := func(args ...string) string {
		must(t, append([]string{"merge", dir, "--format", "svg"}, args...)...)
		return readFile(t, dir, "chart.svg")
	}
	assert.Contains(t, title(), "wait mean over rate and servers, at discipline fifo")
	assert.Contains(t, title("--at", "discipline=lifo"), "at discipline lifo")
	assert.Contains(t, title("--measure", "utilization"), "utilization over rate and servers")
	assert.Contains(t, title("--at", "servers=2"), "wait mean over rate and discipline, at servers 2")
	assert.Contains(t, title("--at", "servers=2,discipline=lifo"), "wait mean over rate, at servers 2, discipline lifo")
	assert.NotEqual(t, title("--chart", "map"), title("--chart", "lines"))
	require.NoError(t, os.Remove(filepath.Join(dir, "chart.svg")))
	must(t, "merge", dir, "--chart", "none")
	assert.NoFileExists(t, filepath.Join(dir, "chart.svg"))
}

func TestEstimate(t *testing.T) {
	assert.Equal(t, "sweep: 100 of 400 done, about 3 min left", estimate(100, 400, time.Minute))
	var log bytes.Buffer
	p := newProgress(&log, false)
	p.report(1, 2)
	assert.Empty(t, log.String(), "not at once")
	p.said = p.said.Add(-pause)
	p.report(1, 2)
	assert.Contains(t, log.String(), "1 of 2 done")
	p.close()
}

func TestContours(t *testing.T) {
	assert.Equal(t, []float64{2, 4, 6, 8}, contours([][]float64{{1, 9}}, false))
	assert.InDeltaSlice(t, []float64{0.1, 0.2, 0.3, 0.4}, contours([][]float64{{0.05, 0.45}}, false), 1e-12)
	assert.InDeltaSlice(t, []float64{0.02, 0.05, 0.1, 0.2, 0.5}, contours([][]float64{{0.01, 1}}, true), 1e-12)
	assert.InDeltaSlice(t, []float64{1e-5, 1e-4, 1e-3, 1e-2, 1e-1}, contours([][]float64{{3e-6, 1}}, true), 1e-12)
	assert.Empty(t, contours([][]float64{{1, 1}}, false))
}

func TestHelp(t *testing.T) {
	assert.Contains(t, must(t, "--help"), "go run ./examples/sweep merge results")
	assert.Contains(t, must(t, "merge", "--help"), "go run ./examples/sweep merge [flags]")
	assert.Contains(t, must(t, "--list"), "queue/sqs            presets: standard, fifo")
}

func TestVersion(t *testing.T) {
	a, err := version()
	require.NoError(t, err)
	assert.Regexp(t, `^devel-[0-9a-f]{16} go1\.\d+.* \w+$`, a)
	b, err := version()
	require.NoError(t, err)
	assert.Equal(t, a, b)
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, log bytes.Buffer
	err := run(ctx, []string{"--spec", tinySpec(t), "--out", t.TempDir()}, &out, &log)
	assert.Equal(t, 130, study.ExitCode(err))
}

// TestRowsAreThoseOfTheModel runs cells of a sweep directly: the rows must have the same numbers.
func TestRowsAreThoseOfTheModel(t *testing.T) {
	dir := t.TempDir()
	text := strings.Replace(tiny, `"warmup"`, `"service": "erlang:2,{seconds}s", "warmup"`, 1)
	must(t, "--spec", specOf(t, text), "--out", dir)
	spec, err := sweep.Parse([]byte(text))
	require.NoError(t, err)
	plan, err := sweep.NewPlan(models()[2], spec)
	require.NoError(t, err)
	table, err := csv.NewReader(strings.NewReader(readFile(t, dir, sweep.CSVFile))).ReadAll()
	require.NoError(t, err)
	for _, row := range table[1:] {
		config, waits := queue.Default(), new(sweep.Tally)
		require.NoError(t, json.Unmarshal(fmt.Appendf(nil, `{"messages": 2000, "warmup": 0, "servers": %s, "service": "erlang:2,%ss"}`, row[0], row[1]), &config))
		for i := range 2 {
			config.Seed = plan.RunSeed(i)
			r, err := queue.Simulate(config)
			require.NoError(t, err)
			waits.Add(r.WaitMean)
		}
		assert.Equal(t, strconv.FormatFloat(waits.Mean(), 'g', -1, 64), row[3])
	}
}
