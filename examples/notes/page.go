package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"cloudconcepts/internal/study"
)

// The words of the start page and the headings that are no question.
const (
	title      = "Cloud concepts, simulated"
	welcome    = "What everybody asks about the cloud, answered by simulations that you can repeat and change with one command."
	aboutTitle = "How it works"
	examTitle  = "Exam questions"
)

// A page is a concept with its studies.
type page struct {
	program study.Program
	entries []entry
}

// An entry is a study that has run, well or not.
type entry struct {
	concept string
	study   study.Study
	outcome study.Outcome
	formats []string          // of the picture files
	files   map[string][]byte // pictures, by the end of their names
	err     error
}

func (p page) errors() []error {
	var errs []error
	for _, e := range p.entries {
		if e.err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p.program.Concept, e.err))
		}
	}
	return errs
}

// headline is the entry in one line.
func (e entry) headline() string {
	if e.err != nil {
		return e.study.Question + " FAILED: " + e.err.Error()
	}
	return e.study.Question + " " + e.outcome.Report.Answer
}

// notes are all files of the notes.
func notes(pages []page) ([]study.File, error) {
	var files []study.File
	for _, p := range pages {
		for _, e := range p.entries {
			more, err := e.data()
			if err != nil {
				return nil, err
			}
			files = append(files, more...)
		}
		files = append(files, study.File{Name: p.program.Concept + ".md", Data: []byte(p.markdown())})
	}
	html, err := document(pages)
	if err != nil {
		return nil, err
	}
	return append(files,
		study.File{Name: "index.md", Data: []byte(index(pages))},
		study.File{Name: "index.html", Data: html}), nil
}

// data are the picture files and the table of a study, in a folder named for the concept.
func (e entry) data() ([]study.File, error) {
	if e.err != nil {
		return nil, nil
	}
	var files []study.File
	for _, theme := range []string{"light", "dark"} {
		for _, format := range e.formats {
			end := picture(theme, format)
			if data, ok := e.files[end]; ok {
				files = append(files, study.File{Name: e.path(end), Data: data})
			}
		}
	}
	if len(e.outcome.Report.Table.Columns) == 0 {
		return files, nil
	}
	var csv bytes.Buffer
	if err := e.outcome.Report.Table.WriteCSV(&csv); err != nil {
		return nil, err
	}
	return append(files, study.File{Name: e.path(".csv"), Data: csv.Bytes()}), nil
}

func (e entry) path(end string) string { return e.concept + "/" + e.study.Name + end }

// markdown is the page of a concept.
func (p page) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", study.Escape(p.program.Heading()), study.Escape(p.program.Summary))
	for _, e := range p.entries {
		fmt.Fprintf(&b, "- [%s](#%s)\n", study.Escape(e.study.Question), slug(e.study.Question))
	}
	if len(p.exam()) > 0 {
		fmt.Fprintf(&b, "- [%s](#%s)\n", examTitle, slug(examTitle))
	}
	if p.program.About != "" {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", aboutTitle, strings.TrimSpace(p.program.About))
	}
	for _, e := range p.entries {
		b.WriteString("\n" + e.markdown(2, e.pictures()))
	}
	b.WriteString(p.examMarkdown())
	b.WriteString("\n[All questions](index.md)\n")
	return b.String()
}

// markdown is the section of a study; one that failed says so.
func (e entry) markdown(level int, pictures string) string {
	if e.err != nil {
		return fmt.Sprintf("%s %s\n\n**This study failed:** %s\n\n```sh\n%s\n```\n",
			strings.Repeat("#", level), study.Escape(e.study.Question), study.Escape(e.err.Error()), e.outcome.Command)
	}
	return e.outcome.Markdown(level, pictures)
}

// pictures is the Markdown of the light picture, with links to everything beside it.
func (e entry) pictures() string {
	if len(e.files) == 0 {
		return e.links()
	}
	shown := e.formats[0]
	for _, format := range []string{"svg", "png"} {
		if slices.Contains(e.formats, format) {
			shown = format
		}
	}
	return study.Image(e.study.Question, e.path(picture("light", shown))) + "\n\n" + e.links()
}

func (e entry) links() string {
	var links []string
	for _, theme := range []string{"light", "dark"} {
		for _, format := range e.formats {
			if end := picture(theme, format); e.files[end] != nil {
				links = append(links, fmt.Sprintf("[%s %s](%s)", theme, format, e.path(end)))
			}
		}
	}
	if len(e.outcome.Report.Table.Columns) > 0 {
		links = append(links, fmt.Sprintf("[csv](%s)", e.path(".csv")))
	}
	if len(links) == 0 {
		return ""
	}
	return "Files: " + strings.Join(links, ", ")
}

// index is the start page: all questions with the first words of their answers.
func index(pages []page) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\nEverything on one page, for a browser: [index.html](index.html)\n", title, welcome)
	for _, p := range pages {
		fmt.Fprintf(&b, "\n## [%s](%s.md)\n\n%s\n\n", study.Escape(p.program.Heading()), p.program.Concept, study.Escape(p.program.Summary))
		for _, e := range p.entries {
			answer := study.Escape(lead(e.outcome.Report.Answer))
			if e.err != nil {
				answer = "**This study failed:** " + study.Escape(e.err.Error())
			}
			fmt.Fprintf(&b, "- [%s](%s.md#%s) %s\n", study.Escape(e.study.Question), p.program.Concept, slug(e.study.Question), answer)
		}
		if n := len(p.exam()); n > 0 {
			fmt.Fprintf(&b, "- [%d exam questions, with answers](%s.md#%s)\n", n, p.program.Concept, slug(examTitle))
		}
	}
	return b.String()
}

// slug is the anchor that Markdown tools give a heading.
func slug(heading string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(heading) {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c) || c == '-' || c == '_':
			b.WriteRune(c)
		case c == ' ':
			b.WriteByte('-')
		}
	}
	return b.String()
}
