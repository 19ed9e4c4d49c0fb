package study

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Rows that a long table shows when it is printed: its first and its last ones.
const (
	headRows = 14
	tailRows = 6
)

// WriteText writes the table for a terminal, in aligned columns; a long one without its middle.
func (t Table) WriteText(w io.Writer) error {
	lines, numeric := t.lines()
	if len(lines) == 0 {
		return nil
	}
	widths := make([]int, len(numeric))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	for i, line := range lines {
		if _, err := fmt.Fprintln(w, aligned(line, widths, numeric)); err != nil {
			return err
		}
		if i == headRows && len(lines) < len(t.Rows)+1 {
			if _, err := fmt.Fprintf(w, "  ... %d more rows ...\n", t.omitted()); err != nil {
				return err
			}
		}
	}
	return nil
}

func aligned(line []string, widths []int, right []bool) string {
	var b strings.Builder
	for i, text := range line {
		b.WriteString("  ")
		space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
		if right[i] {
			b.WriteString(space + text)
		} else {
			b.WriteString(text + space)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// Markdown writes the table for a page; a long one without its middle.
func (t Table) Markdown() string {
	lines, numeric := t.lines()
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	for i, line := range lines {
		row(escapedCells(line))
		if i == 0 {
			row(rules(numeric))
		}
		if i == headRows && len(lines) < len(t.Rows)+1 {
			row(append([]string{fmt.Sprintf("... %d more", t.omitted())}, make([]string, len(numeric)-1)...))
		}
	}
	return b.String()
}

func rules(right []bool) []string {
	out := make([]string, len(right))
	for i := range out {
		out[i] = "---"
		if right[i] {
			out[i] = "---:"
		}
	}
	return out
}

func escapedCells(line []string) []string {
	out := make([]string, len(line))
	for i, text := range line {
		out[i] = strings.ReplaceAll(Escape(text), "|", `\|`)
	}
	return out
}

// lines are the header and the rows to print as text, and which columns hold numbers.
func (t Table) lines() (lines [][]string, numeric []bool) {
	var header []string
	var shown []int
	for i, c := range t.Columns {
		if !c.Hidden {
			shown = append(shown, i)
			header = append(header, c.header())
			numeric = append(numeric, t.numeric(i))
		}
	}
	if len(shown) == 0 || len(t.Rows) == 0 {
		return nil, nil
	}
	lines = append(lines, header)
	for r, row := range t.Rows {
		if t.omitted() > 0 && r >= headRows && r < len(t.Rows)-tailRows {
			continue
		}
		line := make([]string, len(shown))
		for to, from := range shown {
			if from < len(row) {
				line[to] = t.Columns[from].format(row[from])
			}
		}
		lines = append(lines, line)
	}
	return lines, numeric
}

// omitted is the number of rows that are not printed.
func (t Table) omitted() int {
	if n := len(t.Rows) - headRows - tailRows; n > 2 {
		return n
	}
	return 0
}

func (t Table) numeric(column int) bool {
	for _, row := range t.Rows {
		if column >= len(row) || row[column] == nil {
			continue
		}
		_, ok := number(row[column])
		return ok
	}
	return false
}

// Escape protects a plain text from being read as Markdown. Backquotes stay, so that a text can name code.
func Escape(text string) string {
	var b strings.Builder
	code := false
	for _, c := range text {
		if c == '`' {
			code = !code
		}
		if !code && strings.ContainsRune(`\*<~$[`, c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
