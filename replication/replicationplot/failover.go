package replicationplot

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
	"cloudconcepts/replication/theory"
)

// Crashes is what the crashes of the primary cost in one mode, as means over the runs.
type Crashes struct {
	Mode     replication.Mode `json:"mode"`
	Runs     int              `json:"runs"`
	LostMean float64          `json:"lost_acked_writes_mean"`
	LostMost uint64           `json:"lost_acked_writes_most"`
	Lossless float64          `json:"lossless_fraction"`
	InDoubt  float64          `json:"in_doubt_mean"` // survived though no client was told
	RTO      float64          `json:"rto_s"`
	Detect   float64          `json:"detect_s"`
	Decide   float64          `json:"decide_s"`
	Fence    float64          `json:"fence_s"`
	Promote  float64          `json:"promote_s"`
	Reroute  float64          `json:"reroute_s"`

	Lost []uint64 `json:"-"` // of each run
}

// Add takes in more runs.
func (m *Crashes) Add(s replication.Summary) {
	for _, r := range s.Results {
		m.Lost, m.LostMost = append(m.Lost, r.LostAcked), max(m.LostMost, r.LostAcked)
		before, n := float64(m.Runs), float64(m.Runs+1)
		mean := func(to *float64, x float64) { *to = (*to*before + x) / n }
		mean(&m.LostMean, float64(r.LostAcked))
		mean(&m.InDoubt, float64(r.InDoubt))
		lossless := 0.0
		if r.LostAcked == 0 {
			lossless = 1
		}
		mean(&m.Lossless, lossless)
		mean(&m.RTO, r.RTO)
		var o replication.Outage
		if len(r.Outages) > 0 {
			o = r.Outages[0]
		}
		mean(&m.Detect, o.Detect)
		mean(&m.Decide, o.Decide)
		mean(&m.Fence, o.Fence)
		mean(&m.Promote, o.Promote)
		mean(&m.Reroute, o.Reroute)
		m.Runs++
	}
}

// Failover shows how many acknowledged writes the crashes lost, and the phases of the time without a primary.
func Failover(c replication.Config, modes []Crashes) Figure {
	lost, sub := lostPanel(c, modes)
	var labels []string
	phases := []chart.Series{
		{Label: "detect", Color: chart.Vermillion},
		{Label: "decide", Color: chart.Orange},
		{Label: "fence", Color: chart.Purple},
		{Label: "promote", Color: chart.Blue},
		{Label: "re-route", Color: chart.Green},
	}
	for _, m := range modes {
		labels = append(labels, fmt.Sprint(m.Mode))
		for i, x := range []float64{m.Detect, m.Decide, m.Fence, m.Promote, m.Reroute} {
			phases[i].Y = append(phases[i].Y, x)
		}
	}
	var shown []chart.Series
	for _, s := range phases {
		for _, y := range s.Y {
			if y > 0 {
				shown = append(shown, s)
				break
			}
		}
	}
	rto := chart.Panel{
		Name: "mean time until clients can write again", X: chart.Axis{Zero: true, Format: chart.Seconds}, Y: chart.Axis{Labels: labels},
		Marks: []chart.Mark{chart.Bars{Series: shown, Stacked: true, Horizontal: true}},
	}
	rto.X.Name = "time since the crash"
	return Figure{
		Title: failoverTitle(modes),
		Subtitle: fmt.Sprintf("%s, %s writes/s, delay %s, checks every %s, %d missed; the most advanced standby is promoted; %s",
			standbys(c.Replicas), units.FormatNumber(c.Workload.WriteRate), LawText(c.Pipeline.Delay[0]), units.FormatDuration(c.Failover.Interval), c.Failover.Misses, sub),
		Caption: fmt.Sprintf("%s · %s crashes a mode · seed %d", caption, units.FormatCount(float64(modes[0].Runs)), c.Seed),
		Panels:  []chart.Panel{lost, rto}, Height: 640,
	}
}

// lostPanel is the share of the crashes that lost at least so many writes.
func lostPanel(c replication.Config, modes []Crashes) (chart.Panel, string) {
	most := uint64(4)
	measured := c.Workload.WriteRate == 500 && len(c.Pipeline.Delay) == 1 && c.Pipeline.Delay[0] == replication.Const(20*time.Millisecond) && c.Replicas == 1
	if measured {
		most = 28
	}
	for _, m := range modes {
		most = max(most, m.LostMost+m.LostMost/10+1)
	}
	p := chart.Panel{
		Name: "share of the crashes that lose at least so many acknowledged writes", Weight: 1.3,
		X: chart.Axis{Name: "acknowledged writes lost", Max: float64(most), Format: chart.Count}, Y: chart.Axis{Max: 1, Format: chart.Percent},
	}
	lossless := ""
	for i, m := range modes {
		if m.LostMost == 0 {
			if lossless != "" {
				lossless += ", "
			}
			lossless += fmt.Sprint(m.Mode)
			continue
		}
		x, y := atLeast(m.Lost, most)
		p.Marks = append(p.Marks, chart.Line{X: x, Y: y, Step: true, Color: chart.Palette(i)},
			chart.Note{X: m.LostMean, Y: 0.5, Text: fmt.Sprintf("%v: %s on average", m.Mode, units.FormatNumber(m.LostMean)), Color: chart.Palette(i), Bold: true})
	}
	sub := "solid: simulated"
	if d, ok := c.Pipeline.Delay[0].Fixed(); ok && len(c.Pipeline.Delay) == 1 {
		p.Marks = append(p.Marks, poissonTail(c.Workload.WriteRate, d.Seconds(), most))
		sub += ", dashed: Poisson"
	}
	if measured {
		x, y := atLeast([]uint64{12, 7, 13, 14, 18, 8, 13, 9, 10, 14, 6, 6, 1, 7, 9, 10, 8, 5, 12, 9, 20, 10, 27, 13}, most)
		p.Marks = append(p.Marks, chart.Dots{X: x[1:], Y: y[1:], Color: chart.Ink, Hollow: true, Size: 6})
		sub += ", rings: PostgreSQL 15.18, measured in 24 trials"
	}
	if lossless != "" {
		p.Marks = append(p.Marks, chart.Note{X: 0, Y: 0.02, Text: "lose nothing: " + lossless, Color: chart.Green, Bold: true, Bare: true})
	}
	return p, sub
}

func atLeast(lost []uint64, most uint64) (x, y []float64) {
	step := max(1, most/500)
	for k := uint64(0); k <= most; k += step {
		n := 0
		for _, l := range lost {
			if l >= k {
				n++
			}
		}
		x, y = append(x, float64(k)), append(y, float64(n)/float64(len(lost)))
		if n == 0 {
			break
		}
	}
	return x, y
}

// poissonTail is the closed form for a constant delay.
func poissonTail(rate, delay float64, most uint64) chart.Line {
	line := chart.Line{Color: chart.Ink, Dash: chart.Dashed, Width: 1.1, Step: true}
	left := 1.0
	for k := range min(most+1, 5000) {
		line.X, line.Y = append(line.X, float64(k)), append(line.Y, math.Max(left, 0))
		left -= theory.LostConstant(rate, delay, int(k))
	}
	return line
}

func failoverTitle(modes []Crashes) string {
	a := modes[0]
	safe := 0
	for _, m := range modes[1:] {
		if m.LostMost == 0 {
			safe++
		}
	}
	text := fmt.Sprintf("A crash loses %s acknowledged writes of an asynchronous primary", units.FormatNumber(a.LostMean))
	if safe == len(modes)-1 {
		text += fmt.Sprintf(", none if it waits; both cost %s", units.FormatSeconds(a.RTO))
	} else {
		text += fmt.Sprintf(" and %s", units.FormatSeconds(a.RTO))
	}
	return text
}
