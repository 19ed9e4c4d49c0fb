package main

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"cloudconcepts/internal/study"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

//go:embed page.tmpl
var pageTemplate string

//go:embed page.css
var styleSheet string

// A chapter is a concept in the HTML file.
type chapter struct {
	ID, Heading    string
	Summary, About template.HTML
	Sections       []section
	Exam           []question
}

// A section is a study in the HTML file.
type section struct {
	ID, Question, Lead string
	Failed             bool
	Body               template.HTML
}

// A question is one of the examination in the HTML file.
type question struct {
	Question, Run   string
	Answer, Command template.HTML
	Section, Name   string // that shows it
}

// document is the HTML file: all pages, with the style and the pictures inside it.
func document(pages []page) ([]byte, error) {
	var chapters []chapter
	for _, p := range pages {
		c, err := newChapter(p)
		if err != nil {
			return nil, err
		}
		chapters = append(chapters, c)
	}
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Style": template.CSS(styleSheet), "Chapters": chapters, //nolint:gosec // our own
		"Title": title, "Welcome": welcome, "AboutTitle": aboutTitle, "ExamTitle": examTitle,
	})
	return b.Bytes(), err
}

func newChapter(p page) (chapter, error) {
	c := chapter{ID: p.program.Concept, Heading: p.program.Heading()}
	var err error
	if c.Summary, err = convert(study.Escape(p.program.Summary)); err != nil {
		return c, err
	}
	if c.About, err = convert(p.program.About); err != nil {
		return c, err
	}
	for _, e := range p.entries {
		body, err := e.html()
		if err != nil {
			return c, err
		}
		c.Sections = append(c.Sections, section{
			ID: e.id(), Question: e.study.Question, Lead: lead(e.outcome.Report.Answer), Failed: e.err != nil, Body: body,
		})
	}
	for _, i := range p.exam() {
		q, err := newQuestion(i)
		if err != nil {
			return c, err
		}
		c.Exam = append(c.Exam, q)
	}
	return c, nil
}

func newQuestion(i examItem) (question, error) {
	q := question{Question: i.Question, Run: i.Run()}
	var err error
	if q.Answer, err = convert(study.Escape(i.Answer)); err != nil {
		return q, err
	}
	if i.Section != nil {
		q.Section, q.Name = i.Section.id(), i.Section.study.Question
	}
	q.Command, err = convert(study.Shell(i.Command))
	return q, err
}

// id is the anchor of the study's section.
func (e entry) id() string { return e.concept + "-" + e.study.Name }

// place is the paragraph that the picture takes the place of.
const place = "PLACE-OF-THE-PICTURE"

// html is the section of a study without its heading, which the template writes.
func (e entry) html() (template.HTML, error) {
	body, err := convert(e.markdown(3, place))
	if err != nil {
		return "", err
	}
	_, text, _ := strings.Cut(string(body), "</h3>\n")
	text = strings.Replace(text, "<p>"+place+"</p>\n", e.picture(), 1)
	text = strings.ReplaceAll(text, "<table>", `<div class="scroll" tabindex="0" role="group" aria-label="table"><table>`)
	text = strings.ReplaceAll(text, "</table>", "</table></div>")
	text = folded(text, "<p><strong>Numbers</strong></p>\n", "All numbers")
	text = folded(text, "<p><strong>Parameters</strong></p>\n", "Parameters")
	return template.HTML(text), nil //nolint:gosec // goldmark escapes what it is given
}

// folded hides a table behind a summary in place of its heading.
func folded(text, heading, summary string) string {
	before, after, found := strings.Cut(text, heading)
	if !found {
		return text
	}
	const end = "</table></div>"
	table, rest, _ := strings.Cut(after, end)
	return before + "<details><summary>" + summary + "</summary>\n" + table + end + "\n</details>" + rest
}

// convert turns Markdown into HTML; HTML inside it is left out.
func convert(markdown string) (template.HTML, error) {
	var b bytes.Buffer
	err := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Linkify)).Convert([]byte(markdown), &b)
	return template.HTML(b.String()), err //nolint:gosec // goldmark escapes what it is given
}
