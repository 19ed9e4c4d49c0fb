package queue

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"cloudconcepts/internal/des"
)

// Trace is a list of messages. Service and Class are either empty or as long as At.
type Trace struct {
	At      []time.Duration `json:"at_ns"`                // when they come, never falling, [0, 10 years]
	Service []time.Duration `json:"service_ns,omitempty"` // how long they take, [0, 1 year]; empty = drawn from Config.Service
	Class   []int           `json:"class,omitempty"`      // index into Config.Classes; empty = drawn by the shares
}

// Len is the number of messages.
func (t Trace) Len() int { return len(t.At) }

// classed tells whether the trace has messages of more than the first class.
func (t Trace) classed() bool {
	for _, class := range t.Class {
		if class != 0 {
			return true
		}
	}
	return false
}

const mostTraceSeconds = 10 * 365 * 24 * 3600.0

// ReadTrace reads a trace from CSV: the time in seconds, and optionally the service time in seconds and the class, a
// whole number from 0. A first line of names (time_s, service_s, class) can put the columns in another order. Empty
// lines and lines that begin with # are skipped. An error names the line.
func ReadTrace(r io.Reader) (Trace, error) {
	in := csv.NewReader(r)
	in.Comment = '#'
	in.TrimLeadingSpace = true
	in.ReuseRecord = true
	t := traceReader{columns: [3]int{0, 1, 2}}
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Trace{}, fmt.Errorf("queue: trace: %w", err)
		}
		line, _ := in.FieldPos(0)
		if err := t.row(record); err != nil {
			return Trace{}, fmt.Errorf("queue: trace line %d: %w", line, err)
		}
	}
	if t.trace.Len() == 0 {
		return Trace{}, errors.New("queue: trace: it is empty, want at least one line with a time")
	}
	return t.trace, nil
}

// traceReader holds the messages read so far.
type traceReader struct {
	columns [3]int // of time, service and class, -1 = none
	started bool
	trace   Trace
}

func (t *traceReader) row(record []string) error {
	if !t.started {
		t.started = true
		header, err := t.header(record)
		if header || err != nil {
			return err
		}
	}
	at, err := seconds("time", record[t.columns[0]])
	if err != nil {
		return err
	}
	if n := t.trace.Len(); n > 0 && at < t.trace.At[n-1] {
		return fmt.Errorf("time %v after %v, want times that never fall", at, t.trace.At[n-1])
	}
	t.trace.At = append(t.trace.At, at)
	if i := t.columns[1]; i >= 0 {
		service, err := seconds("service time", record[i])
		if err != nil {
			return err
		}
		if service > year {
			return fmt.Errorf("service time %v, want at most %v", service, year)
		}
		t.trace.Service = append(t.trace.Service, service)
	}
	if i := t.columns[2]; i >= 0 {
		class, err := strconv.Atoi(strings.TrimSpace(record[i]))
		if err != nil || class < 0 || class >= mostClasses {
			return fmt.Errorf("class %q, want a whole number in [0, %d]", record[i], mostClasses-1)
		}
		t.trace.Class = append(t.trace.Class, class)
	}
	return nil
}

// header finds out which columns there are, and whether this line is their names.
func (t *traceReader) header(record []string) (bool, error) {
	if _, err := strconv.ParseFloat(strings.TrimSpace(record[0]), 64); err == nil || len(record[0]) == 0 || !isLetter(record[0][0]) {
		if len(record) > 3 {
			return false, fmt.Errorf("%d columns, want time, service time and class", len(record))
		}
		for i := len(record); i < 3; i++ {
			t.columns[i] = -1
		}
		return false, nil
	}
	t.columns = [3]int{-1, -1, -1}
	for i, name := range record {
		switch strings.TrimSpace(name) {
		case "time_s":
			t.columns[0] = i
		case "service_s":
			t.columns[1] = i
		case "class":
			t.columns[2] = i
		default:
			return true, fmt.Errorf("column %q, want time_s, service_s or class", name)
		}
	}
	if t.columns[0] < 0 {
		return true, errors.New("no column time_s")
	}
	return true, nil
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func seconds(what, text string) (time.Duration, error) {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return 0, fmt.Errorf("%s %q is no number of seconds", what, text)
	}
	if !(x >= 0 && x <= mostTraceSeconds) {
		return 0, fmt.Errorf("%s %q, want in [0, %g] s", what, text, mostTraceSeconds)
	}
	return time.Duration(des.Nanoseconds(x)), nil
}
