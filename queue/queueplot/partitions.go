package queueplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog"
)

// PartitionPoint is a group of one size: the greatest rate of records with which no consumer of it falls behind.
type PartitionPoint struct {
	Consumers   int     `json:"consumers"`
	Even        float64 `json:"even_rate_per_s"` // simulated, records without keys
	EvenTheory  float64 `json:"even_theory_per_s"`
	EvenLag     float64 `json:"even_lag_max_s"`   // at 90 % of EvenTheory
	Keyed       float64 `json:"keyed_rate_per_s"` // simulated, records with keys
	KeyedTheory float64 `json:"keyed_theory_per_s"`
	KeyedLag    float64 `json:"keyed_lag_max_s"` // at 90 % of KeyedTheory
}

// Partitioned is a topic read by groups of several sizes, and one group while a consumer joins.
type Partitioned struct {
	Points     []PartitionPoint
	Partitions int
	Each       float64   // records/s that one consumer can do
	Shares     []float64 // of the records with keys, expected in each partition
	Keys       int
	Skew       float64
	Eager      commitlog.Result // with rows
	Sticky     commitlog.Result
	JoinAt     float64 // s
	Seed       uint64
}

// Partitions draws the rate with which a group keeps up against its consumers, the partitions' shares of the records,
// and the lag while one more consumer joins.
func Partitions(p Partitioned) Figure {
	return Figure{
		Title: p.title(),
		Subtitle: fmt.Sprintf("%s, consumers of %s records/s each; keyed: %s; dots: simulated, dashed: expected", count(p.Partitions, "partition"),
			units.FormatNumber(p.Each), p.keys()),
		Caption: fmt.Sprintf("%s/commitlog · seed %d", caption, p.Seed), Height: 860,
		Panels: []chart.Panel{p.stairs(), p.shares(), p.join()},
	}
}

func (p Partitioned) keys() string {
	text := count(p.Keys, "key")
	switch p.Skew {
	case 0:
		return text + " alike"
	case 1:
		return text + ", each as popular as 1/rank"
	}
	return fmt.Sprintf("%s, each as popular as 1/rank^{%.3g}", text, p.Skew)
}

func (p Partitioned) stairs() chart.Panel {
	var x, even, keyed, evenTheory, keyedTheory, ideal []float64
	for _, q := range p.Points {
		x, even, keyed = append(x, float64(q.Consumers)), append(even, q.Even), append(keyed, q.Keyed)
		evenTheory, keyedTheory = append(evenTheory, q.EvenTheory), append(keyedTheory, q.KeyedTheory)
		ideal = append(ideal, float64(q.Consumers)*p.Each)
	}
	marks := []chart.Mark{
		chart.Line{Label: "if all could work", X: x, Y: ideal, Color: chart.Gray, Dash: chart.Dotted, Width: 1.1},
		chart.Line{X: x, Y: evenTheory, Color: chart.Blue, Dash: chart.Dashed, Width: 1.1},
		chart.Dots{Label: "without keys", X: x, Y: even, Color: chart.Blue},
		chart.Line{X: x, Y: keyedTheory, Color: chart.Vermillion, Dash: chart.Dashed, Width: 1.1},
		chart.Dots{Label: "with keys", X: x, Y: keyed, Color: chart.Vermillion},
	}
	if n := len(p.Points); n > 0 && p.Points[n-1].Consumers > p.Partitions {
		marks = append(marks, chart.VLine{At: float64(p.Partitions), Text: count(p.Partitions, "partition"), Dash: chart.Dashed})
	}
	return chart.Panel{
		Name: "records per second with which nobody falls behind", Weight: 1.5,
		X: chart.Axis{Name: "consumers", Ticks: wholes(len(x))}, Y: chart.Axis{Zero: true}, Marks: marks,
	}
}

func (p Partitioned) shares() chart.Panel {
	var names []string
	colors := make([]chart.Color, len(p.Shares))
	hot := p.hottest()
	for i := range p.Shares {
		names = append(names, fmt.Sprint(i))
		if colors[i] = chart.Sky; i == hot {
			colors[i] = chart.Vermillion
		}
	}
	panel := chart.Panel{
		Name: "share of the records with keys in each partition; dashed: the same for all", Weight: 0.8,
		X: chart.Axis{Name: "partition", Labels: names}, Y: chart.Axis{Zero: true, Format: chart.Percent},
	}
	if len(p.Shares) > 40 { // too many for names
		panel.X.Labels = nil
	}
	bars := chart.Bars{Series: []chart.Series{{Y: p.Shares, Colors: colors}}}
	bars.Values = func(v float64) string {
		if v < p.Shares[hot] {
			return ""
		}
		return units.FormatPercent(round(v))
	}
	panel.Marks = []chart.Mark{bars, chart.HLine{At: 1 / float64(max(len(p.Shares), 1)), Dash: chart.Dashed}}
	return panel
}

func (p Partitioned) hottest() int {
	hot := 0
	for i, s := range p.Shares {
		if s > p.Shares[hot] {
			hot = i
		}
	}
	return hot
}

func (p Partitioned) join() chart.Panel {
	marks := []chart.Mark{chart.VLine{At: 0, Text: "one more consumer joins", Dash: chart.Dashed}}
	for _, run := range []struct {
		name   string
		result commitlog.Result
		color  chart.Color
	}{{"eager: all stop", p.Eager, chart.Vermillion}, {"cooperative-sticky", p.Sticky, chart.Green}} {
		var x, y []float64
		for _, s := range run.result.Rows {
			x, y = append(x, s.At-p.JoinAt), append(y, float64(s.Lag))
		}
		marks = append(marks, chart.Line{X: x, Y: y, Color: run.color, Width: 1.5})
		if i := peakIndex(y); i >= 0 {
			marks = append(marks, chart.Note{X: x[i], Y: y[i], Text: fmt.Sprintf("%s, %s", run.name, units.FormatCount(y[i])), Color: run.color, Bold: true, Soft: true})
		}
	}
	end := p.Eager.Config.Duration.Seconds() - p.JoinAt
	return chart.Panel{Name: "lag in records while a consumer joins", X: chart.Axis{Name: "time since it joined", Format: chart.Seconds, Min: -p.JoinAt, Max: end}, Y: chart.Axis{Zero: true}, Marks: marks}
}

// peakIndex is the index of the greatest value, or -1.
func peakIndex(y []float64) int {
	best := -1
	for i, v := range y {
		if best < 0 || v > y[best] {
			best = i
		}
	}
	return best
}

// Work is the number of consumers that would do what the last group does, without keys and with.
func (p Partitioned) Work() (even, keyed float64) {
	last := p.Points[len(p.Points)-1]
	return math.Round(last.EvenTheory/p.Each*100) / 100, math.Round(last.KeyedTheory/p.Each*100) / 100
}

func (p Partitioned) title() string {
	even, keyed := p.Work()
	last := p.Points[len(p.Points)-1]
	if last.Consumers > p.Partitions {
		return fmt.Sprintf("%s do the work of %.3g on %s; with keys, that of %.3g", count(last.Consumers, "consumer"), even, count(p.Partitions, "partition"), keyed)
	}
	return fmt.Sprintf("%s do the work of %.3g; with keys, that of %.3g", count(last.Consumers, "consumer"), even, keyed)
}
