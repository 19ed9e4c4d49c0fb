package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"cloudconcepts/internal/rng"
)

// A Plan is a sweep that is ready to run: its grid, and how to run a cell of it.
type Plan struct {
	Grid
	model     Model
	doc       document
	swept     []swept
	templates []template
	measures  []measure
	base      reflect.Value // the configuration of cell 0
	touched   []touched     // what differs from cell to cell
	seed      []int
}

// swept is an axis: where its values go, nil for a variable, and the values as trees.
type swept struct {
	path   []string
	values []any
}

// touched is a field of the configuration that is read anew for each cell.
type touched struct {
	path  []string
	index []int
}

// NewPlan makes the plan of a spec for its model, and tries the configuration at every value of every axis.
func NewPlan(m Model, s Spec) (*Plan, error) {
	base, err := m.base(s.Preset)
	if err != nil {
		return nil, err
	}
	p := &Plan{model: m, seed: seedOf(reflect.TypeOf(base))}
	if p.doc, err = newDocument(base); err != nil {
		return nil, err
	}
	if err := p.doc.write(s.Config); err != nil {
		return nil, err
	}
	p.templates = templates(p.doc.root, nil)
	for i := range p.templates {
		p.templates[i].wanted = p.doc.wanted(nil, p.templates[i].path)
	}
	p.Grid = Grid{Model: m.Name, Runs: s.Runs, Seed: s.Seed, Measures: s.Measure}
	for _, name := range s.Measure {
		measure, err := measureOf(m.result, name)
		if err != nil {
			return nil, err
		}
		p.measures = append(p.measures, measure)
	}
	if err := p.addAxes(s.Sweep); err != nil {
		return nil, err
	}
	if p.Config, err = json.Marshal(p.doc.root); err != nil {
		return nil, err
	}
	return p, p.try()
}

func (p *Plan) addAxes(list []Swept) error {
	cells := 1
	for _, s := range list {
		if s.Name == "seed" && p.seed != nil {
			return fmt.Errorf("sweep: seed: the runs of a cell have seeds of their own: give \"runs\", and \"seed\" beside \"sweep\"")
		}
		a, err := p.doc.axis(s)
		if err != nil {
			return fmt.Errorf("sweep: %s: %w", s.Name, err)
		}
		if cells *= len(a.Values); cells > mostCells {
			return fmt.Errorf("sweep: more than %d cells", mostCells)
		}
		to := swept{path: strings.Split(s.Name, ".")}
		if _, err := p.doc.lookup(to.path); err != nil {
			to.path = nil
		}
		for _, raw := range a.Values {
			value, err := tree(raw)
			if err != nil {
				return err
			}
			to.values = append(to.values, value)
		}
		p.Axes, p.swept = append(p.Axes, a), append(p.swept, to)
		p.touch(to.path)
	}
	for _, t := range p.templates {
		p.touch(t.path)
	}
	return nil
}

// touch notes that what stands at a path differs from cell to cell. The path is followed through structs; what is not read
// field by field (lists, interfaces, types that read JSON in their own way) is read as a whole.
func (p *Plan) touch(path []string) {
	if path == nil {
		return
	}
	t, to := p.doc.of.Type(), touched{}
	for _, name := range path {
		if t.Kind() != reflect.Struct || custom(t) || isText(t) {
			break
		}
		f := fields(t)[name]
		t, to.path, to.index = f.Type, append(to.path, name), append(to.index, f.Index...)
	}
	if !slices.ContainsFunc(p.touched, func(old touched) bool { return slices.Equal(old.path, to.path) }) {
		p.touched = append(p.touched, to)
	}
}

// try reads and checks the configuration at each corner of the grid and at each value of each axis, so that most mistakes
// show before the first run.
func (p *Plan) try() error {
	for _, cell := range p.samples() {
		root, err := p.root(p.Place(cell))
		if err != nil {
			return err
		}
		text, err := json.Marshal(root)
		if err != nil {
			return err
		}
		config, err := decode(text, p.doc.of.Type())
		if err != nil {
			return p.in(cell, err)
		}
		again, err := newDocument(config.Interface())
		if err == nil {
			err = again.unread(root, again.root, nil)
		}
		if err == nil {
			err = p.model.check(config)
		}
		if err != nil {
			return p.in(cell, err)
		}
		if cell == 0 {
			p.base = config
		}
	}
	return nil
}

// samples are the cells that are tried, cell 0 first.
func (p *Plan) samples() []int {
	const most = 10 // axes whose corners are tried all together
	var list []int
	for corner := range 1 << min(len(p.Axes), most) {
		cell := 0
		for i, a := range p.Axes {
			cell *= len(a.Values)
			if corner>>min(i, most)&1 == 1 {
				cell += len(a.Values) - 1
			}
		}
		list = append(list, cell)
	}
	stride := p.Cells()
	for _, a := range p.Axes {
		stride /= len(a.Values)
		for i := 1; i < len(a.Values)-1; i++ {
			list = append(list, i*stride)
		}
	}
	return list
}

// in says in which cell something went wrong.
func (p *Plan) in(cell int, err error) error {
	return fmt.Errorf("cell %s: %w", p.Describe(cell), err)
}

// Describe names a cell by its settings: servers=4, rate=0.8.
func (g *Grid) Describe(cell int) string {
	var parts []string
	for i, at := range g.Place(cell) {
		parts = append(parts, g.Axes[i].Name+"="+g.Axes[i].Text(at))
	}
	return strings.Join(parts, ", ")
}

// root is the tree of a configuration at a place of the grid.
func (p *Plan) root(place []int) (map[string]any, error) {
	var root any = p.doc.root
	values := map[string]string{}
	for i, s := range p.swept {
		if s.path == nil {
			values[p.Axes[i].Name] = plain(p.Axes[i].Values[place[i]])
			continue
		}
		root = set(root, s.path, s.values[place[i]])
	}
	for _, t := range p.templates {
		text, err := t.fill(values)
		if err != nil {
			return nil, err
		}
		value, err := t.wanted.read(text)
		if err != nil {
			return nil, err
		}
		root = set(root, t.path, value)
	}
	return root.(map[string]any), nil
}

// config is the configuration of a cell: that of cell 0 with what differs read anew.
func (p *Plan) config(cell int) (reflect.Value, error) {
	root, err := p.root(p.Place(cell))
	if err != nil {
		return reflect.Value{}, err
	}
	config := reflect.New(p.doc.of.Type()).Elem()
	config.Set(p.base)
	for _, to := range p.touched {
		field := config.FieldByIndex(to.index)
		field.SetZero() // it shares its lists with cell 0
		text, err := json.Marshal(at(root, to.path))
		if err == nil {
			err = json.Unmarshal(text, field.Addr().Interface())
		}
		if err != nil {
			return config, fmt.Errorf("config: %s: %w", dotted(to.path), err)
		}
	}
	return config, nil
}

// at is what stands at a path of objects.
func at(root any, path []string) any {
	for _, name := range path {
		object, _ := root.(map[string]any)
		root = object[name]
	}
	return root
}

// Seed of run i. It is the same in every cell: cells meet the same chance, and differ by their settings only.
func (g *Grid) RunSeed(i int) uint64 { return rng.Seed(g.Seed, uint64(i)) }

// run does the runs of a block.
func (p *Plan) run(ctx context.Context, b block) ([]*Tally, error) {
	config, err := p.config(b.cell)
	if err != nil {
		return nil, p.in(b.cell, err)
	}
	tallies := make([]*Tally, len(p.measures))
	for i := range tallies {
		tallies[i] = new(Tally)
	}
	for i := b.from; i < b.to; i++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if p.seed != nil {
			config.FieldByIndex(p.seed).SetUint(p.RunSeed(i))
		}
		result, err := p.model.run(ctx, config)
		if err != nil {
			return nil, p.in(b.cell, err)
		}
		for k, m := range p.measures {
			tallies[k].Add(m.read(result))
		}
	}
	return tallies, nil
}
