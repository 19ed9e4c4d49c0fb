package study

import (
	"encoding"
	"fmt"
)

// A Text is a value that reads and writes itself as text.
type Text interface {
	encoding.TextMarshaler
	encoding.TextUnmarshaler
}

// textValue is a Text as a flag.
type textValue struct {
	target Text
	kind   string
}

func (v *textValue) Set(s string) error { return v.target.UnmarshalText([]byte(s)) }

func (v *textValue) Type() string { return v.kind }

func (v *textValue) String() string {
	if v == nil || v.target == nil {
		return ""
	}
	text, err := v.target.MarshalText()
	if err != nil {
		return fmt.Sprint(v.target)
	}
	return string(text)
}
