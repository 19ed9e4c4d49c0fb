package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog"
)

// PartitionPoint is a group of one size.
type PartitionPoint struct {
	Consumers int     `json:"consumers"`
	Even      float64 `json:"even_rate_per_s"` // up to which the group keeps up
	EvenLag   float64 `json:"even_lag_max_s"`  // at 95 % of it
	Keyed     float64 `json:"keyed_rate_per_s"`
	KeyedLag  float64 `json:"keyed_lag_max_s"`
	Largest   float64 `json:"largest_partition_fraction"`
}

// Partitioned is a topic read by groups of several sizes, and one group while a consumer joins.
type Partitioned struct {
	Points     []PartitionPoint
	Partitions int
	Each       float64 // records/s that one consumer can do
	Keys       int
	Skew       float64
	Eager      commitlog.Result // with Series
	Sticky     commitlog.Result
	JoinAt     float64 // s
	Seed       uint64
}

// Partitions draws the throughput against the number of consumers, and the lag while one more joins.
func Partitions(p Partitioned) Figure {
	var x, even, keyed, ideal []float64
	for _, q := range p.Points {
		x, even, keyed = append(x, float64(q.Consumers)), append(even, q.Even), append(keyed, q.Keyed)
		ideal = append(ideal, float64(q.Consumers)*p.Each)
	}
	lag := func(r commitlog.Result) (at, y []float64) {
		for _, s := range r.Series {
			at, y = append(at, s.At), append(y, float64(s.Lag))
		}
		return at, y
	}
	ex, ey := lag(p.Eager)
	sx, sy := lag(p.Sticky)
	return Figure{
		Title:    p.title(),
		Subtitle: fmt.Sprintf("%d partitions, consumers of %s records/s each; keyed: %s keys of popularity 1/rank^%.2g", p.Partitions, units.FormatNumber(p.Each), units.FormatCount(float64(p.Keys)), p.Skew),
		Caption:  fmt.Sprintf("%s/commitlog · seed %d", caption, p.Seed), Height: 680,
		Panels: []chart.Panel{
			{
				Name: "records per second with which the group keeps up", X: chart.Axis{Name: "consumers", Ticks: wholes(p.Points[len(p.Points)-1].Consumers)}, Y: chart.Axis{Zero: true},
				Marks: []chart.Mark{
					chart.VLine{At: float64(p.Partitions), Text: "partitions", Dash: chart.Dashed},
					chart.Line{Label: "if all could work", X: x, Y: ideal, Color: chart.Gray, Dash: chart.Dashed, Width: 1.1},
					chart.Line{Label: "records without keys", X: x, Y: even, Color: chart.Blue, Dots: true},
					chart.Line{Label: "keyed", X: x, Y: keyed, Color: chart.Vermillion, Dots: true},
				},
			},
			{
				Name: "lag in records while a consumer joins", Weight: 0.8, X: chart.Axis{Name: "time", Format: chart.Seconds}, Y: chart.Axis{Zero: true},
				Marks: []chart.Mark{
					chart.VLine{At: p.JoinAt, Text: "one more joins", Dash: chart.Dashed},
					chart.Line{Label: "everybody stops", X: ex, Y: ey, Color: chart.Vermillion, Width: 1.5},
					chart.Line{Label: "cooperative", X: sx, Y: sy, Color: chart.Green, Width: 1.5},
				},
			},
		},
	}
}

func (p Partitioned) title() string {
	last := p.Points[len(p.Points)-1]
	if last.Consumers > p.Partitions {
		return fmt.Sprintf("%d consumers of %d partitions do the work of %.3g; with keys that of %.3g", last.Consumers, p.Partitions, last.Even/p.Each, last.Keyed/p.Each)
	}
	return fmt.Sprintf("%d consumers do the work of %.3g, with keys that of %.3g", last.Consumers, last.Even/p.Each, last.Keyed/p.Each)
}
