package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/decouple"
)

// WithQueue draws the same requests against an API that calls its provider at once and against one that puts them in a
// queue first. The run needs rows.
func WithQueue(r decouple.Result) Figure {
	c := r.Config
	f := Figure{
		Title: withQueueTitle(r),
		Subtitle: fmt.Sprintf("the same users both ways; the provider does %d calls at once, each %s; the API has %d threads and a backlog of %d%s",
			c.Provider.Servers, LawWords(c.Provider.Service), c.Sync.Threads, c.Sync.Backlog, patience(c.Sync)),
		Caption: fmt.Sprintf("%s/decouple · %s requests · seed %d", caption, units.FormatCount(float64(r.Sync.Requests)), c.Seed),
		ShareX:  true, Height: 720, Panels: []chart.Panel{withoutQueue(r), workedOff(r), backlog(r)},
	}
	for i := range f.Panels {
		if len(r.Sync.Rows) == 0 {
			f.Panels[i].Y.Max = 1
		}
	}
	return f
}

func patience(s decouple.Sync) string {
	text := ""
	if s.Timeout > 0 {
		text = "; clients give up after " + units.FormatDuration(s.Timeout)
	}
	if s.Retries > 0 {
		text += fmt.Sprintf(", %d %s", s.Retries, plural(s.Retries, "retry", "retries"))
	}
	return text
}

func elapsed(r decouple.Result, name string) chart.Axis {
	return chart.Axis{Name: name, Format: chart.Clock, Max: r.End}
}

// withoutQueue is what becomes of the requests of an API that calls the provider at once.
func withoutQueue(r decouple.Result) chart.Panel {
	step := r.Config.Sample.Seconds()
	marks := troubles(r.Config, true)
	for _, bad := range []struct {
		name  string
		total int
		color chart.Color
		of    func(decouple.SyncRow) int
	}{
		{"refused (503)", r.Sync.Dropped, chart.Vermillion, func(s decouple.SyncRow) int { return s.Dropped }},
		{"timed out", r.Sync.Timeouts, chart.Blue, func(s decouple.SyncRow) int { return s.Timeouts }},
		{"errors", r.Sync.Errors, chart.Orange, func(s decouple.SyncRow) int { return s.Errors }},
	} {
		if bad.total == 0 {
			continue
		}
		s := r.Sync.Series(func(row decouple.SyncRow) float64 { return float64(bad.of(row)) / step })
		x, y := highest(s.X, s.Y)
		marks = append(marks, chart.Area{X: s.X, Y: s.Y, Color: bad.color}, chart.Line{X: s.X, Y: s.Y, Color: bad.color, Width: 1.4},
			chart.Note{X: x, Y: y, Text: units.FormatCount(float64(bad.total)) + " " + bad.name, Color: bad.color, Soft: true})
	}
	ok := r.Sync.Series(func(row decouple.SyncRow) float64 { return float64(row.Succeeded) / step })
	marks = append(marks, chart.Line{Label: "in time", X: ok.X, Y: ok.Y, Color: chart.Green, Width: 1.6})
	return chart.Panel{Name: "without a queue: attempts per second, by how they end", X: elapsed(r, ""), Y: chart.Axis{Zero: true}, Marks: marks}
}

// workedOff is what the queue takes in and what the workers do.
func workedOff(r decouple.Result) chart.Panel {
	c := r.Config
	step := c.Sample.Seconds()
	in := r.Async.Series(func(row decouple.AsyncRow) float64 { return float64(row.Requests) / step })
	out := r.Async.Series(func(row decouple.AsyncRow) float64 { return float64(row.Completed) / step })
	most := float64(min(c.Async.Workers, c.Provider.Servers)) / c.Provider.Service.Mean()
	return chart.Panel{
		Name: fmt.Sprintf("with a queue: requests per second; dashed: the %s/s that the provider can do", units.FormatNumber(most)),
		X:    elapsed(r, ""), Y: chart.Axis{Zero: true},
		Marks: append(troubles(c, false), chart.HLine{At: most, Dash: chart.Dashed},
			chart.Line{Label: "accepted", X: in.X, Y: in.Y, Color: chart.Gray, Width: 1.4},
			chart.Line{Label: "completed", X: out.X, Y: out.Y, Color: chart.Green, Width: 1.6}),
	}
}

// backlog is what waits in the queue.
func backlog(r decouple.Result) chart.Panel {
	s := r.Async.Series(func(row decouple.AsyncRow) float64 { return float64(row.Depth + row.Later) })
	marks := append(troubles(r.Config, false), chart.Area{X: s.X, Y: s.Y, Color: chart.Purple}, chart.Line{X: s.X, Y: s.Y, Color: chart.Purple, Width: 1.6})
	if x, y := highest(s.X, s.Y); y > 20 {
		text := fmt.Sprintf("%s wait, the longest\nfor %s", units.FormatCount(y), units.FormatSeconds(r.Async.AgeMax))
		if end, ok := emptied(s.X, s.Y); ok {
			text += fmt.Sprintf(";\nempty %s later", units.FormatSeconds(end-x))
		}
		marks = append(marks, chart.Note{X: x, Y: y, Text: text, Dot: true})
	}
	return chart.Panel{Name: "messages in the queue, hidden ones included", X: elapsed(r, "time, m:ss"), Weight: 0.9, Y: chart.Axis{Zero: true, Format: chart.Thousands}, Marks: marks}
}

// highest is the first highest point.
func highest(xs, ys []float64) (x, y float64) {
	for i := range ys {
		if i == 0 || ys[i] > y {
			x, y = xs[i], ys[i]
		}
	}
	return x, y
}

// emptied is where the curve is below 1 % of its peak for the first time after it.
func emptied(xs, ys []float64) (float64, bool) {
	from, peak := highest(xs, ys)
	for i := range ys {
		if xs[i] > from && ys[i] < peak/100 {
			return xs[i], true
		}
	}
	return 0, false
}

// troubles are the spans of a burst and of the provider's windows.
func troubles(c decouple.Config, named bool) []chart.Mark {
	var marks []chart.Mark
	if seg := c.Arrivals.Steps; len(seg) == 3 {
		span := chart.Span{From: seg[1].At.Seconds(), To: seg[2].At.Seconds(), Color: chart.Orange}
		if named {
			span.Text = fmt.Sprintf("burst of %s/s", units.FormatNumber(seg[1].Rate))
		}
		marks = append(marks, span)
	}
	for _, w := range c.Provider.Windows {
		span := chart.Span{From: w.At.Seconds(), To: (w.At + w.For).Seconds()}
		switch {
		case !named:
		case w.Kind == decouple.Slow:
			span.Text = fmt.Sprintf("%g times slower", w.Factor)
		default:
			span.Text = "provider " + w.Kind.String() + "s"
		}
		marks = append(marks, span)
	}
	return marks
}

func withQueueTitle(r decouple.Result) string {
	failed, lost, left := r.Sync.Failed, r.Async.Dead+r.Async.Expired, r.Async.Pending
	users := fmt.Sprintf("%s users fail", units.FormatCount(float64(failed)))
	if failed == 0 {
		users = "Nobody fails"
	}
	switch {
	case r.Sync.Requests == 0:
		return "Nobody came"
	case left > max(r.Async.Requests/20, 5*r.Config.Provider.Servers):
		return fmt.Sprintf("%s without a queue; with one, %s requests are not done at the end", users, units.FormatCount(float64(left)))
	case failed == 0 && lost == 0:
		return fmt.Sprintf("Nobody fails either way; with a queue the slowest request takes %s", units.FormatSeconds(r.Async.Latency.Max))
	case lost == 0:
		return fmt.Sprintf("%s without a queue; with one, none do, but some wait %s", users, units.FormatSeconds(r.Async.Latency.Max))
	}
	return fmt.Sprintf("%s without a queue; with one, %s do, and some wait %s", users, units.FormatCount(float64(lost)), units.FormatSeconds(r.Async.Latency.Max))
}
