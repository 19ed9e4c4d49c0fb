package sweep

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
)

// A measure reads one number of a result.
type measure struct {
	name string
	read func(result reflect.Value) float64
}

// measureOf finds a number in a result by its JSON name, wait_p99_s; of a text the share of runs that have one value,
// outcome=converged.
func measureOf(result reflect.Type, name string) (measure, error) {
	field, want, compared := strings.Cut(name, "=")
	t, index := result, []int(nil)
	path := strings.Split(field, ".")
	for i, part := range path {
		if t.Kind() != reflect.Struct || isText(t) {
			return measure{}, fmt.Errorf("measure: %s has no parts", dotted(path[:i]))
		}
		f, ok := fields(t)[part]
		if !ok {
			return measure{}, fmt.Errorf("measure: unknown number %s%s", name, suggest(field, numbers(result, "")))
		}
		t, index = f.Type, append(index, f.Index...)
	}
	switch read := reader(t, want); {
	case isText(t) && !compared:
		return measure{}, fmt.Errorf("measure: %s is a text; the share of runs that have one value is %s=VALUE", name, name)
	case !isText(t) && compared:
		return measure{}, fmt.Errorf("measure: %s is no text to be compared", field)
	case read == nil:
		return measure{}, fmt.Errorf("measure: %s is no number%s", name, suggest(field, numbers(result, "")))
	default:
		return measure{name, func(r reflect.Value) float64 { return read(r.FieldByIndex(index)) }}, nil
	}
}

// reader is how a number of a type is read, nil if it is none.
func reader(t reflect.Type, want string) func(reflect.Value) float64 {
	share := func(yes bool) float64 {
		if yes {
			return 1
		}
		return 0
	}
	switch {
	case isText(t):
		return func(v reflect.Value) float64 { return share(textOf(v) == want) }
	case t.Kind() == reflect.Bool:
		return func(v reflect.Value) float64 { return share(v.Bool()) }
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		return func(v reflect.Value) float64 { return float64(v.Int()) }
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64:
		return func(v reflect.Value) float64 { return float64(v.Uint()) }
	case t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64:
		return func(v reflect.Value) float64 { return v.Float() }
	}
	return nil
}

func textOf(v reflect.Value) string {
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		text, _ := m.MarshalText() // a value without a text equals none
		return string(text)
	}
	return v.String()
}

// numbers are the names of all that can be measured in a result, but for its configuration.
func numbers(t reflect.Type, prefix string) []string {
	var names []string
	for _, name := range sorted(fields(t)) {
		f := fields(t)[name]
		switch {
		case name == "config" && prefix == "":
		case isText(f.Type):
			names = append(names, prefix+name+"=VALUE")
		case reader(f.Type, "") != nil:
			names = append(names, prefix+name)
		case f.Type.Kind() == reflect.Struct:
			names = append(names, numbers(f.Type, prefix+name+".")...)
		}
	}
	return names
}
