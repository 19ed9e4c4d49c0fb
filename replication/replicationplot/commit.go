package replicationplot

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
)

// CommitRun is how long commits took in one mode, beside the closed form.
type CommitRun struct {
	Mode       replication.Mode `json:"mode"`
	Acks       replication.Acks `json:"acks"`
	Panel      int              `json:"-"` // 0: which level; 1: which standbys
	P50        float64          `json:"p50_s"`
	P99        float64          `json:"p99_s"`
	Mean       float64          `json:"mean_s"`
	TheoryMean float64          `json:"theory_mean_s"`
	TheoryP50  float64          `json:"theory_p50_s"`
	TheoryP99  float64          `json:"theory_p99_s"`

	quantile func(float64) float64
	theory   []float64
}

// Fill takes the run's numbers, and independent commits of theory in the order of their latencies.
func (r *CommitRun) Fill(run replication.Result, theory []float64) {
	r.quantile, r.theory = run.CommitQuantile, theory
	r.P50, r.P99, r.Mean = run.CommitP50, run.CommitP99, run.CommitMean
	for _, t := range theory {
		r.TheoryMean += t / float64(len(theory))
	}
	if n := len(theory); n > 0 {
		r.TheoryP50, r.TheoryP99 = theory[n/2], theory[n*99/100]
	}
}

// Name is what the commit waits for, in words.
func (r CommitRun) Name() string {
	if r.Panel == 0 {
		return fmt.Sprint(r.Mode)
	}
	return waitText(r.Acks)
}

// Commit shows the commits' latencies as cumulative shares: by what a standby has done before it answers, and by how many
// answers count.
func Commit(c replication.Config, runs []CommitRun) Figure {
	low, high := math.Inf(1), 0.0
	for _, r := range runs {
		if r.P50 > 0 && r.quantile != nil {
			low, high = min(low, r.quantile(0.01)), max(high, r.quantile(0.995))
		}
	}
	if !(high > 0) || !(low > 0) {
		low, high = 1e-6, 1
	}
	names := []string{"share of the commits that are done: ANY 1, by what the standby has done", "the standby has flushed: by whose answers count"}
	panels := make([]chart.Panel, 2)
	for i := range panels {
		panels[i] = chart.Panel{
			Name: names[i], X: chart.Axis{Log: true, Min: low / 1.3, Max: high * 1.4, Format: chart.Seconds},
			Y: chart.Axis{Max: 1, Format: chart.Percent},
		}
		n, count := 0, 0
		for _, r := range runs {
			if r.Panel == i {
				count++
			}
		}
		for k, r := range runs {
			if r.Panel == i {
				panels[i].Marks = append(panels[i].Marks, r.curves(r.line(commitColor(i, n), runs[k+1:]), float64(n+1)/float64(count+1))...)
				n++
			}
		}
	}
	for i := range panels {
		if len(panels[i].Marks) == 0 {
			panels[i].Marks = []chart.Mark{chart.Text{X: math.Sqrt(low * high), Y: 0.5, Text: "no commit takes any time"}}
		}
	}
	panels[1].X.Name = "commit latency"
	delays := c.Pipeline.Delay[:min(len(c.Pipeline.Delay), mostLines)]
	return Figure{
		Title: commitTitle(runs),
		Subtitle: fmt.Sprintf("%s, one way %s; flush %s, replay %s, %s writes/s at random; dashed: independent round trips",
			standbys(c.Replicas), lawList(delays), LawText(c.Pipeline.Flush), LawText(c.Pipeline.Apply), units.FormatNumber(c.Workload.WriteRate)),
		Caption: fmt.Sprintf("%s · %s writes a curve · seed %d", caption, units.FormatCount(float64(c.MaxWrites)), c.Seed),
		Panels:  panels, ShareX: true, Height: 620,
	}
}

func commitColor(panel, n int) chart.Color {
	if panel == 0 {
		return []chart.Color{chart.Gray, chart.Sky, chart.Blue, chart.Green}[n%4]
	}
	return []chart.Color{chart.Blue, chart.Purple, chart.Orange, chart.Vermillion}[n%4]
}

// line is the run's line, wide if a later run of the panel has the same latencies and its curve lies over this one.
func (r CommitRun) line(color chart.Color, later []CommitRun) chart.Line {
	same := func(l CommitRun) bool {
		return l.Panel == r.Panel && math.Abs(l.P50-r.P50) < 0.01*r.P50 && math.Abs(l.P99-r.P99) < 0.01*r.P99
	}
	if slices.ContainsFunc(later, same) {
		return chart.Line{Color: color, Width: 5.5}
	}
	return chart.Line{Color: color}
}

// curves are the simulated shares, the closed form's, and the name at a height of its own.
func (r CommitRun) curves(line chart.Line, at float64) []chart.Mark {
	if !(r.P50 > 0) || r.quantile == nil {
		return nil
	}
	dashed := chart.Line{Color: chart.Ink, Dash: chart.Dashed, Width: 1.1}
	for i := range 200 {
		p := (float64(i) + 0.5) / 200
		line.X, line.Y = append(line.X, r.quantile(p)), append(line.Y, p)
		if n := len(r.theory); n > 0 {
			dashed.X, dashed.Y = append(dashed.X, r.theory[int(p*float64(n))]), append(dashed.Y, p)
		}
	}
	text := fmt.Sprintf("%s: %s", r.Name(), units.FormatSeconds(r.P50))
	if len(text) > 24 { // in two lines it stays off the next curve
		text = strings.Replace(text, ": ", ":\n", 1)
	}
	return []chart.Mark{line, dashed, chart.Note{X: r.quantile(at), Y: at, Text: text, Color: line.Color, Bold: true}}
}

// commitTitle sets the quickest wait for a standby against none and all.
func commitTitle(runs []CommitRun) string {
	if len(runs) < 3 {
		return "How long commits take"
	}
	local, one, all := runs[0], runs[2], runs[len(runs)-1]
	if all.Panel == 1 && all.Acks.K > 1 {
		return fmt.Sprintf("A local commit takes %s, the quickest standby makes it %s, all of them %s",
			units.FormatSeconds(local.P50), units.FormatSeconds(one.P50), units.FormatSeconds(all.P50))
	}
	return fmt.Sprintf("A local commit takes %s, waiting for the standby makes it %s", units.FormatSeconds(local.P50), units.FormatSeconds(one.P50))
}
