package trace

import (
	"io"
	"iter"
	"strconv"
	"strings"
)

// pack packs the counts of successive minutes; negative ones count as 0.
func pack(counts []int64) Counts {
	var c Counts
	for minute, n := range counts {
		c.Add(minute, n)
	}
	return c
}

// writeMinutes writes rows as ReadMinutes reads them. Counts behind the first day are left out.
func writeMinutes(w io.Writer, list iter.Seq[Minutes]) error {
	return write(w, minutesHeader(), list, func(b []byte, m Minutes) []byte {
		b = names(b, m.Owner, m.App, m.Function, m.Trigger.String())
		done := 0
		for minute, n := range m.Counts.All() {
			if minute >= MinutesPerDay {
				break
			}
			for ; done < minute; done++ {
				b = append(b, ",0"...)
			}
			b = strconv.AppendInt(append(b, ','), n, 10)
			done++
		}
		for ; done < MinutesPerDay; done++ {
			b = append(b, ",0"...)
		}
		return b
	})
}

// writeDurations writes rows as ReadDurations reads them.
func writeDurations(w io.Writer, list iter.Seq[Durations]) error {
	return write(w, durationsHeader(), list, func(b []byte, d Durations) []byte {
		b = numbers(names(b, d.Owner, d.App, d.Function), d.Average)
		b = strconv.AppendInt(append(b, ','), d.Count, 10)
		return numbers(numbers(b, d.Minimum, d.Maximum), d.Percentiles[:]...)
	})
}

// writeMemory writes rows as ReadMemory reads them, without functions.
func writeMemory(w io.Writer, list iter.Seq[AppMemory]) error {
	return write(w, memoryHeaders()[0], list, func(b []byte, m AppMemory) []byte {
		b = strconv.AppendInt(append(names(b, m.Owner, m.App), ','), m.Samples, 10)
		return numbers(numbers(b, m.Average), m.Percentiles[:]...)
	})
}

// writeInvocations writes rows as ReadInvocations reads them.
func writeInvocations(w io.Writer, list iter.Seq[Invocation]) error {
	return write(w, invocationHeader(), list, func(b []byte, i Invocation) []byte {
		return numbers(names(b, i.App, i.Function), i.End.Seconds(), i.Duration.Seconds())
	})
}

func write[T any](w io.Writer, header []string, list iter.Seq[T], row func([]byte, T) []byte) error {
	b := append([]byte(strings.Join(header, ",")), '\n')
	if _, err := w.Write(b); err != nil {
		return err
	}
	for x := range list {
		b = append(row(b[:0], x), '\n')
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func names(b []byte, list ...string) []byte { return append(b, strings.Join(list, ",")...) }

func numbers(b []byte, list ...float64) []byte {
	for _, x := range list {
		b = strconv.AppendFloat(append(b, ','), x, 'g', -1, 64)
	}
	return b
}
