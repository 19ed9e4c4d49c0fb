package coldstartplot

import (
	"fmt"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// Scaled is a burst under one rule of scaling.
type Scaled struct {
	Name   string
	Result coldstart.Result // with Series
}

// Burst draws the concurrency that a burst demands and what each rule of scaling runs, and the throttled requests.
func Burst(runs []Scaled) Figure {
	c := runs[0].Result.Config
	x := chart.Axis{Name: "time", Format: chart.Seconds, Max: c.Duration.Seconds()}
	running := chart.Panel{Name: "environments that work", X: x, Y: chart.Axis{Zero: true}}
	throttled := chart.Panel{Name: "throttled requests per second", X: x, Y: chart.Axis{Zero: true}}
	step := c.Sample.Seconds()
	for i, run := range runs {
		var at, demanded, busy, lost []float64
		for _, row := range run.Result.Rows {
			at, demanded = append(at, row.At), append(demanded, float64(row.Demanded))
			busy, lost = append(busy, float64(row.Busy)), append(lost, float64(row.Throttled)/step)
		}
		color := chart.Palette(i)
		if i == 0 {
			running.Marks = append(running.Marks, chart.Area{X: at, Y: demanded, Color: chart.Gray}, chart.Line{Label: "demanded", X: at, Y: demanded, Color: chart.Gray, Width: 1.2})
		}
		running.Marks = append(running.Marks, chart.Line{Label: run.Name, X: at, Y: busy, Color: color})
		throttled.Marks = append(throttled.Marks, chart.Line{Label: run.Name, X: at, Y: lost, Color: color, Width: 1.5})
	}
	first := runs[0].Result
	return Figure{
		Title:    fmt.Sprintf("%s of the requests of the burst are throttled while Lambda scales", units.FormatPercent(first.ThrottledFraction)),
		Subtitle: fmt.Sprintf("arrivals %s; service %s; aws: 1,000 environments at once and 100 more a second; aws-legacy: %s at once and 500 more a minute", arrivalWords(c.Arrivals), lawWords(c.Warm), units.FormatCount(3000)),
		Caption:  fmt.Sprintf("%s · %s requests · seed %d", caption, units.FormatCount(float64(first.Requests)), c.Seed),
		ShareX:   true, Height: 600, Panels: []chart.Panel{running, throttled},
	}
}

// SpillPoint is one number of provisioned environments.
type SpillPoint struct {
	Provisioned int     `json:"provisioned"`
	Spilled     float64 `json:"spilled_fraction"`
	ErlangB     float64 `json:"erlang_b_fraction"`
	Cold        float64 `json:"cold_probability"`
	Utilization float64 `json:"utilization_fraction"` // of the provisioned ones
	Cost        float64 `json:"cost_usd_per_million"`
}

// Provisioned draws the share of requests that spill over, and the cost, against provisioned concurrency.
func Provisioned(load float64, points []SpillPoint, target float64) Figure {
	var x, y, theory, cost []float64
	best := points[0]
	for _, p := range points {
		x, y, theory, cost = append(x, float64(p.Provisioned)), append(y, p.Spilled), append(theory, p.ErlangB), append(cost, p.Cost)
		if p.Cost < best.Cost {
			best = p
		}
	}
	axis := chart.Axis{Name: "provisioned environments"}
	return Figure{
		Title: provisionedTitle(points, target), Subtitle: fmt.Sprintf("%s busy environments on average; a request that finds no free one spills over to those on demand", units.FormatNumber(load)),
		Caption: caption + " · prices of us-east-1", ShareX: true, Height: 600,
		Panels: []chart.Panel{
			{Name: "share of the requests that spill over", X: axis, Y: chart.Axis{Log: true, Min: 1e-4, Max: 1, Format: chart.Percent}, Marks: []chart.Mark{
				chart.HLine{At: target, Text: "target", Dash: chart.Dotted},
				chart.Line{Label: "Erlang B", X: x, Y: theory, Color: chart.Ink, Dash: chart.Dashed, Width: 1.1},
				chart.Dots{Label: "simulated", X: x, Y: y, Color: chart.Blue},
			}},
			{Name: "cost of a million requests", X: axis, Y: chart.Axis{Zero: true, Format: units.FormatUSD}, Marks: []chart.Mark{
				chart.Line{X: x, Y: cost, Color: chart.Green, Dots: true},
				chart.Note{X: float64(best.Provisioned), Y: best.Cost, Text: fmt.Sprintf("cheapest: %d", best.Provisioned), Color: chart.Green},
			}},
		},
	}
}

func provisionedTitle(points []SpillPoint, target float64) string {
	for _, p := range points {
		if p.ErlangB <= target {
			return fmt.Sprintf("%d provisioned environments leave %s of the requests on demand", p.Provisioned, units.FormatPercent(digits(p.ErlangB)))
		}
	}
	return "Not even the most provisioned environments here reach the target"
}
