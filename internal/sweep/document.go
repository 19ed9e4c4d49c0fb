package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A document is a configuration as a tree of JSON, with the Go value that it came from.
type document struct {
	root map[string]any
	of   reflect.Value
}

func newDocument(config any) (document, error) {
	text, err := json.Marshal(config)
	if err != nil {
		return document{}, err
	}
	root, err := tree(text)
	if err != nil {
		return document{}, err
	}
	object, ok := root.(map[string]any)
	if !ok {
		return document{}, fmt.Errorf("sweep: %T is no object in JSON", config)
	}
	return document{object, reflect.ValueOf(config)}, nil
}

func dotted(path []string) string { return strings.Join(path, ".") }

// names are those of the fields at a place: what stands in the tree, and what the type has but leaves out when it is empty.
func (d document) names(path []string, there map[string]any) []string {
	all := maps.Clone(there)
	if t := find(d.of, path); t != nil && t.Kind() == reflect.Struct && !isText(t) {
		for name := range fields(t) {
			all[name] = nil
		}
	}
	return sorted(all)
}

// write puts what the user wrote over the configuration.
func (d *document) write(user map[string]any) error {
	if _, ok := user["seed"]; ok {
		return errors.New("config: seed: it stands beside \"config\", and the runs of a cell get seeds of their own from it")
	}
	root, err := d.overlay(d.root, user, nil)
	if err != nil {
		return err
	}
	d.root = root.(map[string]any)
	return nil
}

// overlay is the tree below a path with what the user wrote over it. Quantities become numbers, unknown names are refused.
func (d document) overlay(base, user any, path []string) (any, error) {
	switch u := user.(type) {
	case map[string]any:
		b, ok := base.(map[string]any)
		if !ok || (b["kind"] != nil && u["kind"] != nil && u["kind"] != b["kind"]) {
			b = nil
		}
		out := map[string]any{}
		maps.Copy(out, b)
		for _, name := range sorted(u) {
			inner := append(slices.Clone(path), name)
			if b != nil && !slices.Contains(d.names(path, b), name) {
				return nil, fmt.Errorf("config: unknown field %s%s", dotted(inner), suggest(name, d.names(path, b)))
			}
			var err error
			if out[name], err = d.overlay(b[name], u[name], inner); err != nil {
				return nil, err
			}
		}
		return out, nil
	case []any:
		out := make([]any, len(u))
		for i := range u {
			var err error
			if out[i], err = d.overlay(nil, u[i], append(slices.Clone(path), strconv.Itoa(i))); err != nil {
				return nil, err
			}
		}
		return out, nil
	case string:
		if strings.Contains(u, "{") {
			return u, nil // read when the variables are known
		}
		return d.read(base, u, path)
	}
	return user, nil
}

// read turns a text into a number if one belongs at the path.
func (d document) read(base any, text string, path []string) (any, error) {
	return d.wanted(base, path).read(text)
}

// wanted is what belongs at a path: a text, or a number in the unit of a name.
type wanted struct {
	path         []string
	name         string
	number, time bool
}

func (d document) wanted(base any, path []string) wanted {
	name := path[len(path)-1]
	for i := len(path) - 1; i > 0 && isIndex(name); i-- {
		name = path[i-1] // the elements of a list have its unit
	}
	t := find(d.of, path)
	_, isNumber := base.(json.Number)
	if t != nil {
		isNumber = isNumber || (isWhole(t) || t.Kind() == reflect.Float64) && !isText(t)
	}
	return wanted{path, name, isNumber || t == nil && base == nil && numeric(name), isTime(t)}
}

func (w wanted) read(text string) (any, error) {
	if !w.number {
		return text, nil
	}
	x, err := quantity(w.name, text, w.time)
	if err != nil {
		return nil, fmt.Errorf("config: %s: %w", dotted(w.path), err)
	}
	return number(x), nil
}

func isIndex(name string) bool {
	_, err := strconv.Atoi(name)
	return err == nil
}

// lookup is what stands at a path, or an error that names what stands beside the place where it ends.
func (d document) lookup(path []string) (any, error) {
	var at any = d.root
	for i, name := range path {
		switch v := at.(type) {
		case map[string]any:
			inner, ok := v[name]
			names := d.names(path[:i], v)
			if !ok && !slices.Contains(names, name) {
				return nil, fmt.Errorf("unknown field %s%s", dotted(path[:i+1]), suggest(name, names))
			}
			at = inner
		case []any:
			index, err := strconv.Atoi(name)
			if err != nil || index < 0 || index >= len(v) {
				return nil, fmt.Errorf("%s is a list of %d: want an index from 0 to %d, not %q", dotted(path[:i]), len(v), len(v)-1, name)
			}
			at = v[index]
		default:
			return nil, fmt.Errorf("%s has no fields: it is %s", dotted(path[:i]), show(at))
		}
	}
	return at, nil
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// set is a tree with another value at a path; the old tree is left alone.
func set(at any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if list, ok := at.([]any); ok {
		list = slices.Clone(list)
		i, _ := strconv.Atoi(path[0])
		list[i] = set(list[i], path[1:], value)
		return list
	}
	object, _ := at.(map[string]any)
	object = maps.Clone(object)
	object[path[0]] = set(object[path[0]], path[1:], value)
	return object
}

// unread is the first name in a tree that a configuration written again does not have: the reader did not know it.
func (d document) unread(mine, again any, path []string) error {
	switch m := mine.(type) {
	case map[string]any:
		a, _ := again.(map[string]any)
		for _, name := range sorted(m) {
			inner := append(slices.Clone(path), name)
			if _, ok := a[name]; !ok && !d.omitted(m[name], inner) {
				return fmt.Errorf("config: unknown field %s%s", dotted(inner), suggest(name, d.names(path, a)))
			}
			if err := d.unread(m[name], a[name], inner); err != nil {
				return err
			}
		}
	case []any:
		a, _ := again.([]any)
		for i := range min(len(m), len(a)) {
			if err := d.unread(m[i], a[i], append(slices.Clone(path), strconv.Itoa(i))); err != nil {
				return err
			}
		}
	}
	return nil
}

// omitted tells whether a value is empty and belongs to a field that is left out when it is.
func (d document) omitted(value any, path []string) bool {
	switch v := value.(type) {
	case map[string]any:
		return len(v) == 0 || find(d.of, path) != nil
	case []any:
		if len(v) > 0 {
			return false
		}
	case json.Number:
		if x, _ := v.Float64(); x != 0 {
			return false
		}
	default:
		if value != nil && value != "" && value != false {
			return false
		}
	}
	t := find(d.of, path[:len(path)-1])
	if t == nil || t.Kind() != reflect.Struct {
		return false
	}
	_, known := fields(t)[path[len(path)-1]]
	return known
}
