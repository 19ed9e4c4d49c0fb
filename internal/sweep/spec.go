package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Spec is what a user writes: which model, from which configuration, and which of its fields take which values.
type Spec struct {
	Model   string
	Preset  string
	Config  map[string]any
	Sweep   []Swept // in the order in which they were written
	Runs    int
	Seed    uint64
	Measure []string
}

// Swept is a field, or a variable that stands as {name} in texts of the configuration, with its values: a list or a range.
type Swept struct {
	Name  string
	List  []any
	Range *Range
}

// A Range is Points values from From to To, evenly spread, or evenly in the logarithm.
type Range struct {
	From, To any // numbers, or quantities as text
	Points   int
	Log      bool
}

const mostRuns = 1_000_000

// Parse reads a spec from JSON in which lines that start with // are comments. Unknown and repeated names are refused.
func Parse(text []byte) (Spec, error) {
	raw := withoutComments(text)
	if err := wellFormed(raw); err != nil {
		return Spec{}, err
	}
	s := Spec{Runs: 1, Seed: 1}
	parts := map[string]func(json.RawMessage) error{
		"note":    func(json.RawMessage) error { return nil },
		"model":   into(&s.Model, "a name, for example \"queue\""),
		"preset":  into(&s.Preset, "a name"),
		"runs":    into(&s.Runs, "a whole number"),
		"seed":    into(&s.Seed, "a whole number from 0 on"),
		"measure": into(&s.Measure, "a list of names"),
		"config":  s.config,
		"sweep":   s.sweep,
	}
	err := each(raw, "spec", func(name string, value json.RawMessage) error {
		read, ok := parts[name]
		if !ok {
			return fmt.Errorf("spec: unknown name %q%s", name, suggest(name, sorted(parts)))
		}
		if err := read(value); err != nil {
			return fmt.Errorf("spec: %s: %w", name, err)
		}
		return nil
	})
	if err != nil {
		return Spec{}, err
	}
	return s, s.check()
}

// Quick is the spec with at most three values of each field and at most two runs, to try it.
func (s Spec) Quick() Spec {
	swept := slices.Clone(s.Sweep)
	for i, v := range swept {
		if n := len(v.List); n > 3 {
			swept[i].List = []any{v.List[0], v.List[n/2], v.List[n-1]}
		}
		if v.Range != nil {
			r := *v.Range
			r.Points = min(r.Points, 3)
			swept[i].Range = &r
		}
	}
	s.Sweep, s.Runs = swept, min(s.Runs, 2)
	return s
}

func (s *Spec) check() error {
	var errs []error
	add := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf("spec: "+format, args...))
		}
	}
	add(s.Model == "", "model is missing, for example \"model\": \"queue\"")
	add(len(s.Sweep) == 0, "sweep is missing, for example \"sweep\": {\"servers\": [1, 2, 4]}")
	add(len(s.Measure) == 0, "measure is missing, for example \"measure\": [\"wait_mean_s\"]")
	add(s.Runs < 1 || s.Runs > mostRuns, "runs = %d, want in [1, %d]", s.Runs, mostRuns)
	return errors.Join(errs...)
}

func (s *Spec) config(raw json.RawMessage) error {
	tree, err := tree(raw)
	if err != nil {
		return err
	}
	var ok bool
	if s.Config, ok = tree.(map[string]any); !ok {
		return errors.New("want an object, for example {\"servers\": 4}")
	}
	return nil
}

func (s *Spec) sweep(raw json.RawMessage) error {
	return each(raw, "sweep", func(name string, value json.RawMessage) error {
		swept := Swept{Name: name}
		tree, err := tree(value)
		if err != nil {
			return err
		}
		switch v := tree.(type) {
		case []any:
			swept.List = v
		case map[string]any:
			swept.Range, err = readRange(v)
		default:
			err = errors.New("want a list such as [1, 2, 4], or a range such as {\"from\": 1, \"to\": 100, \"points\": 20, \"scale\": \"log\"}")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.Sweep = append(s.Sweep, swept)
		return nil
	})
}

func readRange(v map[string]any) (*Range, error) {
	const most = 1_000_000
	for name := range v {
		if name != "from" && name != "to" && name != "points" && name != "scale" {
			return nil, fmt.Errorf("unknown name %q%s", name, suggest(name, []string{"from", "to", "points", "scale"}))
		}
	}
	r := &Range{From: v["from"], To: v["to"]}
	points, err := float(v["points"])
	if err != nil || points != math.Trunc(points) || points < 2 || points > most {
		return nil, fmt.Errorf("points = %v, want a whole number in [2, %d]", v["points"], most)
	}
	r.Points = int(points)
	switch v["scale"] {
	case nil, "linear":
	case "log":
		r.Log = true
	default:
		return nil, fmt.Errorf("scale = %v, want linear or log", v["scale"])
	}
	if r.From == nil || r.To == nil {
		return nil, errors.New("a range needs from and to")
	}
	return r, nil
}

func float(v any) (float64, error) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, fmt.Errorf("%v is no number", v)
	}
	return n.Float64()
}

func into[T any](target *T, want string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if err := json.Unmarshal(raw, target); err != nil {
			return fmt.Errorf("%s, want %s", bytes.TrimSpace(raw), want)
		}
		return nil
	}
}

// withoutComments blanks the lines that start with //, so that what is left keeps its place.
func withoutComments(text []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte("//")) {
			line = append(bytes.Repeat([]byte(" "), max(len(line)-1, 0)), '\n')
		}
		out.Write(line)
	}
	return out.Bytes()
}

// wellFormed says in which line JSON is wrong.
func wellFormed(raw []byte) error {
	var any json.RawMessage
	err := json.Unmarshal(raw, &any)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(raw[:min(int(syntax.Offset), len(raw))], []byte("\n"))
		return fmt.Errorf("spec: line %d: %s", line, strings.TrimPrefix(syntax.Error(), "json: "))
	}
	return err
}

// each calls do for the members of an object in their order.
func each(raw json.RawMessage, what string, do func(name string, value json.RawMessage) error) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("%s: want an object in braces", what)
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if seen[name] {
			return fmt.Errorf("%s: %s stands there twice", what, name)
		}
		seen[name] = true
		if err := do(name, value); err != nil {
			return err
		}
	}
	return nil
}

// tree reads JSON into maps, slices, strings, json.Number, bool and nil.
func tree(raw json.RawMessage) (any, error) {
	switch first := bytes.TrimSpace(raw)[0]; first {
	case '{':
		out := map[string]any{}
		err := each(raw, "config", func(name string, value json.RawMessage) (err error) {
			out[name], err = tree(value)
			return err
		})
		return out, err
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, err
		}
		out := make([]any, len(list))
		for i, value := range list {
			var err error
			if out[i], err = tree(value); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}
