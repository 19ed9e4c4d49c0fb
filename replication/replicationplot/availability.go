package replicationplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// UpPoint is how long a year a cluster of a size is without what it needs, in seconds.
type UpPoint struct {
	Servers   int     `json:"servers"`
	Node      float64 `json:"node_up_fraction"`
	Tolerated int     `json:"tolerated_failures"`
	Majority  float64 `json:"majority_up_fraction"`
	Down      float64 `json:"no_majority_per_year_s"`
	AllDown   float64 `json:"not_all_per_year_s"` // not every server is up
}

// QuorumPoint is one split of N replicas into a write quorum and a read quorum that just meet.
type QuorumPoint struct {
	W         int     `json:"w"`
	R         int     `json:"r"`
	WriteDown float64 `json:"no_write_per_year_s"`
	ReadDown  float64 `json:"no_read_per_year_s"`
}

// Uptime is clusters of several sizes, of servers that are up for several shares of the time, and the quorums of one.
type Uptime struct {
	Nodes   []float64
	Points  []UpPoint
	N       int // of Quorums, whose servers are the first of Nodes
	Quorums []QuorumPoint
}

// At is the point of a size with servers of the first kind; ok tells whether there is one.
func (u Uptime) At(servers int) (p UpPoint, ok bool) {
	for _, p := range u.Points {
		if p.Servers == servers && p.Node == u.Nodes[0] {
			return p, true
		}
	}
	return p, false
}

// downTicks are human times of a year, in s.
var downTicks = [...]float64{1e-12, 1e-9, 1e-6, 1e-3, 1, 60, 3600, 86400, 365.25 * 86400}

// Availability draws how long a year clusters have no majority against their size, and what quorums of other sizes do.
func Availability(u Uptime) Figure {
	f := Figure{
		Title: upTitle(u),
		Subtitle: fmt.Sprintf("Time a year that is lost when servers fail independently. Rings: even sizes. Dashed: all servers needed. Right: N = %d, servers up %s.",
			u.N, units.FormatPercent(u.Nodes[0])),
		Caption: caption + "/quorum · closed form, binomial", Columns: 2, Height: 520,
	}
	sizes, quorums := sizePanel(u), splitPanel(u)
	low, high := bounds(u)
	for _, p := range []*chart.Panel{&sizes, &quorums} {
		p.Y = chart.Axis{Log: true, Format: downTime, Ticks: ticksBetween(low, high), Min: low, Max: high}
	}
	f.Panels = []chart.Panel{sizes, quorums}
	return f
}

// downTime is a tick of the y axis.
func downTime(s float64) string {
	if s == downTicks[len(downTicks)-1] {
		return "1 year"
	}
	return chart.Seconds(s)
}

func bounds(u Uptime) (low, high float64) {
	low, high = 3600, 365.25*86400
	for _, p := range u.Points {
		low = min(low, p.Down)
	}
	for _, q := range u.Quorums {
		low = min(low, q.WriteDown, q.ReadDown)
	}
	return max(low/3, 1e-13), high
}

func ticksBetween(low, high float64) []float64 {
	var list []float64
	for _, t := range downTicks {
		if t >= low && t <= high {
			list = append(list, t)
		}
	}
	return list
}

func sizePanel(u Uptime) chart.Panel {
	p := chart.Panel{Name: "No majority (log scale)", X: chart.Axis{Name: "Servers"}}
	for i, node := range u.Nodes {
		line := chart.Line{Label: units.FormatPercent(node), Color: chart.Palette(i), Width: 1.3}
		odd, even := chart.Dots{Color: chart.Palette(i)}, chart.Dots{Color: chart.Palette(i), Hollow: true}
		all := chart.Line{Color: chart.Palette(i), Dash: chart.Dashed, Width: 1.1}
		for _, q := range u.Points {
			if q.Node != node {
				continue
			}
			x := float64(q.Servers)
			line.X, line.Y = append(line.X, x), append(line.Y, q.Down)
			all.X, all.Y = append(all.X, x), append(all.Y, q.AllDown)
			if q.Servers%2 == 0 {
				even.X, even.Y = append(even.X, x), append(even.Y, q.Down)
			} else {
				odd.X, odd.Y = append(odd.X, x), append(odd.Y, q.Down)
			}
		}
		p.Marks = append(p.Marks, all, line, odd, even)
		if i == 0 {
			p.X.Min, p.X.Max, p.X.Ticks = 1, line.X[len(line.X)-1], everySize(len(line.X))
		}
	}
	return p
}

// everySize are ticks at whole numbers, not too many.
func everySize(n int) []float64 {
	step := 1 + n/16
	var list []float64
	for i := 1; i <= n; i += step {
		list = append(list, float64(i))
	}
	return list
}

func splitPanel(u Uptime) chart.Panel {
	p := chart.Panel{
		Name: "Quorum missing, R = N + 1 - W",
		X:    chart.Axis{Name: "Acknowledgements that a write needs, W", Min: 1, Max: float64(max(u.N, 2)), Ticks: everySize(u.N)},
	}
	var x, writes, reads []float64
	for _, q := range u.Quorums {
		x, writes, reads = append(x, float64(q.W)), append(writes, q.WriteDown), append(reads, q.ReadDown)
	}
	p.Marks = append(p.Marks,
		chart.Line{Label: "no write", X: x, Y: writes, Color: chart.Orange, Dots: true},
		chart.Line{Label: "no read", X: x, Y: reads, Color: chart.Purple, Dots: true})
	if u.N%2 == 1 && u.N > 2 {
		half := u.Quorums[u.N/2]
		p.Marks = append(p.Marks, chart.Note{X: float64(half.W), Y: half.WriteDown, Text: "majority for both", Color: chart.Ink})
	}
	return p
}

// upTitle compares three servers with four, or what is nearest to that.
func upTitle(u Uptime) string {
	three, ok := u.At(3)
	four, also := u.At(4)
	if !ok || !also {
		return "A majority of few: no failure is survived by fewer than three servers"
	}
	return fmt.Sprintf("A fourth server makes it worse: %s a year without a majority, not %s", units.FormatSeconds(four.Down), units.FormatSeconds(three.Down))
}
