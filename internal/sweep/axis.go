package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// axis turns what was written about a field or a variable into its values.
func (d document) axis(s Swept) (Axis, error) {
	path := strings.Split(s.Name, ".")
	base, err := d.lookup(path)
	variable := d.uses(s.Name)
	switch {
	case variable && err == nil:
		return Axis{}, fmt.Errorf("it is a field, and also a variable in a text: give the variable another name than {%s}", s.Name)
	case !variable && err != nil:
		return Axis{}, err
	}
	var list []any
	if s.Range == nil {
		list = s.List
	} else if list, err = d.spread(s, base, path, variable); err != nil {
		return Axis{}, err
	}
	a, seen := Axis{Name: s.Name, Log: s.Range != nil && s.Range.Log}, map[string]bool{}
	for _, v := range list {
		if variable {
			v, err = readVariable(s.Name, v)
		} else {
			v, err = d.overlay(base, v, path)
		}
		if err != nil {
			return Axis{}, err
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return Axis{}, err
		}
		if seen[string(raw)] {
			return Axis{}, fmt.Errorf("%s stands there twice", raw)
		}
		seen[string(raw)] = true
		a.Values = append(a.Values, raw)
	}
	if len(a.Values) == 0 {
		return Axis{}, errors.New("the list is empty")
	}
	return a, nil
}

// spread are the values of a range. Those of a field of whole numbers are rounded, and each is there once.
func (d document) spread(s Swept, base any, path []string, variable bool) ([]any, error) {
	var ends [2]float64
	for i, end := range []any{s.Range.From, s.Range.To} {
		var err error
		text, ok := end.(string)
		switch {
		case variable:
			end, err = readVariable(s.Name, end)
		case ok:
			end, err = d.read(base, text, path)
		}
		if err != nil {
			return nil, err
		}
		if ends[i], err = float(end); err != nil {
			return nil, fmt.Errorf("a range needs numbers, not %s", show(end))
		}
	}
	from, to := ends[0], ends[1]
	if from == to || s.Range.Log && !(from > 0 && to > 0) {
		return nil, fmt.Errorf("no range of scale log %t from %g to %g", s.Range.Log, from, to)
	}
	t := find(d.of, path)
	whole := t != nil && isWhole(t)
	var list []any
	for i := range s.Range.Points {
		x := between(from, to, float64(i)/float64(s.Range.Points-1), s.Range.Log)
		if whole {
			x = math.Round(x)
		}
		if n := number(x); len(list) == 0 || list[len(list)-1] != any(n) {
			list = append(list, n)
		}
	}
	return list, nil
}

// readVariable reads a value of a variable; one whose name ends in a unit takes quantities: delay_s is 0.01 for 10ms.
func readVariable(name string, v any) (any, error) {
	text, ok := v.(string)
	if !ok || !numeric(name) {
		return v, nil
	}
	x, err := quantity(name, text, false)
	return number(x), err
}

// between is the value at a share of the way; both ends are exact.
func between(from, to, share float64, log bool) float64 {
	switch {
	case share == 0:
		return from
	case share == 1:
		return to
	case log:
		return from * math.Pow(to/from, share)
	}
	return from + (to-from)*share
}

// uses tells whether a variable stands in a text of the tree.
func (d document) uses(variable string) bool {
	return slices.ContainsFunc(templates(d.root, nil), func(t template) bool { return slices.Contains(t.variables(), variable) })
}

// A template is a text of a configuration with variables, such as poisson:{rate}/s.
type template struct {
	path   []string
	text   string
	wanted wanted
}

// templates are all texts with braces in a tree.
func templates(at any, path []string) []template {
	var list []template
	switch v := at.(type) {
	case string:
		if strings.Contains(v, "{") {
			list = append(list, template{path: slices.Clone(path), text: v})
		}
	case map[string]any:
		for _, name := range sorted(v) {
			list = append(list, templates(v[name], append(path, name))...)
		}
	case []any:
		for i := range v {
			list = append(list, templates(v[i], append(path, fmt.Sprint(i)))...)
		}
	}
	return list
}

// variables are the names in braces.
func (t template) variables() []string {
	var names []string
	rest := t.text
	for {
		_, after, open := strings.Cut(rest, "{")
		name, after, closed := strings.Cut(after, "}")
		if !open || !closed {
			return names
		}
		names, rest = append(names, name), after
	}
}

// fill replaces the variables by their values.
func (t template) fill(values map[string]string) (string, error) {
	text := t.text
	for _, name := range t.variables() {
		value, ok := values[name]
		if !ok {
			return "", fmt.Errorf("config: %s: {%s} is not swept%s", dotted(t.path), name, suggest(name, sorted(values)))
		}
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text, nil
}

// plain is a value of an axis as it stands in a text: a number without an exponent, which no quantity has.
func plain(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var x float64
	if strings.ContainsAny(string(raw), "eE") && json.Unmarshal(raw, &x) == nil {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return string(raw)
}

// Number is value i of the axis as a number, if it is one.
func (a Axis) Number(i int) (float64, bool) {
	var x float64
	if string(a.Values[i]) == "null" || json.Unmarshal(a.Values[i], &x) != nil {
		return 0, false
	}
	return x, true
}

// Numeric tells whether all values are numbers.
func (a Axis) Numeric() bool {
	for i := range a.Values {
		if _, ok := a.Number(i); !ok {
			return false
		}
	}
	return true
}

// Text is value i of the axis as people and a CSV file read it.
func (a Axis) Text(i int) string { return plain(a.Values[i]) }

// custom tells whether a type reads JSON in its own way.
func custom(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}
