package replicationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/theory"
)

// CaughtUp is how long a replica took to catch up after its replay stood still, at one load.
type CaughtUp struct {
	Load   float64 `json:"load"`
	Theory float64 `json:"theory_s"` // pause rho/(1 - rho), -1 if it never ends
	Mean   float64 `json:"mean_s"`   // of the runs that ended, -1 if none
	Low    float64 `json:"low_s"`    // ends of the 95 % interval
	High   float64 `json:"high_s"`
	Ended  int     `json:"ended_runs"`
	Runs   int     `json:"runs"`
}

// Pauses are stops of a replica's replay: how long it takes to catch up by load, and one run under a load that rises meanwhile.
type Pauses struct {
	Pause    float64 // s
	Apply    string  // what a write takes to replay
	Points   []CaughtUp
	Measured []CaughtUp // on a real system; Load, Theory (the length of its pause) and Mean

	Rising   replication.Result // with Rows
	Resumed  float64            // when replay went on in that run, s
	From, To float64            // loads
	Over     float64            // s, in which it rises
	Promised float64            // catch-up at the first load, s
	Expected float64            // by integration, s; +Inf = never
}

// Took is how long the run under rising load took, or +Inf.
func (p Pauses) Took() float64 {
	for _, b := range p.Rising.Backlogs {
		return b.Took
	}
	return math.Inf(1)
}

// CatchUp draws the catch-up time by load on the left, and the lag under a load that rises on the right.
func CatchUp(p Pauses) Figure {
	return Figure{
		Title: p.title(),
		Subtitle: fmt.Sprintf("replay stands still for %s and then goes on at full speed, %s a write; line: T ρ/(1 - ρ), dots: simulated, rings: PostgreSQL 15.18, measured after a pause of 10 s\nright: one run, the load rises from %s to %s within %s of resuming",
			units.FormatSeconds(p.Pause), p.Apply, units.FormatPercent(p.From), units.FormatPercent(p.To), units.FormatSeconds(p.Over)),
		Caption: p.caption(),
		Columns: 2, Width: 1050, Height: 500, Panels: []chart.Panel{p.byLoad(), p.rising()},
	}
}

func (p Pauses) caption() string {
	runs := 0
	for _, q := range p.Points {
		runs = max(runs, q.Runs)
	}
	return fmt.Sprintf("%s · at most %d runs a point · seed %d · 95 %% interval", caption, runs, p.Rising.Config.Seed)
}

func (p Pauses) byLoad() chart.Panel {
	var x, y []float64
	for i := 4; i <= 399; i++ {
		rho := float64(i) / 400
		x, y = append(x, rho), append(y, theory.CatchUp(1, rho))
	}
	var dots, rings chart.Dots
	for _, q := range p.Points {
		if q.Ended > 0 && p.Pause > 0 {
			dots.X, dots.Y = append(dots.X, q.Load), append(dots.Y, q.Mean/p.Pause)
			dots.Low, dots.High = append(dots.Low, q.Low/p.Pause), append(dots.High, q.High/p.Pause)
		}
	}
	for _, q := range p.Measured {
		rings.X, rings.Y = append(rings.X, q.Load), append(rings.Y, q.Mean/q.Theory)
	}
	dots.Color, rings.Color, rings.Hollow, rings.Size = chart.Blue, chart.Vermillion, true, 12
	high := 40.0
	for _, v := range dots.High {
		high = max(high, 1.3*v)
	}
	return chart.Panel{
		Name: "catch-up time, as a multiple of the pause", X: chart.Axis{Name: "load of the applier, ρ", Format: chart.Percent, Min: 0, Max: 1, Ticks: []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		Y: chart.Axis{Log: true, Format: chart.Multiple, Min: 0.02, Max: high},
		Marks: []chart.Mark{
			chart.HLine{At: 1, Text: "as long as the pause"},
			chart.Line{X: x, Y: y, Color: chart.Blue, Dash: chart.Dashed, Width: 1.4},
			dots, rings,
			chart.Note{X: 0.3, Y: theory.CatchUp(1, 0.3), Text: "T ρ/(1 - ρ)", Color: chart.Blue},
		},
	}
}

func (p Pauses) rising() chart.Panel {
	var lag, first chart.Line
	end := 0.0
	for _, s := range p.Rising.Rows {
		t := s.At - p.Resumed
		if t < -1.2*p.Pause {
			continue
		}
		lag.X, lag.Y = append(lag.X, t), append(lag.Y, float64(s.Lag))
		end = t
	}
	for i := range 201 {
		t := -p.Pause + float64(i)/200*(p.Pause+min(p.Promised, end))
		if v := theory.LagAfter(p.Pause, p.From, t); t <= end {
			first.X, first.Y = append(first.X, t), append(first.Y, v)
		}
	}
	lag.Color = chart.Blue
	first.Color, first.Dash = chart.Gray, chart.Dashed
	marks := []chart.Mark{chart.Span{From: -p.Pause, To: 0, Text: "paused", Color: chart.Gray}}
	marks = append(marks, first, lag)
	if p.Promised < end {
		marks = append(marks, chart.Note{X: p.Promised, Y: 0, Text: "as the first load\npromises: " + units.FormatSeconds(p.Promised), Dot: true})
	}
	if took := p.Took(); took < end {
		marks = append(marks, chart.Note{X: took, Y: 0, Text: "caught up: " + units.FormatSeconds(took), Dot: true, Color: chart.Blue})
	}
	return chart.Panel{
		Name: "lag while the load rises", X: chart.Axis{Name: "time since replay went on", Format: chart.Seconds, Max: end, Min: -1.2 * p.Pause},
		Y: chart.Axis{Format: chart.Seconds, Zero: true}, Marks: marks,
	}
}

func (p Pauses) title() string {
	var ends []CaughtUp
	for _, q := range p.Points {
		if q.Ended > 0 {
			ends = append(ends, q)
		}
	}
	if len(ends) < 2 {
		return "How long a replica takes to catch up, by its load"
	}
	a, b := ends[0], ends[len(ends)-1]
	return fmt.Sprintf("A replica %s behind catches up in %s at %s load, in %s at %s", units.FormatSeconds(p.Pause),
		units.FormatSeconds(a.Mean), units.FormatPercent(a.Load), units.FormatSeconds(b.Mean), units.FormatPercent(b.Load))
}
