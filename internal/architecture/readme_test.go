package architecture

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A block is a fenced block of a Markdown file.
type block struct{ language, text string }

func readme(t *testing.T) []block {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	return blocks(string(text))
}

func blocks(text string) []block {
	var list []block
	for _, m := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		list = append(list, block{m[1], m[2]})
	}
	return list
}

// TestReadmeCommandsRun runs every program that README.md shows, quickly and into a folder of the test's own.
func TestReadmeCommandsRun(t *testing.T) {
	for _, b := range readme(t) {
		if b.language != "sh" && b.language != "console" {
			continue
		}
		for _, line := range commands(b) {
			t.Run(line, func(t *testing.T) {
				t.Parallel()
				if isElsewhere(line) {
					return
				}
				require.True(t, strings.HasPrefix(line, "go run ./examples/"), "no test knows how to run this command")
				cmd := exec.CommandContext(t.Context(), "sh", "-c", quickly(line, t.TempDir()))
				cmd.Dir = root
				out, err := cmd.CombinedOutput()
				require.NoError(t, err, string(out))
				assert.NotEmpty(t, out)
			})
		}
	}
}

// commands are the lines to run; in a console block those with a prompt.
func commands(b block) []string {
	var list []string
	for line := range strings.Lines(b.text) {
		line, prompt := strings.CutPrefix(strings.TrimSpace(line), "$ ")
		line, _, _ = strings.Cut(line, " # ")
		if line != "" && !strings.HasPrefix(line, "#") && (prompt || b.language == "sh") {
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

// isElsewhere tells whether a command is run by .ci/run, or has nothing to run.
func isElsewhere(line string) bool {
	for _, start := range []string{"go test ", "go doc ", "git clone ", "cd ", ".ci/run"} {
		if strings.HasPrefix(line+" ", start) {
			return true
		}
	}
	return false
}

// quickly adds the flags for a quick run, before a pipe or a redirection.
func quickly(line, dir string) string {
	flags := " --quick --out '" + dir + "'"
	if i := strings.IndexAny(line, "|>"); i >= 0 {
		return strings.TrimSpace(line[:i]) + flags + " " + line[i:]
	}
	return line + flags
}

func TestReadmeParts(t *testing.T) {
	b := blocks("x\n```sh\ngo run ./examples/a b # c\n\n# d\n```\ny\n```\nout\n```\n```console\n$ go run e\nf\n```\n")
	assert.Equal(t, []block{{"sh", "go run ./examples/a b # c\n\n# d\n"}, {"", "out\n"}, {"console", "$ go run e\nf\n"}}, b)
	assert.Equal(t, []string{"go run ./examples/a b"}, commands(b[0]))
	assert.Equal(t, []string{"go run e"}, commands(b[2]))
	assert.Equal(t, "a --quick --out 'd' | b", quickly("a | b", "d"))
}

// TestReadmeProgramsPrintWhatTheySay builds every program that README.md shows as a user of the module would, in a module
// with a replace line, and compares its output with the block that follows.
func TestReadmeProgramsPrintWhatTheySay(t *testing.T) {
	list := readme(t)
	for i, b := range list {
		if b.language != "go" || !strings.Contains(b.text, "package main") {
			continue
		}
		got := runAsUser(t, b.text)
		if i+1 < len(list) && (list[i+1].language == "" || list[i+1].language == "text") {
			assert.Equal(t, list[i+1].text, got)
		}
	}
}

func runAsUser(t *testing.T, program string) string {
	t.Helper()
	here, err := filepath.Abs(root)
	require.NoError(t, err)
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.go": program,
		"go.sum":  string(sums),
		"go.mod":  "module user\n\ngo 1.26\n\nrequire cloudconcepts v0.0.0\n\nreplace cloudconcepts => " + here + "\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", "-mod=mod", ".")
	cmd.Dir = dir
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	require.NoError(t, err)
	return string(out)
}
