package study

import "strings"

// An Exam is a question of an examination, with an answer of two lines and the run that shows it.
type Exam struct {
	Question string
	Answer   string
	Study    string   // the study that shows it
	Flags    string   // its flags, as on the command line; empty for the study as it is
	Shows    []string // parts of what the command prints, with --quick as well
}

// Command is the command that runs a study with flags.
func (p Program) Command(study, flags string) string {
	return strings.TrimSpace(p.command() + " " + study + " " + flags)
}

// ExampleCommands are the commands of a study's examples.
func (p Program) ExampleCommands(s Study) []string {
	commands := make([]string, len(s.Examples))
	for i, e := range s.Examples {
		commands[i] = p.example(s, e)
	}
	return commands
}

// Words splits a command line at its blanks, but for those between single quotation marks.
func Words(line string) []string {
	quoted := false
	words := strings.FieldsFunc(line, func(c rune) bool {
		if c == '\'' {
			quoted = !quoted
		}
		return c == ' ' && !quoted
	})
	for i, word := range words {
		words[i] = strings.ReplaceAll(word, "'", "")
	}
	return words
}
