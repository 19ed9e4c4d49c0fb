package study_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOneStudyPrintsTheAnswerTheTableTheFilesAndTheCommand(t *testing.T) {
	inFolder(t)
	out, errs, err := run(t, fake(), "rounds", "--memory", "16GiB", "--seed", "7")
	require.NoError(t, err)
	assert.Empty(t, errs)
	want := `Why does it copy in rounds?
It takes 2 rounds (seed 7, runs 0, quick false).

  round      sent  duration       rate  hit fraction       cost
      1    16 GiB    12.1 s  1.25 GB/s           1 %      $0.50
      2  1.46 KiB    290 ms     1 MB/s           n/a  $1,234.50

Note: the model is a fake

Files:  out/fake/rounds.png
        out/fake/rounds.svg
        out/fake/rounds.csv
        out/fake/rounds.md
Again:  go run ./examples/fake rounds --memory 16GiB --seed 7
`
	assert.Equal(t, want, out)
}

func TestFilesOfAStudy(t *testing.T) {
	inFolder(t)
	_, _, err := run(t, fake(), "rounds", "--theme", "dark", "--label", "it's mine", "--format", "svg,pdf", "--out", "a/b")
	require.NoError(t, err)
	assert.Equal(t, "rounds of 8589934592 svg dark", read(t, "a/b/rounds.svg"))
	assert.Equal(t, "rounds of 8589934592 pdf dark", read(t, "a/b/rounds.pdf"))
	assert.NoFileExists(t, "a/b/rounds.png")
	assert.Equal(t, "*\n", read(t, "a/.gitignore"))
	assert.NoFileExists(t, "a/b/.gitignore")

	records, err := csv.NewReader(strings.NewReader(read(t, "a/b/rounds.csv"))).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"round", "sent_bytes", "duration_s", "rate_bytes_per_s", "hit_fraction", "cost_usd"}, records[0])
	assert.Equal(t, []string{"1", "8589934592", "12.1", "1.25e+09", "0.01", "0.5"}, records[1])
	assert.Equal(t, []string{"2", "1500", "0.29", "1e+06", "NaN", "1234.5"}, records[2])

	page := read(t, "a/b/rounds.md")
	for _, part := range []string{
		"# Why does it copy in rounds?\n\n**It takes 2 rounds",
		"![Why does it copy in rounds?](rounds.svg)",
		`**How to read it.** Each bar is a round: \*all\* of it.`,
		"| round | sent | duration |", "| 1 | 8 GiB | 12.1 s |",
		"| `--memory` | `8GiB` | guest memory |",
		"```sh\ngo run ./examples/fake rounds --label 'it'\\''s mine' --format svg,pdf --theme dark\n```",
		"**Sources**\n\n- Clark et al., NSDI 2005",
	} {
		assert.Contains(t, page, part)
	}
}

func TestRerunWritesTheSameBytesAndLeavesNothingBehind(t *testing.T) {
	inFolder(t)
	for range 2 {
		_, _, err := run(t, fake(), "rounds", "--out", "one")
		require.NoError(t, err)
	}
	_, _, err := run(t, fake(), "rounds", "--out", "two")
	require.NoError(t, err)
	assert.Equal(t, tree(t, "one"), tree(t, "two"))
	assert.Len(t, tree(t, "one"), 5)
}

func TestExistingFolderGetsNoGitignore(t *testing.T) {
	dir := inFolder(t)
	_, _, err := run(t, fake(), "rounds", "--out", dir)
	require.NoError(t, err)
	assert.NoFileExists(t, filepath.Join(dir, ".gitignore"))
}

func TestWithoutANameAllStudiesRun(t *testing.T) {
	inFolder(t)
	out, _, err := run(t, fake(plain("blue"), plain("green")), "--runs", "3", "--quick")
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(out, "Why does it copy in rounds?\nIt takes 2 rounds (seed 1, runs 3, quick true).\n"))
	assert.Contains(t, out, "\n\nIs it blue?\nIt is blue.\n\nFiles:  out/fake/blue.md\nAgain:  go run ./examples/fake blue --runs 3 --quick\n")
	assert.FileExists(t, "out/fake/green.md")
	assert.NoFileExists(t, "out/fake/green.csv")
}

func TestAFailingStudyDoesNotStopTheOthers(t *testing.T) {
	inFolder(t)
	out, _, err := run(t, fake(failing(), plain("green")))
	require.ErrorContains(t, err, "failing: the model broke")
	assert.Equal(t, 1, study.ExitCode(err))
	assert.Contains(t, out, "It is green.")
	assert.FileExists(t, "out/fake/green.md")
}

func TestQuietPrintsTheAnswerOnly(t *testing.T) {
	inFolder(t)
	out, _, err := run(t, fake(plain("blue")), "blue", "--quiet")
	require.NoError(t, err)
	assert.Equal(t, "It is blue.\n", out)
	out, _, err = run(t, fake(plain("blue")), "--quiet")
	require.NoError(t, err)
	assert.Equal(t, "Why does it copy in rounds?\nIt takes 2 rounds (seed 1, runs 0, quick false).\nIs it blue?\nIt is blue.\n", out)
}

func TestJSONOfOneStudy(t *testing.T) {
	inFolder(t)
	out, errs, err := run(t, fake(), "--json", "rounds", "--limit=2d")
	require.NoError(t, err)
	assert.Empty(t, errs)
	assert.JSONEq(t, `{
		"concept": "fake", "study": "rounds", "question": "Why does it copy in rounds?",
		"answer": "It takes 2 rounds (seed 1, runs 0, quick false).", "notes": ["the model is a fake"],
		"command": "go run ./examples/fake rounds --limit 2d",
		"config": {"memory_bytes": 8589934592, "rate_bytes_per_s": 1.25e9, "limit_s": 172800, "hit_fraction": 0.01, "strategy": "precopy"},
		"result": {"outcome": "converged", "total_s": 12.39, "never_s": null, "warnings": ["rho >= 1"], "rows": [
			{"round": 1, "sent_bytes": 8589934592, "duration_s": 12.1, "rate_bytes_per_s": 1.25e9, "hit_fraction": 0.01, "cost_usd": 0.5},
			{"round": 2, "sent_bytes": 1500, "duration_s": 0.29, "rate_bytes_per_s": 1e6, "hit_fraction": null, "cost_usd": 1234.5}]},
		"table": [
			{"round": 1, "sent_bytes": 8589934592, "duration_s": 12.1, "rate_bytes_per_s": 1.25e9, "hit_fraction": 0.01, "cost_usd": 0.5},
			{"round": 2, "sent_bytes": 1500, "duration_s": 0.29, "rate_bytes_per_s": 1e6, "hit_fraction": null, "cost_usd": 1234.5}]
	}`, out)
	assert.NoDirExists(t, "out", "files are written only if --out is given")

	again, _, err := run(t, fake(), "--json", "rounds", "--limit=2d", "--out", "here")
	require.NoError(t, err)
	assert.Equal(t, out, again)
	assert.FileExists(t, "here/rounds.png")
}

func TestJSONDoesNotRepeatAResultThatIsTheTable(t *testing.T) {
	inFolder(t)
	rows := []fakeRow{{Round: 1}, {Round: 2}}
	for name, c := range map[string]struct {
		result any
		twice  bool
	}{"same": {rows, false}, "part": {rows[:1], true}} {
		s := plain(name)
		s.Run = func(context.Context, study.Env) (study.Report, error) {
			return study.Report{Answer: "Two rows.", Table: study.Rows(rows), Result: c.result}, nil
		}
		out, _, err := run(t, fake(s), name, "--json")
		require.NoError(t, err)
		assert.Equal(t, c.twice, strings.Contains(out, `"table"`), out)
	}
}

func TestJSONOfAllStudiesNamesWhatFailed(t *testing.T) {
	inFolder(t)
	out, _, err := run(t, fake(failing(), plain("green")), "--json")
	assert.Equal(t, 1, study.ExitCode(err))
	var got struct {
		Concept string
		Studies []struct{ Study, Error string }
	}
	decoder := json.NewDecoder(strings.NewReader(out))
	require.NoError(t, decoder.Decode(&got))
	_, err = decoder.Token()
	require.ErrorIs(t, err, io.EOF, "exactly one object")
	assert.Equal(t, "fake", got.Concept)
	require.Len(t, got.Studies, 3)
	assert.Equal(t, "failing: the model broke", got.Studies[1].Error)
	assert.Equal(t, "green", got.Studies[2].Study)
}

func TestInterruptionLeavesNothingHalfWritten(t *testing.T) {
	inFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := study.Study{
		Name: "stopped", Question: "Does it stop?",
		Run: func(context.Context, study.Env) (study.Report, error) {
			cancel()
			return study.Report{Answer: "It does not.", Figure: picture{"half"}}, nil
		},
	}
	var out bytes.Buffer
	err := fake(stopped, plain("after")).Run(ctx, []string{"--out", "here"}, &out, io.Discard)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 130, study.ExitCode(err))
	assert.Equal(t, "fake: interrupted", study.Message("fake", err))
	assert.NotContains(t, out.String(), "It does not.")
	for name := range tree(t, "here") {
		assert.True(t, strings.HasPrefix(name, "rounds.") || name == ".gitignore", name)
	}
}

func TestUnwritableFolderIsAFailure(t *testing.T) {
	inFolder(t)
	require.NoError(t, os.WriteFile("taken", []byte("x"), 0o600))
	_, _, err := run(t, fake(), "rounds", "--out", "taken/here")
	require.EqualError(t, err, "cannot make the folder taken/here: not a directory; choose another one with --out DIR")
	assert.Equal(t, 1, study.ExitCode(err))

	require.NoError(t, os.MkdirAll("here/rounds.md", 0o755))
	_, _, err = run(t, fake(), "rounds", "--out", "here")
	require.ErrorContains(t, err, "cannot write here/rounds.md: there is a folder of that name")
	assert.Empty(t, tree(t, "here"), "the picture was not written either")
}

func TestWhatCannotBeWrittenLeavesNoFolders(t *testing.T) {
	inFolder(t)
	long := strings.Repeat("a", 300)
	for _, out := range []string{"new/" + long, "new/" + long + "/deeper", strings.Repeat("new/", 1100)} {
		_, _, err := run(t, fake(), "rounds", "--out", out)
		require.ErrorContains(t, err, "file name too long")
		assert.Equal(t, 1, study.ExitCode(err))
		assert.NoDirExists(t, "new")
	}

	require.NoError(t, os.Symlink("nowhere", "link"))
	_, _, err := run(t, fake(), "rounds", "--out", "link/here")
	require.ErrorContains(t, err, "cannot make the folder link/here")
	target, err := os.Readlink("link")
	require.NoError(t, err, "a link that was there stays")
	assert.Equal(t, "nowhere", target)

	require.NoError(t, os.WriteFile("taken", []byte("x"), 0o600))
	err = study.WriteFiles(".", []study.File{{Name: "a/b/one", Data: []byte("1")}, {Name: "taken/two", Data: []byte("2")}})
	require.EqualError(t, err, "cannot write taken/two: not a directory; choose another folder with --out DIR")
	assert.NoDirExists(t, "a")
	assert.Equal(t, "x", read(t, "taken"))
}

// writerFunc is a writer that fails as it likes.
type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestClosedStdoutIsQuietAndFilesAreWritten(t *testing.T) {
	inFolder(t)
	closed := writerFunc(func([]byte) (int, error) { return 0, &os.PathError{Op: "write", Path: "stdout", Err: syscall.EPIPE} })
	require.NoError(t, fake(plain("blue")).Run(t.Context(), nil, closed, io.Discard))
	assert.FileExists(t, "out/fake/blue.md")

	full := writerFunc(func([]byte) (int, error) { return 0, syscall.ENOSPC })
	err := fake().Run(t.Context(), []string{"rounds"}, full, io.Discard)
	require.EqualError(t, err, "cannot print: no space left on device")
	assert.Equal(t, 1, study.ExitCode(err))
}

// undrawn is a picture that cannot be drawn.
type undrawn struct{}

func (undrawn) Write(io.Writer, string, chart.Theme) error {
	return errors.New("an axis without a range")
}

func TestFlagsThatLeaveNothingToDrawAreAUsageError(t *testing.T) {
	inFolder(t)
	size := 3
	blank := study.Study{
		Name: "blank", Question: "Is there anything?",
		Flags: func(f *study.Flags) { f.Int(&size, "size", "how much there is") },
		Run:   func(context.Context, study.Env) (study.Report, error) { return study.Report{Figure: undrawn{}}, nil },
	}
	out, _, err := run(t, fake(blank), "blank", "--size", "0")
	require.EqualError(t, err, "blank: cannot draw the picture as png: an axis without a range\n"+
		"the flags given were --size 0; all flags: go run ./examples/fake blank --help")
	assert.Equal(t, 2, study.ExitCode(err))
	assert.Empty(t, out)
	assert.NoDirExists(t, "out")

	_, _, err = run(t, fake(blank), "blank")
	require.EqualError(t, err, "blank: cannot draw the picture as png: an axis without a range")
	assert.Equal(t, 1, study.ExitCode(err), "the defaults are not the caller's mistake")
}

func TestDoRunsAStudyWithItsDefaults(t *testing.T) {
	o, err := fake().Do(t.Context(), "rounds", study.Env{Quick: true, Seed: 5, Theme: "light"})
	require.NoError(t, err)
	assert.Equal(t, "It takes 2 rounds (seed 5, runs 0, quick true).", o.Report.Answer)
	assert.Equal(t, "go run ./examples/fake rounds --seed 5 --quick", o.Command)
	assert.Equal(t, study.Parameter{Flag: "memory", Value: "8GiB", Usage: "guest memory"}, o.Parameters[1])
	_, err = fake().Do(t.Context(), "square", study.Env{})
	require.ErrorContains(t, err, `unknown study "square"`)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// tree is the content of all files of a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if !e.IsDir() {
			files[e.Name()] = read(t, filepath.Join(dir, e.Name()))
		}
	}
	return files
}
