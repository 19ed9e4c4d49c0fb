package migrationplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/livemigration"
)

// Timeline is the memory still to send over time, with what fits the downtime
// limit, and the throttle where there was one.
func Timeline(r livemigration.Result) Figure {
	remaining := r.Remaining()
	memory := chart.Panel{
		Name: "Memory still to send", X: chart.Axis{Name: "Time since the start", Format: chart.Seconds},
		Y: chart.Axis{Format: chart.Bytes, Zero: true}, Weight: 2,
		Marks: []chart.Mark{chart.Line{XY: remaining, Color: chart.Blue}},
	}
	return Figure{
		Title: r.String(), Subtitle: fmt.Sprintf("%v, %v", r.Config.Method.Name, r.Config.VM.Workload),
		Caption: "cloudconcepts/livemigration", Panels: []chart.Panel{memory},
	}
}
