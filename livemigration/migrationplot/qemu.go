package migrationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/livemigration"
)

// Verified is a measured migration and its prediction.
type Verified struct {
	Name      string
	Measured  livemigration.MeasuredRun
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
// send over time for the runs of the given indices, and the errors of all that
// ended.
func QEMU(runs []Verified, shown []int) Figure {
	var panels []chart.Panel
	for i, at := range shown {
		panels = append(panels, verifiedRun(runs[at], chart.Palette(i)))
	}
	errors := chart.Panel{
		Name: "Error of the prediction, runs that ended", Y: chart.Axis{Min: -0.05, Max: 0.05, Format: chart.Percent, Ticks: []float64{-0.05, -0.025, 0, 0.025, 0.05}},
		X: chart.Axis{},
	}
	var x, total, sent []float64
	for _, v := range runs {
		if v.Measured.Converged {
			errors.X.Labels = append(errors.X.Labels, fmt.Sprintf("%d", len(x)+1))
			x, total, sent = append(x, float64(len(x))), append(total, v.TotalError()), append(sent, v.BytesError())
		}
	}
	errors.X.Name = "Run"
	errors.Marks = []chart.Mark{
		chart.HSpan{From: -0.03, To: 0.03, Text: "within 3 %"},
		chart.Dots{Label: "time", X: x, Y: total, Color: chart.Ink},
		chart.Dots{Label: "traffic", X: x, Y: sent, Color: chart.Ink, Hollow: true},
	}
	return Figure{
		Title:    qemuTitle(runs),
		Subtitle: "512 MiB guests on QEMU 7.2, uniform writes, bandwidth limited to 32 or 64 MB/s; drain semantics, no fitted parameter.",
		Caption:  caption, Panels: append(panels, errors), Height: 800,
	}
}

// verifiedRun is the memory still to send from the end of the first pass on.
func verifiedRun(v Verified, color chart.Color) chart.Panel {
	measured := v.Measured.Remaining
	from, to := 0.0, 1.0
	if n := measured.Len(); n > 1 {
		from, to = math.Floor(measured.X[1])-1, math.Ceil(measured.X[n-1])
	}
	predicted := v.Predicted.Remaining()
	var line, dots livemigration.Series
	for i := range predicted.Len() {
		if x := predicted.X[i]; x >= from && x <= to {
			line.X, line.Y = append(line.X, x), append(line.Y, predicted.Y[i])
		}
	}
	for i := range measured.Len() {
		if measured.X[i] >= from {
			dots.X, dots.Y = append(dots.X, measured.X[i]), append(dots.Y, measured.Y[i])
		}
	}
	return chart.Panel{
		Name: "Memory still to send, " + v.Name + ": line predicted, dots measured",
		X:    chart.Axis{Name: "Time since the start", Min: from, Max: to, Format: chart.Suffix("s")}, Y: chart.Axis{Zero: true, Format: chart.SIBytes},
		Marks: []chart.Mark{
			chart.Line{X: line.X, Y: line.Y, Color: color, Width: 1.5},
			chart.Dots{X: dots.X, Y: dots.Y, Color: chart.Ink, Size: 6.5},
		},
	}
}

func qemuTitle(runs []Verified) string {
	for _, v := range runs {
		if !v.Agrees() {
			return "The model misses whether a measured migration ends"
		}
	}
	return fmt.Sprintf("Measured migrations are predicted to %.1f %% of time and traffic", 100*WorstError(runs))
}
