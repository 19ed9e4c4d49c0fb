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
	x := chart.Axis{Name: "time", Format: chart.Seconds, Max: r.Elapsed}
	step := c.Step.Seconds()
	var at, ok, failed, done, depth, age []float64
	for i, s := range r.Sync.Rows {
		q := r.Async.Rows[min(i, len(r.Async.Rows)-1)]
		at, ok = append(at, s.At), append(ok, float64(s.Succeeded)/step)
		failed = append(failed, float64(s.Timeouts+s.Dropped+s.Errors)/step)
		done, depth, age = append(done, float64(q.Completed)/step), append(depth, float64(q.Depth)), append(age, q.OldestAge)
	}
	return Figure{
		Title: withQueueTitle(r),
		Subtitle: fmt.Sprintf("the same users both ways; the provider does %d calls at once of %v; %d threads, %d places, clients give up after %s",
			c.Provider.Servers, c.Provider.Service, c.Sync.Threads, c.Sync.Backlog, units.FormatDuration(c.Sync.Timeout)),
		Caption: fmt.Sprintf("%s/decouple · %s requests · seed %d", caption, units.FormatCount(float64(r.Sync.Requests)), c.Seed),
		ShareX:  true, Height: 760,
		Panels: []chart.Panel{
			{Name: "without a queue, requests per second", X: x, Y: chart.Axis{Zero: true}, Marks: append(windows(c, true),
				chart.Line{Label: "timeouts, refusals", X: at, Y: failed, Color: chart.Vermillion, Width: 1.3},
				chart.Line{Label: "in time", X: at, Y: ok, Color: chart.Green, Width: 1.3})},
			{Name: "with a queue, requests completed per second", X: x, Y: chart.Axis{Zero: true}, Marks: append(windows(c, false),
				chart.Line{Label: "completed", X: at, Y: done, Color: chart.Green, Width: 1.3})},
			{Name: "messages in the queue", X: x, Weight: 0.7, Y: chart.Axis{Zero: true, Format: chart.Thousands}, Marks: append(windows(c, false),
				chart.Area{X: at, Y: depth, Color: chart.Blue}, chart.Line{X: at, Y: depth, Color: chart.Blue, Width: 1.3})},
			{Name: "age of the oldest", X: x, Weight: 0.7, Y: chart.Axis{Zero: true, Format: chart.Seconds}, Marks: append(windows(c, false),
				chart.Area{X: at, Y: age, Color: chart.Purple}, chart.Line{X: at, Y: age, Color: chart.Purple, Width: 1.3})},
		},
	}
}

func windows(c decouple.Config, named bool) []chart.Mark {
	var marks []chart.Mark
	for _, w := range c.Provider.Windows {
		span := chart.Span{From: w.From.Seconds(), To: (w.From + w.Length).Seconds()}
		if named {
			span.Text = "the provider: " + w.Kind.String()
		}
		marks = append(marks, span)
	}
	return marks
}

func withQueueTitle(r decouple.Result) string {
	lost := r.Sync.Failed
	late := r.Async.Latency.Max
	switch {
	case lost == 0 && r.Async.Pending == 0:
		return fmt.Sprintf("Nobody fails either way; with a queue the slowest request takes %s", units.FormatSeconds(late))
	case r.Async.Pending > r.Async.Requests/20:
		return fmt.Sprintf("%s users fail without a queue; with one, %s requests are still waiting at the end",
			units.FormatCount(float64(lost)), units.FormatCount(float64(r.Async.Pending)))
	}
	return fmt.Sprintf("%s users fail without a queue; with one, %s do, but some wait %s",
		units.FormatCount(float64(lost)), none(r.Async.Dead+r.Async.Expired), units.FormatSeconds(late))
}

func none(n int) string {
	if n == 0 {
		return "none"
	}
	return units.FormatCount(float64(n))
}
