package coldstartplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// Anatomy is the phases of the cold start of one runtime, in s.
type Anatomy struct {
	Runtime   string  `json:"runtime"`
	Download  float64 `json:"download_s"`
	Init      float64 `json:"init_mean_s"`
	FirstCall float64 `json:"first_call_s"`
	Total     float64 `json:"total_s"`
	P99       float64 `json:"init_p99_s"`
}

// Phases draws the phases of cold starts as stacked bars, a runtime each.
func Phases(rows []Anatomy, memoryMB int) Figure {
	var names []string
	var download, init, first []float64
	any := false
	for _, r := range rows {
		names = append(names, r.Runtime)
		download, init, first = append(download, r.Download), append(init, r.Init), append(first, r.FirstCall)
		any = any || r.Download > 0
	}
	series := []chart.Series{{Label: "init (runtime and code)", Y: init, Color: chart.Blue}, {Label: "the first call is slower", Y: first, Color: chart.Orange}}
	if any {
		series = append([]chart.Series{{Label: "download", Y: download, Color: chart.Gray}}, series...)
	}
	last := rows[len(rows)-1]
	return Figure{
		Title:    fmt.Sprintf("A cold start takes %s with %s and %s with %s", units.FormatSeconds(rows[0].Total), rows[0].Runtime, units.FormatSeconds(last.Total), last.Runtime),
		Subtitle: fmt.Sprintf("means of about 500 cold starts each of a \"hello world\"; first call with %s MB; making the sandbox is not in it", units.FormatCount(float64(memoryMB))),
		Caption:  caption + " · lambda-perf, July and August 2026", Height: 160 + 34*float64(len(rows)),
		Panels: []chart.Panel{{
			X: chart.Axis{Name: "time", Zero: true, Format: chart.Seconds}, Y: chart.Axis{Labels: names},
			Marks: []chart.Mark{chart.Bars{Series: series, Stacked: true, Horizontal: true}},
		}},
	}
}

// SizePoint is the cold start of a runtime in an environment of a size, in s.
type SizePoint struct {
	Runtime   string  `json:"runtime"`
	MemoryMB  int     `json:"memory_mb"`
	Init      float64 `json:"init_mean_s"`
	FirstCall float64 `json:"first_call_mean_s"`
	Measured  bool    `json:"measured"`
}

// Memory draws init and first call against the memory of an environment: dots are measured, lines between and beyond them.
func Memory(runtimes []string, points []SizePoint) Figure {
	x := chart.Axis{Name: "memory in MB", Log: true, Ticks: []float64{128, 256, 512, 1024, 1769, 3008}}
	init := chart.Panel{Name: "init", X: x, Y: chart.Axis{Zero: true, Format: chart.Seconds}}
	first := chart.Panel{Name: "first call", X: x, Y: chart.Axis{Log: true, Format: chart.Seconds}}
	for i, r := range runtimes {
		color := chart.Palette(i)
		var lx, li, lf, mx, mi, mf []float64
		for _, p := range points {
			if p.Runtime != r {
				continue
			}
			lx, li, lf = append(lx, float64(p.MemoryMB)), append(li, p.Init), append(lf, p.FirstCall)
			if p.Measured {
				mx, mi, mf = append(mx, float64(p.MemoryMB)), append(mi, p.Init), append(mf, p.FirstCall)
			}
		}
		init.Marks = append(init.Marks, chart.Line{Label: r, X: lx, Y: li, Color: color, Width: 1.3}, chart.Dots{X: mx, Y: mi, Color: color})
		first.Marks = append(first.Marks, chart.Line{Label: r, X: lx, Y: lf, Color: color, Width: 1.3}, chart.Dots{X: mx, Y: mf, Color: color})
	}
	return Figure{
		Title:    memoryTitle(points),
		Subtitle: "means; init runs with about two vCPUs whatever the memory, the first call with its share: 1,769 MB is one vCPU",
		Caption:  caption + " · lambda-perf, July and August 2026 (dots)", Columns: 2, Width: 1050, Height: 470, Panels: []chart.Panel{init, first},
	}
}

// memoryTitle is about the first runtime.
func memoryTitle(points []SizePoint) string {
	small, big := points[0], points[0]
	for _, p := range points {
		if p.Runtime == small.Runtime && p.Measured {
			big = p
		}
	}
	if big.MemoryMB == small.MemoryMB || big.FirstCall == 0 {
		return "Memory does not make init faster"
	}
	return fmt.Sprintf("%d times the memory: init %.2g times faster, the first call %.2g times", big.MemoryMB/small.MemoryMB, small.Init/big.Init, small.FirstCall/big.FirstCall)
}
