package study

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// packageName is how the error of a package begins.
var packageName = regexp.MustCompile(`^[a-z]+: `)

// Warnings are the warnings of a model as notes: sentences that do not name the package. What they are about, such as
// one of several runs, stands first; it may be empty.
func Warnings(about string, list []error) []string {
	var notes []string
	for _, w := range list {
		text := packageName.ReplaceAllString(w.Error(), "")
		if about != "" {
			text = about + ": " + text
		} else {
			first, size := utf8.DecodeRuneInString(text)
			text = string(unicode.ToUpper(first)) + text[size:]
		}
		notes = append(notes, strings.TrimSuffix(text, ".")+".")
	}
	return notes
}
