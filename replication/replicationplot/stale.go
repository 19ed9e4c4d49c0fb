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

// StaleCurve is one way of writing and reading.
type StaleCurve struct {
	Name   string
	Mode   replication.Mode
	K      int // replicas that have replayed the write before it is acknowledged
	Policy replication.Policy
	Points []StalePoint
}

// StalePoint is the share of reads that missed a write so long after its acknowledgement.
type StalePoint struct {
	Name   string  `json:"reads"`
	After  float64 `json:"after_s"`
	Stale  float64 `json:"stale_fraction"`
	Low    float64 `json:"low_fraction"`
	High   float64 `json:"high_fraction"`
	Theory float64 `json:"theory_fraction"`
}

// At is the closed form for a group whose lag is its delay.
func (s StaleCurve) At(c replication.Config, t float64) float64 {
	if s.Policy == replication.TokenWait || s.Policy == replication.PrimaryWindow && t < c.Reads.Window.Seconds() || s.K >= c.Replicas {
		return 0
	}
	return theory.StaleRead{Replicas: c.Replicas, Acks: s.K, Lag: c.Pipeline.Delay[0]}.At(t)
}

const staleFloor = 1e-4

// Stale shows the probability of a read that misses an acknowledged write against the time since: dots are simulated, lines
// are the closed form, and rings are measured on PostgreSQL where that fits the group.
func Stale(c replication.Config, curves []StaleCurve) Figure {
	end := 0.0
	for _, p := range curves[0].Points {
		end = max(end, p.After)
	}
	if end == 0 {
		end = 1e-3
	}
	floor := 1.0
	for floor > staleFloor && floor > 2/float64(c.MaxWrites) {
		floor /= 10
	}
	names := []string{"probability that a read of one replica misses the write", "with asynchronous replicas, by where the client reads"}
	panels := make([]chart.Panel, 2)
	for i := range panels {
		panels[i] = chart.Panel{
			Name: names[i], X: chart.Axis{Max: end * 1.02, Format: chart.Seconds},
			Y: chart.Axis{Log: true, Min: floor, Max: 1, Format: chart.Percent},
		}
	}
	panels[0].Weight, panels[1].X.Name = 1.5, "time from the acknowledgement to the read"
	for i, s := range curves {
		if s.Policy == replication.AnyReplica {
			panels[0].Marks = append(panels[0].Marks, s.marks(c, end, floor, chart.Palette(i))...)
		}
		if s.Mode == replication.Async {
			panels[1].Marks = append(panels[1].Marks, s.marks(c, end, floor, chart.Palette(i))...)
		}
	}
	sub := ""
	if c.Pipeline.Delay[0] == replication.Exp(5*time.Millisecond) {
		panels[0].Marks = append(panels[0].Marks, measuredStale())
		sub = "; rings: PostgreSQL 15.18, measured"
	}
	if len(panels[1].Marks) == 0 {
		panels[0].X.Name, panels = panels[1].X.Name, panels[:1]
	}
	return Figure{
		Title:    staleTitle(curves),
		Subtitle: fmt.Sprintf("reads of one of %s at random, lag %s; dots: simulated, with 95 %% bars (arrow: none seen), lines: closed form%s", standbys(c.Replicas), LawText(c.Pipeline.Delay[0]), sub),
		Caption:  fmt.Sprintf("%s · %s reads a point · seed %d · 95 %% interval", caption, units.FormatCount(float64(c.MaxWrites)), c.Seed),
		Panels:   panels, ShareX: true, Height: 640,
	}
}

// marks are a closed form's curve and the simulated dots.
func (s StaleCurve) marks(c replication.Config, end, floor float64, color chart.Color) []chart.Mark {
	line, dots := chart.Line{Color: color, Width: 1.2, Label: s.Name}, chart.Dots{Color: color}
	for i := range 401 {
		t := end * float64(i) / 400
		y := s.At(c, t)
		if y < floor {
			y = math.NaN()
		}
		line.X, line.Y = append(line.X, t), append(line.Y, y)
	}
	for _, p := range s.Points {
		dots.X, dots.Y = append(dots.X, p.After), append(dots.Y, p.Stale)
		dots.Low, dots.High = append(dots.Low, p.Low), append(dots.High, p.High)
	}
	if !finite(line.Y) {
		dots.Label = s.Name
		return []chart.Mark{dots}
	}
	return []chart.Mark{line, dots}
}

// measuredStale is what one standby of PostgreSQL 15.18 behind an exponential delay of 5 ms showed under
// synchronous_commit = local: the middle of the ranges of several runs.
func measuredStale() chart.Dots {
	return chart.Dots{
		X: []float64{1e-3, 2.5e-3, 5e-3, 7.5e-3, 10e-3, 15e-3}, Y: []float64{.89, .71, .45, .25, .165, .045},
		Low: []float64{.85, .69, .44, .23, .13, .04}, High: []float64{.93, .73, .46, .27, .20, .05},
		Color: chart.Ink, Hollow: true,
	}
}

func staleTitle(curves []StaleCurve) string {
	at := len(curves[0].Points) / 2
	async := curves[0].Points[at]
	text := fmt.Sprintf("%s after a write, %s of the reads of a replica miss it", units.FormatSeconds(async.After), units.FormatPercent(round(async.Stale)))
	if len(curves) > 1 && curves[1].K == 1 {
		text += fmt.Sprintf("; waiting for one replica leaves %s", units.FormatPercent(round(curves[1].Points[at].Stale)))
	}
	return text
}

// round keeps two digits of a share.
func round(share float64) float64 {
	if share == 0 {
		return 0
	}
	scale := math.Pow(10, 1-math.Floor(math.Log10(share)))
	return math.Round(share*scale) / scale
}
