package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNotesAreAFolderOfPagesPicturesAndData(t *testing.T) {
	dir := write(t, "--seed", "7", "--quick")
	assert.Equal(t, []string{
		"index.html", "index.md", "stones.md",
		"waves/calm-dark.png", "waves/calm-dark.svg", "waves/calm.csv", "waves/calm.png", "waves/calm.svg",
		"waves/storm-dark.png", "waves/storm-dark.svg", "waves/storm.csv", "waves/storm.png", "waves/storm.svg",
		"waves.md",
	}, names(t, dir))

	page := read(t, dir, "waves.md")
	for _, part := range []string{
		"# Waves & tides\n\nWaves go up and down: a model for the tests.\n\n- [When",
		"- [Exam questions](#exam-questions)\n\n## How it works\n\nA wave has an *amplitude*",
		"**What to try next.** More periods.\n\n```sh\ngo run ./examples/waves calm --periods 9\n```\n",
		"## Exam questions\n\n### What \\*is\\* a storm?\n\nA wave of 10 m.\n\n```sh\ngo run ./examples/waves storm\n```\n\n" +
			"See [When does a storm break the \\<wall>?](#when-does-a-storm-break-the-wall)\n\nThis run: A wave of 10 m rises",
		"As long as you like.\n\n```sh\ngo run ./examples/waves calm --periods 1\n```\n\nSee [When is the sea calm?](#when-is-the-sea-calm)\n\n[All",
		"- [When is the sea calm?](#when-is-the-sea-calm)\n",
		"## When is the sea calm?\n\n**A wave of 0.1 m rises 3 times (seed 7, quick true).**\n\n![When is the sea calm?](waves/calm.png)\n\n",
		"[dark svg](waves/calm-dark.svg), [csv](waves/calm.csv)",
		"```sh\ngo run ./examples/waves calm --seed 7 --quick\n```",
	} {
		assert.Contains(t, page, part)
	}
	index := read(t, dir, "index.md")
	assert.Contains(t, index, "## [stones](stones.md)\n\nStones lie where they are.\n\n- [Does a stone rest?](stones.md#does-a-stone-rest) It rests for 3 years, and costs \\$2 \\* 3.\n")

	assert.Contains(t, index, "- [2 exam questions, with answers](waves.md#exam-questions)\n")

	for _, name := range []string{"calm.png", "calm-dark.png"} {
		img, err := png.Decode(strings.NewReader(read(t, dir, "waves/"+name)))
		require.NoError(t, err)
		assert.Greater(t, img.Bounds().Dx(), 1000)
	}
	assert.NotEqual(t, read(t, dir, "waves/calm.png"), read(t, dir, "waves/calm-dark.png"))
	records, err := csv.NewReader(strings.NewReader(read(t, dir, "waves/calm.csv"))).ReadAll()
	require.NoError(t, err)
	assert.Len(t, records, 201)
}

func TestTheHTMLFileIsSelfContained(t *testing.T) {
	html := read(t, write(t), "index.html")
	for _, part := range []string{
		`<a href="#waves-storm">When does a storm break the &lt;wall&gt;?</a>`, `<section id="waves-storm" class="study">`,
		`<picture><source media="(prefers-color-scheme: dark)" srcset="data:image/`,
		`<p>A wave has an <em>amplitude</em>`, `<details><summary>Parameters</summary>`, `<details><summary>All numbers</summary>`, `loading="lazy" decoding="async"`,
		"<summary>What *is* a storm?</summary>\n<p>A wave of 10 m.</p>", `See <a href="#waves-storm">`, `<p class="lead">This run: A wave of 10 m`,
		`<span class="lead">A wave of 10 m rises 3 times`, `Content-Security-Policy`,
	} {
		assert.Contains(t, html, part)
	}
	assert.NotContains(t, html, place)
	assert.Equal(t, 2, strings.Count(html, "<picture>"))
	for _, m := range regexp.MustCompile(`\b(?:src|srcset|href)="([^"]{0,40})`).FindAllStringSubmatch(html, -1) {
		local := strings.HasPrefix(m[1], "#") || strings.HasPrefix(m[1], "data:") || strings.HasPrefix(m[1], "https://example.org")
		assert.True(t, local, m[1])
	}
	assert.NotRegexp(t, `<script|<link rel="stylesheet|@import|url\(`, html)
	for _, id := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(html, -1) {
		assert.Equal(t, 1, strings.Count(html, `id="`+id[1]+`"`), id[1])
	}
}

func TestNotesAreTheSameOnEveryRun(t *testing.T) {
	one, two := write(t), write(t)
	for _, name := range names(t, one) {
		assert.Equal(t, read(t, one, name), read(t, two, name), name)
	}
	require.NoError(t, run(t.Context(), fakes(false), []string{"--out", one}, io.Discard, io.Discard), "over older notes")
}

func TestAStudyThatFailsDoesNotTakeTheOthersWithIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	var out bytes.Buffer
	err := run(t.Context(), fakes(true), []string{"--out", dir}, &out, io.Discard)
	require.EqualError(t, err, "stones: roll: it is stuck\nstones: burst: panic: runtime error: index out of range [1] with length 1")
	assert.Equal(t, 1, study.ExitCode(err))
	assert.Contains(t, out.String(), "3 of 5 questions answered.")
	assert.Contains(t, out.String(), "Does a stone roll? FAILED: roll: it is stuck")
	page := read(t, dir, "stones.md")
	assert.Contains(t, page, "**This study failed:** roll: it is stuck\n\n```sh\ngo run ./examples/stones roll\n```")
	assert.Contains(t, page, "**This study failed:** burst: panic: runtime error: index out of range \\[1] with length 1\n\n```sh\ngo run ./examples/stones burst\n```")
	assert.Contains(t, page, "**It rests for 3 years")
	assert.Contains(t, read(t, dir, "index.html"), `<section id="stones-roll" class="study failed">`)
	assert.Equal(t, "*\n", read(t, dir, ".gitignore"))
}

func TestFinishedConceptsAreNamedWithoutATerminal(t *testing.T) {
	var stderr bytes.Buffer
	require.NoError(t, run(t.Context(), fakes(false), []string{"--out", t.TempDir() + "/n"}, io.Discard, &stderr))
	assert.ElementsMatch(t, []string{"waves: 2 of 2", "stones: 1 of 1"}, strings.Split(strings.TrimSpace(stderr.String()), "\n"))
	stderr.Reset()
	require.NoError(t, run(t.Context(), fakes(false), []string{"--out", t.TempDir() + "/n", "--quiet"}, io.Discard, &stderr))
	assert.Empty(t, stderr.String())
}

func TestFlagsOfTheNotes(t *testing.T) {
	dir := write(t, "--only", "stones", "--quiet")
	assert.Equal(t, []string{"index.html", "index.md", "stones.md"}, names(t, dir))

	dir = write(t, "--only", "waves,stones", "--quick")
	assert.Contains(t, names(t, dir), "stones.md")
	assert.Contains(t, read(t, dir, "waves.md"), "quick true")

	dir = write(t, "--only", "waves", "--format", "pdf")
	assert.Contains(t, names(t, dir), "waves/calm-dark.pdf")
	assert.NotContains(t, names(t, dir), "waves/calm.png")
	assert.Contains(t, read(t, dir, "index.html"), "<picture>")
	assert.Contains(t, read(t, dir, "waves.md"), "[When is the sea calm?](waves/calm.pdf)")

	for args, want := range map[string]string{
		"--only wavs":    `--only "wavs": not one of waves and stones; did you mean waves?`,
		"--out=":         `--out "": it is empty; want the path of a folder, for example results`,
		"waves":          `notes takes flags only, got waves; all flags: go run ./examples/notes --help`,
		"--qick":         `unknown flag --qick; did you mean --quick?; all flags: go run ./examples/notes --help`,
		"--seed x":       `--seed "x": this is not a seed`,
		"--format bmp":   `--format "bmp": not one of png, svg and pdf`,
		"--only":         `--only needs a value`,
		"--memory 1GiB ": `unknown flag --memory`,
	} {
		err := run(t.Context(), fakes(false), strings.Fields(args), io.Discard, io.Discard)
		require.ErrorContains(t, err, want)
		assert.Equal(t, 2, study.ExitCode(err))
	}
	var help bytes.Buffer
	require.NoError(t, run(t.Context(), fakes(false), []string{"--help"}, &help, io.Discard))
	assert.Contains(t, help.String(), "go run ./examples/notes [flags]")
	assert.Contains(t, help.String(), "--only waves|stones")
}

func TestInterruptedNotesAreNotWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	ctx, cancel := context.WithCancel(t.Context())
	programs := fakes(false)
	programs[1].Studies = func() []study.Study {
		return []study.Study{{Name: "stop", Question: "Stop?", Run: func(context.Context, study.Env) (study.Report, error) {
			cancel()
			return study.Report{Answer: "No."}, nil
		}}}
	}
	err := run(ctx, programs, []string{"--out", dir}, io.Discard, io.Discard)
	assert.Equal(t, 130, study.ExitCode(err))
	assert.NoDirExists(t, dir)
}

func TestAFolderThatCannotBeWrittenIsAFailure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	err := run(t.Context(), fakes(false), []string{"--out", file}, io.Discard, io.Discard)
	require.ErrorContains(t, err, "cannot make the folder")
	assert.Equal(t, 1, study.ExitCode(err))
}

func TestProgramsHaveDifferentNames(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range programs() {
		assert.False(t, seen[p.Concept], p.Concept)
		seen[p.Concept] = true
		assert.NotEmpty(t, p.Summary)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(data)
}

// names are the files of a folder and its subfolders.
func names(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			list = append(list, filepath.ToSlash(name))
		}
		return err
	}))
	return list
}
