package replicationplot

import (
	"fmt"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
)

// Guarded is a partition of a group, and what kept its old primary from writing on. The run needs a Transcript, and a List as long
// as the writes of its old primary.
type Guarded struct {
	Name   string
	Result replication.Result
}

// Tenure is the time in which a node took writes as the primary.
type Tenure struct {
	Node     int     `json:"node"`
	From     float64 `json:"from_s"`
	To       float64 `json:"to_s"`
	End      string  `json:"end"`        // what ended it
	Rejoined float64 `json:"rejoined_s"` // when it followed the newer one, or 0
}

// Tenures are the times in which each primary of a run took writes, from its transcript.
func Tenures(r replication.Result) []Tenure {
	end := r.Config.Duration.Seconds()
	all := []Tenure{{To: end}}
	last := func(node int) *Tenure {
		for i := len(all) - 1; i >= 0; i-- {
			if all[i].Node == node {
				return &all[i]
			}
		}
		return &Tenure{}
	}
	for _, o := range r.Transcript {
		t := last(o.Node)
		switch o.What {
		case "is the new primary":
			all = append(all, Tenure{Node: o.Node, From: o.At.Seconds(), To: end})
		case "steps down", "stops, its lease has ended", "is switched off":
			if t.To == end {
				t.To, t.End = o.At.Seconds(), o.What
			}
		case "cuts its log off":
			t.Rejoined = o.At.Seconds()
		}
	}
	return all
}

// Forked is how many writes the old primary of a partition took after it, and how many of them it acknowledged before they were lost.
func Forked(r replication.Result) (taken, acked int) {
	for _, w := range r.Listed {
		if w.Epoch == 0 && w.Fate != "in-doubt" {
			taken++
			if w.Acked {
				acked++
			}
		}
	}
	return taken, acked
}

// SplitBrain draws who takes writes during a partition that cuts the first primary off, a panel for each way of fencing it.
func SplitBrain(runs []Guarded) Figure {
	f := Figure{Title: splitTitle(runs), ShareX: true, Height: 150 + 128*float64(len(runs))}
	for _, g := range runs {
		c := g.Result.Config
		end := c.Duration.Seconds()
		p := chart.Panel{
			Name: laneName(g), NoGrid: true, X: chart.Axis{Name: "time", Format: chart.Seconds, Max: end},
			Y: chart.Axis{Labels: []string{"cut off", "the others"}, Reverse: true, Min: -0.6, Max: 1.6},
		}
		for _, fault := range c.Faults {
			until := end
			if fault.For > 0 {
				until = (fault.At + fault.For).Seconds()
			}
			p.Marks = append(p.Marks, chart.Span{From: fault.At.Seconds(), To: until, Color: chart.Gray})
		}
		p.Marks = append(p.Marks, tenureLanes(g.Result, end))
		f.Panels = append(f.Panels, p)
	}
	if len(runs) > 0 {
		c := runs[0].Result.Config
		f.Subtitle = fmt.Sprintf("who takes writes around a partition (shaded) with the primary on one side; thick: takes writes (blue: they stay; red: acknowledged, lost later; gray: not acknowledged),\nthin: follows; %s writes/s, %s of the clients on its side; dead after %d missed checks, %s apart",
			units.FormatNumber(c.Workload.WriteRate), units.FormatPercent(c.Workload.Near), c.Failover.Misses, units.FormatSeconds(c.Failover.Interval.Seconds()))
		f.Caption = fmt.Sprintf("%s · a primary and %d standbys · one run each · seed %d", caption, c.Replicas, c.Seed)
	}
	return f
}

// tenureLanes are the times of the first primary above, those of the others below.
func tenureLanes(r replication.Result, end float64) chart.Blocks {
	var b chart.Blocks
	block := func(lane int, from, to float64, color chart.Color, half float64, text string) {
		if to > from {
			b.Items = append(b.Items, chart.Block{X0: from, X1: to, Y0: float64(lane) - half, Y: float64(lane) + half, Color: color, Text: text})
		}
	}
	taken, acked := Forked(r)
	for _, t := range Tenures(r) {
		if t.Node != 0 {
			block(1, min(opened(r, t), t.To), t.To, chart.Blue, 0.36, "writes")
			continue
		}
		cut := min(cutAt(r, t.To), t.To)
		switch {
		case t.From > 0 || t.To == end:
			block(0, t.From, t.To, chart.Blue, 0.36, "writes")
			continue
		case taken == 0:
		case acked > 0:
			block(0, cut, t.To, chart.Red, 0.36, fmt.Sprintf("%s lost", units.FormatCount(float64(acked))))
		default:
			block(0, cut, t.To, chart.Gray, 0.36, "waits for the others")
		}
		block(0, 0, cut, chart.Blue, 0.36, "writes")
		if t.Rejoined > 0 {
			block(0, t.Rejoined, end, chart.Sky, 0.08, "")
		}
	}
	follows := end
	if len(r.Outages) > 0 && r.Outages[0].New > 0 {
		follows = r.Outages[0].At + r.Outages[0].Total
	}
	block(1, 0, follows, chart.Sky, 0.08, "")
	return b
}

// opened is when clients knew a new primary.
func opened(r replication.Result, t Tenure) float64 {
	for _, o := range r.Outages {
		if o.New == t.Node && o.At+o.Total >= t.From {
			return o.At + o.Total
		}
	}
	return t.From
}

// cutAt is when the first partition began.
func cutAt(r replication.Result, end float64) float64 {
	for _, f := range r.Config.Faults {
		return f.At.Seconds()
	}
	return end
}

func laneName(g Guarded) string {
	r := g.Result
	taken, acked := Forked(r)
	switch {
	case r.SplitBrain > 0 && acked > 0:
		return fmt.Sprintf("%s: two primaries for %s, %s writes diverged", g.Name, units.FormatSeconds(r.SplitBrain), units.FormatCount(float64(r.Diverged)))
	case acked > 0:
		return fmt.Sprintf("%s: one primary at a time, but %s acknowledged writes lost", g.Name, units.FormatCount(float64(acked)))
	case taken > 0:
		return fmt.Sprintf("%s: %s writes stay without an answer, none acknowledged is lost", g.Name, units.FormatCount(float64(taken)))
	case len(r.Outages) == 0:
		return g.Name + ": the primary stays"
	}
	return g.Name + ": nothing is lost"
}

func splitTitle(runs []Guarded) string {
	if len(runs) == 0 {
		return "Who takes writes while the network is split"
	}
	worst, best := runs[0], runs[0]
	_, high := Forked(worst.Result)
	low := high
	for _, g := range runs[1:] {
		if _, n := Forked(g.Result); n > high {
			worst, high = g, n
		} else if n < low {
			best, low = g, n
		}
	}
	text := fmt.Sprintf("%s the partition costs %s acknowledged writes", worst.Name, noneOr(high))
	if low < high {
		text += fmt.Sprintf(", %s %s", strings.ToLower(best.Name[:1])+best.Name[1:], strings.Replace(noneOr(low), "no", "none", 1))
	}
	return text
}

func noneOr(n int) string {
	if n == 0 {
		return "no"
	}
	return units.FormatCount(float64(n))
}
