package migrationplot

import (
	"fmt"
	"math"
	"slices"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// Verified is a measured migration and its prediction.
type Verified struct {
	Name      string
	Measured  hypervisor.MeasuredRun
	Predicted livemigration.Result
}

// TotalError is the relative error of the predicted total time.
func (v Verified) TotalError() float64 { return v.Predicted.Total/v.Measured.Total - 1 }

// BytesError is the relative error of the predicted traffic.
func (v Verified) BytesError() float64 {
	return float64(v.Predicted.SentBytes)/float64(v.Measured.SentBytes) - 1
}

// Agrees reports whether a run that never ended was predicted so.
func (v Verified) Agrees() bool {
	return v.Measured.Converged == (v.Predicted.Outcome != livemigration.Diverged)
}

// WorstError is the largest relative error of time or traffic of those that
// ended.
func WorstError(runs []Verified) float64 {
	worst := 0.0
	for _, v := range runs {
		if v.Measured.Converged {
			worst = math.Max(worst, math.Max(math.Abs(v.TotalError()), math.Abs(v.BytesError())))
		}
	}
	return worst
}

// QEMU draws measured migrations against their prediction: the memory still to
// send over time, a panel for each run. Of runs with the same name, which repeat
// one configuration, it draws the first.
func QEMU(runs []Verified) Figure {
	var panels []chart.Panel
	for i, v := range runs {
		if !slices.ContainsFunc(runs[:i], func(o Verified) bool { return o.Name == v.Name }) {
			panels = append(panels, verifiedRun(v))
		}
	}
	return Figure{
		Title: qemuTitle(runs),
		Subtitle: "Memory still to send, from the end of the first pass on.  Dots: measured on QEMU 7.2 each time it had fetched the dirty log.  Lines: predicted from the " +
			"guest's memory, its writes, the bandwidth and the downtime limit alone.  Dashed: what fits that limit.",
		Caption: caption, Columns: 2, Panels: panels, Height: 120 + 210*math.Ceil(float64(len(panels))/2),
	}
}

// verifiedRun is the memory still to send in one run, from the end of the first
// pass on, with what fits the downtime limit.
func verifiedRun(v Verified) chart.Panel {
	color := chart.Blue
	if !v.Measured.Converged {
		color = chart.Vermillion
	}
	line, dots := predictedLine(v.Predicted), measuredDots(v.Measured)
	from, to := afterFirstPass(line, dots, v.Measured.Converged)
	line, dots = between(line, from, to, true), between(dots, from, to, false)
	peak := math.Max(slices.Max(append(line.Y, 1)), slices.Max(append(dots.Y, 1)))
	panel := chart.Panel{
		Name: "Writes " + v.Name, X: chart.Axis{Min: from, Max: to, Format: chart.Suffix("s")}, Y: chart.Axis{Max: 1.45 * peak, Format: chart.SIBytes},
	}
	if limit := v.Measured.Config.Method.Limit; limit != nil {
		fits := limit.Highest().Seconds() * v.Measured.Config.Link.Bandwidth
		panel.Marks = append(panel.Marks, chart.HLine{At: fits, Dash: chart.Dashed})
	}
	panel.Marks = append(
		panel.Marks,
		chart.Line{X: line.X, Y: line.Y, Color: color, Width: 1.6},
		chart.Dots{X: dots.X, Y: dots.Y, Color: chart.Ink, Size: 6},
		chart.Text{X: (from + to) / 2, Y: 1.27 * peak, Text: v.verdict(), Size: 12, Color: color},
	)
	return panel
}

// predictedLine is the predicted memory still to send, to the end also where
// that came after a switch to post-copy.
func predictedLine(r livemigration.Result) livemigration.Series {
	line := r.Remaining()
	n := line.Len()
	if r.Outcome == livemigration.SwitchedToPost && n > 0 {
		line.X = append(line.X, line.X[n-1], r.Total)
		line.Y = append(line.Y, float64(r.PostCopyBytes), 0)
	}
	return line
}

// measuredDots are the polls, and the end.
func measuredDots(m hypervisor.MeasuredRun) livemigration.Series {
	dots := livemigration.Series{X: slices.Clone(m.Remaining.X), Y: slices.Clone(m.Remaining.Y)}
	if n := dots.Len(); m.Converged && n > 0 && dots.Y[n-1] > 0 {
		dots.X, dots.Y = append(dots.X, m.Total), append(dots.Y, 0)
	}
	return dots
}

// afterFirstPass is the time from shortly before the second poll, the first
// with a dirty log, to the end of both series, at most ten seconds.
func afterFirstPass(line, dots livemigration.Series, ended bool) (from, to float64) {
	if line.Len() == 0 || dots.Len() < 2 {
		return 0, 1
	}
	predicted, measured := line.X[line.Len()-1], dots.X[dots.Len()-1]
	to = math.Max(predicted, measured)
	if !ended {
		to = math.Min(predicted, measured)
	}
	from = math.Max(0, math.Floor(2*dots.X[1])/2-0.5)
	return from, math.Max(from+0.5, math.Ceil(2*math.Min(to, from+10))/2)
}

// between is the part of a series from one x to another, cut off at both ends;
// a line goes on to the cuts.
func between(s livemigration.Series, from, to float64, line bool) livemigration.Series {
	var out livemigration.Series
	for i, x := range s.X {
		for _, cut := range []float64{from, to} {
			if line && i > 0 && s.X[i-1] < cut && cut < x {
				y := s.Y[i-1] + (s.Y[i]-s.Y[i-1])*(cut-s.X[i-1])/(x-s.X[i-1])
				out.X, out.Y = append(out.X, cut), append(out.Y, y)
			}
		}
		if x >= from && x <= to {
			out.X, out.Y = append(out.X, x), append(out.Y, s.Y[i])
		}
	}
	return out
}

// verdict is the total time or that there is none, as measured and predicted.
func (v Verified) verdict() string {
	measured, predicted := "never ended", "so predicted"
	if v.Measured.Converged {
		measured = "measured " + units.FormatSeconds(v.Measured.Total)
		predicted = "predicted never to end"
	}
	if v.Predicted.Outcome != livemigration.Diverged {
		predicted = "predicted " + units.FormatSeconds(v.Predicted.Total)
	}
	return measured + ", " + predicted
}

func qemuTitle(runs []Verified) string {
	ended, never := 0, 0
	for _, v := range runs {
		switch {
		case !v.Agrees():
			return "The model misses whether a measured migration ends"
		case v.Measured.Converged:
			ended++
		default:
			never++
		}
	}
	title := fmt.Sprintf("%d real migrations predicted within %.1f %% of time and traffic", ended, 100*WorstError(runs))
	if never > 0 {
		title += fmt.Sprintf(", %d as never ending", never)
	}
	return title
}
