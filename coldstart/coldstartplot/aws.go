package coldstartplot

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// Experiment is what was measured of a function on a platform.
type Experiment struct {
	Number        int     `json:"experiment"`
	Rate          float64 `json:"rate_per_s"`
	Cold          float64 `json:"aws_cold_fraction"`
	StandardError float64 `json:"aws_standard_error"` // of Cold
	Instances     float64 `json:"aws_instances"`
	Running       float64 `json:"aws_running"`
}

// Comparison is an experiment beside its simulation.
type Comparison struct {
	Experiment
	SimCold       float64 `json:"cold_fraction"`
	SimLow        float64 `json:"cold_low_fraction"` // 95 %
	SimHigh       float64 `json:"cold_high_fraction"`
	ColdError     float64 `json:"cold_error_fraction"` // simulated/measured - 1
	SimInstances  float64 `json:"instances"`
	InstanceError float64 `json:"instances_error_fraction"`
	SimRunning    float64 `json:"running"`
	RunningError  float64 `json:"running_error_fraction"`
}

// Compare puts a run beside an experiment.
func Compare(e Experiment, r coldstart.Result) Comparison {
	return Comparison{
		Experiment: e, SimCold: r.ColdProbability, SimLow: r.ColdLow, SimHigh: r.ColdHigh, ColdError: r.ColdProbability/e.Cold - 1,
		SimInstances: r.InstancesMean, InstanceError: r.InstancesMean/e.Instances - 1, SimRunning: r.RunningMean, RunningError: r.RunningMean/e.Running - 1,
	}
}

// Validation is all experiments.
type Validation struct {
	Config coldstart.Config
	Points []Comparison
}

// MeanErrors are mean absolute errors as shares of the measured values.
type MeanErrors struct {
	Cold, Instances, Running float64
	Standard                 float64 // mean standard error of the measured cold shares, as a share of them
	Within                   int     // simulated cold shares within two standard errors of the measured ones
}

// Errors are the mean errors over the points.
func (v Validation) Errors() MeanErrors {
	var e MeanErrors
	n := float64(max(len(v.Points), 1))
	for _, p := range v.Points {
		e.Cold += math.Abs(p.ColdError) / n
		e.Instances += math.Abs(p.InstanceError) / n
		e.Running += math.Abs(p.RunningError) / n
		e.Standard += p.StandardError / p.Cold / n
		if math.Abs(p.SimCold-p.Cold) <= 2*p.StandardError {
			e.Within++
		}
	}
	return e
}

// AWS draws the share of cold requests and the environments of experiments beside their simulation.
func AWS(v Validation) Figure {
	c, e := v.Config, v.Errors()
	f := Figure{
		Title: fmt.Sprintf("Measured on AWS Lambda and simulated: %s apart in cold starts, %s in environments",
			units.FormatPercent(digits(e.Cold)), units.FormatPercent(digits(e.Instances))),
		Subtitle: fmt.Sprintf("%d experiments (rings, 95 %% bars) and the model at the same rates (dots on lines): keep-alive %s, selection %v, warm requests %s, cold ones %s",
			len(v.Points), KeepName(c.KeepAlive), c.Selection, lawWords(c.Warm), lawWords(c.Cold.Response)),
		Caption: fmt.Sprintf("%s · %s a run · seed %d · measurements: SimFaaS, MIT License", caption, days(c.Duration), c.Seed),
		ShareX:  true, Height: 640,
	}
	x := chart.Axis{Name: "requests per second", Format: chart.Plain, Zero: true}
	cold := chart.Panel{Name: "share of the requests that are cold", X: x, Y: chart.Axis{Format: chart.Percent, Log: true}}
	var list []Experiment
	sim := chart.Dots{Color: chart.Vermillion, Size: 5}
	for _, p := range v.Points {
		list = append(list, p.Experiment)
		sim.X, sim.Y, sim.Low, sim.High = append(sim.X, p.Rate), append(sim.Y, p.SimCold), append(sim.Low, p.SimLow), append(sim.High, p.SimHigh)
	}
	rings := measuredCold(list)
	rings.Label, rings.Size = "measured", 11
	cold.Marks = []chart.Mark{chart.Line{Label: "simulated", X: sim.X, Y: sim.Y, Color: chart.Vermillion, Width: 1.2}, rings, sim}
	pool := chart.Panel{Name: "environments", X: x, Y: chart.Axis{Zero: true}}
	pool.Marks = append(v.pair("all", chart.Blue, func(p Comparison) (float64, float64) { return p.Instances, p.SimInstances }),
		v.pair("busy", chart.Green, func(p Comparison) (float64, float64) { return p.Running, p.SimRunning })...)
	f.Panels = []chart.Panel{cold, pool}
	return f
}

// pair is a simulated line with dots and measured rings.
func (v Validation) pair(label string, color chart.Color, of func(Comparison) (measured, simulated float64)) []chart.Mark {
	line := chart.Line{Label: label, Color: color, Width: 1.2}
	rings := chart.Dots{Color: chart.Ink, Size: 11, Hollow: true}
	for _, p := range v.Points {
		m, s := of(p)
		line.X, line.Y = append(line.X, p.Rate), append(line.Y, s)
		rings.X, rings.Y = append(rings.X, p.Rate), append(rings.Y, m)
	}
	return []chart.Mark{line, rings, chart.Dots{X: line.X, Y: line.Y, Color: color, Size: 5}}
}

// days is a long time for people.
func days(d time.Duration) string {
	if d < 48*time.Hour {
		if d%time.Hour == 0 {
			return fmt.Sprintf("%d h", d/time.Hour)
		}
		return units.FormatDuration(d)
	}
	return units.FormatCount(math.Round(d.Hours()/24)) + " days"
}
