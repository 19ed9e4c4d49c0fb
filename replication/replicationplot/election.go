package replicationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/raft"
)

// Contest is one way to set the timeouts of a group, and how long its elections took.
type Contest struct {
	Name   string
	Result raft.Result
}

// Elections draws the share of elections that are still open against the time since the crash. The first contest is the
// one that the title speaks of.
func Elections(contests []Contest) Figure {
	first := contests[0].Result
	c := first.Config
	floor := math.Pow(10, math.Ceil(math.Log10(30/float64(max(c.Elections, 1)))))
	floor = min(max(floor, 1e-4), 0.1)
	p := chart.Panel{
		Name: "share of the elections that are not over", X: chart.Axis{Name: since(c), Format: chart.Seconds},
		Y: chart.Axis{Log: true, Min: floor, Max: 1, Format: chart.Percent},
	}
	end := 0.0
	for _, k := range contests {
		end = max(end, min(k.Result.ElectedQuantile(1-floor), 6*first.ElectedQuantile(1-floor)))
	}
	for i, k := range contests {
		var x, y []float64
		for j := range 401 {
			t := end * float64(j) / 400
			open := 1 - k.Result.ElectedWithin(t)
			if open < floor {
				break
			}
			x, y = append(x, t), append(y, open)
		}
		width := 1.5
		if i == 0 {
			width = 2.6
		}
		p.Marks = append(p.Marks, chart.Line{Label: k.Name, X: x, Y: y, Color: chart.Palette(i), Width: width})
	}
	return Figure{
		Title:    electionTitle(first),
		Subtitle: fmt.Sprintf("%v, %d servers of which %d live, one-way delay %v, disk %v", c.Rules, c.Servers, c.Alive, c.OneWay, c.Disk),
		Caption:  fmt.Sprintf("%s/raft · %s elections each · seed %d", caption, units.FormatCount(float64(c.Elections)), c.Seed),
		Panels:   []chart.Panel{p}, Height: 480,
	}
}

func since(c raft.Config) string {
	if c.Rules == raft.Dissertation && c.Heartbeat == 0 {
		return "time since all timers started"
	}
	return "time since the crash"
}

func electionTitle(r raft.Result) string {
	if r.Blocked == r.Config.Elections {
		return "No leader can be elected: " + r.Cause
	}
	return fmt.Sprintf("A leader is elected after %s on average, one in 1,000 takes %s; %s of the votes are split",
		units.FormatSeconds(r.ElectionMean), units.FormatSeconds(r.ElectionP999), units.FormatPercent(digits(r.SplitVoteFraction)))
}
