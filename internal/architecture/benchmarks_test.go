package architecture

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func benchmarksPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "BENCHMARKS.md"))
	require.NoError(t, err)
	return string(text)
}

// TestBenchmarkCommandsRun runs every benchmark command of BENCHMARKS.md, one operation of each benchmark. What .ci/benchmarks
// does takes minutes; only its names are looked at here and below.
func TestBenchmarkCommandsRun(t *testing.T) {
	count := 0
	for _, b := range blocks(benchmarksPage(t)) {
		if b.language != "sh" {
			continue
		}
		for _, line := range commands(b) {
			if command, table, _ := strings.Cut(line, " "); command == ".ci/benchmarks" {
				assert.True(t, table == "" || strings.Contains(benchmarksPage(t), "<!-- "+table+" -->"), "no table %q", table)
				require.FileExists(t, filepath.Join(root, command))
				continue
			}
			count++
			t.Run(line, func(t *testing.T) {
				require.True(t, strings.HasPrefix(line, "go test "), "no test knows how to run this command")
				cmd := exec.CommandContext(t.Context(), "sh", "-c", line+" -benchtime 1x -count 1")
				cmd.Dir = root
				out, err := cmd.CombinedOutput()
				require.NoError(t, err, string(out))
				assert.Regexp(t, `(?m)^Benchmark\S+\s+1\s`, string(out))
			})
		}
	}
	assert.Positive(t, count)
}

// TestBenchmarkRowsExist looks for the benchmark and the bare loop that each row of BENCHMARKS.md names.
func TestBenchmarkRowsExist(t *testing.T) {
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\| `([^`]+)` \\|").FindAllStringSubmatch(benchmarksPage(t), -1)
	require.NotEmpty(t, rows)
	for _, row := range rows {
		all := benchmarksIn(t, row[1])
		for _, name := range row[2:] {
			function, _, _ := strings.Cut(name, "/")
			assert.Contains(t, all, function, "benchmarks of %s", row[1])
		}
	}
}

// benchmarksIn are the benchmarks of a package, without the word.
func benchmarksIn(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, folder, "*_test.go"))
	require.NoError(t, err)
	var list []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`(?m)^func Benchmark(\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			list = append(list, m[1])
		}
	}
	return list
}
