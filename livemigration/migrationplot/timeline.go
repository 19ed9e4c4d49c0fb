package migrationplot

import (
	"fmt"
	"math"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
)

const (
	mostTeeth  = 300  // rounds drawn one by one; of more only peaks and troughs
	linePoints = 6000 // of a curve on a log axis
)

// Timeline draws one traced migration: the memory still to send over time with
// what fits the downtime limit, and, where the guest was slowed by a throttle
// or by waiting for pages, its speed and those pages.
func Timeline(r lm.Result) Figure {
	end := math.Max(r.Total, 1e-9)
	if n := len(r.Rows); n > 0 {
		end = math.Max(end, r.Rows[n-1].Start+r.Rows[n-1].Duration)
	}
	x := chart.Axis{Name: timeAxis, Max: 1.06 * end, Format: timeFormat(end)}
	panels := []chart.Panel{remainingPanel(r, x)}
	if speed, ok := speedPanel(r, x); ok {
		panels = append(panels, speed)
	}
	if faults, ok := faultsPanel(r, x); ok {
		panels = append(panels, faults)
	}
	return Figure{
		Title:    timelineTitle(r),
		Subtitle: fmt.Sprintf("%s; %s by the rules of %s.", guestWords(r.Config), strategyWords(r.Config.Method.Strategy), methodName(r.Config.Method)),
		Caption:  caption, ShareX: true, Panels: panels, Height: 430 + 150*float64(len(panels)-1),
	}
}

func methodName(m lm.Method) string {
	if m.Name == "" {
		return "its own method"
	}
	return m.Name
}

func strategyWords(s lm.Strategy) string {
	switch s {
	case lm.PostCopy:
		return "post-copy"
	case lm.Hybrid:
		return "pre-copy, then post-copy"
	case lm.Offline:
		return "stop and copy"
	}
	return "pre-copy"
}

// timelineTitle is what became of the migration.
func timelineTitle(r lm.Result) string {
	total, pause := units.FormatSeconds(r.Total), units.FormatSeconds(r.Downtime)+" of pause"
	if r.Downtime == 0 {
		pause = "no pause"
	}
	switch r.Outcome {
	case lm.Diverged:
		return fmt.Sprintf("It never ends: %s stay dirty, round after round", units.FormatBytes(float64(r.PlateauBytes)))
	case lm.Aborted:
		return fmt.Sprintf("Given up after %s with %s still dirty", total, units.FormatBytes(float64(r.PlateauBytes)))
	case lm.SwitchedToPost:
		return fmt.Sprintf("Moved in %s: %s, then waits for %s pages", total, pause, units.FormatCount(math.Round(r.NetworkFaults)))
	case lm.Forced:
		return fmt.Sprintf("Forced after %s: moved in %s, with %s", plural(r.Rounds, "round"), total, pause)
	}
	if r.Config.Method.Strategy == lm.Offline || r.Rounds == 0 {
		return fmt.Sprintf("Moved in %s, all in one pause of %s", total, units.FormatSeconds(r.Downtime))
	}
	slowed := ""
	if r.ThrottleMax > 0 {
		slowed = fmt.Sprintf(", slowed to %s", units.FormatPercent(1-r.ThrottleMax))
	}
	return fmt.Sprintf("Moved in %s after %s, with %s%s", total, plural(r.Rounds, "round"), pause, slowed)
}

// remainingPanel is the memory still to send.
func remainingPanel(r lm.Result, x chart.Axis) chart.Panel {
	p := chart.Panel{Name: "Memory still to send (log scale)", X: x, Y: chart.Axis{Log: true, Format: chart.Bytes}, Weight: 2}
	p.Marks = append(p.Marks, phaseSpans(r, x.Max)...)
	high, fit := 0.0, 0.0
	low := math.Inf(1)
	see := func(v float64) {
		high = math.Max(high, v)
		if v > 0 {
			low = math.Min(low, v)
		}
	}
	for _, row := range r.Rows {
		see(row.Pending)
		see(row.Left)
		if row.Live && row.Threshold > 0 {
			fit = row.Threshold
		}
	}
	for _, f := range r.Faults {
		see(f.Remaining)
	}
	if high == 0 {
		p.Y = chart.Axis{Max: 1, Format: chart.Bytes}
		p.Name = "Memory still to send"
		p.Marks = append(p.Marks, chart.Text{X: x.Max / 2, Y: 0.5, Text: "nothing to show", Detail: "no memory had to be sent, or the run has no trace"})
		return p
	}
	if fit > 0 && fit < 2*high {
		low = math.Min(low, fit)
		p.Marks = append(p.Marks, limitMarks(r, fit)...)
	}
	if low/2 > high/30 { // short of a decade and a half zero is worth more
		p.Name, p.Y = "Memory still to send", chart.Axis{Max: 1.2 * high, Format: chart.Bytes}
	} else {
		p.Y.Min, p.Y.Max = math.Max(low/2, high/1e5), 1.7*high
	}
	p.Marks = append(append(p.Marks, sawtooth(r, p.Y.Min)...), endNote(r, p.Y.Min)...)
	return p
}

// limitMarks is what fits the downtime limit: a span, or the steps of a limit
// that changes.
func limitMarks(r lm.Result, last float64) []chart.Mark {
	steps := chart.Line{Color: chart.Green, Dash: chart.Dashed, Width: 1.3, Step: true, Label: "fits the limit"}
	changes := false
	for _, row := range r.Rows {
		if row.Live && row.Threshold > 0 {
			steps.X, steps.Y = append(steps.X, row.Start), append(steps.Y, row.Threshold)
			changes = changes || math.Abs(row.Threshold/last-1) > 0.01
		}
	}
	if changes {
		return []chart.Mark{steps}
	}
	words := units.FormatBytes(last) + " fit the downtime limit"
	if limit := r.Config.Method.Limit; limit != nil {
		words = fmt.Sprintf("%s fit the %s downtime limit", units.FormatBytes(last), units.FormatDuration(limit.Highest()))
	}
	return []chart.Mark{chart.HSpan{From: math.Inf(-1), To: last, Edge: true, Text: words}}
}

// phaseSpans shade what is not pre-copy: the disk, the pause, post-copy.
func phaseSpans(r lm.Result, width float64) []chart.Mark {
	var marks []chart.Mark
	span := func(from, to float64, text string, color chart.Color) {
		if to-from > 0.002*width {
			marks = append(marks, chart.Span{From: from, To: to, Text: text, Color: color})
		}
	}
	span(0, r.StorageSeconds, "the disk", chart.Purple)
	if !ended(r) {
		return marks
	}
	resumed := r.Total
	if r.Outcome == lm.SwitchedToPost {
		resumed = switched(r)
		span(resumed, r.Total, "post-copy", chart.Sky)
	}
	span(resumed-r.Downtime, resumed, "pause", chart.Vermillion)
	return marks
}

// sawtooth is the memory still to send: falling while it is sent, jumping when
// the dirty log is fetched. On a log axis what falls evenly is no straight line.
func sawtooth(r lm.Result, floor float64) []chart.Mark {
	line := chart.Line{Color: chart.Blue}
	add := func(x, y float64) { line.X, line.Y = append(line.X, x), append(line.Y, math.Max(y, floor)) }
	var marks []chart.Mark
	if len(r.Rows) > mostTeeth {
		band := chart.Band{Color: chart.Blue}
		for _, row := range r.Rows {
			band.X = append(band.X, row.Start)
			band.Low, band.High = append(band.Low, math.Max(row.Left, floor)), append(band.High, math.Max(row.Pending, floor))
			add(row.Start, row.Pending)
		}
		last := r.Rows[len(r.Rows)-1]
		add(last.Start+last.Duration, last.Left)
		marks = append(marks, band)
	} else {
		steps := max(2, linePoints/max(1, len(r.Rows)))
		for _, row := range r.Rows {
			for i := range steps {
				share := float64(i) / float64(steps-1)
				add(row.Start+share*row.Duration, row.Pending+share*(row.Left-row.Pending))
			}
		}
	}
	at := switched(r)
	for _, f := range r.Faults {
		add(at+f.At, f.Remaining)
	}
	if len(r.Faults) > 0 {
		add(r.Total, 0)
	}
	return append(marks, line)
}

// endNote says how it ended, at its end.
func endNote(r lm.Result, floor float64) []chart.Mark {
	words := "switch over:\n" + units.FormatSeconds(r.Downtime) + " pause"
	at := chart.Note{X: r.Total, Y: floor * 1.15}
	if n := len(r.Rows); n > 0 {
		last := r.Rows[n-1]
		at.X, at.Y = last.Start, math.Max(last.Pending, floor*1.15)
	}
	switch r.Outcome {
	case lm.Diverged:
		words = "never ends"
	case lm.Aborted:
		words = "given up"
	case lm.SwitchedToPost:
		at.X = switched(r)
		if len(r.Faults) > 0 {
			at.Y = math.Max(r.Faults[0].Remaining, floor*1.15)
		}
	case lm.Forced:
		words = "forced over:\n" + units.FormatSeconds(r.Downtime) + " pause"
	}
	switch {
	case r.Config.Method.Strategy == lm.Offline:
		return nil
	case r.Downtime == 0:
		words, _, _ = strings.Cut(words, ":")
	}
	at.Text, at.Dot, at.Bold = words, true, true
	return []chart.Mark{at}
}

// speedPanel is how fast the guest runs, if it was ever slowed.
func speedPanel(r lm.Result, x chart.Axis) (chart.Panel, bool) {
	slowed := r.ThrottleMax > 0
	for _, f := range r.Faults {
		slowed = slowed || f.Speed < 0.999
	}
	if !slowed {
		return chart.Panel{}, false
	}
	line := chart.Line{Color: chart.Vermillion, Step: true}
	for _, row := range r.Rows {
		line.X, line.Y = append(line.X, row.Start), append(line.Y, 1-row.Throttle)
	}
	at := switched(r)
	for i, f := range r.Faults {
		if i == 0 && r.Downtime > 0 {
			line.X, line.Y = append(line.X, at-r.Downtime), append(line.Y, 0)
		}
		line.X, line.Y = append(line.X, at+f.At), append(line.Y, f.Speed)
	}
	if ended(r) {
		line.X, line.Y = append(line.X, r.Total, x.Max), append(line.Y, 1, 1)
	}
	return chart.Panel{
		Name: "Guest speed", X: x, Marks: append(unnamed(phaseSpans(r, x.Max)), line),
		Y: chart.Axis{Max: 1.05, Format: chart.Percent, Ticks: []float64{0, 0.25, 0.5, 0.75, 1}},
	}, true
}

// unnamed takes the names off spans, for the lower panels.
func unnamed(spans []chart.Mark) []chart.Mark {
	for i, m := range spans {
		if s, ok := m.(chart.Span); ok {
			s.Text = ""
			spans[i] = s
		}
	}
	return spans
}

// faultsPanel is the pages that the guest waits for, if there are any.
func faultsPanel(r lm.Result, x chart.Axis) (chart.Panel, bool) {
	line, most := chart.Line{Color: chart.Purple}, 0.0
	at := switched(r)
	for _, f := range r.Faults {
		most = math.Max(most, f.Faults)
		line.X, line.Y = append(line.X, at+f.At), append(line.Y, f.Faults)
	}
	if most < 1e-6 {
		return chart.Panel{}, false
	}
	area := chart.Area{X: line.X, Y: line.Y, Color: chart.Purple}
	return chart.Panel{Name: "Pages that the guest waits for, a second", X: x, Y: chart.Axis{Zero: true}, Marks: []chart.Mark{area, line}}, true
}
