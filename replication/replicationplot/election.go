package replicationplot

import (
	"fmt"
	"math"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/raft"
)

// Contest is one way to set the timeouts of a group, and how long its elections took.
type Contest struct {
	Name      string
	Result    raft.Result
	Split     float64 // probability of a split vote in closed form, NaN if there is none
	Published []PublishedTime
}

// PublishedTime is what others found: a share of the elections took longer than Time.
type PublishedTime struct {
	Share float64
	Time  float64 // s
}

// never tells whether no election of the contest ended.
func (k Contest) never() bool { return k.Result.Blocked >= k.Result.Config.Elections }

// Elections draws the share of elections that are still open against time: of a single group until there is a leader and
// until a majority has heard it, of several until there is a leader.
func Elections(contests []Contest) Figure {
	c := contests[0].Result.Config
	floor := min(max(math.Pow(10, math.Ceil(math.Log10(30/float64(max(c.Elections, 1))))), 1e-4), 0.1)
	p := chart.Panel{
		Name: "Share of the elections that are not over (log scale)", X: chart.Axis{Name: since(c), Format: chart.Seconds},
		Y: chart.Axis{Log: true, Min: floor, Max: 1, Format: chart.Percent},
	}
	start, end := horizon(contests, floor)
	f := Figure{
		Title: electionTitle(contests), Height: 500,
		Caption: fmt.Sprintf("%s/raft · %s elections a curve · seed %d", caption, units.FormatCount(float64(c.Elections)), c.Seed),
	}
	switch {
	case end == 0:
		p.X.Max = 1
		p.Marks = append(p.Marks, chart.Text{X: 0.5, Y: math.Sqrt(floor), Text: "no election ends", Detail: contests[0].Result.Cause})
	case len(contests) == 1:
		p.X.Max = end
		p.Marks = singleMarks(contests[0], end, floor)
	default:
		p.X.Log, p.X.Min, p.X.Max = true, start, end
		p.Marks = contestMarks(contests, start, end, floor)
	}
	f.Subtitle = electionSubtitle(contests)
	f.Panels = []chart.Panel{p}
	return f
}

// horizon is where the curves begin to fall, and where the last of them is too low to tell; 0 if nothing ended.
func horizon(contests []Contest, floor float64) (start, end float64) {
	start = math.Inf(1)
	for _, k := range contests {
		if !k.never() {
			start, end = min(start, k.Result.ElectedQuantile(0.01)), max(end, k.Result.ElectedQuantile(1-floor), k.Result.HeardQuantile(1-floor))
		}
	}
	return 0.85 * start, 1.05 * end
}

// open is a curve of what is not over yet, at times spread evenly or, from a start above 0, in their logarithm.
func open(within func(float64) float64, start, end, floor float64) chart.Line {
	var line chart.Line
	for i := range 801 {
		t := end * float64(i) / 800
		if start > 0 {
			t = start * math.Pow(end/start, float64(i)/800)
		}
		y := 1 - within(t)
		if y < floor {
			break
		}
		line.X, line.Y = append(line.X, t), append(line.Y, y)
	}
	return line
}

func contestMarks(contests []Contest, start, end, floor float64) []chart.Mark {
	var marks, rings []chart.Mark
	for i, k := range contests {
		if k.never() {
			continue
		}
		line := open(k.Result.ElectedWithin, start, end, floor)
		line.Color = chart.Palette(i)
		level := min(4*floor, 0.3)
		marks = append(marks, line, chart.Note{X: k.Result.ElectedQuantile(1 - level), Y: level, Text: k.Name, Color: chart.Palette(i), Bold: true})
		for _, p := range k.Published {
			rings = append(rings, chart.Dots{X: []float64{p.Time}, Y: []float64{max(p.Share, floor)}, Color: chart.Palette(i), Hollow: true, Size: 13})
		}
	}
	return append(marks, rings...)
}

func singleMarks(k Contest, end, floor float64) []chart.Mark {
	elected, heard := open(k.Result.ElectedWithin, 0, end, floor), open(k.Result.HeardWithin, 0, end, floor)
	elected.Color = chart.Blue
	heard.Color, heard.Width = chart.Orange, 1.5
	var marks []chart.Mark
	text := "split vote in theory: %s"
	for share, terms := k.Split, 1; share > 1.3*floor && share < 0.9 && terms <= 4; share, terms = share*k.Split, terms+1 {
		line := chart.HLine{At: share, Dash: chart.Dashed}
		if terms <= 2 {
			line.Text = fmt.Sprintf(text, units.FormatPercent(digits(share)))
		}
		marks = append(marks, line)
		text = "two in a row: %s"
	}
	return append(marks, heard, elected,
		chart.Note{X: k.Result.ElectionP50, Y: 0.5, Text: "half elected by " + units.FormatSeconds(k.Result.ElectionP50), Dot: true, Color: chart.Blue},
		chart.Note{X: k.Result.HeardQuantile(0.7), Y: 0.3, Text: "a majority has heard", Color: chart.Orange})
}

func since(c raft.Config) string {
	if c.Rules == raft.Dissertation && c.Heartbeat == 0 {
		return "Time since all timers started"
	}
	return "Time since the crash of the leader"
}

func rules(c raft.Config) string {
	if c.Rules == raft.Dissertation {
		return "Raft's dissertation"
	}
	text := c.Rules.String()
	if c.PreVote {
		text += " with pre-vote"
	}
	if c.CheckQuorum {
		text += " and check-quorum"
	}
	return strings.Replace(text, "etcd and", "etcd with", 1)
}

func electionSubtitle(contests []Contest) string {
	c := contests[0].Result.Config
	var text strings.Builder
	text.WriteString(fmt.Sprintf("Rules of %s: %d servers of which %d live; one-way delay %s, disk %s", rules(c), c.Servers, c.Alive, LawText(c.OneWay), LawText(c.Disk)))
	if c.Ineligible > 0 {
		text.WriteString(fmt.Sprintf("; %d with old logs", c.Ineligible))
	}
	for _, k := range contests {
		if len(contests) > 1 && k.never() {
			text.WriteString(fmt.Sprintf("; %s: no election ends", k.Name))
		}
		if len(k.Published) > 0 {
			return text.String() + ". Rings: published."
		}
	}
	if len(contests) == 1 {
		return text.String() + "; timeouts " + contests[0].Name + "."
	}
	return fmt.Sprintf("%s; timeouts drawn from %d ranges.", text.String(), len(contests))
}

func electionTitle(contests []Contest) string {
	r := contests[0].Result
	if len(contests) == 1 && contests[0].never() {
		return "No leader can be elected: " + r.Cause
	}
	if len(contests) == 1 {
		return fmt.Sprintf("A leader after %s on average, one election in 1,000 takes %s", units.FormatSeconds(r.ElectionMean), units.FormatSeconds(r.ElectionP999))
	}
	slow, fast := -1, -1
	for i, k := range contests {
		if k.never() {
			continue
		}
		if t := k.Result.ElectionP999; slow < 0 || t > contests[slow].Result.ElectionP999 {
			slow = i
		}
		if t := k.Result.ElectionP999; fast < 0 || t < contests[fast].Result.ElectionP999 {
			fast = i
		}
	}
	if slow == fast {
		return "Timeouts that differ by too little never elect anybody"
	}
	return fmt.Sprintf("One election in 1,000 takes %s with %s, %s with %s",
		units.FormatSeconds(contests[slow].Result.ElectionP999), contests[slow].Name, units.FormatSeconds(contests[fast].Result.ElectionP999), contests[fast].Name)
}
