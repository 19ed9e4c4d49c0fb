package study

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
)

// Rows makes a table of structs: one column for each exported field, named by its json tag, or by the field's name in
// snake case. Times become seconds, named with _s where no tag names them. Fields with a String method become text,
// embedded and other struct fields become the columns of their fields, and slices, maps and functions are left out.
func Rows[T any](rows []T) Table {
	var t Table
	columns := columnsOf(reflect.TypeFor[T](), nil, "")
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	for i := range rows {
		row := make([]any, len(columns))
		for j, c := range columns {
			row[j] = cell(at(reflect.ValueOf(&rows[i]).Elem(), c.path))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

type fieldColumn struct {
	Column
	path []int
}

// columnsOf lists the fields of a struct type that make a column.
func columnsOf(t reflect.Type, path []int, prefix string) []fieldColumn {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var columns []fieldColumn
	for field := range t.Fields() {
		name, ok := fieldName(field)
		if !ok {
			continue
		}
		at := append(append([]int(nil), path...), field.Index...)
		switch kind := plain(field.Type).Kind(); {
		case isText(field.Type):
			columns = append(columns, fieldColumn{Column{Name: prefix + name}, at})
		case field.Anonymous && kind == reflect.Struct:
			columns = append(columns, columnsOf(field.Type, at, prefix)...)
		case kind == reflect.Struct:
			columns = append(columns, columnsOf(field.Type, at, prefix+name+"_")...)
		case kind == reflect.Slice || kind == reflect.Map || kind == reflect.Func || kind == reflect.Chan || kind == reflect.Array:
			continue
		default:
			column := Column{Name: prefix + name}
			if field.Type == reflect.TypeFor[time.Duration]() {
				column.Unit = "s"
			}
			columns = append(columns, fieldColumn{column, at})
		}
	}
	return columns
}

func plain(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// isText tells whether values of a type are written as text.
func isText(t reflect.Type) bool {
	if t == reflect.TypeFor[time.Duration]() {
		return false
	}
	return t.Implements(reflect.TypeFor[fmt.Stringer]()) || t.Implements(reflect.TypeFor[error]()) ||
		t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// isTime tells whether a type is a time or a list of them, which are written in seconds.
func isTime(t reflect.Type) bool {
	duration := reflect.TypeFor[time.Duration]()
	return t == duration || t.Kind() == reflect.Slice && t.Elem() == duration
}

// fieldName is the name that a field has in tables and in JSON, where times are in seconds whatever their tag says; ok
// is false if it has none.
func fieldName(f reflect.StructField) (name string, ok bool) {
	tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case tag == "-" || !f.IsExported() && !f.Anonymous:
		return "", false
	case tag != "" && isTime(f.Type) && strings.HasSuffix(tag, "_ns"):
		return strings.TrimSuffix(tag, "_ns") + "_s", true
	case tag != "":
		return tag, true
	case f.Type == reflect.TypeFor[time.Duration]():
		return snake(f.Name) + "_s", true
	}
	return snake(f.Name), true
}

// snake turns MaxRounds into max_rounds and RTTLimit into rtt_limit.
func snake(name string) string {
	var b strings.Builder
	letters := []rune(name)
	for i, c := range letters {
		if unicode.IsUpper(c) && i > 0 {
			afterLower := !unicode.IsUpper(letters[i-1])
			beforeLower := i+1 < len(letters) && unicode.IsLower(letters[i+1])
			if afterLower || beforeLower {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// at follows a path of fields through pointers; the value is invalid where a pointer is nil.
func at(v reflect.Value, path []int) reflect.Value {
	for _, i := range path {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

// cell turns a field into what a table holds: a number, a text, a boolean or nil.
func cell(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	if v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
	}
	if text, ok := asText(v); ok {
		return text
	}
	if d, ok := v.Interface().(time.Duration); ok {
		return d.Seconds()
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return cell(v.Elem())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Float32, reflect.Float64:
		return v.Float()
	}
	return v.Interface()
}

// asText is the text of values that know how to write themselves.
func asText(v reflect.Value) (string, bool) {
	if !v.CanInterface() || !isText(v.Type()) {
		return "", false
	}
	switch x := v.Interface().(type) {
	case fmt.Stringer:
		return x.String(), true
	case error:
		return x.Error(), true
	case encoding.TextMarshaler:
		text, err := x.MarshalText()
		return string(text), err == nil
	}
	return "", false
}
