package replicationplot

import (
	"fmt"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
)

// SessionPoint is what one read policy let clients see at one think time. Shares are of reads (second reads for Backward); the intervals
// are of 95 %, theory is -1 where there is no closed form.
type SessionPoint struct {
	Policy   replication.Policy `json:"policy"`
	Think    float64            `json:"think_s"`
	Own      Share              `json:"own_write_missed"`
	Backward Share              `json:"went_back"`
	Primary  float64            `json:"primary_read_fraction"`
	Wait     float64            `json:"read_mean_s"`
}

// Share is a measured share and what theory says of it.
type Share struct {
	Value  float64 `json:"fraction"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Theory float64 `json:"theory"` // -1: none
}

// SessionLoss is the share of clients that write on after a failover without what they had written or read before it.
type SessionLoss struct {
	Policy       replication.Policy `json:"policy"`
	Writes       float64            `json:"monotonic_writes_fraction"`
	FollowsReads float64            `json:"writes_follow_reads_fraction"`
}

// SessionSweep is every policy at every think time, and after failovers.
type SessionSweep struct {
	Points   []SessionPoint // policy by policy, think times rising
	Losses   []SessionLoss
	Curve    func(p replication.Policy, think float64) (own, backward float64) // closed forms; -1 where there is none
	Lag      float64                                                           // mean, s
	Replicas int
	Window   float64 // s
	Writes   int
	Seed     uint64
}

// Sessions draws how often each read policy violates the session guarantees.
func Sessions(s SessionSweep) Figure {
	own := s.panel("own write missed (read your writes)", func(p SessionPoint) Share { return p.Own }, 0)
	back := s.panel("second read older than the first (monotonic reads)", func(p SessionPoint) Share { return p.Backward }, 1)
	return Figure{
		Title: s.title(),
		Subtitle: fmt.Sprintf("a client writes, thinks, and reads its row twice at once; %d replicas show a write after exp:%s; reads stay on the primary for %s (primary-window); lines: closed forms, dots: simulated\nright: clients whose next write, after the primary died, lacks what they had written (monotonic writes) or read (writes follow reads)",
			s.Replicas, strings.ReplaceAll(units.FormatSeconds(s.Lag), " ", ""), units.FormatSeconds(s.Window)),
		Caption: fmt.Sprintf("%s · %s writes a point · seed %d · 95 %% interval", caption, units.FormatCount(float64(s.Writes)), s.Seed),
		Columns: 3, Width: 1320, Height: 500, Panels: []chart.Panel{own, back, s.losses()},
	}
}

func (s SessionSweep) policies() []replication.Policy {
	var all []replication.Policy
	for _, p := range s.Points {
		if len(all) == 0 || all[len(all)-1] != p.Policy {
			all = append(all, p.Policy)
		}
	}
	return all
}

func (s SessionSweep) panel(name string, of func(SessionPoint) Share, which int) chart.Panel {
	p := chart.Panel{
		Name: name, X: chart.Axis{Name: "mean time between write and read", Log: true, Format: chart.Seconds},
		Y: chart.Axis{Log: true, Format: chart.Percent, Min: 0.0005, Max: 1},
	}
	var never []string
	drawn := map[string]string{}
	for i, policy := range s.policies() {
		var d chart.Dots
		zero := true
		for _, q := range s.Points {
			if v := of(q); q.Policy == policy && v.Value > 0 {
				zero = false
				d.X, d.Y, d.Low, d.High = append(d.X, q.Think), append(d.Y, v.Value), append(d.Low, v.Low), append(d.High, v.High)
			}
		}
		if zero {
			never = append(never, policy.String())
			continue
		}
		line := s.curve(policy, which)
		line.Color, d.Color = chart.Palette(i), chart.Palette(i)
		key := fmt.Sprint(line.Y)
		if _, twice := drawn[key]; twice && len(line.Y) > 0 {
			d.Hollow, d.Size = true, 13 // the same curve as another policy's
			last := len(d.X) / 2
			p.Marks = append([]chart.Mark{d}, append(p.Marks, chart.Note{X: d.X[last], Y: d.Y[last], Text: "rings: " + policy.String(), Color: d.Color})...)
			continue
		}
		drawn[key] = policy.String()
		line.Label = policy.String()
		if len(line.Y) == 0 {
			d.Label, line.Label = policy.String(), ""
		}
		p.Marks = append(p.Marks, line, d)
	}
	if len(never) > 0 {
		p.Marks = append(p.Marks, chart.Note{X: s.Points[len(s.Points)-1].Think / 6, Y: 0.0006, Text: "never: " + strings.Join(never, ", "), Bare: true})
	}
	return p
}

// curve is a policy's closed form over the think times.
func (s SessionSweep) curve(policy replication.Policy, which int) chart.Line {
	line := chart.Line{Dash: chart.Dashed, Width: 1.4}
	for i := 1; i < len(s.Points); i++ {
		a, b := s.Points[i-1], s.Points[i]
		if a.Policy != policy || b.Policy != policy {
			continue
		}
		for k := range 21 {
			think := a.Think + (b.Think-a.Think)*float64(k)/20
			own, back := s.Curve(policy, think)
			if v := []float64{own, back}[which]; v >= 0 {
				line.X, line.Y = append(line.X, think), append(line.Y, v)
			}
		}
	}
	return line
}

func (s SessionSweep) losses() chart.Panel {
	bars := chart.Bars{Horizontal: true, Values: chart.Percent, Series: []chart.Series{{Label: "own write lost", Color: chart.Orange}, {Label: "what was read lost", Color: chart.Purple}}}
	var names []string
	high := 0.0
	for _, l := range s.Losses {
		names = append(names, l.Policy.String())
		bars.Series[0].Y = append(bars.Series[0].Y, l.Writes)
		bars.Series[1].Y = append(bars.Series[1].Y, l.FollowsReads)
		high = max(high, l.Writes, l.FollowsReads)
	}
	return chart.Panel{
		Name: "after a failover", X: chart.Axis{Name: "share of the clients", Format: chart.Percent, Max: max(0.01, 1.2*high), Zero: true},
		Y: chart.Axis{Labels: names, Reverse: false}, Marks: []chart.Mark{bars},
	}
}

func (s SessionSweep) title() string {
	worst := SessionPoint{}
	var never []string
	for _, policy := range s.policies() {
		zero := true
		for _, p := range s.Points {
			if p.Policy != policy {
				continue
			}
			zero = zero && p.Own.Value == 0 && p.Backward.Value == 0
			if p.Own.Value > worst.Own.Value {
				worst = p
			}
		}
		if zero {
			never = append(never, policy.String())
		}
	}
	if worst.Own.Value == 0 {
		return "None of these read policies lets a client miss its own write"
	}
	text := fmt.Sprintf("%s after its write a client of %v misses it in %s of the reads", units.FormatSeconds(worst.Think), worst.Policy, units.FormatPercent(worst.Own.Value))
	if len(never) > 0 {
		text += ", with " + strings.Join(never, " or ") + " never"
	}
	return text
}
