package replicationplot

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/multileader"
)

// ConflictPoint is what one policy made of writes at several leaders, at one delay between them. Delay and Theory are in s and a share.
type ConflictPoint struct {
	Policy   multileader.Policy `json:"policy"`
	Delay    float64            `json:"delay_s"`
	Conflict Share              `json:"conflicts"` // of the writes, those that did not know of another one; theory for constant delays
	Lost     Share              `json:"lost"`      // of the writes, those that vanished
	Writes   int64              `json:"writes"`
	Sum      int64              `json:"sum"` // what the counters add up to at last
	Siblings float64            `json:"siblings_mean"`
	Unmerged int                `json:"unmerged_keys"`
}

// ConflictSweep is every policy at every delay.
type ConflictSweep struct {
	Points  []ConflictPoint // policy by policy, delays rising
	Leaders int
	Rate    float64 // writes/s of one key at one leader
	Skew    float64 // s, by which each clock is ahead of the one before
	Runs    int
	Seed    uint64
}

// PolicyTitle is a policy in words.
func PolicyTitle(p multileader.Policy) string {
	switch p {
	case multileader.LastWriterWins:
		return "last writer wins"
	case multileader.HybridClock:
		return "hybrid clock"
	case multileader.VersionVectors:
		return "version vectors"
	}
	return "G-counter"
}

// Conflicts draws the share of writes in conflict, and what the counters show of all increments, by the delay between the leaders.
func Conflicts(s ConflictSweep) Figure {
	return Figure{
		Title: s.title(),
		Subtitle: fmt.Sprintf("%d leaders take increments of the same keys, each %s of a key on average, and tell one another after the delay; clocks %s apart\nleft: dashed theory, dots simulated; right: increments that are missing when all is quiet and the counters are read, by policy",
			s.Leaders, units.FormatFrequency(s.Rate), units.FormatSeconds(s.Skew)),
		Caption: fmt.Sprintf("%s/multileader · %s writes a point · seed %d · 95 %% interval of %d runs", caption, units.FormatCount(s.writes()), s.Seed, s.Runs),
		Columns: 2, Width: 1050, Height: 500, Panels: []chart.Panel{s.conflicts(), s.totals()},
	}
}

func (s ConflictSweep) writes() float64 {
	var most int64
	for _, p := range s.Points {
		most = max(most, p.Writes)
	}
	return float64(most)
}

func (s ConflictSweep) policies() []multileader.Policy {
	var all []multileader.Policy
	for _, p := range s.Points {
		if len(all) == 0 || all[len(all)-1] != p.Policy {
			all = append(all, p.Policy)
		}
	}
	return all
}

func (s ConflictSweep) conflicts() chart.Panel {
	var line chart.Line
	var dots chart.Dots
	if len(s.Points) == 0 {
		return chart.Panel{}
	}
	low, high := s.Points[0].Delay, s.Points[len(s.Points)-1].Delay
	for i := range 101 {
		d := low * math.Pow(high/low, float64(i)/100)
		line.X, line.Y = append(line.X, d), append(line.Y, multileader.ConflictProbability(s.Leaders, s.Rate, d))
	}
	for _, p := range s.Points {
		if p.Policy == s.Points[0].Policy {
			dots.X, dots.Y = append(dots.X, p.Delay), append(dots.Y, p.Conflict.Value)
			dots.Low, dots.High = append(dots.Low, p.Conflict.Low), append(dots.High, p.Conflict.High)
		}
	}
	line.Color, line.Dash, line.Width, dots.Color = chart.Ink, chart.Dashed, 1.4, chart.Ink
	p := chart.Panel{
		Name: "writes in conflict, whatever the policy", X: chart.Axis{Name: "one-way delay between leaders", Log: true, Format: chart.Seconds},
		Y:     chart.Axis{Log: true, Format: chart.Percent, Max: 1},
		Marks: []chart.Mark{dots},
	}
	if min(slices.Min(line.Y), slices.Min(dots.Y)) > 0.5 {
		p.Y.Min = 0.1 // nearly every write is in conflict
	}
	if s.Points[0].Conflict.Theory >= 0 {
		p.Marks = []chart.Mark{line, dots, chart.Note{X: line.X[50], Y: line.Y[50], Text: "1 - exp(-2(n - 1)λd)"}}
	}
	return p
}

func (s ConflictSweep) totals() chart.Panel {
	p := chart.Panel{
		Name: "increments missing from the counters", X: chart.Axis{Name: "one-way delay between leaders", Log: true, Format: chart.Seconds},
		Y: chart.Axis{Log: true, Format: chart.Percent, Max: 1},
	}
	var exact []string
	for i, policy := range s.policies() {
		line := chart.Line{Label: PolicyTitle(policy), Color: chart.Palette(i), Dots: true}
		for _, q := range s.Points {
			if q.Policy == policy && q.Sum < q.Writes {
				line.X, line.Y = append(line.X, q.Delay), append(line.Y, 1-float64(q.Sum)/float64(q.Writes))
			}
		}
		if len(line.X) == 0 {
			exact = append(exact, PolicyTitle(policy))
			continue
		}
		p.Marks = append(p.Marks, line)
	}
	if n := len(s.Points); len(exact) > 0 && n > 0 && len(p.Marks) > 0 {
		p.Marks = append(p.Marks, chart.Note{X: s.Points[n-1].Delay / 4, Y: 0.001, Text: "none missing: " + strings.Join(exact, ", "), Bare: true})
	} else if n > 0 && len(exact) > 0 {
		p.Y = chart.Axis{Min: 0, Max: 1, Format: chart.Percent}
		p.Marks = append(p.Marks, chart.HLine{At: 0, Text: "none missing: " + strings.Join(exact, ", ")}, chart.Line{X: []float64{s.Points[0].Delay, s.Points[n-1].Delay}, Y: []float64{0, 0}})
	}
	return p
}

func (s ConflictSweep) title() string {
	var worst, exact ConflictPoint
	for _, p := range s.Points {
		if p.Lost.Value > worst.Lost.Value {
			worst = p
		}
		if p.Writes > 0 && p.Policy == multileader.Counter {
			exact = p
		}
	}
	if worst.Lost.Value == 0 {
		return "None of these policies loses a write"
	}
	text := fmt.Sprintf("With leaders %s apart, %s silently drops %s of the writes", units.FormatSeconds(worst.Delay), PolicyTitle(worst.Policy), units.FormatPercent(worst.Lost.Value))
	if exact.Writes > 0 && exact.Sum == exact.Writes {
		text += "; a G-counter keeps all"
	}
	return text
}
