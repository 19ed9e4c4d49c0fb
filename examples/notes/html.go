package main

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
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
}

// A section is a study in the HTML file.
type section struct {
	ID, Question string
	Failed       bool
	Body         template.HTML
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
	err = t.Execute(&b, map[string]any{"Style": template.CSS(styleSheet), "Chapters": chapters}) //nolint:gosec // our own
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
			ID: e.concept + "-" + e.study.Name, Question: e.study.Question, Failed: e.err != nil, Body: body,
		})
	}
	return c, nil
}

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
	text = strings.ReplaceAll(text, "<table>", `<div class="scroll" tabindex="0"><table>`)
	text = strings.ReplaceAll(text, "</table>", "</table></div>")
	return template.HTML(folded(text)), nil //nolint:gosec // goldmark escapes what it is given
}

// folded hides the parameters behind their heading.
func folded(text string) string {
	before, after, found := strings.Cut(text, "<p><strong>Parameters</strong></p>\n")
	if !found {
		return text
	}
	table, rest, _ := strings.Cut(after, "</table></div>")
	return before + "<details><summary>Parameters</summary>\n" + table + "</table></div>\n</details>" + rest
}

// convert turns Markdown into HTML; HTML inside it is left out.
func convert(markdown string) (template.HTML, error) {
	var b bytes.Buffer
	err := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Linkify)).Convert([]byte(markdown), &b)
	return template.HTML(b.String()), err //nolint:gosec // goldmark escapes what it is given
}

// picture shows the light or the dark picture, as the reader's system asks for.
func (e entry) picture() string {
	light, dark := e.smaller("light"), e.smaller("dark")
	if light == "" || dark == "" {
		return ""
	}
	size := ""
	if p, err := png.DecodeConfig(bytes.NewReader(e.files[picture("light", "png")])); err == nil {
		size = fmt.Sprintf(` width="%d" height="%d"`, p.Width/2, p.Height/2)
	}
	return fmt.Sprintf("<div class=\"figure\" tabindex=\"0\"><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"%s\">\n<img src=\"%s\" alt=\"%s\"%s></picture></div>\n",
		dark, light, template.HTMLEscapeString(e.study.Question), size)
}

// smaller is the smaller one of the PNG and the SVG picture as a data URI. An SVG inside an image keeps its ids to
// itself, so those of several pictures cannot clash.
func (e entry) smaller(theme string) string {
	bitmap, vector := e.files[picture(theme, "png")], e.files[picture(theme, "svg")]
	switch {
	case len(bitmap) == 0:
		return ""
	case len(vector) < len(bitmap):
		return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(vector)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(bitmap)
}
