package replicationplot

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// FrontierPoint is one choice of R and W. Times are in seconds; what was published is NaN where nothing was.
type FrontierPoint struct {
	R              int     `json:"r"`
	W              int     `json:"w"`
	Read           float64 `json:"read_p999_s"`
	Write          float64 `json:"write_p999_s"`
	Both           float64 `json:"read_and_write_p999_s"`
	Stale          float64 `json:"stale_at_once_fraction"`
	Fresh          float64 `json:"t_visibility_999_s"`
	FreshLow       float64 `json:"t_visibility_999_low_s"`
	FreshHigh      float64 `json:"t_visibility_999_high_s"`
	Best           bool    `json:"on_frontier"`
	Published      float64 `json:"published_t_visibility_999_s"`
	PublishedRead  float64 `json:"published_read_p999_s"`
	PublishedWrite float64 `json:"published_write_p999_s"`
}

// Choices are what a client of N replicas can choose from, with the model of the latencies.
type Choices struct {
	Model  string
	N      int
	Trials int
	Seed   uint64
	Points []FrontierPoint
}

// Mark finds the choices on the frontier: no other is both faster and sooner fresh.
func (c Choices) Mark() {
	for i, p := range c.Points {
		c.Points[i].Best = !slices.ContainsFunc(c.Points, func(q FrontierPoint) bool {
			return q.Both <= p.Both && q.Fresh <= p.Fresh && (q.Both < p.Both || q.Fresh < p.Fresh)
		})
	}
}

// Fastest is the choice with the least latency, and Strict the fastest whose quorums meet, so that no read is stale.
func (c Choices) Fastest() (fastest, strict FrontierPoint) {
	fastest, strict = FrontierPoint{Both: math.Inf(1)}, FrontierPoint{Both: math.Inf(1)}
	for _, p := range c.Points {
		if p.Both < fastest.Both {
			fastest = p
		}
		if p.R+p.W > c.N && p.Both < strict.Both {
			strict = p
		}
	}
	return fastest, strict
}

// Frontier draws latency against staleness for every choice of R and W, what was published as rings.
func Frontier(c Choices) Figure {
	p := chart.Panel{
		Name: "Time after the write until 99.9 % of the reads are fresh",
		X:    chart.Axis{Name: "P99.9 latency of a read and a write together (log scale)", Log: true, Format: chart.Seconds},
		Y:    chart.Axis{Zero: true, Format: chart.Seconds},
	}
	var edge []FrontierPoint
	low, high, top := math.Inf(1), 0.0, 0.0
	rings := chart.Dots{Color: chart.Vermillion, Hollow: true, Size: 15}
	for _, q := range c.Points {
		if q.Best {
			edge = append(edge, q)
		}
		if !math.IsNaN(q.Published) {
			rings.X, rings.Y = append(rings.X, q.PublishedRead+q.PublishedWrite), append(rings.Y, q.Published)
		}
		low, high, top = min(low, q.Both), max(high, q.Both), max(top, q.FreshHigh, q.Published)
	}
	p.X.Min, p.X.Max = max(low/1.3, 1e-9), max(high*1.3, 2e-9)
	if top == 0 {
		p.Y.Max = 1e-3
	}
	if len(rings.X) > 0 {
		p.Marks = append(p.Marks, rings)
	}
	p.Marks = append(p.Marks, edgeMark(edge))
	p.Marks = append(p.Marks, choiceMarks(c)...)
	return Figure{
		Title: frontierTitle(c), Subtitle: frontierSubtitle(c, len(rings.X) > 0),
		Caption: fmt.Sprintf("%s/quorum · %s trials a point · seed %d · 95 %% interval", caption, units.FormatCount(float64(c.Trials)), c.Seed),
		Panels:  []chart.Panel{p}, Height: 520,
	}
}

// edgeMark joins the choices that no other beats: between two of them the slower of both is needed.
func edgeMark(edge []FrontierPoint) chart.Mark {
	slices.SortFunc(edge, func(a, b FrontierPoint) int { return cmp.Compare(a.Both, b.Both) })
	line := chart.Line{Color: chart.Gray, Dash: chart.Dotted, Width: 1.3, Step: true}
	for _, p := range edge {
		line.X, line.Y = append(line.X, p.Both), append(line.Y, p.Fresh)
	}
	return line
}

func choiceMarks(c Choices) []chart.Mark {
	var marks []chart.Mark
	_, strict := c.Fastest()
	sorted := slices.Clone(c.Points) // what matters most is named first, as long as there is room
	slices.SortStableFunc(sorted, func(a, b FrontierPoint) int {
		return cmp.Or(rank(a, strict)-rank(b, strict), cmp.Compare(a.Both, b.Both))
	})
	for _, q := range sorted {
		color := chart.Blue
		if q.R+q.W > c.N {
			color = chart.Green
		}
		dot := chart.Dots{X: []float64{q.Both}, Y: []float64{q.Fresh}, Color: color}
		if q.FreshHigh > q.FreshLow {
			dot.Low, dot.High = []float64{q.FreshLow}, []float64{q.FreshHigh}
		}
		marks = append(marks, dot)
		if len(sorted) <= 15 || rank(q, strict) == 0 {
			marks = append(marks, chart.Note{X: q.Both, Y: q.Fresh, Text: fmt.Sprintf("R %d, W %d", q.R, q.W), Color: color, Bold: q.Best})
		}
	}
	return marks
}

func rank(p, strict FrontierPoint) int {
	if p.Best || p.R == strict.R && p.W == strict.W {
		return 0
	}
	return 1
}

func frontierTitle(c Choices) string {
	fast, strict := c.Fastest()
	if fast.Fresh == 0 || fast.R+fast.W > c.N {
		return fmt.Sprintf("R %d, W %d is fastest, and 99.9 %% fresh at once", fast.R, fast.W)
	}
	return fmt.Sprintf("Never stale: %s. With reads that may be stale for %s: %s",
		units.FormatSeconds(strict.Both), units.FormatSeconds(fast.Fresh), units.FormatSeconds(fast.Both))
}

func frontierSubtitle(c Choices, rings bool) string {
	text := fmt.Sprintf("Latencies of %s, N = %d. Blue: stale for a while. Green: R + W > N. Dotted: no choice is both faster and sooner fresh.", c.Model, c.N)
	if rings {
		text += " Rings: published."
	}
	return text
}
