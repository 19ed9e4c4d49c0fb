package migrationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
)

const (
	caption     = "cloudconcepts/livemigration · deterministic · dirty-curve engine"
	timeAxis    = "Time since the start of the migration"
	mostRounds  = 40  // drawn of a run that never ends
	labelRounds = 400 // bars drawn one by one
)

// Rounds draws a traced pre-copy: a bar for each round, as wide as it lasts and
// as high as what it sends, over what is still dirty after each. Of a run that
// never ends it draws the first rounds.
func Rounds(r lm.Result) Figure {
	trace := r.Rows
	subtitle := guestWords(r.Config) + ".  Each bar is one round: width = duration, height = memory sent."
	if r.Outcome == lm.Diverged && len(trace) > mostRounds {
		trace = trace[:mostRounds]
		subtitle += fmt.Sprintf("  The first %d rounds.", mostRounds)
	}
	f := Figure{
		Title: roundsTitle(r), Subtitle: subtitle, Caption: caption, ShareX: true,
		Panels: []chart.Panel{sentPanel(r, trace)},
	}
	if dirty, ok := dirtyPanel(r, trace); ok {
		f.Panels = append(f.Panels, dirty)
	}
	return f
}

func roundsTitle(r lm.Result) string {
	if len(r.Rows) == 0 || !r.Rows[0].Live {
		return fmt.Sprintf("All of the memory fits into one pause of %s: no rounds needed", units.FormatSeconds(r.Downtime))
	}
	first, last := r.Rows[0], r.Rows[len(r.Rows)-1]
	switch {
	case r.Outcome == lm.Diverged:
		return fmt.Sprintf("Rounds stop shrinking at %s: this migration never ends", units.FormatBytes(float64(r.PlateauBytes)))
	case r.Outcome == lm.Aborted:
		return fmt.Sprintf("Given up after %s with %s still dirty", plural(r.Rounds, "round"), units.FormatBytes(float64(r.PlateauBytes)))
	case r.Outcome == lm.Forced:
		return fmt.Sprintf("Forced after %s: the guest stands still for %s", plural(r.Rounds, "round"), units.FormatSeconds(r.Downtime))
	case last.Live:
		return fmt.Sprintf("%s, and the guest has moved", plural(r.Rounds, "round"))
	}
	verb := "cut"
	if r.Rounds == 1 {
		verb = "cuts"
	}
	return fmt.Sprintf("%s %s the pause from %s to %s", plural(r.Rounds, "round"), verb,
		units.FormatSeconds((first.Sent+first.Left)/last.Rate), units.FormatSeconds(r.Downtime))
}

// sentPanel is the waterfall.
func sentPanel(r lm.Result, trace []lm.Round) chart.Panel {
	var blocks chart.Blocks
	var notes []chart.Mark
	for i, row := range trace {
		b := chart.Block{X0: row.Start, X1: row.Start + row.Duration, Y: row.Sent, Color: chart.Vermillion}
		switch {
		case !row.Live:
			b.Color = chart.Ink
			notes = append(notes, chart.Note{
				X: row.Start + row.Duration/2, Y: row.Sent, Soft: true,
				Text: "stopped and copied:\n" + units.FormatSeconds(r.Downtime) + " downtime",
			})
		case i == 0:
			b.Color, b.Text = chart.Blue, "first pass: every page once"
		}
		if row.Live && len(trace) <= labelRounds {
			b.Label = chart.Plain(float64(row.Round))
		}
		blocks.Items = append(blocks.Items, b)
	}
	if len(trace) > 1 && trace[1].Live {
		notes = append(notes, chart.Note{
			X: trace[1].Start, Y: trace[1].Sent, Text: "again: what was dirtied meanwhile", Color: chart.Vermillion, Bold: true, Bare: true,
		})
	}
	end := 1.0
	if n := len(trace); n > 0 {
		end = trace[n-1].Start + trace[n-1].Duration
	}
	return chart.Panel{
		Name: "Sent in the round", Weight: 1.25,
		X: chart.Axis{Name: timeAxis, Max: 1.06 * end, Format: timeFormat(end)}, Y: chart.Axis{Format: chart.Bytes, Zero: true},
		Marks: append([]chart.Mark{blocks}, notes...),
	}
}

// dirtyPanel is what is left after each live round, with what fits the limit.
func dirtyPanel(r lm.Result, trace []lm.Round) (chart.Panel, bool) {
	line := chart.Line{Color: chart.Ink, Dots: len(trace) <= 60}
	low, fit, rate := math.Inf(1), 0.0, 0.0
	for i, row := range trace {
		if !row.Live {
			continue
		}
		left := row.Left + row.Dirtied
		if left == 0 && i == len(r.Rows)-1 {
			left = float64(r.PlateauBytes) // given up in the middle of this round
		}
		line.X, line.Y = append(line.X, row.Start+row.Duration), append(line.Y, left)
		if left > 0 {
			low = math.Min(low, left)
		}
		fit, rate = row.Threshold, row.Rate
	}
	if len(line.X) == 0 || math.IsInf(low, 1) {
		return chart.Panel{}, false
	}
	marks := []chart.Mark{line}
	if fit > 0 {
		low = math.Min(low, fit)
		marks = append([]chart.Mark{chart.HSpan{
			From: math.Inf(-1), To: fit, Edge: true,
			Text: fmt.Sprintf("fits in the %s downtime limit (%s): switch over", units.FormatSeconds(fit/rate), units.FormatBytes(fit)),
		}}, marks...)
	}
	return chart.Panel{
		Name: "Still dirty after the round (log scale)", X: chart.Axis{Name: timeAxis, Format: timeFormat(trace[len(trace)-1].Start)},
		Y: chart.Axis{Log: true, Min: low / 3, Format: chart.Bytes}, Marks: marks,
	}, true
}

// timeFormat writes the ticks of a time axis that long, in seconds.
func timeFormat(end float64) chart.Format {
	switch {
	case end < 2:
		return chart.Seconds
	case end <= 130:
		return chart.Suffix("s")
	}
	return chart.Clock
}

// guestWords is the guest and its link, for a subtitle.
func guestWords(c lm.Config) string {
	return fmt.Sprintf("%s guest, %s link, %s", units.FormatBytes(float64(c.VM.Memory)), chart.BitRate(8*c.Link.Bandwidth), workloadWords(c.VM.Workload))
}

// workloadWords is what the guest writes.
func workloadWords(w lm.DirtyCurve) string {
	within := func(rate float64, set int64, how string) string {
		return fmt.Sprintf("%s written%s %s", units.FormatRate(rate), how, units.FormatBytes(float64(set)))
	}
	switch w := w.(type) {
	case lm.Uniform:
		return within(w.Rate, w.WorkingSet, " over")
	case lm.ConstantRate:
		return within(w.Rate, w.WorkingSet, " within")
	case fmt.Stringer:
		return w.String()
	}
	return "any workload"
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
