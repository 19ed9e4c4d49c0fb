package coldstartplot

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// SelectionPoint is a pool under one rule at one rate.
type SelectionPoint struct {
	Selection coldstart.Selection `json:"selection"`
	Rate      float64             `json:"rate_per_s"`
	Requests  int64               `json:"requests"`
	Starts    int64               `json:"cold_requests"`
	Cold      float64             `json:"cold_fraction"`
	Low       float64             `json:"cold_low_fraction"` // 95 %
	High      float64             `json:"cold_high_fraction"`
	Instances float64             `json:"instances"`
	Running   float64             `json:"running"`
	Theory    float64             `json:"theory_instances"` // theory.PoolSizeApprox, NaN where it does not hold
}

// Selections is a sweep over rates for several rules: the points of one follow one another, by rate.
type Selections struct {
	Config   coldstart.Config // what the points have in common
	Points   []SelectionPoint
	Requests int64 // of each point
}

// Near is a rule's point at the rate nearest to one, on a logarithmic scale.
func (s Selections) Near(rule coldstart.Selection, rate float64) SelectionPoint {
	best, off := SelectionPoint{Selection: rule}, math.Inf(1)
	for _, p := range s.Points {
		if d := math.Abs(math.Log(p.Rate / rate)); p.Selection == rule && d < off {
			best, off = p, d
		}
	}
	return best
}

// Selection draws the pool and the share of cold requests against the rate, for each rule.
func Selection(s Selections) Figure {
	c := s.Config
	f := Figure{
		Title: s.title(),
		Subtitle: fmt.Sprintf("environments and cold requests by the rule that picks an idle environment; Poisson arrivals, keep-alive %s, warm requests take %s, cold ones %s; dashed: theory",
			KeepName(c.KeepAlive), lawWords(c.Warm), lawWords(c.Cold.Response)),
		Caption: fmt.Sprintf("%s · %s requests a point and more · seed %d · 95 %% interval by batch means, an arrow: none seen", caption, units.FormatCount(float64(s.Requests)), c.Seed),
		ShareX:  true, Height: 680,
	}
	x := chart.Axis{Name: "requests per second", Log: true, Format: chart.Plain}
	pool := chart.Panel{Name: "environments", X: x, Y: chart.Axis{Log: true, Min: s.least()}}
	cold := chart.Panel{Name: "share of the requests that are cold", X: x, Y: chart.Axis{Log: true, Format: chart.Percent, Min: s.floor(), Max: 1}}
	busy := chart.Line{Label: "busy", Color: chart.Gray, Width: 1.3, Dash: chart.Dotted}
	for _, r := range rules() {
		points := s.of(r.rule)
		if r.rule == coldstart.MRU {
			busy.X, busy.Y = s.busy(points)
		}
		pool.Marks = append(pool.Marks, r.pool(points)...)
		cold.Marks = append(cold.Marks, r.cold(points)...)
	}
	pool.Marks = append(pool.Marks, busy, s.theory())
	f.Panels = []chart.Panel{pool, cold}
	return f
}

func (s Selections) title() string {
	mru, lru := s.Near(coldstart.MRU, 1), s.Near(coldstart.LRU, 1)
	more := lru.Instances/mru.Instances - 1
	switch {
	case math.Abs(more) < 0.02 || math.IsNaN(more):
		return fmt.Sprintf("At %s it does not matter which idle environment serves", PerTime(mru.Rate))
	case lru.Instances < mru.Instances:
		return fmt.Sprintf("Here round-robin makes the pool smaller, by %s", units.FormatPercent(digits(-more)))
	case lru.Starts == 0:
		return fmt.Sprintf("Round-robin pins the pool: no cold request, not %s, for %s more environments (%s)",
			units.FormatCount(float64(mru.Starts)), units.FormatPercent(digits(more)), PerTime(mru.Rate))
	}
	return fmt.Sprintf("Round-robin pins the pool: %s cold requests, not %s, for %s more environments (%s)",
		units.FormatCount(float64(lru.Starts)), units.FormatCount(float64(mru.Starts)), units.FormatPercent(digits(more)), PerTime(mru.Rate))
}

// rule is how a selection is drawn.
type rule struct {
	rule  coldstart.Selection
	name  string
	color chart.Color
	ring  bool // under the dots of the rule that gives nearly the same
}

func rules() []rule {
	return []rule{
		{coldstart.Newest, "newest", chart.Green, true},
		{coldstart.MRU, "most recently used", chart.Blue, false},
		{coldstart.Random, "random", chart.Purple, true},
		{coldstart.LRU, "round-robin (lru)", chart.Vermillion, false},
	}
}

func (s Selections) of(r coldstart.Selection) []SelectionPoint {
	var list []SelectionPoint
	for _, p := range s.Points {
		if p.Selection == r {
			list = append(list, p)
		}
	}
	return list
}

func (r rule) pool(points []SelectionPoint) []chart.Mark {
	l := chart.Line{Label: r.name, Color: r.color, Width: 1.3}
	for _, p := range points {
		l.X, l.Y = append(l.X, p.Rate), append(l.Y, p.Instances)
	}
	return []chart.Mark{l, r.dots(l.X, l.Y)}
}

func (r rule) dots(x, y []float64) chart.Dots {
	if r.ring {
		return chart.Dots{X: x, Y: y, Color: r.color, Size: 10, Hollow: true}
	}
	return chart.Dots{X: x, Y: y, Color: r.color, Size: 5}
}

// cold draws the cold shares; where none was seen, three in all are an upper bound.
func (r rule) cold(points []SelectionPoint) []chart.Mark {
	l := chart.Line{Label: r.name, Color: r.color, Width: 1.1}
	d := r.dots(nil, nil)
	for _, p := range points {
		high, seen := p.High, p.Cold
		if p.Starts == 0 {
			high, seen = 3/float64(max(p.Requests, 1)), math.NaN()
		}
		l.X, l.Y = append(l.X, p.Rate), append(l.Y, seen)
		d.X, d.Y, d.Low, d.High = append(d.X, p.Rate), append(d.Y, p.Cold), append(d.Low, max(p.Low, 0)), append(d.High, high)
	}
	return []chart.Mark{l, d}
}

func (s Selections) floor() float64 {
	least := 0.01
	for _, p := range s.Points {
		if p.Cold > 0 {
			least = min(least, p.Cold)
		}
	}
	return math.Pow(10, math.Floor(math.Log10(least)))
}

func (s Selections) busy(points []SelectionPoint) (x, y []float64) {
	for _, p := range points {
		if p.Running >= s.least() {
			x, y = append(x, p.Rate), append(y, p.Running)
		}
	}
	return x, y
}

// least is the lower end of the axis of environments.
func (s Selections) least() float64 {
	least := 1.0
	for _, p := range s.Points {
		least = min(least, p.Instances)
	}
	return max(0.8*least, 0.01)
}

// theory is the size of the pool of most recently used first.
func (s Selections) theory() chart.Mark {
	l := chart.Line{Color: chart.Ink, Dash: chart.Dashed, Width: 1.2}
	for _, p := range s.of(coldstart.MRU) {
		if p.Theory > 0 {
			l.X, l.Y = append(l.X, p.Rate), append(l.Y, p.Theory)
		}
	}
	return l
}
