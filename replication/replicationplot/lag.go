package replicationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
)

// Event is a stretch of a run with a name.
type Event struct {
	From float64 `json:"from_s"`
	To   float64 `json:"to_s"`
	Name string  `json:"name"`
}

// Meter is how wrong a lag metric was. At a sample where it is NULL it is counted as silent and not as wrong.
type Meter struct {
	Name    string  `json:"metric"`
	Mean    float64 `json:"mean_error_s"`    // mean distance from the true lag
	Under   float64 `json:"most_too_low_s"`  // greatest false calm
	UnderAt float64 `json:"too_low_at_s"`    //
	Over    float64 `json:"most_too_high_s"` // greatest false alarm
	OverAt  float64 `json:"too_high_at_s"`   //
	Null    float64 `json:"null_fraction"`   // share of the samples without a value
}

// meter reads one metric from a sample.
type meter struct {
	name  string
	color chart.Color
	panel int
	of    func(replication.Row) replication.Reading
}

func lagMeters() []meter {
	return []meter{
		{"replay_lag", chart.Blue, 0, func(s replication.Row) replication.Reading { return s.ReplayLag }},
		{"flush_lag", chart.Sky, 0, func(s replication.Row) replication.Reading { return s.FlushLag }},
		{"write_lag", chart.Purple, 0, func(s replication.Row) replication.Reading { return s.WriteLag }},
		{"now() - last replay", chart.Vermillion, 1, func(s replication.Row) replication.Reading { return s.Timestamp }},
		{"Seconds_Behind_Source", chart.Green, 2, func(s replication.Row) replication.Reading { return s.Behind }},
		{"heartbeat", chart.Orange, 3, func(s replication.Row) replication.Reading { return s.Heartbeat }},
	}
}

// Meters compares the metrics of one node with the truth. Metrics that were NULL all the time are left out.
func Meters(r replication.Result, node int) []Meter {
	var list []Meter
	for _, m := range lagMeters() {
		e, n, null := Meter{Name: m.name}, 0, 0
		for _, s := range r.Rows {
			wrong := float64(m.of(s)) - float64(s.Lag)
			if s.Node != node || math.IsNaN(float64(s.Lag)) {
				continue
			}
			if math.IsNaN(wrong) {
				null++
				continue
			}
			n++
			e.Mean += math.Abs(wrong)
			if -wrong > e.Under {
				e.Under, e.UnderAt = -wrong, s.At
			}
			if wrong > e.Over {
				e.Over, e.OverAt = wrong, s.At
			}
		}
		if n > 0 {
			e.Mean, e.Null = e.Mean/float64(n), float64(null)/float64(n+null)
			list = append(list, e)
		}
	}
	return list
}

// Lag shows the true lag of a node (grey) and what the metrics said at the same times, a panel for each kind of metric.
func Lag(r replication.Result, node int, events []Event) Figure {
	c := r.Config
	names := []string{
		"pg_stat_replication: write_lag, flush_lag, replay_lag", "now() - pg_last_xact_replay_timestamp()",
		"Seconds_Behind_Source", "now - newest heartbeat row",
	}
	end := c.Duration.Seconds()
	var panels []chart.Panel
	for i, name := range names {
		p := chart.Panel{Name: name, X: chart.Axis{Format: chart.Seconds, Max: end}, Y: chart.Axis{Zero: true, Format: chart.Seconds}}
		p.Marks = append(p.Marks, eventSpans(events, i == 0)...)
		x, y := lagCurve(r, node, func(s replication.Row) replication.Reading { return s.Lag })
		p.Marks = append(p.Marks, chart.Area{X: x, Y: y, Color: chart.Gray, Alpha: 0.45})
		drawn := false
		for _, m := range lagMeters() {
			if m.panel != i {
				continue
			}
			x, y := lagCurve(r, node, m.of)
			if len(x) == 0 || !finite(y) {
				continue
			}
			drawn = true
			label := ""
			if i == 0 {
				label = m.name
			}
			p.Marks = append(p.Marks, chart.Line{Label: label, X: x, Y: y, Color: m.color, Width: 1.6})
		}
		if drawn {
			panels = append(panels, p)
		}
	}
	if n := len(panels); n > 0 {
		panels[n-1].X.Name = "time since the start; grey: the true lag"
	}
	return Figure{
		Title: lagTitle(Meters(r, node)),
		Subtitle: fmt.Sprintf("grey: age of the oldest commit that the replica does not show; lines: what the metrics say; %s writes/s, replay %s, %v",
			units.FormatNumber(c.Workload.WriteRate), LawText(c.Pipeline.Apply), c.Mode),
		Caption: fmt.Sprintf("%s · one run, %s writes · seed %d", caption, units.FormatCount(float64(r.Writes)), c.Seed),
		Panels:  panels, ShareX: true, ShareY: true, Height: 760,
	}
}

// eventSpans shade what happens, with its names if asked for.
func eventSpans(events []Event, named bool) []chart.Mark {
	var marks []chart.Mark
	for _, e := range events {
		if e.To <= e.From {
			continue
		}
		span := chart.Span{From: e.From, To: e.To, Color: chart.Orange, Alpha: 0.1}
		if named {
			span.Text = e.Name
		}
		marks = append(marks, span)
	}
	return marks
}

func lagCurve(r replication.Result, node int, of func(replication.Row) replication.Reading) (x, y []float64) {
	s := r.Series(node, func(row replication.Row) float64 { return float64(of(row)) })
	return s.X, s.Y
}

func finite(y []float64) bool {
	for _, v := range y {
		if !math.IsNaN(v) {
			return true
		}
	}
	return false
}

// lagTitle names the worst false calm and the worst false alarm.
func lagTitle(meters []Meter) string {
	var calm, alarm Meter
	for _, m := range meters {
		if m.Name == "write_lag" || m.Name == "flush_lag" {
			continue // they mean something else
		}
		if m.Under > calm.Under {
			calm = m
		}
		if m.Over > alarm.Over {
			alarm = m
		}
	}
	if calm.Under < 0.05 && alarm.Over < 0.05 {
		return "All lag metrics are right within 50 ms"
	}
	return fmt.Sprintf("%s hides up to %s of lag; %s invents up to %s", calm.Name, units.FormatSeconds(calm.Under), alarm.Name, units.FormatSeconds(alarm.Over))
}
