package coldstartplot

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/container"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/units"
)

// LatencyPoint is the latency at one rate: of functions on demand (Tasks 0), or of so many containers that are always there.
type LatencyPoint struct {
	Tasks    int     `json:"tasks"`
	Rate     float64 `json:"rate_per_s"`
	Requests int64   `json:"requests"`
	Cold     float64 `json:"cold_fraction"` // of functions
	Waited   float64 `json:"waited_fraction"`
	Busy     float64 `json:"busy_fraction"`  // of the containers' time
	ColdMean float64 `json:"cold_latency_s"` // of those
	P50      float64 `json:"latency_p50_s"`
	P99      float64 `json:"latency_p99_s"`
	P999     float64 `json:"latency_p999_s"`
	Tail     float64 `json:"latency_tail_s"` // the quantile that is compared
}

// Latencies are functions on demand beside containers that are always there and whose requests wait in a queue.
type Latencies struct {
	Quantile float64 // that is compared, (0, 1)
	Rate     float64 // of the tails
	Service  law.Law // of a warm request
	Function coldstart.Result
	Rare     coldstart.Result   // the function at a rate at which the quantile sees cold starts; may be the zero value
	Services []container.Result // at Rate, by tasks
	Points   []LatencyPoint     // functions by rate, then each number of tasks by rate
	Seed     uint64
}

// Above is the rate from which on so many tasks are slower at the quantile than a cold request is on average, between two simulated
// rates; 0 if they are without a queue, NaN if they never are.
func (l Latencies) Above(tasks int) float64 {
	cold, last := l.Cold(), math.NaN()
	own := l.of(tasks)
	for i, p := range own {
		gap := math.Log(p.Tail / cold)
		if gap > 0 && last <= 0 {
			before := own[i-1].Rate
			return before + (p.Rate-before)*last/(last-gap)
		}
		if gap > 0 {
			return 0
		}
		last = gap
	}
	return math.NaN()
}

// Cold is how long a cold request takes on average, at the rate with the most of them; NaN if there was none.
func (l Latencies) Cold() float64 {
	mean, most := math.NaN(), 0.0
	for _, p := range l.of(0) {
		if n := p.Cold * float64(p.Requests); n > most {
			most, mean = n, p.ColdMean
		}
	}
	return mean
}

// Seen is the highest rate at which enough requests are cold for the quantile to see them; 0 if there is none.
func (l Latencies) Seen() (rate float64) {
	for _, p := range l.of(0) {
		if p.Cold >= 1-l.Quantile {
			rate = p.Rate
		}
	}
	return rate
}

func (l Latencies) of(tasks int) (list []LatencyPoint) {
	for _, p := range l.Points {
		if p.Tasks == tasks {
			list = append(list, p)
		}
	}
	return list
}

// Tails draws the tails of functions and of containers at one rate, and a quantile against the rate.
func Tails(l Latencies) Figure {
	f := Figure{
		Title: l.title(),
		Subtitle: fmt.Sprintf("a warm request takes %s; functions: %v, cold starts as measured, %d MB, kept for %s; containers: always there, one request at a time each, one queue",
			lawWords(l.Service), l.Function.Config.Cold.Runtime, l.Function.Config.MemoryMB, KeepName(l.Function.Config.KeepAlive)),
		Caption: fmt.Sprintf("%s · %s requests a point · seed %d", caption, units.FormatCount(float64(l.Points[0].Requests)), l.Seed),
		Height:  700, Panels: []chart.Panel{l.tails(), l.rates()},
	}
	if l.Service.Exponential() {
		f.Subtitle += "; dashed: M/M/c in closed form"
	}
	return f
}

func (l Latencies) title() string {
	name, s := QuantileName(l.Quantile), l.Services[0]
	if !(l.load(0) < 1) {
		return fmt.Sprintf("%s too few for %s/s, where functions answer in %s at %s", Containers(s.Config.Tasks, "is", "are"), units.FormatNumber(l.Rate),
			units.FormatSeconds(digits(l.Function.LatencyQuantile(l.Quantile))), name)
	}
	rate := l.Above(s.Config.Tasks)
	if math.IsNaN(rate) {
		return fmt.Sprintf("The queue of %s stays below a cold start at %s", Containers(s.Config.Tasks, "", ""), name)
	}
	if rate == 0 {
		return fmt.Sprintf("At %s a request takes longer than a cold start even without a queue", name)
	}
	busy := min(rate*l.Service.Mean()/float64(s.Config.Tasks), 1)
	return fmt.Sprintf("Above %s busy, the queue of %s is worse than a cold start at %s", units.FormatPercent(digits(busy)), Containers(s.Config.Tasks, "", ""), name)
}

// load is how much of the i-th number of tasks the rate needs.
func (l Latencies) load(i int) float64 {
	c := l.Services[i].Config
	return l.Rate * l.Service.Mean() / float64(c.Tasks)
}

// tails are the shares of requests that take longer.
func (l Latencies) tails() chart.Panel {
	const floor = 1e-4
	p := chart.Panel{
		Name: fmt.Sprintf("share of the requests that take longer, at %s requests/s", units.FormatNumber(l.Rate)),
		Y:    chart.Axis{Log: true, Min: floor, Max: 1, Format: chart.Percent},
	}
	end := max(l.Function.LatencyQuantile(1-floor), l.Rare.LatencyQuantile(1-floor))
	for i, s := range l.Services {
		if l.load(i) < 1 {
			end = max(end, s.LatencyQuantile(1-floor))
		}
	}
	p.X = chart.Axis{Name: "time", Max: end, Format: chart.Seconds}
	x, y := tail(end, floor, l.Function.LatencyAbove)
	p.Marks = append(p.Marks, chart.Line{Label: "functions", X: x, Y: y, Color: chart.Ink})
	if rare := l.Rare; rare.Served > 0 {
		x, y := tail(end, floor, rare.LatencyAbove)
		p.Marks = append(p.Marks, chart.Line{Label: "functions, at " + units.FormatNumber(digits(rare.Config.Arrivals.Rate())) + "/s", X: x, Y: y, Color: chart.Ink, Width: 1.2})
	}
	for i, s := range l.Services {
		x, y := tail(end, floor, s.LatencyAbove)
		p.Marks = append(p.Marks, chart.Line{Label: Containers(s.Config.Tasks, "", ""), X: x, Y: y, Color: chart.Palette(i)})
		if l.Service.Exponential() && l.load(i) < 1 {
			x, y := tail(end, floor, func(t float64) float64 { return container.LatencySurvival(s.Config.Tasks, l.Rate, l.Service.Mean(), t) })
			p.Marks = append(p.Marks, chart.Line{X: x, Y: y, Color: chart.Ink, Dash: chart.Dashed, Width: 1})
		}
	}
	return p
}

func tail(end, floor float64, above func(float64) float64) (x, y []float64) {
	for i := range 301 {
		t := end * float64(i) / 300
		v := above(t)
		if !(v >= floor) {
			break
		}
		x, y = append(x, t), append(y, v)
	}
	return x, y
}

// rates are the quantile against the rate.
func (l Latencies) rates() chart.Panel {
	p := chart.Panel{
		Name: QuantileName(l.Quantile) + " of the latency against the rate",
		X:    chart.Axis{Name: "requests per second", Log: true, Format: chart.Plain},
		Y:    chart.Axis{Log: true, Format: chart.Seconds},
	}
	colors := map[int]chart.Color{0: chart.Ink}
	for i, s := range l.Services {
		colors[s.Config.Tasks] = chart.Palette(i)
	}
	tasks := []int{0}
	for _, s := range l.Services {
		tasks = append(tasks, s.Config.Tasks)
	}
	for _, n := range tasks {
		p.Marks = append(p.Marks, l.curve(n, colors[n])...)
	}
	p.Marks = append(p.Marks, chart.VLine{At: l.Rate, Text: "rate of the tails", Dash: chart.Dotted})
	if cold := l.Cold(); cold > 0 {
		p.Marks = append(p.Marks, chart.HLine{At: cold, Text: "a cold request on average, " + units.FormatSeconds(digits(cold)), Dash: chart.Dashed})
	}
	for _, n := range tasks[1:] {
		if rate := l.Above(n); rate > 0 {
			p.Marks = append(p.Marks, chart.Note{X: rate, Y: l.Cold(), Text: units.FormatPercent(digits(rate*l.Service.Mean()/float64(n))) + " busy", Color: colors[n], Dot: true})
		}
	}
	return p
}

func (l Latencies) curve(n int, color chart.Color) []chart.Mark {
	var x, y, theory []float64
	for _, s := range l.of(n) {
		x, y = append(x, s.Rate), append(y, s.Tail)
		if n > 0 {
			theory = append(theory, sojournQuantile(n, s.Rate, l.Service.Mean(), l.Quantile))
		}
	}
	if n == 0 {
		return []chart.Mark{chart.Line{Label: "functions", X: x, Y: y, Color: color, Width: 1.2}, chart.Dots{X: x, Y: y, Color: color, Size: 5}}
	}
	dots := chart.Dots{X: x, Y: y, Color: color, Size: 6}
	name := Containers(n, "", "")
	if l.Service.Exponential() {
		return []chart.Mark{chart.Line{Label: name, X: x, Y: theory, Color: color, Dash: chart.Dashed, Width: 1.2}, dots}
	}
	return []chart.Mark{chart.Line{Label: name, X: x, Y: y, Color: color, Width: 1.2}, dots}
}
