package queueplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// FetchPoint is a consumer with one value of one setting.
type FetchPoint struct {
	Setting          string  `json:"setting"`
	Value            float64 `json:"value"`
	MaxWait          float64 `json:"fetch_max_wait_s"`
	RecordsPerFetch  float64 `json:"records_per_fetch"`
	FetchesPerS      float64 `json:"fetches_per_s"`
	FetchWait        float64 `json:"fetch_wait_mean_s"`
	Latency          float64 `json:"latency_p99_s"`
	Throughput       float64 `json:"throughput_per_s"`
	TheoryFetches    float64 `json:"theory_fetches_per_s"` // NaN where there is no closed form
	TheoryWait       float64 `json:"theory_wait_mean_s"`
	TheoryThroughput float64 `json:"theory_throughput_per_s"`
}

// FetchCurve is one curve: simulated points, and the closed form at many values.
type FetchCurve struct {
	MaxWait   float64 // s
	Simulated []FetchPoint
	Theory    []FetchPoint // may be empty
}

// FetchSweep is a consumer under its settings: fetch.min.bytes while it keeps up, for each of some fetch.max.wait, and
// the throughput that each of the others allows while it catches up.
type FetchSweep struct {
	Waiting   []FetchCurve // over the records that a fetch waits for
	MaxBytes  FetchCurve   // over max.partition.fetch.bytes
	MaxPoll   FetchCurve   // over max.poll.records
	Measured  []FetchPoint // on a broker, under the same settings as Waiting; may be empty
	Rate      float64      // records/s while keeping up
	RoundTrip string       // for the subtitle, as the next two
	Overhead  string       // of a poll
	Service   string       // of a record
	Seed      uint64
}

// Kafka draws requests and waits against fetch.min.bytes, and the throughput while catching up against the others.
func Kafka(k FetchSweep) Figure {
	few := chart.Axis{Name: "records that a fetch waits for (fetch.min.bytes)", Log: true}
	behind := chart.Axis{Log: true, Format: chart.Short}
	return Figure{
		Title: k.title(),
		Subtitle: fmt.Sprintf("above: keeping up with %s records/s, for different fetch.max.wait; below: catching up, service %s, %s a poll; round trip %s; dots: simulated, lines: closed form%s",
			units.FormatNumber(k.Rate), k.Service, k.Overhead, k.RoundTrip, k.rings()),
		Caption: fmt.Sprintf("%s/commitlog · seed %d", caption, k.Seed),
		Columns: 2, Width: 1000, Height: 700,
		Panels: []chart.Panel{
			k.waiting("fetches per second", few, chart.Axis{Log: true},
				func(p FetchPoint) float64 { return p.FetchesPerS }, func(p FetchPoint) float64 { return p.TheoryFetches }),
			k.waiting("mean wait of a record for its fetch", few, chart.Axis{Log: true, Format: chart.Seconds},
				func(p FetchPoint) float64 { return p.FetchWait }, func(p FetchPoint) float64 { return p.TheoryWait }),
			catching(k.MaxBytes, chart.Axis{Name: "largest fetch (max.partition.fetch.bytes)", Log: true, Format: chart.Bytes, Ticks: bytesTicks(k.MaxBytes)}, behind),
			catching(k.MaxPoll, chart.Axis{Name: "largest poll (max.poll.records)", Log: true}, behind),
		},
	}
}

// bytesTicks are powers of four.
func bytesTicks(c FetchCurve) []float64 {
	if len(c.Simulated) == 0 {
		return nil
	}
	var ticks []float64
	low, high := c.Simulated[0].Value, c.Simulated[len(c.Simulated)-1].Value
	for t := 1.0; t <= high; t *= 4 {
		if t >= low {
			ticks = append(ticks, t)
		}
	}
	if len(ticks) < 2 || len(ticks) > 8 {
		return nil
	}
	return ticks
}

func (k FetchSweep) rings() string {
	if len(k.Measured) == 0 {
		return ""
	}
	return ", rings: measured on franz-go's broker"
}

// waiting is a panel over fetch.min.bytes, a curve for each longest wait.
func (k FetchSweep) waiting(name string, x, y chart.Axis, value, theory func(FetchPoint) float64) chart.Panel {
	p := chart.Panel{Name: name, X: x, Y: y}
	for _, m := range k.Measured {
		p.Marks = append(p.Marks, chart.Dots{X: []float64{m.Value}, Y: []float64{value(m)}, Color: chart.Ink, Hollow: true, Size: 13})
	}
	for i, c := range k.Waiting {
		color, label := chart.Palette(i), units.FormatSeconds(c.MaxWait)
		if tx, ty := fetchColumn(c.Theory, theory); len(tx) > 0 {
			p.Marks = append(p.Marks, chart.Line{Label: label, X: tx, Y: ty, Color: color, Width: 1.3})
			label = ""
		}
		sx, sy := fetchColumn(c.Simulated, value)
		p.Marks = append(p.Marks, chart.Dots{Label: label, X: sx, Y: sy, Color: color, Size: 7})
	}
	return p
}

// catching is a panel of the throughput while behind.
func catching(c FetchCurve, x, y chart.Axis) chart.Panel {
	p := chart.Panel{Name: "records per second while catching up", X: x, Y: y}
	tx, ty := fetchColumn(c.Theory, func(p FetchPoint) float64 { return p.TheoryThroughput })
	if len(tx) > 0 {
		p.Marks = append(p.Marks, chart.Line{X: tx, Y: ty, Color: chart.Green, Width: 1.3})
	}
	sx, sy := fetchColumn(c.Simulated, func(p FetchPoint) float64 { return p.Throughput })
	p.Marks = append(p.Marks, chart.Dots{X: sx, Y: sy, Color: chart.Green, Size: 7})
	for i := range sx {
		if i == 0 || i == len(sx)-1 {
			p.Marks = append(p.Marks, chart.Note{X: sx[i], Y: sy[i], Text: units.FormatCount(math.Round(sy[i])) + "/s", Color: chart.Green})
		} else if sy[i] < 0.9*sy[i-1] {
			p.Marks = append(p.Marks, chart.Note{X: sx[i], Y: sy[i], Text: "after a short last poll\nit waits for the next fetch", Soft: true})
		}
	}
	return p
}

func fetchColumn(points []FetchPoint, y func(FetchPoint) float64) (xs, ys []float64) {
	for _, p := range points {
		if v := y(p); v > 0 {
			xs, ys = append(xs, p.Value), append(ys, v)
		}
	}
	return xs, ys
}

// Gain is how many times as much the best point of a curve reads as its first.
func (c FetchCurve) Gain() float64 {
	best := 0.0
	for _, p := range c.Simulated {
		best = math.Max(best, p.Throughput)
	}
	return best / c.Simulated[0].Throughput
}

// Saved is the share of the requests that the longest wait of the curve saves.
func (c FetchCurve) Saved() float64 {
	return 1 - c.Simulated[len(c.Simulated)-1].FetchesPerS/c.Simulated[0].FetchesPerS
}

func (k FetchSweep) title() string {
	best := 0.0
	for _, c := range k.Waiting {
		best = math.Max(best, c.Saved())
	}
	return fmt.Sprintf("Large fetches read %.3g times as fast, large polls %.3g times; waiting saves %s of the requests", k.MaxBytes.Gain(), k.MaxPoll.Gain(), units.FormatPercent(round(best)))
}
