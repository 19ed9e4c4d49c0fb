package queueplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue"
	"cloudconcepts/queue/theory"
)

const caption = "cloudconcepts/queue"

// ServiceRun is one run of a service, and what theory says of it.
type ServiceRun struct {
	Result queue.Result
	Path   []queue.Row   // the number waiting over a stretch of the run; may be empty
	Law    string        // the closed form's name, as M/M/4; empty if there is none
	Theory theory.Steady // of Law
}

// Service shows how long the messages of a run waited, as the share that waited longer than each time, and a stretch
// of its queue.
func Service(run ServiceRun) Figure {
	r := run.Result
	end, floor := run.horizon()
	top := chart.Panel{
		Name: "share of the messages that take longer", Weight: 1.5,
		X: chart.Axis{Name: "time", Max: end, Format: chart.Seconds},
		Y: chart.Axis{Log: true, Min: floor, Max: 1, Format: chart.Percent},
	}
	wait, sojourn := curve(end, floor, r.WaitAbove), curve(end, floor, r.SojournAbove)
	top.Marks = append(top.Marks,
		chart.Line{Label: "wait and service", X: sojourn.X, Y: sojourn.Y, Color: chart.Vermillion},
		chart.Line{Label: "wait", X: wait.X, Y: wait.Y, Color: chart.Blue})
	top.Marks = append(top.Marks, run.theory(end, floor)...)
	if d := r.Config.Deadline.Seconds(); d > 0 && d < end {
		top.Marks = append(top.Marks, chart.VLine{At: d, Text: "deadline", Dash: chart.Dashed})
	}
	top.Marks = append(top.Marks, chart.Note{X: r.WaitP99, Y: 0.01, Text: "P99 wait " + units.FormatSeconds(r.WaitP99), Dot: true, Color: chart.Blue})
	panels := []chart.Panel{top}
	if len(run.Path) > 1 {
		panels = append(panels, run.path())
	}
	return Figure{Title: run.title(), Subtitle: run.subtitle(), Caption: fmt.Sprintf("%s · %s messages · seed %d", caption, units.FormatCount(float64(r.Offered)), r.Config.Seed), Panels: panels, Height: 560}
}

// horizon is where the curves end: where too few messages are left to say.
func (run ServiceRun) horizon() (end, floor float64) {
	r := run.Result
	floor = 1e-4
	if r.Served > 0 {
		floor = min(max(floor, math.Pow(10, math.Ceil(math.Log10(30/float64(r.Served))))), 0.1)
	}
	if end = r.SojournQuantile(1 - floor); !(end > 0) {
		end = 1
	}
	return end, floor
}

func curve(end, floor float64, above func(float64) float64) queue.Series {
	var s queue.Series
	for i := range 301 {
		t := end * float64(i) / 300
		y := above(t)
		if !(y >= floor) {
			break
		}
		s.X, s.Y = append(s.X, t), append(s.Y, y)
	}
	return s
}

// theory are the closed form's curves: not every closed form has the whole law, and none holds for another order.
func (run ServiceRun) theory(end, floor float64) []chart.Mark {
	if run.Law == "" || run.Result.Config.Discipline != queue.FIFO || run.Theory.Load >= 1 && run.Result.Config.Capacity == 0 {
		return nil
	}
	var marks []chart.Mark
	for _, above := range []func(float64) float64{run.Theory.SojournAbove, run.Theory.WaitAbove} {
		c := curve(end, floor, above)
		if len(c.X) > 1 {
			marks = append(marks, chart.Line{X: c.X, Y: c.Y, Color: chart.Ink, Dash: chart.Dashed, Width: 1.1})
		}
	}
	return marks
}

func (run ServiceRun) path() chart.Panel {
	var x, y []float64
	for _, row := range run.Path {
		x, y = append(x, row.At), append(y, float64(row.Waiting))
	}
	marks := []chart.Mark{chart.Area{X: x, Y: y, Color: chart.Blue, Step: true}, chart.Line{X: x, Y: y, Color: chart.Blue, Step: true, Width: 1.1}}
	name := "messages waiting in the first stretch of the run"
	if mean := run.Result.QueueMean; mean > 0 && run.Result.Warnings == nil {
		marks = append(marks, chart.HLine{At: mean, Dash: chart.Dashed})
		name += "; dashed: mean of the whole run, " + units.FormatNumber(mean)
	}
	return chart.Panel{
		Name: name, X: chart.Axis{Name: "time since the start", Format: chart.Seconds, Max: x[len(x)-1]},
		Y: chart.Axis{Zero: true}, Marks: marks,
	}
}

func (run ServiceRun) title() string {
	r := run.Result
	busy := "Busy " + units.FormatPercent(round(r.Utilization)) + " of the time"
	if r.LossFraction > 0 {
		return fmt.Sprintf("%s: %s of the messages are lost, the rest waits %s", busy, units.FormatPercent(round(r.LossFraction)), units.FormatSeconds(r.WaitMean))
	}
	return fmt.Sprintf("%s: %s of the messages wait, one in 100 longer than %s", busy, units.FormatPercent(round(r.WaitProbability)), units.FormatSeconds(r.WaitP99))
}

func (run ServiceRun) subtitle() string {
	c := run.Result.Config
	arrivals := c.Arrivals.String()
	if c.Arrivals.Poisson() {
		arrivals = "Poisson " + units.FormatNumber(c.Arrivals.Rate()) + "/s"
	}
	text := fmt.Sprintf("arrivals %s; service %s; %s, %v", arrivals, LawWords(c.Service), servers(c.Servers), c.Discipline)
	if len(text) > 160 {
		text = fmt.Sprintf("%s, %v", servers(c.Servers), c.Discipline)
	}
	if c.Capacity > 0 {
		text += fmt.Sprintf(", %d places, %v", c.Capacity, c.Full)
	}
	if len(run.theory(1, 1e-4)) > 0 {
		text += "; dashed: " + run.Law + " in closed form"
	}
	return text
}

func servers(n int) string {
	if n == 1 {
		return "one server"
	}
	return fmt.Sprintf("%s servers", units.FormatCount(float64(n)))
}

// round keeps two digits of a share.
func round(share float64) float64 {
	if share == 0 || share == 1 {
		return share
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(share)))-1)
	return math.Round(share/unit) * unit
}
