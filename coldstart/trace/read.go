package trace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
)

// RowError is what is wrong with a row. Reading can go on behind it.
type RowError struct {
	Line   int    // from 1, the header's
	Column string // its name, empty if the row as a whole is wrong
	Reason string
}

// Error says where and what.
func (e *RowError) Error() string {
	where := fmt.Sprintf("%v: line %d", ErrInvalidTrace, e.Line)
	if e.Column != "" {
		where += ", column " + e.Column
	}
	return where + ": " + e.Reason
}

// Unwrap is ErrInvalidTrace.
func (e *RowError) Unwrap() error { return ErrInvalidTrace }

// Minutes is a row of invocations_per_function: requests in each minute of a day.
type Minutes struct {
	Owner, App, Function string
	Trigger              Trigger
	Counts               Counts
}

// Durations is a row of function_durations_percentiles, in ms; Percentiles are 0, 1, 25, 50, 75, 99 and 100.
type Durations struct {
	Owner, App, Function string
	Average              float64
	Count                int64
	Minimum, Maximum     float64
	Percentiles          [7]float64
}

// AppMemory is a row of app_memory_percentiles, in MB; Percentiles are 1, 5, 25, 50, 75, 95, 99 and 100. Function is empty in
// the published files.
type AppMemory struct {
	Owner, App, Function string
	Samples              int64
	Average              float64
	Percentiles          [8]float64
}

// Invocation is a row of the 2021 trace.
type Invocation struct {
	App, Function string
	End, Duration time.Duration // since the start of the trace; End - Duration is the start
}

const longestLine = 1 << 20

// file reads lines of comma-separated fields under a known header.
type file struct {
	lines  *bufio.Scanner
	line   int
	header []string
	fields []string
	whole  bool // the last line ended with a newline
	bad    *RowError
}

func open(r io.Reader) *file {
	f := &file{lines: bufio.NewScanner(r)}
	f.lines.Buffer(make([]byte, 0, 1<<14), longestLine)
	f.lines.Split(f.split)
	return f
}

// split is bufio.ScanLines, and notes whether the line was whole.
func (f *file) split(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		f.whole = true
		return i + 1, bytes.TrimSuffix(data[:i], []byte{'\r'}), nil
	}
	if atEOF && len(data) > 0 {
		f.whole = false
		return len(data), data, nil
	}
	return 0, nil, nil
}

// next reads a row with the header's number of fields; false at the end, or with an error.
func (f *file) next() (bool, error) {
	f.bad = nil
	if !f.lines.Scan() {
		err := f.lines.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = &RowError{Line: f.line + 1, Reason: fmt.Sprintf("longer than %d bytes", longestLine)}
		}
		return false, err
	}
	f.line++
	f.fields = splitFields(f.fields[:0], f.lines.Text())
	if f.header != nil && len(f.fields) != len(f.header) {
		reason := fmt.Sprintf("%d columns, want %d", len(f.fields), len(f.header))
		if !f.whole {
			reason += ": the file is cut off here"
		}
		f.bad = &RowError{Line: f.line, Reason: reason}
	}
	return true, nil
}

func splitFields(list []string, text string) []string {
	for {
		field, rest, more := strings.Cut(text, ",")
		list = append(list, strings.TrimSpace(field))
		if !more {
			return list
		}
		text = rest
	}
}

// names reads the header and tells which of the possible ones it is.
func (f *file) names(possible ...[]string) error {
	more, err := f.next()
	if err != nil {
		return err
	}
	if !more {
		return &RowError{Line: 1, Reason: "no header"}
	}
	f.fields[0] = strings.TrimPrefix(f.fields[0], "\ufeff")
	mismatch := &RowError{Line: 1}
	for _, want := range possible {
		if mismatch = differs(f.fields, want); mismatch == nil {
			f.header = want
			return nil
		}
	}
	return mismatch
}

func differs(have, want []string) *RowError {
	for i := range want {
		if i >= len(have) {
			break
		}
		if !strings.EqualFold(have[i], want[i]) {
			return &RowError{Line: 1, Column: strconv.Itoa(i + 1), Reason: fmt.Sprintf("name %.40q, want %q", have[i], want[i])}
		}
	}
	if len(have) != len(want) {
		return &RowError{Line: 1, Reason: fmt.Sprintf("%d columns, want %d", len(have), len(want))}
	}
	return nil
}

func (f *file) fail(column int, reason string) {
	if f.bad == nil {
		f.bad = &RowError{Line: f.line, Column: f.header[column], Reason: reason}
	}
}

// number is a field in [0, most].
func (f *file) number(column int, most float64) float64 {
	if f.bad != nil {
		return 0
	}
	x, err := strconv.ParseFloat(f.fields[column], 64)
	switch {
	case err != nil:
		f.fail(column, fmt.Sprintf("%.40q is not a number", f.fields[column]))
	case !(x >= 0 && x <= most):
		f.fail(column, fmt.Sprintf("%g, want in [0, %g]", x, most))
	default:
		return x
	}
	return 0
}

// count is a field that is a whole number in [0, most]; "12.0" is one, too.
func (f *file) count(column int, most int64) int64 {
	if f.bad != nil {
		return 0
	}
	if n, err := strconv.ParseInt(f.fields[column], 10, 64); err == nil && n >= 0 && n <= most {
		return n
	}
	x := f.number(column, float64(most))
	if x != math.Trunc(x) {
		f.fail(column, fmt.Sprintf("%g is not a whole number", x))
	}
	return int64(x)
}

// text is a field that is not empty, in memory of its own.
func (f *file) text(column int) string {
	if f.bad == nil && f.fields[column] == "" {
		f.fail(column, "empty")
	}
	if f.bad != nil {
		return ""
	}
	return strings.Clone(f.fields[column])
}

// rows yields what parse makes of each row, or its error; an error of the header or of reading is the last.
func rows[T any](r io.Reader, headers [][]string, parse func(*file) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		f := open(r)
		if err := f.names(headers...); err != nil {
			yield(zero, err)
			return
		}
		for {
			more, err := f.next()
			if err != nil {
				yield(zero, err)
			}
			if !more {
				return
			}
			row := parse(f)
			if f.bad != nil {
				row, err = zero, f.bad
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
