package sweep

import (
	"cmp"
	"encoding"
	"reflect"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/study"
)

// fields are the fields of a struct type by their JSON names; those of embedded structs count as the struct's own.
func fields(t reflect.Type) map[string]reflect.StructField {
	all := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" || (f.Anonymous && name == "") {
			continue
		}
		name = cmp.Or(name, f.Name)
		if old, ok := all[name]; !ok || len(f.Index) < len(old.Index) {
			all[name] = f
		}
	}
	return all
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var textual = reflect.TypeFor[encoding.TextMarshaler]()

// isText tells whether a type is written as text in JSON.
func isText(t reflect.Type) bool {
	return t.Kind() == reflect.String || t.Implements(textual) || reflect.PointerTo(t).Implements(textual)
}

var duration = reflect.TypeFor[time.Duration]()

// isWhole tells whether a type holds whole numbers.
func isWhole(t reflect.Type) bool {
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64 && !isText(t)
}

// isTime tells whether a type holds times in nanoseconds: time.Duration, or a type of its own made of it, such as a fixed
// downtime limit. Other types of their own that hold 64 bits are texts in JSON.
func isTime(t reflect.Type) bool {
	return t == duration || t != nil && t.Kind() == reflect.Int64 && t.PkgPath() != "" && !isText(t)
}

// find follows a dotted name from a value through structs and lists, and through what stands in interfaces, which in JSON
// is a kind and a value. It returns nil where the way is not known.
func find(v reflect.Value, path []string) reflect.Type {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		if v.Kind() == reflect.Interface && len(path) > 0 && path[0] == "value" {
			path = path[1:]
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil
	}
	if len(path) == 0 {
		return v.Type()
	}
	switch v.Kind() {
	case reflect.Struct:
		if f, ok := fields(v.Type())[path[0]]; ok {
			return find(v.FieldByIndex(f.Index), path[1:])
		}
	case reflect.Slice, reflect.Array:
		if v.Len() > 0 {
			return find(v.Index(0), path[1:])
		}
		return find(reflect.Zero(v.Type().Elem()), path[1:])
	}
	return nil
}

// suggest says which name may have been meant, and which there are.
func suggest(given string, names []string) string {
	const most = 60
	text := study.Suggestion(given, names)
	if len(names) > most {
		return text + "; some of those there: " + strings.Join(names[:most], ", ") + ", ..."
	}
	return text + "; there are " + strings.Join(names, ", ")
}
