package studytest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/study"
)

// mostWords of an answer are two lines on a page.
const mostWords = 45

// Exam checks the questions of the examination: each answer is short, and the command beside it prints what the answer
// rests on, all its numbers among it.
func Exam(t *testing.T, p study.Program) {
	t.Helper()
	require.True(t, len(p.Exam) >= 5 && len(p.Exam) <= 9, "%d questions, want 5 to 9", len(p.Exam))
	for i, e := range p.Exam {
		t.Run(fmt.Sprint(i+1, " ", e.Study), func(t *testing.T) {
			t.Parallel()
			assert.True(t, strings.HasSuffix(e.Question, "?"), e.Question)
			assert.LessOrEqual(t, len(strings.Fields(e.Answer)), mostWords, e.Answer)
			require.NotEmpty(t, e.Shows)
			args := append(study.Words(e.Study+" "+e.Flags), "--quick", "--format", "svg", "--out", t.TempDir())
			stdout, err := Run(t, p, args...)
			require.NoError(t, err)
			for _, part := range e.Shows {
				assert.Contains(t, stdout, part)
			}
			for _, number := range numbers(e.Answer) {
				assert.Contains(t, numbers(strings.Join(e.Shows, " ")), number, "a number of the answer that the command does not show")
			}
		})
	}
}

// numbers are those of a text, but for small whole ones that count things and those inside a word, as in P99.
func numbers(text string) []string {
	return slices.DeleteFunc(regexp.MustCompile(`\b\d+(?:[.,]\d+)*`).FindAllString(text, -1), func(n string) bool { return len(n) == 1 })
}

// Next checks what a study tells its reader to try: there is something, and every command runs.
func Next(t *testing.T, p study.Program) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "keys.txt"), []byte("one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "curve.csv"), []byte("seconds,bytes\n1,1000000\n10,5000000\n60,20000000\n"), 0o600))
	for _, s := range p.Studies() {
		t.Run(s.Name, func(t *testing.T) {
			assert.NotEmpty(t, s.Next, "what to try next")
			require.NotEmpty(t, p.ExampleCommands(s), "a command to try next")
			report, err := p.Do(t.Context(), s.Name, study.Env{Quick: true, Seed: 1})
			require.NoError(t, err)
			commands := p.ExampleCommands(s)
			for _, text := range []string{s.Next, report.Report.Reading} {
				commands = append(commands, quoted(p, s, text)...)
			}
			given := strings.Join(p.ExampleCommands(s), "\n") + "\n"
			for _, flag := range flagsIn(s.Next) {
				assert.Regexp(t, regexp.QuoteMeta(flag)+`(?m:[ ]|$)`, given, "a flag to try that is in none of the commands")
			}
			slices.Sort(commands)
			for _, command := range slices.Compact(commands) {
				words := study.Words(command)[2:]
				require.Equal(t, "./examples/"+p.Concept, words[0], command)
				_, err := Run(t, p, append(slices.DeleteFunc(words[1:], isJSON), "--quick", "--json")...)
				require.NoError(t, err, command)
			}
		})
	}
}

// flagsIn are the flags of the study itself between backquotes, each with its value.
func flagsIn(text string) []string {
	var flags []string
	for i, code := range strings.Split(text, "`") {
		if i%2 == 1 && strings.HasPrefix(code, "--") {
			flags = append(flags, regexp.MustCompile(`--[a-z][a-z0-9-]*(?:[ =][^-\s]\S*)?`).FindAllString(code, -1)...)
		}
	}
	return flags
}

func isJSON(word string) bool { return word == "--json" }

// quoted are the commands between backquotes: flags of the study, a study with flags, or all of it.
func quoted(p study.Program, s study.Study, text string) []string {
	var commands []string
	for i, code := range strings.Split(text, "`") {
		first, _, _ := strings.Cut(code, " ")
		_, err := p.Find(first)
		switch {
		case i%2 == 0:
		case strings.HasPrefix(code, "go run ./examples/"+p.Concept+" "):
			commands = append(commands, code)
		case strings.HasPrefix(code, "--"):
			commands = append(commands, p.Command(s.Name, code))
		case err == nil && strings.Contains(code, " "):
			commands = append(commands, "go run ./examples/"+p.Concept+" "+code)
		}
	}
	return commands
}
