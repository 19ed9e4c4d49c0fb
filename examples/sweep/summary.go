package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/sweep"
)

// finish merges the shards of a folder and writes rows, picture and summary.
func (p *picture) finish(dir string, quiet bool, stdout io.Writer) error {
	merged, err := sweep.Merge(dir)
	if err != nil {
		return err
	}
	if err := p.check(&merged.Grid); err != nil {
		return study.Usage(err)
	}
	sum, err := merged.Write(dir)
	if err != nil {
		return err
	}
	pictures, err := p.draw(sum)
	if err != nil {
		return err
	}
	page, err := markdown(sum, pictures)
	if err != nil {
		return err
	}
	files := append([]study.File{{Name: "summary.md", Data: page}}, pictures...)
	if err := study.WriteFiles(dir, files); err != nil {
		return err
	}
	fmt.Fprintln(stdout, sentence(sum, 0)+".")
	if quiet {
		return nil
	}
	fmt.Fprintln(stdout)
	table := extremes(sum)
	if err := table.WriteText(stdout); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "\nFiles:  %s\n", filepath.Join(dir, sweep.CSVFile))
	for _, name := range append([]string{sweep.JSONLFile}, names(files)...) {
		fmt.Fprintf(stdout, "        %s\n", filepath.Join(dir, name))
	}
	return nil
}

func names(files []study.File) []string {
	var list []string
	for _, f := range files {
		list = append(list, f.Name)
	}
	return list
}

// least and greatest are the cells of a measure's extremes, -1 if no run gave a number.
func least(means []float64) (low, high int) {
	low, high = -1, -1
	for i, x := range means {
		if math.IsNaN(x) {
			continue
		}
		if low < 0 || x < means[low] {
			low = i
		}
		if high < 0 || x > means[high] {
			high = i
		}
	}
	return low, high
}

// sentence is what a measure does over the grid.
func sentence(sum *sweep.Summary, measure int) string {
	name, means := sum.Measures[measure], sum.Mean[measure]
	low, high := least(means)
	switch {
	case low < 0:
		return fmt.Sprintf("No run gave a number for %s", name)
	case means[low] == means[high]:
		return fmt.Sprintf("%s: %s in all cells", upper(words(name)), value(name, means[low]))
	}
	return fmt.Sprintf("%s: from %s (%s) to %s (%s)", upper(words(name)),
		value(name, means[low]), where(sum.Grid, low), value(name, means[high]), where(sum.Grid, high))
}

func upper(text string) string { return string(bytes.ToUpper([]byte(text[:1]))) + text[1:] }

// extremes is the table of all measures.
func extremes(sum *sweep.Summary) study.Table {
	t := study.NewTable("number", "least", "least at", "greatest", "greatest at", "widest 95 % interval", "runs without one")
	for i, name := range sum.Measures {
		low, high := least(sum.Mean[i])
		if low < 0 {
			t.Add(name, "none", "", "none", "", "", sum.Missing[i])
			continue
		}
		widest := math.NaN()
		for cell := range sum.Mean[i] {
			if w := (sum.High[i][cell] - sum.Low[i][cell]) / 2; !(w <= widest) && w == w {
				widest = w
			}
		}
		interval := ""
		if widest == widest {
			interval = "± " + value(name, widest)
		}
		t.Add(name, value(name, sum.Mean[i][low]), where(sum.Grid, low), value(name, sum.Mean[i][high]), where(sum.Grid, high),
			interval, sum.Missing[i])
	}
	return t
}

// markdown is the page about a sweep, with the spec that repeats it.
func markdown(sum *sweep.Summary, pictures []study.File) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# A sweep of %s\n\n**%s.**\n\n", sum.Model, study.Escape(sentence(sum, 0)))
	if len(pictures) > 0 {
		fmt.Fprintf(&b, "%s\n\n", study.Image(sentence(sum, 0), pictures[0].Name))
	}
	table := extremes(sum)
	b.WriteString(table.Markdown() + "\n")
	fmt.Fprintf(&b, "%d cells of %d runs each; `%s` and `%s` have a row for each cell. ", sum.Cells(), sum.Runs, sweep.CSVFile, sweep.JSONLFile)
	b.WriteString("Run i has the same seed in all cells, so that cells differ by their settings only. " +
		"Quantiles of the runs are exact within 0.2 %. The state in the JSON lines (counts, exact sums, histograms) can be merged with that of other runs.\n\n")
	spec, err := spec(sum.Grid)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, "Made by version %s from\n\n```json\n%s\n```\n", sum.Version, spec)
	return b.Bytes(), nil
}

// spec is the sweep as a spec again, with every field of the configuration.
func spec(g *sweep.Grid) ([]byte, error) {
	var axes bytes.Buffer
	axes.WriteByte('{')
	for i, a := range g.Axes {
		if i > 0 {
			axes.WriteByte(',')
		}
		text, err := json.Marshal(a.Values)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&axes, "%q:%s", a.Name, text)
	}
	axes.WriteByte('}')
	config := map[string]json.RawMessage{}
	if err := json.Unmarshal(g.Config, &config); err != nil {
		return nil, err
	}
	delete(config, "seed") // the runs have seeds of their own
	return json.MarshalIndent(struct {
		Model   string                     `json:"model"`
		Config  map[string]json.RawMessage `json:"config"`
		Sweep   json.RawMessage            `json:"sweep"`
		Runs    int                        `json:"runs"`
		Seed    uint64                     `json:"seed"`
		Measure []string                   `json:"measure"`
	}{g.Model, config, axes.Bytes(), g.Runs, g.Seed, g.Measures}, "", "  ")
}
