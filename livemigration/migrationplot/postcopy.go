package migrationplot

import (
	"fmt"
	"math"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
)

// PostCopy draws what the guest feels of traced migrations that end in
// post-copy: its speed over time, and the pages a second that it waits for.
func PostCopy(runs []Named) Figure {
	end, most, least := 0.0, 0.0, math.Inf(1)
	for _, run := range runs {
		end = math.Max(end, run.Result.Total)
		for _, f := range run.Result.Faults {
			most = math.Max(most, f.Faults)
			if f.Faults > 0 {
				least = math.Min(least, f.Faults)
			}
		}
	}
	if end == 0 {
		end = 1
	}
	x := chart.Axis{Name: timeAxis, Max: 1.12 * end, Format: timeFormat(end)}
	speed := chart.Panel{
		Name: "Guest speed", X: x, Weight: 1.2,
		Y: chart.Axis{Max: 1.05, Format: chart.Percent, Ticks: []float64{0, 0.25, 0.5, 0.75, 1}},
	}
	faults := chart.Panel{Name: "Pages that the guest waits for, a second (log scale)", X: x, Y: chart.Axis{Log: true, Min: math.Max(most/300, least/2), Max: 2 * most, Format: chart.Thousands}}
	if most == 0 {
		faults.Name, faults.Y = "Pages that the guest waits for, a second", chart.Axis{Max: 1}
	}
	for i, run := range runs {
		color := chart.Palette(i)
		s, f := feltLines(run.Result, 1.12*end)
		s.Color, f.Color = color, color
		speed.Marks = append(speed.Marks, s, slowest(run, color))
		faults.Marks = append(faults.Marks, f)
		if n := len(f.X); n > 1 {
			faults.Marks = append(faults.Marks, chart.Note{X: f.X[n/3], Y: f.Y[n/3], Color: color, Bold: true, Text: fmt.Sprintf("%s: %s pages", run.Name, units.FormatCount(math.Round(run.Result.NetworkFaults)))})
		}
	}
	c := runs[0].Result.Config
	return Figure{
		Title: postCopyTitle(runs),
		Subtitle: fmt.Sprintf("%s.  A page that is missing costs %s with a channel of its own, %s behind %s of other pages.",
			guestWords(c), units.FormatSeconds(faultSeconds(c, 0)), units.FormatSeconds(faultSeconds(c, c.Method.PostCopy.Queue)), units.FormatBytes(float64(c.Method.PostCopy.Queue))),
		Caption: caption, ShareX: true, Panels: []chart.Panel{speed, faults}, Height: 680,
	}
}

// faultSeconds is how long one missing page takes behind so many bytes.
func faultSeconds(c lm.Config, queue int64) float64 {
	return c.Link.RTT.Seconds() + c.Method.PostCopy.Service.Seconds() +
		float64(c.VM.DirtyPage+queue)/(c.Link.SwitchOver*c.Link.Efficiency/float64(c.Link.Share))
}

// switched is when the guest runs on the new host.
func switched(r lm.Result) float64 {
	if n := len(r.Faults); n > 0 { // points stand in the middles of steps
		first, last := r.Faults[0].At, r.Faults[n-1].At
		return math.Max(0, r.Total-last-(last-first)/math.Max(1, float64(n-1)))
	}
	return r.Total
}

// feltLines are speed and faults over the time of the migration.
func feltLines(r lm.Result, end float64) (speed, faults chart.Line) {
	at := switched(r)
	speed = chart.Line{X: []float64{0, math.Max(0, at-r.Downtime)}, Y: []float64{1, 1}}
	if r.Downtime > 0 {
		speed.X, speed.Y = append(speed.X, math.Max(0, at-r.Downtime), at), append(speed.Y, 0, 0)
	}
	for _, f := range r.Faults {
		speed.X, speed.Y = append(speed.X, at+f.At), append(speed.Y, f.Speed)
		faults.X, faults.Y = append(faults.X, at+f.At), append(faults.Y, math.Max(f.Faults, 0))
	}
	speed.X, speed.Y = append(speed.X, r.Total, end), append(speed.Y, 1, 1)
	if len(faults.X) == 0 {
		faults.X, faults.Y = []float64{0}, []float64{math.NaN()}
	}
	return speed, faults
}

// slowest says how slow the guest gets and for how long it is slow.
func slowest(run Named, color chart.Color) chart.Mark {
	at, low, low0 := switched(run.Result), 1.0, 0.0
	for _, f := range run.Result.Faults {
		if f.Speed < low {
			low, low0 = f.Speed, f.At
		}
	}
	words := fmt.Sprintf("%s: %s at first", run.Name, units.FormatPercent(math.Round(low*1000)/1000))
	if low == 1 {
		words = run.Name + ": not slowed"
	}
	return chart.Note{X: at + low0, Y: low, Text: words, Color: color, Bold: true, Dot: true}
}

// postCopyTitle compares the guest time that the migrations cost.
func postCopyTitle(runs []Named) string {
	var words []string
	for _, run := range runs {
		words = append(words, run.Name+" "+units.FormatSeconds(run.Result.LostCPU))
	}
	return "Guest time lost: " + strings.Join(words, ", ")
}
