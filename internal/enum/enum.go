// Package enum gives the values of an enumeration their names in text and JSON:
//
//	func (k Kind) String() string                { return enum.Name(k, kindNames()) }
//	func (k Kind) MarshalText() ([]byte, error)  { return []byte(k.String()), nil }
//	func (k *Kind) UnmarshalText(t []byte) error { return enum.Parse(k, t, "sqs: kind", kindNames()) }
package enum

import (
	"fmt"
	"slices"
	"strings"
)

// Whole is the kind of type that an enumeration has.
type Whole interface {
	~int | ~int8 | ~int16 | ~int32 | ~uint8 | ~uint16 | ~uint32
}

// Name is the name of value i, or "invalid".
func Name[T Whole](i T, names []string) string {
	if i < 0 || int(i) >= len(names) {
		return "invalid"
	}
	return names[i]
}

// Parse sets the value to that of the name, or returns an error that begins with what and lists the names.
func Parse[T Whole](i *T, text []byte, what string, names []string) error {
	at := slices.Index(names, string(text))
	if at < 0 {
		return fmt.Errorf("%s %q, want one of %s", what, text, strings.Join(names, ", "))
	}
	*i = T(at)
	return nil
}
