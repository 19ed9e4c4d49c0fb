package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// A Model is something that can be swept: a function from a configuration to a result, both of which have JSON names.
type Model struct {
	Name    string
	Presets []string // names that "preset" takes

	base   func(preset string) (any, error)
	result reflect.Type
	check  func(config reflect.Value) error
	run    func(ctx context.Context, config reflect.Value) (reflect.Value, error)
}

// A Preset is a configuration with a name.
type Preset[C any] struct {
	Name   string
	Config C
}

// Of makes a model of a function. The first preset is the one that a spec starts from if it names none.
func Of[C interface{ Validate() error }, R any](name string, run func(context.Context, C) (R, error), presets ...Preset[C]) Model {
	m := Model{
		Name:   name,
		result: reflect.TypeFor[R](),
		check:  func(config reflect.Value) error { return config.Interface().(C).Validate() },
		run: func(ctx context.Context, config reflect.Value) (reflect.Value, error) {
			r, err := run(ctx, config.Interface().(C))
			return reflect.ValueOf(&r).Elem(), err
		},
	}
	for _, p := range presets {
		m.Presets = append(m.Presets, p.Name)
	}
	m.base = func(preset string) (any, error) {
		for i, p := range presets {
			if p.Name == preset || preset == "" && i == 0 {
				return p.Config, nil
			}
		}
		return nil, fmt.Errorf("unknown preset %q of %s%s", preset, name, suggest(preset, m.Presets))
	}
	return m
}

// Without makes a function without a context one with it.
func Without[C, R any](run func(C) (R, error)) func(context.Context, C) (R, error) {
	return func(_ context.Context, c C) (R, error) { return run(c) }
}

// FromJSON is a configuration written as JSON, for models that have no preset; wrong JSON gives one that is not valid.
func FromJSON[C any](text string) C {
	var c C
	_ = json.Unmarshal([]byte(text), &c) // a configuration that is not whole fails the model's check
	return c
}

// decode reads a configuration. Unknown names that the JSON package sees are refused; see also Spec.
func decode(text []byte, into reflect.Type) (reflect.Value, error) {
	v := reflect.New(into)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v.Interface()); err != nil {
		return v.Elem(), fmt.Errorf("config: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return v.Elem(), nil
}

// seed is the index of the field that seeds a configuration, nil if there is none.
func seedOf(config reflect.Type) []int {
	if f, ok := fields(config)["seed"]; ok && f.Type.Kind() == reflect.Uint64 {
		return f.Index
	}
	return nil
}
