package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// LoadPoint is how long messages take at one load, in s.
type LoadPoint struct {
	Servers   int     `json:"servers"`
	Load      float64 `json:"load_fraction"`
	Mean      float64 `json:"sojourn_mean_s"`
	P50       float64 `json:"sojourn_p50_s"`
	P95       float64 `json:"sojourn_p95_s"`
	P99       float64 `json:"sojourn_p99_s"`
	Wait      float64 `json:"wait_probability"`
	TheoryP50 float64 `json:"theory_p50_s"` // NaN where there is no closed form
	TheoryP95 float64 `json:"theory_p95_s"`
	TheoryP99 float64 `json:"theory_p99_s"`
}

// Knee is the time of messages against the load, for one number of servers each.
type Knee struct {
	Service  string        // its law, for the subtitle
	Mean     float64       // mean service time, s
	Servers  []int         // a panel each
	Measured [][]LoadPoint // of each panel: simulated, and theory at the same loads
	Curves   [][]LoadPoint // of each panel: theory at many loads; empty where there is none
	Messages int64         // of each point
	Seed     uint64        // of the runs
}

// Utilization draws the knee: percentiles of wait and service against the load.
func Utilization(k Knee) Figure {
	f := Figure{
		Title:    k.title(),
		Subtitle: fmt.Sprintf("time from arrival to the end of service against the load of the servers; service %s; dots: simulated%s", k.Service, k.theoryNote()),
		Caption:  fmt.Sprintf("%s · %s messages a point, more above 80 %% load · seed %d", caption, units.FormatCount(float64(k.Messages)), k.Seed),
		Columns:  len(k.Servers), ShareY: true, Width: 1000, Height: 470,
	}
	for i, c := range k.Servers {
		f.Panels = append(f.Panels, k.panel(i, c))
	}
	return f
}

func (k Knee) theoryNote() string {
	for _, c := range k.Curves {
		if len(c) > 0 {
			return ", lines: in closed form"
		}
	}
	return ""
}

func (k Knee) panel(i, n int) chart.Panel {
	p := chart.Panel{
		Name: servers(n),
		X:    chart.Axis{Name: "load", Min: 0, Max: 1, Format: chart.Percent, Ticks: []float64{0, 0.25, 0.5, 0.75, 1}},
		Y:    chart.Axis{Log: true, Min: k.Mean / 4, Max: k.Mean * 600, Format: chart.Seconds},
	}
	for _, q := range quantiles() {
		x, theory := column(k.Curves[i], q.theory)
		if len(x) > 0 {
			p.Marks = append(p.Marks, chart.Line{Label: q.name, X: x, Y: theory, Color: q.color})
		}
		mx, my := column(k.Measured[i], q.measured)
		dots := chart.Dots{X: mx, Y: my, Color: q.color, Size: 6}
		if len(x) == 0 {
			dots.Label = q.name
		}
		p.Marks = append(p.Marks, dots)
	}
	return append90(p, k, i)
}

// append90 says what P99 is at 90 % load.
func append90(p chart.Panel, k Knee, i int) chart.Panel {
	for _, m := range k.Measured[i] {
		if m.Load > 0.899 && m.Load < 0.901 {
			p.Marks = append(p.Marks, chart.Note{X: m.Load, Y: m.P99, Text: "at 90 %: " + units.FormatSeconds(m.P99), Color: chart.Vermillion})
		}
	}
	return p
}

type quantile struct {
	name             string
	color            chart.Color
	measured, theory func(LoadPoint) float64
}

func quantiles() []quantile {
	return []quantile{
		{"P50", chart.Blue, func(p LoadPoint) float64 { return p.P50 }, func(p LoadPoint) float64 { return p.TheoryP50 }},
		{"P95", chart.Orange, func(p LoadPoint) float64 { return p.P95 }, func(p LoadPoint) float64 { return p.TheoryP95 }},
		{"P99", chart.Vermillion, func(p LoadPoint) float64 { return p.P99 }, func(p LoadPoint) float64 { return p.TheoryP99 }},
	}
}

func column(points []LoadPoint, of func(LoadPoint) float64) (x, y []float64) {
	for _, p := range points {
		if v := of(p); v > 0 {
			x, y = append(x, p.Load), append(y, v)
		}
	}
	return x, y
}

// title says what the first panel shows at 90 % and at half the load.
func (k Knee) title() string {
	at := func(points []LoadPoint, load float64) float64 {
		for _, p := range points {
			if p.Load > load-1e-3 && p.Load < load+1e-3 {
				return p.P99
			}
		}
		return 0
	}
	first, last := k.Measured[0], k.Measured[len(k.Measured)-1]
	if half, ninety := at(first, 0.5), at(first, 0.9); half > 0 && ninety > 0 {
		text := fmt.Sprintf("From 50 %% to 90 %% load P99 grows %.1f times with %s", ninety/half, servers(k.Servers[0]))
		if half, ninety = at(last, 0.5), at(last, 0.9); len(k.Measured) > 1 && half > 0 {
			text += fmt.Sprintf(", %.1f times with %s", ninety/half, servers(k.Servers[len(k.Servers)-1]))
		}
		return text
	}
	return "The wait explodes as the load nears 100 %"
}
