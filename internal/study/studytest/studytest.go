// Package studytest holds the tests that every program of studies has to pass.
package studytest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image"
	_ "image/png" // pictures are decoded
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/study"
)

// Run runs the program as a command and returns what it printed.
func Run(t *testing.T, p study.Program, args ...string) (stdout string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = p.Run(t.Context(), args, &out, &errs)
	return out.String(), err
}

// EveryStudy runs all studies: each prints its question, then its answer, writes files that can be read, and prints and writes the
// same bytes again, also with another number of processors.
func EveryStudy(t *testing.T, p study.Program) {
	t.Helper()
	dir := t.TempDir()
	var first, again sync.Map // study -> what it printed and wrote
	for _, pass := range []struct {
		processors int
		seen       *sync.Map
	}{{8, &first}, {1, &again}} {
		t.Run(fmt.Sprintf("GOMAXPROCS=%d", pass.processors), func(t *testing.T) {
			before := runtime.GOMAXPROCS(pass.processors)
			t.Cleanup(func() { runtime.GOMAXPROCS(before) }) // when all studies have run
			for _, s := range p.Studies() {
				t.Run(s.Name, func(t *testing.T) {
					t.Parallel()
					out := filepath.Join(dir, s.Name)
					stdout, err := Run(t, p, s.Name, "--quick", "--out", out, "--theme", "dark", "--format", "png,svg,pdf")
					require.NoError(t, err)
					checkOutput(t, s, stdout, out)
					files := readAll(t, out)
					files["stdout"] = stdout
					pass.seen.Store(s.Name, files)
				})
			}
		})
	}
	for _, s := range p.Studies() {
		one, _ := first.Load(s.Name)
		two, _ := again.Load(s.Name)
		assert.Equal(t, one, two, "%s: the same bytes again", s.Name)
	}
}

// checkOutput looks at what a study printed and wrote.
func checkOutput(t *testing.T, s study.Study, stdout, out string) {
	t.Helper()
	question, rest, _ := strings.Cut(stdout, "\n")
	assert.Equal(t, s.Question, question)
	answer, _, _ := strings.Cut(rest, "\n")
	assert.Greater(t, len(answer), 40)
	assert.True(t, strings.HasSuffix(answer, "."), "a sentence: %q", answer)
	for line := range strings.Lines(stdout) {
		if note, found := strings.CutPrefix(strings.TrimSpace(line), "Note: "); found {
			assert.True(t, strings.HasSuffix(note, "."), "a sentence: %q", note)
		}
	}
	assert.NotContains(t, stdout, "NaN")
	assert.NotContains(t, stdout, "%!")
	checkPicture(t, filepath.Join(out, s.Name+".png"))
	checkTable(t, filepath.Join(out, s.Name+".csv"))
	page, err := os.ReadFile(filepath.Join(out, s.Name+".md"))
	require.NoError(t, err)
	assert.Contains(t, string(page), s.Question)
}

func checkPicture(t *testing.T, path string) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	picture, _, err := image.Decode(file)
	require.NoError(t, err)
	colours := map[string]int{}
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 3 {
		for x := b.Min.X; x < b.Max.X; x += 3 {
			colours[fmt.Sprint(picture.At(x, y))]++
		}
	}
	assert.Greater(t, len(colours), 20, "not blank")
}

func checkTable(t *testing.T, path string) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	assert.Greater(t, len(rows), 1)
}

func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		files[e.Name()] = string(data)
	}
	return files
}

// JSON runs a study with --json, which must print one object and nothing else, and returns its result. The keys have
// to be numbers in it.
func JSON(t *testing.T, p study.Program, line string, keys ...string) map[string]any {
	t.Helper()
	stdout, err := Run(t, p, append(strings.Fields(line), "--json")...)
	require.NoError(t, err, line)
	var out struct {
		Concept string         `json:"concept"`
		Config  map[string]any `json:"config"`
		Result  map[string]any `json:"result"`
	}
	in := json.NewDecoder(strings.NewReader(stdout))
	require.NoError(t, in.Decode(&out), line)
	assert.False(t, in.More(), "one object and nothing else")
	assert.Equal(t, p.Concept, out.Concept)
	assert.NotEmpty(t, out.Config)
	for _, key := range keys {
		_, ok := out.Result[key].(float64)
		assert.True(t, ok, "%s: %s is no number: %v", line, key, out.Result[key])
	}
	return out.Result
}

// Number is a number of a JSON result.
func Number(t *testing.T, result map[string]any, key string) float64 {
	t.Helper()
	x, ok := result[key].(float64)
	require.True(t, ok, "%s is no number: %v", key, result[key])
	return x
}

// Refuses checks that command lines are usage errors, print nothing and write nothing.
func Refuses(t *testing.T, p study.Program, lines ...string) {
	t.Helper()
	for _, line := range lines {
		dir := t.TempDir()
		stdout, err := Run(t, p, append(strings.Fields(line), "--out", filepath.Join(dir, "out"))...)
		assert.Equal(t, 2, study.ExitCode(err), "%s: %v", line, err)
		assert.Empty(t, stdout, line)
		entries, _ := os.ReadDir(dir)
		assert.Empty(t, entries, "%s: nothing written", line)
	}
}

// Presets checks that each preset is listed with its source.
func Presets(t *testing.T, p study.Program) {
	t.Helper()
	stdout, err := Run(t, p, "--list-presets")
	require.NoError(t, err)
	for _, preset := range p.Presets() {
		assert.NotEmpty(t, preset.Source, preset.Name)
		assert.Contains(t, stdout, preset.Name)
	}
}
