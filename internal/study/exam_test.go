package study_test

import (
	"testing"

	"cloudconcepts/internal/study"

	"github.com/stretchr/testify/assert"
)

func TestWordsAreThoseOfAShell(t *testing.T) {
	for line, want := range map[string][]string{
		"":                                    {},
		" rounds  --memory 8GiB ":             {"rounds", "--memory", "8GiB"},
		"--delay 'const:2ms;exp:1s' --runs 3": {"--delay", "const:2ms;exp:1s", "--runs", "3"},
		"--label='two words' x":               {"--label=two words", "x"},
	} {
		assert.Equal(t, want, study.Words(line), line)
	}
}

func TestCommandsOfAStudy(t *testing.T) {
	p := fake()
	assert.Equal(t, "go run ./examples/fake rounds", p.Command("rounds", ""))
	assert.Equal(t, "go run ./examples/fake rounds --repeat 2", p.Command("rounds", "--repeat 2"))
	assert.Equal(t, []string{"go run ./examples/fake rounds --memory 16GiB --limit 1s"}, p.ExampleCommands(rounds()))
}
