package queueplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/units"
)

// VisibilityPoint is what one visibility timeout does to messages.
type VisibilityPoint struct {
	Late       string  `json:"late_delete"`
	Ratio      float64 `json:"timeout_over_mean_service"`
	Visibility float64 `json:"visibility_timeout_s"`
	Deliveries float64 `json:"deliveries_per_message"`
	Duplicates float64 `json:"duplicates_fraction"`
	Wasted     float64 `json:"wasted_work_fraction"` // of all work
	Dead       float64 `json:"dlq_fraction"`         // with the maximum of deliveries
	Expected   float64 `json:"theory_deliveries_per_message"`
	DeadTheory float64 `json:"theory_dlq_fraction"`
}

// MeasuredDeliveries is a cell measured on a broker, with its standard error.
type MeasuredDeliveries struct {
	Broker     string
	Version    string
	Ratio      float64
	Deliveries float64
	Error      float64
}

// VisibilitySweep is both ways of late deletes over visibility timeouts.
type VisibilitySweep struct {
	Works, Fails []VisibilityPoint // simulated
	Curve        [2][]VisibilityPoint
	Measured     []MeasuredDeliveries
	Service      string
	MaxReceives  int
	Messages     int
	Seed         uint64
}

// Visibility draws deliveries and dead letters against the visibility timeout.
func Visibility(v VisibilitySweep) Figure {
	x := chart.Axis{Name: "visibility timeout / mean processing time", Log: true, Format: chart.Multiple}
	top := chart.Panel{Name: "deliveries per message", X: x, Y: chart.Axis{Min: 1}}
	bottom := chart.Panel{
		Name: fmt.Sprintf("share in the dead-letter queue with at most %d deliveries", v.MaxReceives), X: x,
		Y: chart.Axis{Log: true, Format: chart.Percent, Min: 1e-5, Max: 1},
	}
	for i, points := range [][]VisibilityPoint{v.Works, v.Fails} {
		color, name := chart.Blue, "late deletes work"
		if i == 1 {
			color, name = chart.Vermillion, "late deletes fail"
		}
		curve := v.Curve[i]
		label := ""
		if len(curve) > 0 {
			top.Marks = append(top.Marks, chart.Line{Label: name, X: pick(curve, ratio), Y: pick(curve, expected), Color: color, Width: 1.4})
			bottom.Marks = append(bottom.Marks, chart.Line{Label: name, X: pick(curve, ratio), Y: pick(curve, deadTheory), Color: color, Width: 1.4})
		} else {
			label = name
		}
		low, high := v.bars(points)
		top.Marks = append(top.Marks, chart.Dots{Label: label, X: pick(points, ratio), Y: pick(points, shown), Color: color, Size: 7})
		bottom.Marks = append(bottom.Marks, chart.Dots{Label: label, X: pick(points, ratio), Y: pick(points, dead), Low: low, High: high, Color: color, Size: 7})
	}
	for _, m := range v.Measured {
		top.Marks = append(top.Marks, chart.Dots{
			X: []float64{m.Ratio}, Y: []float64{m.Deliveries}, Low: []float64{m.Deliveries - 1.96*m.Error}, High: []float64{m.Deliveries + 1.96*m.Error},
			Color: brokerColor(m.Broker), Hollow: true, Size: 12,
		})
	}
	for i, m := range v.Measured {
		if i == 0 || v.Measured[i-1].Broker != m.Broker {
			top.Marks = append(top.Marks, chart.Note{X: m.Ratio, Y: m.Deliveries, Text: m.Broker + " " + m.Version, Color: brokerColor(m.Broker)})
		}
	}
	return Figure{
		Title:    v.title(),
		Subtitle: "lines: theory; dots: simulated; rings: measured; service " + v.Service + "; always an idle worker",
		Caption:  fmt.Sprintf("%s/sqs · %s messages a point · seed %d · 95 %% interval", caption, units.FormatCount(float64(v.Messages)), v.Seed),
		Panels:   []chart.Panel{top, bottom}, ShareX: true, Height: 620,
	}
}

func brokerColor(name string) chart.Color {
	if name == "JetStream" {
		return chart.Green
	}
	return chart.Purple
}

func pick(points []VisibilityPoint, of func(VisibilityPoint) float64) []float64 {
	list := make([]float64, len(points))
	for i, p := range points {
		list[i] = of(p)
	}
	return list
}

func ratio(p VisibilityPoint) float64    { return p.Ratio }
func expected(p VisibilityPoint) float64 { return p.Expected }

// shown is the deliveries, but not of messages that would never end.
func shown(p VisibilityPoint) float64 {
	if math.IsInf(p.Expected, 1) {
		return math.NaN()
	}
	return p.Deliveries
}

// bars are the 95 % intervals of the shares of dead letters.
func (v VisibilitySweep) bars(points []VisibilityPoint) (low, high []float64) {
	for _, p := range points {
		a, b, err := stats.ClopperPearson(uint64(p.Dead*float64(v.Messages)+0.5), uint64(max(v.Messages, 1)), 0.95)
		if err != nil {
			a, b = p.Dead, p.Dead
		}
		low, high = append(low, a), append(high, b)
	}
	return low, high
}

func dead(p VisibilityPoint) float64       { return p.Dead }
func deadTheory(p VisibilityPoint) float64 { return p.DeadTheory }

func (v VisibilitySweep) title() string {
	for i, p := range v.Works {
		if p.Ratio > 0.99 && p.Ratio < 1.01 && i < len(v.Fails) {
			return fmt.Sprintf("A timeout of the mean processing time makes %.2f deliveries of a message, or %.2f if late deletes fail", p.Deliveries, v.Fails[i].Deliveries)
		}
	}
	first := v.Works[0]
	return fmt.Sprintf("A timeout of %.2g times the mean makes %.3g deliveries of a message", first.Ratio, first.Deliveries)
}
