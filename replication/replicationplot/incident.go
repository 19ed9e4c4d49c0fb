package replicationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
)

// CutOff is a partition between two regions, with and without a promotion in the other one, and the way back. The runs need a
// Transcript and a List as long as the writes of the old primary.
type CutOff struct {
	Promoted replication.Result // the other region is promoted
	Held     replication.Result // it is not
	Recovery replication.Result // a replica of the old region from the start of the restore on, with Rows
	Restored float64            // s, when its replay begins
	InSync   float64            // s, by the run; +Inf = never in it
	Reported float64            // s, when the report says that all were in sync; 0 = do not show
}

// Incident draws who takes writes around the partition, and how far behind the old region is afterwards.
func Incident(x CutOff) Figure {
	c := x.Promoted.Config
	end := c.Duration.Seconds()
	lanes := func(name string, r replication.Result) chart.Panel {
		p := chart.Panel{
			Name: name, NoGrid: true, X: chart.Axis{Name: "time", Format: chart.Seconds, Max: end},
			Y: chart.Axis{Labels: []string{"old region", "new region"}, Reverse: true, Min: -0.6, Max: 1.6},
		}
		for _, f := range c.Faults {
			p.Marks = append(p.Marks, chart.Span{From: f.At.Seconds(), To: (f.At + f.For).Seconds(), Color: chart.Gray})
		}
		p.Marks = append(p.Marks, tenureLanes(r, end))
		return p
	}
	_, lost := Forked(x.Promoted)
	return Figure{
		Title: x.title(lost),
		Subtitle: fmt.Sprintf("an illustration with the numbers of a public report: %s between two regions (shaded), %s in the old one, dead after %s without an answer; thick: takes writes (red: lost or merged by hand), thin: follows\nbelow: the old region is restored from a backup and replays what it missed, load %s ± a day's swing",
			units.FormatSeconds(c.Faults[0].For.Seconds()), units.FormatFrequency(c.Workload.WriteRate*c.Workload.Near), units.FormatSeconds(c.Failover.Interval.Seconds()*float64(c.Failover.Misses)),
			units.FormatPercent(x.Recovery.Config.Workload.WriteRate*x.Recovery.Config.Pipeline.Apply.Mean())),
		Caption: fmt.Sprintf("%s · one run each · seed %d", caption, c.Seed),
		Height:  760,
		Panels: []chart.Panel{
			lanes(fmt.Sprintf("the new region is promoted: %s acknowledged writes are in the old one alone", units.FormatCount(float64(lost))), x.Promoted),
			lanes("no promotion across regions: nothing diverges", x.Held),
			x.recovery(),
		},
	}
}

func (x CutOff) recovery() chart.Panel {
	lag := chart.Line{Color: chart.Blue}
	high := 0.0
	for _, s := range x.Recovery.Rows {
		if v := float64(s.Lag); s.Node == 1 && !math.IsNaN(v) {
			lag.X, lag.Y = append(lag.X, s.At), append(lag.Y, v)
			high = max(high, v)
		}
	}
	p := chart.Panel{
		Name: "how far the old region is behind, after the promotion", Weight: 1.7,
		X:     chart.Axis{Name: "time since the partition", Format: chart.Seconds, Max: x.Recovery.Config.Duration.Seconds()},
		Y:     chart.Axis{Format: chart.Seconds, Max: 1.25 * high, Zero: true},
		Marks: []chart.Mark{chart.Span{From: 0, To: x.Restored, Text: "restore", Color: chart.Orange}, lag},
	}
	if x.Reported > 0 {
		p.Marks = append(p.Marks, chart.VLine{At: x.Reported, Text: "reported: " + units.FormatSeconds(x.Reported), Dash: chart.Dashed})
	}
	if !math.IsInf(x.InSync, 1) {
		p.Marks = append(p.Marks, chart.Note{X: x.InSync, Y: 0, Text: "in sync: " + units.FormatSeconds(x.InSync), Dot: true, Color: chart.Blue})
	}
	return p
}

func (x CutOff) title(lost int) string {
	length := x.Promoted.Config.Faults[0].For.Seconds()
	if lost == 0 {
		return fmt.Sprintf("%s without a network cost no acknowledged write", units.FormatSeconds(length))
	}
	if math.IsInf(x.InSync, 1) {
		return fmt.Sprintf("%s without a network cost %s writes, and the old region does not get in sync again", units.FormatSeconds(length), units.FormatCount(float64(lost)))
	}
	return fmt.Sprintf("%s without a network cost %s writes, and %s until the old region is in sync", units.FormatSeconds(length), units.FormatCount(float64(lost)), units.FormatSeconds(x.InSync))
}
