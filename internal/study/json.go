package study

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// encodeJSON writes any value as JSON the way all programs do: NaN and infinities are null, times are seconds,
// enumerations and errors are their texts, fields without a tag are named in snake case (times with _s), and a value
// behind an interface says its type in the key "kind".
func encodeJSON(v any) ([]byte, error) {
	var e encoder
	e.value(reflect.ValueOf(v), false)
	if e.err != nil {
		return nil, e.err
	}
	return e.out.Bytes(), nil
}

// object writes keys and values in the given order.
func object(pairs ...any) ([]byte, error) {
	var e encoder
	e.out.WriteByte('{')
	for i := 0; i < len(pairs); i += 2 {
		e.key(pairs[i].(string), i == 0)
		e.value(reflect.ValueOf(pairs[i+1]), false)
	}
	e.out.WriteByte('}')
	return e.out.Bytes(), e.err
}

// MarshalJSON writes the table as a list of objects, whose keys are the names of all columns.
func (t Table) MarshalJSON() ([]byte, error) {
	var e encoder
	e.out.WriteByte('[')
	for r, row := range t.Rows {
		if r > 0 {
			e.out.WriteByte(',')
		}
		e.out.WriteByte('{')
		for i, c := range t.Columns[:min(len(row), len(t.Columns))] {
			e.key(c.Name, i == 0)
			e.value(reflect.ValueOf(row[i]), false)
		}
		e.out.WriteByte('}')
	}
	e.out.WriteByte(']')
	return e.out.Bytes(), e.err
}

type encoder struct {
	out bytes.Buffer
	err error
}

// value writes v; kind asks for the type's name, since v stood behind an interface.
func (e *encoder) value(v reflect.Value, kind bool) {
	if !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() {
		e.out.WriteString("null")
		return
	}
	if v.Kind() == reflect.Interface {
		e.value(v.Elem(), true)
		return
	}
	if v.CanInterface() && e.special(v) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		e.value(v.Elem(), kind)
	case reflect.Struct:
		e.structure(v, kind)
	case reflect.Slice, reflect.Array:
		e.list(v)
	case reflect.Map:
		e.mapping(v)
	case reflect.Float32, reflect.Float64:
		e.float(v.Float())
	case reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128:
		e.out.WriteString("null")
	default:
		e.marshal(v.Interface())
	}
}

// special writes the values that are not written by their kind.
func (e *encoder) special(v reflect.Value) bool {
	x := v.Interface()
	if d, ok := x.(time.Duration); ok {
		e.float(d.Seconds())
		return true
	}
	switch x := x.(type) {
	case json.Marshaler, encoding.TextMarshaler:
		e.marshal(x)
		return true
	case error:
		e.marshal(x.Error())
		return true
	case fmt.Stringer:
		if plain(v.Type()).Kind() != reflect.Struct {
			e.marshal(x.String())
			return true
		}
	}
	return false
}

func (e *encoder) marshal(v any) {
	text, err := json.Marshal(v)
	if err != nil && e.err == nil {
		e.err = err
	}
	e.out.Write(text)
}

func (e *encoder) float(x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		e.out.WriteString("null")
		return
	}
	e.out.WriteString(strconv.FormatFloat(x, 'g', -1, 64))
}

func (e *encoder) key(name string, first bool) {
	if !first {
		e.out.WriteByte(',')
	}
	e.marshal(name)
	e.out.WriteByte(':')
}

func (e *encoder) structure(v reflect.Value, kind bool) {
	e.out.WriteByte('{')
	first := true
	if kind {
		e.key("kind", true)
		e.marshal(v.Type().Name())
		first = false
	}
	e.fields(v, first)
	e.out.WriteByte('}')
}

// fields writes the fields of a struct, those of embedded structs among them.
func (e *encoder) fields(v reflect.Value, first bool) bool {
	for field, value := range v.Fields() {
		name, ok := fieldName(field)
		if !ok {
			continue
		}
		tagged := field.Tag.Get("json") != ""
		if field.Anonymous && !tagged && value.Kind() == reflect.Struct {
			first = e.fields(value, first)
			continue
		}
		omit := strings.Contains(field.Tag.Get("json"), ",omitempty") || strings.Contains(field.Tag.Get("json"), ",omitzero")
		if !field.IsExported() || omit && value.IsZero() || value.Kind() == reflect.Func {
			continue
		}
		e.key(name, first)
		e.value(value, false)
		first = false
	}
	return first
}

func (e *encoder) list(v reflect.Value) {
	e.out.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			e.out.WriteByte(',')
		}
		e.value(v.Index(i), false)
	}
	e.out.WriteByte(']')
}

func (e *encoder) mapping(v reflect.Value) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	e.out.WriteByte('{')
	for i, k := range keys {
		e.key(fmt.Sprint(k), i == 0)
		e.value(v.MapIndex(k), false)
	}
	e.out.WriteByte('}')
}
