package queueplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog/kinesis"
)

// ShardPoint is a stream with one value changed: its rate, or its number of consumers.
type ShardPoint struct {
	Rate           float64 `json:"rate_per_s"`
	Consumers      int     `json:"consumers"`
	Rejected       float64 `json:"rejected_fraction"`
	RejectedTheory float64 `json:"rejected_theory_fraction"`
	Delay          float64 `json:"delay_mean_s"` // by polling
	DelayTheory    float64 `json:"delay_theory_s"`
	FanOut         float64 `json:"fan_out_delay_mean_s"`
	Behind         float64 `json:"behind_fraction"` // of the deliveries to pollers, due at the end
}

// late tells whether pollers read less than is written.
func (p ShardPoint) late() bool { return p.Delay > 1.3*p.DelayTheory || p.Behind > 0.3 }

// Stream is a stream of shards, at other rates and with other numbers of consumers.
type Stream struct {
	Run       kinesis.Result
	Rates     []ShardPoint
	Consumers []ShardPoint
}

// Shards draws what the limits of the shards reject against the rate, and how old records are when consumers read them
// against the number of these.
func Shards(s Stream) Figure {
	c := s.Run.Config
	column := func(points []ShardPoint, x, y func(ShardPoint) float64) (xs, ys []float64) {
		for _, p := range points {
			xs, ys = append(xs, x(p)), append(ys, y(p))
		}
		return xs, ys
	}
	rate := func(p ShardPoint) float64 { return p.Rate }
	consumers := func(p ShardPoint) float64 { return float64(p.Consumers) }
	rx, ry := column(s.Rates, rate, func(p ShardPoint) float64 { return p.Rejected })
	tx, ty := column(s.Rates, rate, func(p ShardPoint) float64 { return p.RejectedTheory })
	px, py := column(s.Consumers, consumers, func(p ShardPoint) float64 { return p.Delay })
	ox, oy := column(s.Consumers, consumers, func(p ShardPoint) float64 { return p.DelayTheory })
	fx, fy := column(s.Consumers, consumers, func(p ShardPoint) float64 { return p.FanOut })
	var late []chart.Mark
	for i, p := range s.Consumers {
		if !p.late() {
			continue
		}
		if len(late) == 0 {
			late = append(late, chart.Span{From: px[i] - 0.5, To: px[len(px)-1] + 0.5, Text: "pollers fall behind"})
		}
		py[i], oy[i] = math.NaN(), math.NaN() // what a poller reads that gets its turn says nothing about those that do not
	}
	return Figure{
		Title: s.title(),
		Subtitle: fmt.Sprintf("Kinesis: %s, records of %s, %s; above: other rates, below: other numbers of consumers at %s records/s; dots: simulated, dashed: expected",
			count(c.Shards, "shard"), units.FormatBytes(float64(c.RecordBytes)), count(c.Keys, "key"), units.FormatNumber(c.Rate)),
		Caption: fmt.Sprintf("%s/commitlog/kinesis · seed %d", caption, c.Seed), Height: 600,
		Panels: []chart.Panel{
			{
				Name: "share of the records that the shards reject", X: chart.Axis{Name: "records per second"}, Y: chart.Axis{Zero: true, Format: chart.Percent},
				Marks: []chart.Mark{
					chart.VLine{At: c.Rate, Text: "this stream", Dash: chart.Dashed},
					chart.Line{X: tx, Y: ty, Color: chart.Vermillion, Dash: chart.Dashed, Width: 1.1},
					chart.Dots{X: rx, Y: ry, Color: chart.Vermillion},
				},
			},
			{
				Name: "mean age of a record when a consumer gets it", X: chart.Axis{Name: "consumers that each read all of it", Ticks: wholes(len(px))}, Y: chart.Axis{Zero: true, Format: chart.Seconds},
				Marks: append(late,
					chart.Line{X: ox, Y: oy, Color: chart.Blue, Dash: chart.Dashed, Width: 1.1},
					chart.Dots{Label: "polling", X: px, Y: py, Color: chart.Blue},
					chart.Line{Label: "enhanced fan-out", X: fx, Y: fy, Color: chart.Green, Dots: true}),
			},
		},
	}
}

func (s Stream) title() string {
	r := s.Run
	way := "poll"
	if r.Config.FanOut {
		way = "are pushed to"
	}
	text := fmt.Sprintf("%s that %s get a record after %s", count(r.Config.Consumers, "consumer"), way, units.FormatSeconds(r.DelayMean))
	if r.Config.Consumers == 1 {
		text = fmt.Sprintf("A consumer gets a record after %s", units.FormatSeconds(r.DelayMean))
	}
	if r.Behind > r.Delivered/20 {
		return fmt.Sprintf("%s read too slowly: %s of the records are not delivered at the end", count(r.Config.Consumers, "consumer"), units.FormatPercent(round(float64(r.Behind)/float64(r.Behind+r.Delivered))))
	}
	if r.Rejected > 0 {
		return text + fmt.Sprintf("; %s are rejected", units.FormatPercent(round(float64(r.Rejected)/float64(r.Offered))))
	}
	return text + "; nothing is rejected"
}
