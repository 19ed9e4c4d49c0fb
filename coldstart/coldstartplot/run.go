package coldstartplot

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// Run draws the latency of a function's requests and its environments over time. The second panel needs Rows.
func Run(r coldstart.Result) Figure {
	c := r.Config
	f := Figure{
		Title:    runTitle(r),
		Subtitle: fmt.Sprintf("arrivals %s; keep-alive %s, %v first, %d MB", arrivalWords(c.Arrivals), KeepName(c.KeepAlive), c.Selection, c.MemoryMB),
		Caption:  fmt.Sprintf("%s · %s requests · seed %d", caption, units.FormatCount(float64(r.Requests)), c.Seed),
		Panels:   []chart.Panel{latencyPanel([]Latency{{Name: "all requests", Result: r}})}, Height: 420,
	}
	if len(r.Rows) > 1 {
		f.Panels = append(f.Panels, instancePanel(r))
		f.Height = 620
	}
	return f
}

func runTitle(r coldstart.Result) string {
	text := fmt.Sprintf("One request in %s is cold", units.FormatNumber(math.Round(1/max(r.ColdProbability, 1e-12))))
	switch {
	case r.Requests == 0:
		return "No requests"
	case r.ColdProbability == 0:
		text = "No request is cold"
	case r.ColdProbability > 0.1:
		text = fmt.Sprintf("%s of the requests are cold", units.FormatPercent(digits(r.ColdProbability)))
	}
	if r.ThrottledFraction > 0 {
		return fmt.Sprintf("%s, and %s of the tries are throttled", text, units.FormatPercent(digits(r.ThrottledFraction)))
	}
	return fmt.Sprintf("%s, and %s environments are idle for %s that work", text, units.FormatNumber(digits(r.IdleMean)), units.FormatNumber(digits(r.RunningMean)))
}

// digits keeps two digits.
func digits(x float64) float64 {
	if x <= 0 || math.IsInf(x, 0) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(x/unit) * unit
}

// Latency is a run under a name.
type Latency struct {
	Name   string
	Result coldstart.Result
}

// latencyPanel is the share of requests that take longer than a time.
func latencyPanel(runs []Latency) chart.Panel {
	least := math.Inf(1)
	for _, run := range runs {
		least = min(least, max(run.Result.LatencyQuantile(0.05), 1e-6))
	}
	p := chart.Panel{
		Name: "share of the requests that take longer", X: chart.Axis{Name: "time", Log: true, Min: least, Format: chart.Seconds},
		Y: chart.Axis{Log: true, Format: chart.Percent, Min: 1e-4, Max: 1},
	}
	for i, run := range runs {
		var x, y []float64
		for k := range 300 {
			open := math.Pow(10, -4*float64(k)/299)
			t := run.Result.LatencyQuantile(1 - open)
			if t >= least && open*float64(run.Result.Served) >= 3 {
				x, y = append(x, t), append(y, open)
			}
		}
		p.Marks = append(p.Marks, chart.Line{Label: run.Name, X: x, Y: y, Color: chart.Palette(i)})
	}
	return p
}

func instancePanel(r coldstart.Result) chart.Panel {
	var at, busy, all []float64
	for _, row := range r.Rows {
		at, busy, all = append(at, row.At), append(busy, float64(row.Busy)), append(all, float64(row.Busy+row.Idle+row.Provisioned))
	}
	return chart.Panel{
		Name: "environments", X: chart.Axis{Name: "time", Format: chart.Seconds, Max: at[len(at)-1]}, Y: chart.Axis{Zero: true},
		Marks: []chart.Mark{
			chart.Line{Label: "there", X: at, Y: all, Color: chart.Blue, Step: true, Width: 1.3},
			chart.Line{Label: "busy", X: at, Y: busy, Color: chart.Vermillion, Step: true, Width: 1.1},
		},
	}
}
