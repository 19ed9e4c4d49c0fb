package trace

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"cloudconcepts/internal/law"
)

// Defaults stand in for what a file does not say.
type Defaults struct {
	Work     Law           // execution time
	MemoryMB float64       // of an instance
	Init     time.Duration // of a cold start: no file has it
}

// Law is the law of execution times: 20 equally likely ones, read from the percentiles.
func (d *Durations) Law() Law {
	const values = 20
	at := [...]float64{0, 0.01, 0.25, 0.5, 0.75, 0.99, 1}
	list := make([]time.Duration, values)
	for i := range list {
		p := (float64(i) + 0.5) / values
		k := 0
		for at[k+1] < p {
			k++
		}
		x := d.Percentiles[k] + (d.Percentiles[k+1]-d.Percentiles[k])*(p-at[k])/(at[k+1]-at[k])
		list[i] = time.Duration(x * 1e6)
	}
	return law.Empirical(list...)
}

// Load2019 makes functions of a day's files; durations and memory may be nil. It stops at the first error.
func Load2019(minutes, durations, memory io.Reader, otherwise Defaults) ([]Function, error) {
	works, sizes := map[string]Law{}, map[string]float64{}
	if durations != nil {
		for d, err := range ReadDurations(durations) {
			if err != nil {
				return nil, fmt.Errorf("durations: %w", err)
			}
			works[d.Owner+","+d.App+","+d.Function] = d.Law()
		}
	}
	if memory != nil {
		for m, err := range ReadMemory(memory) {
			if err != nil {
				return nil, fmt.Errorf("memory: %w", err)
			}
			sizes[m.Owner+","+m.App] = max(sizes[m.Owner+","+m.App], m.Average)
		}
	}
	var list []Function
	var apps []string
	for m, err := range ReadMinutes(minutes) {
		if err != nil {
			return nil, fmt.Errorf("invocations: %w", err)
		}
		app := m.Owner + "," + m.App
		f := Function{Trigger: m.Trigger, Counts: m.Counts, Work: otherwise.Work, MemoryMB: otherwise.MemoryMB, Init: otherwise.Init}
		if w, ok := works[app+","+m.Function]; ok {
			f.Work = w
		}
		if mb := sizes[app]; mb > 0 {
			f.MemoryMB = mb
		}
		list, apps = append(list, f), append(apps, app)
	}
	return byApp(list, apps), nil
}

// Load2021 makes functions of the trace of 2021, whose requests have known times. One that would have begun before the trace begins
// with it. It stops at the first error.
func Load2021(invocations io.Reader, otherwise Defaults) ([]Function, error) {
	at := map[[2]string]int{}
	var list []Function
	var apps []string
	for row, err := range ReadInvocations(invocations) {
		if err != nil {
			return nil, err
		}
		key := [2]string{row.App, row.Function}
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, Function{Trigger: Others, Work: otherwise.Work, MemoryMB: otherwise.MemoryMB, Init: otherwise.Init})
			apps = append(apps, row.App)
		}
		list[i].Requests = append(list[i].Requests, Request{max(0, row.End-row.Duration), row.Duration})
	}
	for i := range list {
		slices.SortStableFunc(list[i].Requests, func(a, b Request) int { return cmp.Compare(a.Start, b.Start) })
	}
	return byApp(list, apps), nil
}

// byApp numbers the applications in the order in which they first come, and puts functions of one together.
func byApp(list []Function, apps []string) []Function {
	number := map[string]int{}
	for i, name := range apps {
		n, ok := number[name]
		if !ok {
			n = len(number)
			number[name] = n
		}
		list[i].App = n
	}
	slices.SortStableFunc(list, func(a, b Function) int { return cmp.Compare(a.App, b.App) })
	return list
}
