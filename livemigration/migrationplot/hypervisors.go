package migrationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
)

// Named is a migration by the name of its method.
type Named struct {
	Name   string
	Result lm.Result
}

// Workload is the migrations of one guest by several methods.
type Workload struct {
	Name string // what the guest does
	Runs []Named
}

// Hypervisors draws total time and downtime of each method as bars, a row of
// panels for each workload. All workloads have the same methods in one order.
func Hypervisors(workloads []Workload) Figure {
	n := len(workloads[0].Runs)
	names := make([]string, n)
	for i, run := range workloads[0].Runs {
		names[i] = run.Name
	}
	methods := chart.Axis{Labels: names}
	total := func(r lm.Result) float64 { return r.Total }
	pause := func(r lm.Result) float64 { return r.Downtime }
	totals, pauses := wordsAxis(workloads, total, 0.55), wordsAxis(workloads, pause, 0.9)
	var panels []chart.Panel
	for _, w := range workloads {
		panels = append(panels,
			chart.Panel{Name: w.Name + ": total time (log scale)", X: totals, Y: methods, Marks: methodBars(w.Runs, totals, total, totalWords)},
			chart.Panel{Name: "Downtime (log scale)", X: pauses, Y: methods, Marks: methodBars(w.Runs, pauses, pause, pauseWords)})
	}
	c := workloads[0].Runs[0].Result.Config
	return Figure{
		Title: hypervisorsTitle(workloads),
		Subtitle: fmt.Sprintf("%s guest, uniform writes over %s, %s link.  Blue: its rule was met.  Orange: switched by force, however much was left.  Grey: not moved.",
			units.FormatBytes(float64(c.VM.Memory)), units.FormatBytes(c.VM.Workload.Max()), chart.BitRate(8*c.Link.Bandwidth)),
		Caption: caption, Columns: 2, ShareY: true, Panels: panels,
		Width: 1000, Height: 130 + float64(len(workloads))*(70+19*float64(n)),
	}
}

// wordsAxis is a log axis for a quantity of all migrations, longer than they
// need by a share, for the words behind the bars.
func wordsAxis(workloads []Workload, value func(lm.Result) float64, room float64) chart.Axis {
	low, high := math.Inf(1), 0.0
	for _, w := range workloads {
		for _, run := range w.Runs {
			if v := value(run.Result); v > 0 && hasBar(run.Result, v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	if high == 0 {
		low, high = 0.1, 1
	}
	low = math.Pow(10, math.Floor(math.Log10(math.Max(low*0.8, high*1e-3))))
	axis := chart.Axis{Log: true, Min: low, Max: high * math.Pow(high/low, room), Format: chart.Seconds}
	for _, tick := range []float64{1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 60, 600, 3600, 36000, 864000, 8640000} {
		if tick >= low*0.99 && tick <= high*1.01 {
			axis.Ticks = append(axis.Ticks, tick)
		}
	}
	return axis
}

// methodBars are a bar for each method with its value in words, and a faint
// one across where there is no end to it.
func methodBars(runs []Named, axis chart.Axis, value func(lm.Result) float64, words func(lm.Result) string) []chart.Mark {
	low, end := axis.Min, axis.Max
	var marks []chart.Mark
	for i, run := range runs {
		text, v := words(run.Result), value(run.Result)
		if !hasBar(run.Result, v) {
			marks = append(marks, chart.Polygon{
				X: []float64{low, end, end, low}, Y: []float64{float64(i) - 0.36, float64(i) - 0.36, float64(i) + 0.36, float64(i) + 0.36},
			}, chart.Text{X: math.Sqrt(low * end), Y: float64(i), Text: text, Size: 11.5, Color: chart.Soft})
			continue
		}
		y := make([]float64, len(runs))
		for k := range y {
			y[k] = math.NaN()
		}
		y[i] = math.Max(v, low*math.Pow(end/low, 0.015))
		marks = append(marks, chart.Bars{
			Horizontal: true, Series: []chart.Series{{Y: y, Color: outcomeColor(run.Result)}}, Values: func(float64) string { return text },
		})
	}
	return marks
}

// hasBar tells whether a value can be drawn: an end that there was.
func hasBar(r lm.Result, v float64) bool {
	return ended(r) || r.Outcome == lm.Aborted && v == r.Total
}

func outcomeColor(r lm.Result) chart.Color {
	switch r.Outcome {
	case lm.Aborted, lm.Diverged:
		return chart.Gray
	case lm.Forced:
		return chart.Orange
	}
	return chart.Blue
}

func totalWords(r lm.Result) string {
	switch r.Outcome {
	case lm.Diverged:
		return "never ends"
	case lm.Aborted:
		return "gives up after " + units.FormatSeconds(r.Total)
	}
	return units.FormatSeconds(r.Total)
}

// PauseText is a downtime in words. The presets count the copying of the last
// memory alone, so that less than a millisecond says no more than that.
func PauseText(seconds float64) string {
	if seconds < 0.001 {
		return "below 1 ms"
	}
	return units.FormatSeconds(seconds)
}

func pauseWords(r lm.Result) string {
	switch r.Outcome {
	case lm.Aborted:
		return "not moved" // what is left just then depends on where in a round it was given up
	case lm.Diverged:
		return "not moved: " + units.FormatBytes(float64(r.PlateauBytes)) + " stay dirty"
	case lm.Forced:
		return fmt.Sprintf("%s, forced after %d rounds", PauseText(r.Downtime), r.Rounds)
	}
	if r.ThrottleMax > 0 {
		return fmt.Sprintf("%s, guest slowed to %s", PauseText(r.Downtime), units.FormatPercent(1-r.ThrottleMax))
	}
	return PauseText(r.Downtime)
}

// hypervisorsTitle is what the last workload makes of the methods.
func hypervisorsTitle(workloads []Workload) string {
	w := workloads[len(workloads)-1]
	stuck, long := 0, 0
	low, high := math.Inf(1), 0.0
	for _, run := range w.Runs {
		if !ended(run.Result) {
			stuck++
			continue
		}
		low, high = math.Min(low, run.Result.Downtime), math.Max(high, run.Result.Downtime)
		if run.Result.Downtime > 1 {
			long++
		}
	}
	n := len(w.Runs)
	switch {
	case stuck == n:
		return fmt.Sprintf("At %s none of %d presets can move this guest", w.Name, n)
	case stuck > 0 && long > 0:
		return fmt.Sprintf("At %s %d of %d presets cannot move this guest, %d stop it for over a second", w.Name, stuck, n, long)
	case stuck > 0:
		return fmt.Sprintf("At %s %d of %d presets cannot move this guest", w.Name, stuck, n)
	}
	return fmt.Sprintf("At %s all %d presets move this guest, with pauses from %s to %s", w.Name, n, PauseText(low), PauseText(high))
}
