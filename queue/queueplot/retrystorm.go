package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/client"
)

// Fate is the goodput at the end of two runs with one load.
type Fate struct {
	Load     float64 `json:"load_per_s"`
	Spared   float64 `json:"without_outage_per_s"`
	Stricken float64 `json:"after_outage_per_s"`
}

// Storm is a service that goes through an outage, and what an outage leaves of it at other loads.
type Storm struct {
	Run      client.Result // with rows
	Fates    []Fate        // loads rising
	Again    float64       // s, from the end of the outage until 95 % are answered in time; NaN if they never are
	Watched  float64       // s, from the end of the outage to that of those runs
	Capacity float64       // attempts/s
	Stable   float64       // requests/s, below which any trigger is survived
	Until    float64       // s, end of the timeline
}

// RetryStorm draws the timeline of an outage, and below it the two states in which the service can be at a load.
func RetryStorm(s Storm) Figure {
	return Figure{
		Title:    s.title(),
		Subtitle: s.subtitle(),
		Caption:  fmt.Sprintf("%s · seed %d", caption, s.Run.Config.Seed),
		Panels:   []chart.Panel{s.rates(), s.line(), s.states()}, Height: 780,
	}
}

func (s Storm) title() string {
	c, r := s.Run.Config, s.Run
	if len(c.Outages) == 0 {
		return fmt.Sprintf("Without a trigger %s requests per second are served", units.FormatNumber(c.Rate))
	}
	long := units.FormatSeconds(c.Outages[len(c.Outages)-1].For.Seconds())
	if r.Recovered {
		return fmt.Sprintf("An outage of %s is over, for the clients too, %s after its end", long, units.FormatSeconds(s.Again))
	}
	return fmt.Sprintf("An outage of %s does not end: retries keep the service busy for nobody", long)
}

func (s Storm) subtitle() string {
	c := s.Run.Config
	return fmt.Sprintf("%s requests/s at a service for %s/s, timeout %s, %d %s, %v; at the bottom: the same outage at other loads",
		units.FormatNumber(c.Rate), units.FormatNumber(s.Capacity), units.FormatDuration(c.Timeout), c.Retries, plural(c.Retries, "retry", "retries"), c.Server.Discipline)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (s Storm) spans() []chart.Mark {
	var marks []chart.Mark
	for _, o := range s.Run.Config.Outages {
		marks = append(marks, chart.Span{From: o.At.Seconds(), To: (o.At + o.For).Seconds(), Text: "outage"})
	}
	return marks
}

func (s Storm) until(series client.Series) (x, y []float64) {
	for i := range series.X {
		if series.X[i] <= s.Until {
			x, y = append(x, series.X[i]), append(y, series.Y[i])
		}
	}
	return x, y
}

// part says how much of the run the timeline shows, if not all.
func (s Storm) part() string {
	if end := s.Run.Config.Duration; end.Seconds() > s.Until {
		return fmt.Sprintf(" in the first %s of %s", units.FormatSeconds(s.Until), units.FormatDuration(end))
	}
	return ""
}

func (s Storm) rates() chart.Panel {
	offered := s.Run.Series(func(row client.Row) float64 { return row.Offered })
	attempts := s.Run.Series(func(row client.Row) float64 { return row.Attempts })
	goodput := s.Run.Series(func(row client.Row) float64 { return row.Goodput })
	marks := s.spans()
	for _, l := range []struct {
		name   string
		series client.Series
		color  chart.Color
	}{{"attempts", attempts, chart.Vermillion}, {"new requests", offered, chart.Gray}, {"answered in time", goodput, chart.Green}} {
		x, y := s.until(l.series)
		marks = append(marks, chart.Line{Label: l.name, X: x, Y: y, Color: l.color, Width: 1.5})
	}
	marks = append(marks, chart.HLine{At: s.Capacity, Dash: chart.Dashed})
	return chart.Panel{
		Name: "per second" + s.part() + "; dashed: what the service can do", X: chart.Axis{Max: s.Until, Format: chart.Seconds}, Y: chart.Axis{Zero: true}, Marks: marks,
	}
}

func (s Storm) line() chart.Panel {
	x, y := s.until(s.Run.Series(func(row client.Row) float64 { return float64(row.Queue) }))
	marks := append(s.spans(), chart.Area{X: x, Y: y, Color: chart.Blue}, chart.Line{X: x, Y: y, Color: chart.Blue, Width: 1.5})
	limit := s.Capacity * s.Run.Config.Timeout.Seconds()
	if limit > 0 {
		marks = append(marks, chart.HLine{At: limit, Dash: chart.Dashed})
	}
	return chart.Panel{
		Name: "attempts in line; above the dashed line all of them come too late", Weight: 0.6,
		X: chart.Axis{Name: "time", Max: s.Until, Format: chart.Seconds}, Y: chart.Axis{Zero: true, Format: chart.Short}, Marks: marks,
	}
}

func (s Storm) states() chart.Panel {
	var load, spared, stricken []float64
	for _, f := range s.Fates {
		load, spared, stricken = append(load, f.Load), append(spared, f.Spared), append(stricken, f.Stricken)
	}
	if len(load) == 0 {
		return chart.Panel{Name: "no other loads"}
	}
	var marks []chart.Mark
	if s.Stable < s.Capacity {
		marks = append(marks, chart.Span{From: s.Stable, To: s.Capacity, Text: "metastable", Color: chart.Orange})
	}
	marks = append(marks,
		chart.Line{Label: "without an outage", X: load, Y: spared, Color: chart.Blue, Dots: true},
		chart.Line{Label: "after it", X: load, Y: stricken, Color: chart.Vermillion, Dots: true})
	return chart.Panel{
		Name: fmt.Sprintf("answered in time per second, %s later", units.FormatSeconds(s.Watched)),
		X:    chart.Axis{Name: "new requests per second", Max: s.Fates[len(s.Fates)-1].Load}, Y: chart.Axis{Zero: true}, Marks: marks,
	}
}
