package coldstartplot

import (
	"fmt"
	"math"
	"strconv"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// Gantt is a run with Records.
type Gantt struct {
	Result coldstart.Result
}

// Lane is the life of an environment.
type Lane struct {
	Instance int64           `json:"instance"`
	Cause    coldstart.Cause `json:"cause"` // of the request that it was made for
	Created  float64         `json:"created_s"`
	Init     float64         `json:"init_s"`
	Busy     float64         `json:"busy_s"`
	Idle     float64         `json:"idle_s"`
	Expired  float64         `json:"expired_s"` // when; NaN if it still was there at the end
	Requests int             `json:"requests"`
}

// Lanes are the environments of a run with Records, in the order of their creation.
func Lanes(r coldstart.Result) []Lane {
	var list []Lane
	at := map[int64]int{}
	lane := func(instance int64, created float64) *Lane {
		i, ok := at[instance]
		if !ok {
			i = len(list)
			at[instance] = i
			list = append(list, Lane{Instance: instance, Created: created, Expired: math.NaN()})
		}
		return &list[i]
	}
	for _, s := range spans(r) {
		l := lane(s.Instance, s.From.Seconds())
		length := (s.To - s.From).Seconds()
		switch s.State {
		case coldstart.Init:
			l.Init += length
		case coldstart.Busy:
			l.Busy += length
		case coldstart.Idle:
			l.Idle += length
		case coldstart.Expired:
			l.Expired = s.From.Seconds()
		}
	}
	for _, q := range r.Records {
		if i, ok := at[q.Instance]; ok {
			list[i].Requests++
			if q.Cause != coldstart.NotCold {
				list[i].Cause = q.Cause
			}
		}
	}
	return list
}

// spans are those of a run up to its end; the environments that are left at the end idle on to it.
func spans(r coldstart.Result) []coldstart.Span {
	var list []coldstart.Span
	last := map[int64]coldstart.Span{}
	end := r.Config.Duration
	for _, s := range r.Spans {
		if s.From <= end {
			s.To = min(s.To, end)
			list = append(list, s)
			last[s.Instance] = s
		}
	}
	for _, s := range r.Spans {
		tail := last[s.Instance]
		if tail.State == coldstart.Busy && tail.To < end {
			tail = coldstart.Span{Instance: s.Instance, State: coldstart.Idle, From: tail.To, To: end}
			list = append(list, tail)
			last[s.Instance] = tail
		}
	}
	return list
}

// Use is how environments spend their time, as shares of it.
type Use struct {
	Init, Busy, Idle float64
}

// Sum is the use of all environments.
func (g Gantt) Sum() Use {
	var u Use
	for _, l := range Lanes(g.Result) {
		u.Init += l.Init
		u.Busy += l.Busy
		u.Idle += l.Idle
	}
	all := u.Init + u.Busy + u.Idle
	if all == 0 {
		return u
	}
	return Use{u.Init / all, u.Busy / all, u.Idle / all}
}

const mostLanes = 24

// GanttChart draws the environments of a run as rows: their start, work, idle times and end, with the cause of each cold request.
func GanttChart(g Gantt) Figure {
	r := g.Result
	c := r.Config
	lanes := Lanes(r)
	shown := min(len(lanes), mostLanes)
	f := Figure{
		Title: g.title(),
		Subtitle: fmt.Sprintf("environments from the deployment on; Poisson arrivals at %s, a request works for %s, keep-alive %s, selection %v; "+
			"orange: starting, blue: working, gray: idle, upright bar at the end: expired", PerTime(c.Arrivals.Rate()), lawWords(c.Warm), KeepName(c.KeepAlive), c.Selection),
		Caption: fmt.Sprintf("%s · %s requests · seed %d", caption, units.FormatCount(float64(r.Requests)), c.Seed),
		Height:  max(300, 205+26*float64(shown)),
	}
	if shown < len(lanes) {
		f.Caption += fmt.Sprintf(" · the first %d of %d environments", shown, len(lanes))
	}
	p := chart.Panel{
		Name: "environment", NoGrid: true,
		X: chart.Axis{Name: "time", Format: chart.Clock, Min: 0, Max: c.Duration.Seconds()},
		Y: chart.Axis{Min: -0.35, Max: float64(max(shown, 1)) + 0.9, Reverse: true, Ticks: laneTicks(shown), Format: func(v float64) string { return strconv.Itoa(int(math.Round(v))) }},
	}
	rows := map[int64]int{}
	for i, l := range lanes[:shown] {
		rows[l.Instance] = i + 1
	}
	p.Marks = append(p.Marks, g.blocks(rows)...)
	p.Marks = append(p.Marks, g.causes(rows)...)
	f.Panels = []chart.Panel{p}
	return f
}

func (g Gantt) title() string {
	r, u := g.Result, g.Sum()
	if r.Created == 0 {
		return "No request, no environment"
	}
	return fmt.Sprintf("Environments idle %s of their time, and still %s of %s requests are cold", units.FormatPercent(digits(u.Idle)),
		units.FormatCount(float64(r.Cold)), units.FormatCount(float64(r.Requests)))
}

func laneTicks(n int) []float64 {
	step := 1
	if n > 12 {
		step = 2
	}
	var list []float64
	for i := 1; i <= n; i += step {
		list = append(list, float64(i))
	}
	return list
}

// blocks are the spans, idle ones thin.
func (g Gantt) blocks(rows map[int64]int) []chart.Mark {
	var idle, work, end chart.Blocks
	for _, s := range spans(g.Result) {
		row, ok := rows[s.Instance]
		if !ok {
			continue
		}
		from, to := s.From.Seconds(), s.To.Seconds()
		y := float64(row)
		block := chart.Block{X0: from, X1: to, Y0: y - 0.33, Y: y + 0.33}
		switch s.State {
		case coldstart.Init:
			block.Color = chart.Orange
			work.Items = append(work.Items, block)
		case coldstart.Busy:
			block.Color = chart.Blue
			work.Items = append(work.Items, block)
		case coldstart.Idle:
			block.Y0, block.Y, block.Color = y-0.1, y+0.1, chart.Faint
			idle.Items = append(idle.Items, block)
		case coldstart.Expired:
			w := g.Result.Config.Duration.Seconds() / 500
			end.Items = append(end.Items, chart.Block{X0: from, X1: from + w, Y0: y - 0.33, Y: y + 0.33, Color: chart.Ink})
		}
	}
	var marks []chart.Mark
	for _, b := range []chart.Blocks{idle, work, end} {
		if len(b.Items) > 0 {
			marks = append(marks, b)
		}
	}
	if len(marks) == 0 {
		marks = append(marks, chart.Text{X: g.Result.Config.Duration.Seconds() / 2, Y: 1, Text: "nothing happened"})
	}
	return marks
}

// causes are the cold requests by cause, each cause named at one of its dots.
func (g Gantt) causes(rows map[int64]int) []chart.Mark {
	kinds := []struct {
		name  string
		color chart.Color
		of    []coldstart.Cause
	}{
		{"cold: none was there", chart.Purple, []coldstart.Cause{coldstart.First, coldstart.IdleExpired}},
		{"cold: all were busy", chart.Vermillion, []coldstart.Cause{coldstart.Concurrency, coldstart.ScaleUp}},
	}
	var marks []chart.Mark
	for _, k := range kinds {
		d := chart.Dots{Color: k.color, Size: 8}
		for _, q := range g.Result.Records {
			row, ok := rows[q.Instance]
			if ok && (q.Cause == k.of[0] || q.Cause == k.of[1]) {
				d.X, d.Y = append(d.X, q.Arrival.Seconds()), append(d.Y, float64(row))
			}
		}
		if len(d.X) == 0 {
			continue
		}
		marks = append(marks, d)
		i := 0
		if k.of[0] == coldstart.Concurrency {
			i = len(d.X) - 1
		}
		marks = append(marks, chart.Note{X: d.X[i], Y: d.Y[i], Text: k.name, Color: k.color, Bold: true})
	}
	return marks
}
