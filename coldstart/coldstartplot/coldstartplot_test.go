package coldstartplot

import (
	"bytes"
	"image"
	_ "image/png"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart"
)

// ran is a short run that cannot fail.
func ran(change func(*coldstart.Config)) coldstart.Result {
	c := coldstart.Default()
	c.Duration = 2 * time.Hour
	change(&c)
	r, err := coldstart.Simulate(c)
	if err != nil {
		panic(err)
	}
	return r
}

// figures are one of each kind, of short runs; some of them empty.
func figures() map[string]Figure {
	run := ran(func(c *coldstart.Config) { c.Sample = time.Minute })
	nobody := ran(func(c *coldstart.Config) {
		c.Arrivals, c.Duration, c.Records = coldstart.Every(time.Hour), time.Minute, 10
	})
	lives := ran(func(c *coldstart.Config) {
		c.KeepAlive, c.Duration, c.Records = coldstart.Fixed(10*time.Second), 10*time.Minute, 1000
	})
	ten := coldstart.Fixed(10 * time.Minute)
	measured := Experiment{Rate: 0.5, Cold: 0.002, StandardError: 0.0001, Instances: 5.7, Running: 1}
	keeps := KeepAlives{Config: run.Config, Points: []KeepPoint{
		{KeepAlive: ten, Rate: 0.001, Requests: 9, Cold: 0.5, Low: 0.4, High: 0.6, Theory: 0.5},
		{KeepAlive: ten, Rate: 0.1, Requests: 9, Cold: 0.001, Low: 0.0005, High: 0.002},
		{KeepAlive: coldstart.Halving(380 * time.Second), Rate: 0.001, Requests: 9, Cold: 0.5},
		{KeepAlive: coldstart.Never(), Rate: 0.001, Requests: 9},
	}, Measured: []Experiment{measured}}
	causes := Causes{Config: run.Config, Points: []CausePoint{{Rate: 0.001}, {Rate: 1}}}
	causes.Points[1].Add(run)
	warm := run.Config
	warm.Warmer = coldstart.Warmer{Concurrent: 1, Every: time.Minute}
	return map[string]Figure{
		"run":            Run(run),
		"nobody":         Run(nobody),
		"ttl":            TTL(keeps),
		"no cold":        TTL(KeepAlives{Config: run.Config, Points: []KeepPoint{{KeepAlive: ten, Rate: 1, Requests: 9}, {KeepAlive: ten, Rate: 2, Requests: 9}}}),
		"causes":         ColdCauses(causes),
		"causes of none": ColdCauses(Causes{Config: run.Config, Points: []CausePoint{{Rate: 0.001}, {Rate: 1}}}),
		"aws":            AWS(Validation{Config: run.Config, Points: []Comparison{Compare(measured, run), Compare(Experiment{Rate: 1, Cold: 0.001, Instances: 8, Running: 2}, run)}}),
		"selection":      Selection(Selections{Config: run.Config, Points: []SelectionPoint{{Rate: 0.9, Cold: 0.01, Instances: 8, Running: 2, Theory: math.NaN()}, {Selection: coldstart.LRU, Rate: 0.9, Instances: 11, Requests: 1000}}}),
		"warmers":        Warmer(Warmers{Config: warm, Gap: time.Hour, Points: []PingPoint{{Burst: 1, Cold: 1}, {Pings: 1, Burst: 1}}, Busy: []BusyPing{{Work: 0.1}, {Work: 1, Cold: 0.1}}}),
		"gantt":          GanttChart(Gantt{Result: lives}),
		"no request":     GanttChart(Gantt{Result: nobody}),
	}
}

// Every figure renders in both themes and both kinds of format, and is not blank.
func TestFigures(t *testing.T) {
	for name, f := range figures() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.NotEmpty(t, f.Title)
			assert.NotContains(t, f.Title+f.Subtitle+f.Caption, "%!")
			assert.NotContains(t, f.Title+f.Subtitle+f.Caption, "NaN")
			for _, theme := range []Theme{Light(), Dark()} {
				var png, svg bytes.Buffer
				require.NoError(t, f.Write(&png, "png", theme))
				require.NoError(t, f.Write(&svg, "svg", theme))
				picture, _, err := image.Decode(&png)
				require.NoError(t, err)
				assert.Greater(t, colours(picture), 8)
				assert.Contains(t, svg.String(), "</svg>")
			}
		})
	}
}

func colours(picture image.Image) int {
	seen := map[[4]uint32]bool{}
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 5 {
		for x := b.Min.X; x < b.Max.X; x += 5 {
			r, g, bl, a := picture.At(x, y).RGBA()
			seen[[4]uint32{r, g, bl, a}] = true
		}
	}
	return len(seen)
}

// The lives of environments add up to those of the run.
func TestLanes(t *testing.T) {
	r := ran(func(c *coldstart.Config) {
		c.KeepAlive, c.Duration, c.Records = coldstart.Fixed(30*time.Second), time.Hour, 1_000_000
	})
	var busy, idle, requests float64
	expired := 0
	for _, l := range Lanes(r) {
		busy += l.Busy + l.Init
		idle += l.Idle
		requests += float64(l.Requests)
		if !math.IsNaN(l.Expired) {
			expired++
		}
	}
	assert.InDelta(t, r.RunningMean*r.Window, busy, 1e-3)
	assert.InDelta(t, r.IdleMean*r.Window, idle, 1e-3)
	assert.InDelta(t, r.Requests, requests, 0)
	assert.EqualValues(t, r.Expired, expired)
}

func TestWords(t *testing.T) {
	for rate, want := range map[float64]string{10: "10/s", 0.1: "0.1/s", 0.05: "3/min", 0.0005: "1.8/h", 0.00681: "25/h"} {
		assert.Equal(t, want, PerTime(rate))
	}
	assert.Equal(t, "10 min", KeepName(coldstart.Fixed(10*time.Minute)))
	assert.Equal(t, "half every 6 min 20 s", KeepName(coldstart.Halving(380*time.Second)))
	assert.Equal(t, "never", KeepName(coldstart.Never()))
	assert.Equal(t, "exp:10m", KeepName(coldstart.Lasting(coldstart.Exp(10*time.Minute))))
}

// Where the causes change places is found between two points.
func TestTurn(t *testing.T) {
	s := Causes{Points: []CausePoint{{Rate: 0.01}, {Rate: 1, BusyFraction: 1}}}
	assert.InEpsilon(t, 0.1, s.Turn(), 1e-9)
	assert.Zero(t, Causes{Points: s.Points[1:]}.Turn())
}
