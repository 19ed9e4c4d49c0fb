package validation

import (
	"fmt"
	"slices"
	"strings"
)

// A question is a line of the table in README.md.
type question struct {
	text           string
	concept, study string
	sees           string // what the picture shows, for those who cannot see it
	against        []against
}

// against are the claims of a package that tell how far the answer can be off.
type against struct {
	folder string
	claims []string
	what   string // in a few words
}

// table is the table of questions, with the picture of each and its largest errors.
func table(list []packet, questions []question) (string, error) {
	var b strings.Builder
	b.WriteString("| question | picture | largest error |\n| --- | --- | --- |\n")
	for _, q := range questions {
		var errors []string
		for _, a := range q.against {
			text, err := a.error(list)
			if err != nil {
				return "", err
			}
			errors = append(errors, text)
		}
		picture := "examples/gallery/" + q.concept + "-" + q.study
		fmt.Fprintf(&b, "| **%s**<br>`go run ./examples/%s %s` | <picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"%s-dark.svg\">"+
			"<img src=\"%s.svg\" width=\"480\" alt=\"%s\"></picture> | %s |\n",
			q.text, q.concept, q.study, picture, picture, q.sees, strings.Join(errors, "<br>"))
	}
	return b.String(), nil
}

// error is the largest relative error of the claims, known gaps included, as a text.
func (a against) error(list []packet) (string, error) {
	most, cells := 0.0, 0
	for _, name := range a.claims {
		c, err := find(list, a.folder, name)
		if err != nil {
			return "", err
		}
		most = max(most, c.largest())
		cells += len(c.cells)
	}
	of := fmt.Sprintf("%d numbers", cells)
	if cells == 1 {
		of = "1 number"
	}
	return fmt.Sprintf("%s in %s: %s", share(most, 1), of, a.what), nil
}

func find(list []packet, folder, name string) (claimed, error) {
	for _, p := range list {
		if i := slices.IndexFunc(p.claims, func(c claimed) bool { return c.Name == name }); p.folder == folder && i >= 0 {
			return p.claims[i], nil
		}
	}
	return claimed{}, fmt.Errorf("no claim %q in %s", name, folder)
}
