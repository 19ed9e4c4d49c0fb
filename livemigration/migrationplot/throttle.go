package migrationplot

import (
	"fmt"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
)

// Throttled is a traced migration with a throttle, by the name of the throttle.
type Throttled struct {
	Name   string
	Result lm.Result
	// Measured is the total time of the same migration on a real system, in
	// seconds; 0 = not known.
	Measured     float64
	MeasuredName string
}

// Throttle draws what throttling does: for each migration the memory still to
// send over time, and below them how fast the guest runs.
func Throttle(runs []Throttled) Figure {
	end := 0.0
	for _, run := range runs {
		end = max(end, run.Result.Total, run.Measured)
	}
	x := chart.Axis{Name: timeAxis, Max: 1.17 * end, Format: timeFormat(end)}
	var panels []chart.Panel
	speed := chart.Panel{Name: "Guest speed: share of the time that its vCPUs run", X: x, Y: chart.Axis{Max: 1.04, Format: chart.Percent, Ticks: []float64{0, 0.25, 0.5, 0.75, 1}}}
	for i, run := range runs {
		panels = append(panels, toSendPanel(run, chart.Palette(i), x))
		speed.Marks = append(speed.Marks, speedLine(run, chart.Palette(i), 1.17*end))
	}
	speed.Marks = append(speed.Marks, lowestSpeed(runs, end)...)
	return Figure{
		Title: throttleTitle(runs),
		Subtitle: fmt.Sprintf("%s, %s not zero.  Above: memory still to send.  Below: guest speed, 100 %% again on the new host.",
			guestWords(runs[0].Result.Config), units.FormatBytes(float64(runs[0].Result.Config.VM.NonZero))),
		Caption: caption, ShareX: true, Panels: append(panels, speed),
		Height: 300 + 160*float64(len(runs)),
	}
}

func throttleTitle(runs []Throttled) string {
	var words []string
	slowest, all := 0.0, true
	for _, run := range runs {
		took := "never there"
		if ended(run.Result) {
			took = units.FormatSeconds(run.Result.Total)
		}
		if len(runs) > 1 {
			took = run.Name + " " + took
		}
		words = append(words, took)
		slowest, all = max(slowest, run.Result.ThrottleMax), all && ended(run.Result)
	}
	how := "Throttling slows the guest to " + units.FormatPercent(1-slowest) + " of its speed"
	switch {
	case slowest == 0 && all:
		how = "The guest moves without being slowed"
	case slowest == 0:
		how = "The guest is not slowed"
	}
	return how + ": " + strings.Join(words, ", ")
}

// toSendPanel is one migration's memory still to send.
func toSendPanel(run Throttled, color chart.Color, x chart.Axis) chart.Panel {
	r := run.Result
	p := chart.Panel{
		Name: "Still to send: " + run.Name, X: x, Y: chart.Axis{Format: chart.Bytes, Zero: true},
		Marks: []chart.Mark{chart.Line{XY: r.Remaining(), Color: color}},
	}
	if run.Measured > 0 {
		p.Marks = append(p.Marks, chart.VLine{At: run.Measured, Dash: chart.Dashed, Text: fmt.Sprintf("measured\n%s\n%s", run.MeasuredName, units.FormatSeconds(run.Measured))})
	}
	if n := len(r.Rows); n > 0 {
		last := r.Rows[n-1]
		words := fmt.Sprintf("moved after\n%s,\n%s downtime", units.FormatSeconds(r.Total), units.FormatSeconds(r.Downtime))
		if !ended(r) {
			words = fmt.Sprintf("given up after\n%s,\n%s dirty", units.FormatSeconds(r.Total), units.FormatBytes(float64(r.PlateauBytes)))
		}
		p.Marks = append(p.Marks, chart.Note{X: last.Start + last.Duration, Y: last.Left, Text: words, Dot: true})
	}
	return p
}

// speedLine is how fast the guest runs: what the throttle leaves, nothing in
// the last copy, everything on the new host.
func speedLine(run Throttled, color chart.Color, end float64) chart.Line {
	line := chart.Line{Label: run.Name, Color: color, Step: true}
	speed := run.Result.Series(func(row lm.Round) float64 { return 1 - row.Throttle })
	line.X, line.Y = speed.X, speed.Y
	if ended(run.Result) {
		line.X, line.Y = append(line.X, run.Result.Total, end), append(line.Y, 1, 1)
	}
	return line
}

// lowestSpeed says beside the end of each migration how slow the guest got.
func lowestSpeed(runs []Throttled, end float64) []chart.Mark {
	var marks []chart.Mark
	for i, run := range runs {
		slow := 0.0
		for _, row := range run.Result.Rows {
			if row.Live && row.Throttle == run.Result.ThrottleMax {
				slow += row.Duration
			}
		}
		if run.Result.ThrottleMax > 0 && ended(run.Result) && len(runs) <= 2 {
			marks = append(marks, chart.Text{
				X: run.Result.Total + 0.082*end, Y: 0.2, Color: chart.Palette(i), Size: 12.5,
				Text: units.FormatPercent(1-run.Result.ThrottleMax) + " speed", Detail: "for the last " + units.FormatSeconds(slow),
			})
		}
	}
	return marks
}

// ended tells whether the guest runs on the new host.
func ended(r lm.Result) bool { return r.Outcome != lm.Diverged && r.Outcome != lm.Aborted }
