package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// FetchPoint is a consumer with one value of one setting.
type FetchPoint struct {
	Setting         string  `json:"setting"`
	Value           float64 `json:"value"`
	FetchesPerS     float64 `json:"fetches_per_s"`
	RecordsPerFetch float64 `json:"records_per_fetch"`
	FetchWait       float64 `json:"fetch_wait_mean_s"`
	Latency         float64 `json:"latency_p99_s"`
	Throughput      float64 `json:"throughput_per_s"`
	LagMax          float64 `json:"lag_max_s"`
	TheoryFetches   float64 `json:"theory_fetches_per_s"` // NaN where there is no closed form
	TheoryWait      float64 `json:"theory_wait_mean_s"`
}

// FetchSweep is a consumer under its settings: fetch.min.bytes while it keeps up, and the throughput that each of the
// others allows while it catches up.
type FetchSweep struct {
	MinRecords []FetchPoint // simulated
	Theory     []FetchPoint // closed form, at many values
	MaxBytes   []FetchPoint
	MaxPoll    []FetchPoint
	RoundTrip  []FetchPoint
	Rate       float64 // records/s
	MaxWait    float64 // s
	Measured   []FetchPoint
	Seed       uint64
}

// Kafka draws requests and waits against fetch.min.bytes, and the throughput while catching up against the others.
func Kafka(k FetchSweep) Figure {
	of := func(points []FetchPoint, y func(FetchPoint) float64) (xs, ys []float64) {
		for _, p := range points {
			xs, ys = append(xs, p.Value), append(ys, y(p))
		}
		return xs, ys
	}
	few := chart.Axis{Name: "records that a fetch waits for", Log: true}
	panel := func(name string, x chart.Axis, y chart.Axis, simulated, theory []FetchPoint, value, expected func(FetchPoint) float64) chart.Panel {
		p := chart.Panel{Name: name, X: x, Y: y}
		sx, sy := of(simulated, value)
		if len(theory) > 0 {
			tx, ty := of(theory, expected)
			p.Marks = append(p.Marks, chart.Line{Label: "theory", X: tx, Y: ty, Color: chart.Ink, Width: 1.1, Dash: chart.Dashed})
			p.Marks = append(p.Marks, chart.Dots{X: sx, Y: sy, Color: chart.Blue, Label: "simulated"})
			return p
		}
		p.Marks = append(p.Marks, chart.Line{X: sx, Y: sy, Color: chart.Green, Dots: true})
		return p
	}
	fetches := func(p FetchPoint) float64 { return p.FetchesPerS }
	wait := func(p FetchPoint) float64 { return p.FetchWait }
	throughput := func(p FetchPoint) float64 { return p.Throughput }
	a := panel("fetches per second", few, chart.Axis{Log: true}, k.MinRecords, k.Theory, fetches, func(p FetchPoint) float64 { return p.TheoryFetches })
	b := panel("mean wait of a record for its fetch", few, chart.Axis{Zero: true, Format: chart.Seconds}, k.MinRecords, k.Theory, wait, func(p FetchPoint) float64 { return p.TheoryWait })
	for _, m := range k.Measured {
		a.Marks = append(a.Marks, chart.Dots{X: []float64{m.Value}, Y: []float64{m.FetchesPerS}, Color: chart.Vermillion, Hollow: true, Size: 12})
		b.Marks = append(b.Marks, chart.Dots{X: []float64{m.Value}, Y: []float64{m.FetchWait}, Color: chart.Vermillion, Hollow: true, Size: 12})
	}
	bytes := chart.Axis{Name: "max.partition.fetch.bytes", Log: true, Format: chart.Bytes}
	poll := chart.Axis{Name: "max.poll.records", Log: true}
	y := chart.Axis{Zero: true, Format: chart.Short}
	return Figure{
		Title: k.title(),
		Subtitle: fmt.Sprintf("above: a consumer that keeps up with %s records/s, a fetch waits at most %s; below: catching up; rings: measured on franz-go's broker", units.FormatNumber(k.Rate),
			units.FormatSeconds(k.MaxWait)),
		Caption: fmt.Sprintf("%s/commitlog · seed %d", caption, k.Seed),
		Columns: 2, Width: 1000, Height: 660,
		Panels: []chart.Panel{
			a, b,
			panel("records per second while catching up", bytes, y, k.MaxBytes, nil, throughput, nil),
			panel("records per second while catching up", poll, y, k.MaxPoll, nil, throughput, nil),
		},
	}
}

func (k FetchSweep) title() string {
	first, last := k.MinRecords[0], k.MinRecords[len(k.MinRecords)-1]
	return fmt.Sprintf("Waiting for %s records makes %.2g fetches a second instead of %.3g, and costs each record %s",
		units.FormatCount(last.Value), last.FetchesPerS, first.FetchesPerS, units.FormatSeconds(last.FetchWait))
}
