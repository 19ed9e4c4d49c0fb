package units

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Kind is one kind of quantity: how it is called in help, read and written.
type Kind[T any] struct {
	Name  string
	Parse func(string) (T, error)
	Text  func(T) string
}

// Bytes is the kind of sizes: 8GiB.
func Bytes() Kind[int64] { return Kind[int64]{"SIZE", ParseBytes, BytesText} }

// Rate is the kind of rates: 10Gbit/s.
func Rate() Kind[float64] { return Kind[float64]{"RATE", ParseRate, RateText} }

// Duration is the kind of durations: 300ms.
func Duration() Kind[time.Duration] { return Kind[time.Duration]{"TIME", ParseDuration, DurationText} }

// Count is the kind of whole numbers that are not negative: 20k.
func Count() Kind[int64] { return Kind[int64]{"COUNT", ParseCount, CountText} }

// Fraction is the kind of shares of one: 0.01 or 1%.
func Fraction() Kind[float64] { return Kind[float64]{"FRACTION", ParseFraction, FractionText} }

// Float is the kind of finite numbers.
func Float() Kind[float64] { return Kind[float64]{"NUMBER", ParseFloat, FloatText} }

// Int is the kind of whole numbers that fit an int, also negative ones: 12, 20k.
func Int() Kind[int] { return Kind[int]{"N", parseInt, strconv.Itoa} }

// Text is the kind of plain text.
func Text() Kind[string] {
	return Kind[string]{"TEXT", func(s string) (string, error) { return s, nil }, func(s string) string { return s }}
}

func parseInt(s string) (int, error) {
	text, negative := strings.CutPrefix(strings.TrimSpace(s), "-")
	n, err := ParseCount(text)
	if negative {
		n = -n
	}
	if err == nil && int64(int(n)) != n {
		err = countGrammar().fail(s, "the number is too large")
	}
	return int(n), err
}

// A Value is one quantity as a command line flag.
type Value[T any] struct {
	target *T
	kind   Kind[T]
}

// NewValue makes a flag of a variable, whose present value is the flag's default.
func NewValue[T any](target *T, kind Kind[T]) *Value[T] { return &Value[T]{target, kind} }

// Set reads the text into the variable, or leaves it alone and returns an error.
func (v *Value[T]) Set(s string) error {
	x, err := v.kind.Parse(s)
	if err == nil {
		*v.target = x
	}
	return err
}

// String writes the variable so that Set reads the same value again.
func (v *Value[T]) String() string {
	if v == nil || v.target == nil {
		return ""
	}
	return v.kind.Text(*v.target)
}

// Type names the kind of value in help texts.
func (v *Value[T]) Type() string { return v.kind.Name }

// A List is a comma-separated list of quantities as a command line flag. Setting it replaces the whole list.
type List[T any] struct {
	target   *[]T
	kind     Kind[T]
	distinct bool
}

// NewList makes a flag of a slice, whose present elements are the flag's default.
func NewList[T any](target *[]T, kind Kind[T]) *List[T] { return &List[T]{target: target, kind: kind} }

// Distinct makes it a list in which nothing may stand twice.
func (l *List[T]) Distinct() *List[T] {
	l.distinct = true
	return l
}

// mostValues is how many quantities a list may have: every one is a run, or a place in a picture.
const mostValues = 200

// Set reads all elements, or leaves the slice alone and returns the error of the first wrong one.
func (l *List[T]) Set(s string) error {
	if n := 1 + strings.Count(s, ","); n > mostValues {
		return fmt.Errorf("it has %d values; want at most %d, separated by commas", n, mostValues)
	}
	var list []T
	for part := range strings.SplitSeq(s, ",") {
		x, err := l.kind.Parse(strings.TrimSpace(part))
		if err != nil {
			return err
		}
		same := func(y T) bool { return l.kind.Text(x) == l.kind.Text(y) }
		if l.distinct && slices.ContainsFunc(list, same) {
			return fmt.Errorf("%s stands in it twice; want each once", l.kind.Text(x))
		}
		list = append(list, x)
	}
	*l.target = list
	return nil
}

// String writes the list so that Set reads the same list again.
func (l *List[T]) String() string {
	if l == nil || l.target == nil {
		return ""
	}
	texts := make([]string, len(*l.target))
	for i, x := range *l.target {
		texts[i] = l.kind.Text(x)
	}
	return strings.Join(texts, ",")
}

// Type names the kind of list in help texts.
func (l *List[T]) Type() string { return l.kind.Name + ",..." }
