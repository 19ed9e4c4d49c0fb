package study

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"syscall"

	"cloudconcepts/internal/chart"
)

// A printer is the standard output. It remembers the first error, except that of a reader who has gone away: then it
// goes on in silence, and files are still written.
type printer struct {
	w    io.Writer
	err  error
	gone bool
}

// Write implements io.Writer; it never fails.
func (p *printer) Write(text []byte) (int, error) {
	if p.err != nil || p.gone {
		return len(text), nil
	}
	_, err := p.w.Write(text)
	switch {
	case errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe):
		p.gone = true
	case err != nil:
		p.err = fmt.Errorf("cannot print: %w", err)
	}
	return len(text), nil
}

type rawJSON = json.RawMessage

func (p *printer) json(object rawJSON) error {
	var b bytes.Buffer
	if err := json.Indent(&b, object, "", "  "); err != nil {
		return err
	}
	fmt.Fprintln(p, b.String())
	return nil
}

// all prints the objects of all studies as one object.
func (p *printer) all(concept string, objects []rawJSON) error {
	o, err := object("concept", concept, "studies", objects)
	if err != nil {
		return err
	}
	return p.json(o)
}

// success is all that is printed of a study, as an object: its table stands there unless the result is just that.
func success(concept string, o Outcome) (rawJSON, error) {
	r := o.Report
	pairs := []any{
		"concept", concept, "study", o.Study.Name, "question", o.Study.Question, "answer", r.Answer, "notes", r.Notes,
		"config", r.Config, "result", r.Result, "command", o.Command,
	}
	result, err := encodeJSON(r.Result)
	if err != nil {
		return nil, err
	}
	table, err := encodeJSON(r.Table)
	if err != nil {
		return nil, err
	}
	if len(r.Table.Rows) > 0 && !bytes.Equal(table, result) {
		pairs = append(pairs, "table", rawJSON(table))
	}
	return object(pairs...)
}

func failure(study string, err error) (rawJSON, error) {
	return object("study", study, "error", err.Error())
}

// write writes the study's files and returns their names. An interrupted run writes none.
func (j *job) write(ctx context.Context, o Outcome) ([]string, error) {
	files, err := j.files(o)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: interrupted: %w", o.Study.Name, err)
	}
	if err := WriteFiles(j.out, files); err != nil {
		return nil, err
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	return names, nil
}

// files renders everything that is written about a study.
func (j *job) files(o Outcome) ([]File, error) {
	theme, err := chart.ThemeByName(j.theme)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, format := range j.formats {
		data, err := o.Draw(format, theme)
		if err != nil {
			return nil, j.program.undrawable(o, err)
		}
		if data != nil {
			files = append(files, File{o.Study.Name + "." + format, data})
		}
	}
	picture := ""
	if len(files) > 0 {
		picture = Image(o.Study.Question, shown(files))
	}
	if len(o.Report.Table.Columns) > 0 {
		var csv bytes.Buffer
		if err := o.Report.Table.WriteCSV(&csv); err != nil {
			return nil, err
		}
		files = append(files, File{o.Study.Name + ".csv", csv.Bytes()})
	}
	return append(files, File{o.Study.Name + ".md", []byte(o.Markdown(1, picture))}), nil
}

// shown is the picture that a page can show: a PDF only if there is nothing else.
func shown(pictures []File) string {
	for _, f := range pictures {
		if filepath.Ext(f.Name) != ".pdf" {
			return f.Name
		}
	}
	return pictures[0].Name
}

// Image is the Markdown of a picture.
func Image(text, path string) string {
	text = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text)
	if filepath.Ext(path) == ".pdf" {
		return "[" + text + "](" + path + ")"
	}
	return "![" + text + "](" + path + ")"
}

// print writes the question, the answer, the table, the files and the command for a reader.
func (j *job) print(o Outcome, files []string, command string) {
	w := j.stdout
	fmt.Fprintf(w, "%s\n%s\n", o.Study.Question, o.Report.Answer)
	if len(o.Report.Table.Rows) > 0 {
		fmt.Fprintln(w)
		_ = o.Report.Table.WriteText(w) // a printer keeps its errors
	}
	for _, note := range o.Report.Notes {
		fmt.Fprintf(w, "\nNote: %s\n", note)
	}
	fmt.Fprintln(w)
	if len(files) > 0 {
		fmt.Fprintf(w, "Files:  %s\n", filepath.Join(j.out, files[0]))
		for _, f := range files[1:] {
			fmt.Fprintf(w, "        %s\n", filepath.Join(j.out, f))
		}
	}
	fmt.Fprintf(w, "Again:  %s\n", command)
}
