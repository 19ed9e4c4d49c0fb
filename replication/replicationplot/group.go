package replicationplot

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
)

// mostLines is how many replicas a panel shows one by one.
const mostLines = 4

// Group shows how long the commits of a run took and how far behind the replicas were, as the share that took longer than
// each time, then the lag and the acknowledged writes as they went. The last two need samples: Config.Sample.
func Group(r replication.Result) Figure {
	c := r.Config
	f := Figure{
		Title: groupTitle(r), Subtitle: groupSubtitle(c), Height: 620,
		Caption: fmt.Sprintf("%s · %s writes · seed %d", caption, units.FormatCount(float64(r.Writes)), c.Seed),
		Panels:  []chart.Panel{tails(r)},
	}
	if len(r.Rows) > 1 {
		spans := outageSpans(r)
		if lag, ok := lagPanel(r, spans); ok {
			f.Panels = append(f.Panels, lag)
		}
		if acked, ok := ackedPanel(r, spans); ok {
			f.Panels = append(f.Panels, acked)
		}
		if n := len(f.Panels); n > 1 {
			f.Panels[n-1].X.Name = "time since the start"
		}
	}
	return f
}

// tails are the shares above each time on logarithmic axes.
func tails(r replication.Result) chart.Panel {
	floor := 1e-4
	if r.Acked > 0 {
		floor = min(max(floor, math.Pow(10, math.Ceil(math.Log10(20/float64(r.Acked))))), 0.1)
	}
	low, high := math.Inf(1), 0.0
	for _, q := range []func(float64) float64{r.CommitQuantile, r.LagQuantile} {
		if t := q(1 - floor); t > 0 {
			low, high = min(low, max(q(0.02), t/1e4)), max(high, t)
		}
	}
	p := chart.Panel{
		Name: "share that takes longer", Weight: 1.3,
		X: chart.Axis{Name: "time", Log: true, Format: chart.Seconds},
		Y: chart.Axis{Log: true, Min: floor, Max: 1, Format: chart.Percent},
	}
	if !(high > 0) {
		p.X.Min, p.X.Max = 1e-3, 1
		p.Marks = append(p.Marks, chart.Text{X: 0.03, Y: 0.05, Text: "nothing to show", Detail: "no write was acknowledged or replayed, or none took any time"})
		return p
	}
	p.X.Min, p.X.Max = low/1.5, high*1.3
	if r.CommitMean > 0 {
		p.Marks = append(p.Marks, tail(p.X, floor, r.CommitAbove, chart.Blue),
			chart.Note{X: r.CommitP99, Y: 0.01, Text: "commit: P99 " + units.FormatSeconds(r.CommitP99), Dot: true, Bold: true, Color: chart.Blue})
	}
	if r.LagMean > 0 {
		p.Marks = append(p.Marks, tail(p.X, floor, r.LagAbove, chart.Vermillion),
			chart.Note{X: r.LagP99, Y: 0.01, Text: "lag: P99 " + units.FormatSeconds(r.LagP99), Dot: true, Bold: true, Color: chart.Vermillion})
	}
	return p
}

func tail(x chart.Axis, floor float64, above func(float64) float64, color chart.Color) chart.Line {
	line := chart.Line{Color: color}
	for i := range 401 {
		t := x.Min * math.Pow(x.Max/x.Min, float64(i)/400)
		y := above(t)
		line.X, line.Y = append(line.X, t), append(line.Y, max(y, floor))
		if !(y > floor) {
			break
		}
	}
	return line
}

func outageSpans(r replication.Result) []chart.Mark {
	var marks []chart.Mark
	for i, o := range r.Outages {
		text := ""
		if i == 0 {
			text = "no primary"
		}
		marks = append(marks, chart.Span{From: o.At, To: o.At + o.Total, Text: text})
	}
	return marks
}

// lagPanel is the true lag of the first replicas.
func lagPanel(r replication.Result, spans []chart.Mark) (chart.Panel, bool) {
	p := chart.Panel{
		Name: "lag of the replicas", X: chart.Axis{Format: chart.Seconds, Max: r.Config.Duration.Seconds()},
		Y: chart.Axis{Zero: true, Format: chart.Seconds}, Marks: append([]chart.Mark{}, spans...),
	}
	most := replication.Reading(0)
	for node := range min(r.Config.Replicas+1, mostLines+1) {
		line := chart.Line{Label: fmt.Sprintf("node %d", node), Color: chart.Palette(node), Width: 1.2}
		seen := false
		for _, s := range r.Rows {
			if s.Node != node {
				continue
			}
			line.X, line.Y = append(line.X, s.At), append(line.Y, float64(s.Lag))
			if s.Lag > most {
				most = s.Lag
			}
			seen = seen || !math.IsNaN(float64(s.Lag))
		}
		if seen {
			p.Marks = append(p.Marks, line)
		}
	}
	if !(most > 0) {
		p.Y.Max = 1e-3
	}
	return p, len(p.Marks) > len(spans)
}

// ackedPanel is the rate of acknowledged writes, over stretches of five samples.
func ackedPanel(r replication.Result, spans []chart.Mark) (chart.Panel, bool) {
	p := chart.Panel{
		Name: "acknowledged writes per second", Weight: 0.8, X: chart.Axis{Format: chart.Seconds, Max: r.Config.Duration.Seconds()},
		Y: chart.Axis{Zero: true}, Marks: append([]chart.Mark{}, spans...),
	}
	step := 5 * r.Config.Sample.Seconds()
	var x, y []float64
	from, before := 0.0, 0.0
	for _, s := range r.Rows {
		if s.At < from+step*(1-1e-9) {
			continue
		}
		x, y = append(x, from), append(y, (float64(s.Acked)-before)/(s.At-from))
		from, before = s.At, float64(s.Acked)
	}
	if len(x) == 0 {
		return p, false
	}
	x, y = append(x, from), append(y, y[len(y)-1])
	if slices.Max(y) == 0 {
		p.Y.Max = 1
	}
	p.Marks = append(p.Marks, chart.Area{X: x, Y: y, Color: chart.Blue, Step: true}, chart.Line{X: x, Y: y, Color: chart.Blue, Step: true, Width: 1.1})
	return p, true
}

func groupTitle(r replication.Result) string {
	switch {
	case r.Cause != "" && r.Acked == 0:
		return "No write is acknowledged: " + strings.TrimSuffix(r.Cause, ".")
	case r.Cause != "":
		return "Writes wait without an end: " + strings.TrimSuffix(r.Cause, ".")
	case len(r.Outages) > 0:
		return fmt.Sprintf("The crash costs %s without a primary and %s acknowledged writes", units.FormatSeconds(r.RTO), units.FormatCount(float64(r.LostAcked)))
	case r.Writes+r.Failed+r.Refused == 0:
		return "Nothing was written in this run"
	case r.Acked == 0:
		return "No write was acknowledged"
	case !(r.LagMean > 0):
		return fmt.Sprintf("A commit takes %s", units.FormatSeconds(r.CommitMean))
	}
	return fmt.Sprintf("A commit takes %s, and a replica shows it %s later", units.FormatSeconds(r.CommitMean), units.FormatSeconds(r.LagMean))
}

func groupSubtitle(c replication.Config) string {
	text := fmt.Sprintf("mode %v", c.Mode)
	switch c.Mode {
	case replication.Off, replication.Async, replication.InSync, replication.Majority:
	default:
		text += ", " + waitText(c.Acks)
	}
	text += fmt.Sprintf(", %s, ", standbys(c.Replicas))
	if c.Workload.Sessions > 0 {
		text += fmt.Sprintf("%d sessions back to back", c.Workload.Sessions)
	} else {
		text += fmt.Sprintf("%s writes/s", units.FormatNumber(c.Workload.WriteRate))
	}
	if len(c.Pipeline.Delay) <= mostLines {
		text += ", one way " + lawList(c.Pipeline.Delay)
	}
	return text + fmt.Sprintf(", flush %s, replay %s", LawText(c.Pipeline.Flush), LawText(c.Pipeline.Apply))
}

func standbys(n int) string {
	if n == 1 {
		return "one standby"
	}
	return fmt.Sprintf("%d standbys", n)
}
