package fleet

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/stats"
)

// Result is what a run gave. All of it counts from Warmup to Duration.
type Result struct {
	Config    Config `json:"config"`
	Functions int    `json:"functions"`
	Apps      int    `json:"apps"` // that had a request

	Requests int64  `json:"requests"` // warm + cold + dropped
	Cold     int64  `json:"cold"`
	Dropped  int64  `json:"dropped"` // because busy instances left too little memory
	Causes   Causes `json:"causes"`

	Evictions    int64   `json:"evictions"`     // for want of memory
	Prewarms     int64   `json:"prewarms"`      // loads ahead of a request
	PrewarmsLost int64   `json:"prewarms_lost"` // for want of memory
	Clock        float64 `json:"clock"`         // priority of the last victim, except for lru

	BusyGBSeconds   float64 `json:"busy_gb_s"`   // memory of working instances, init included
	WastedGBSeconds float64 `json:"wasted_gb_s"` // of idle ones
	WorkTime        float64 `json:"work_s"`      // executions
	InitTime        float64 `json:"init_s"`      // cold starts, which is how much longer all executions took

	// Shares of cold starts among the requests of each application, over the applications that had one served.
	AppColdP25         float64   `json:"app_cold_p25"`
	AppColdP50         float64   `json:"app_cold_p50"`
	AppColdP75         float64   `json:"app_cold_p75"` // the figure of merit of Shahrad et al.
	AppColdP95         float64   `json:"app_cold_p95"`
	AlwaysColdFraction float64   `json:"always_cold"` // share of applications without any warm request
	AppCold            []float64 `json:"-"`           // sorted

	MemoryMeanMB float64 `json:"mean_memory_mb"`
	MemoryMaxMB  float64 `json:"peak_memory_mb"` // the highest of Rows; with a cap, exact
	Rows         []Row   `json:"memory,omitempty"`
	Warnings     []error `json:"-"`
}

// Causes are cold starts by cause.
type Causes struct {
	First       int64 `json:"first"`       // the unit never had an instance
	Expired     int64 `json:"expired"`     // all that it had are gone by their time
	Early       int64 `json:"early"`       // the next one was still to be loaded
	Concurrency int64 `json:"concurrency"` // all that it has work
	Evicted     int64 `json:"evicted"`     // its last one had to make room
}

func (c *Causes) add(o Causes) {
	c.First += o.First
	c.Expired += o.Expired
	c.Early += o.Early
	c.Concurrency += o.Concurrency
	c.Evicted += o.Evicted
}

// Total are all of them.
func (c Causes) Total() int64 { return c.First + c.Expired + c.Early + c.Concurrency + c.Evicted }

// Row is means over a Config.Sample that begins at At.
type Row struct {
	At       float64 `json:"second"`
	MemoryMB float64 `json:"memory_mb"` // of all instances
}

// Series is a curve: X and Y, and the methods Len and XY of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a column of the rows against time in seconds, such as func(r Row) float64 { return r.MemoryMB }.
func (r Result) Series(column func(Row) float64) Series {
	return stats.Column(r.Rows, func(row Row) float64 { return row.At }, column)
}

// String is the result in two lines.
func (r Result) String() string {
	return fmt.Sprintf("%d requests to %d functions, %.3g %% of them cold (75th percentile of the applications: %.3g %%), %d dropped\n"+
		"%.4g GB of memory on average; %.4g GB-h were idle", r.Requests, r.Functions, 100*r.ColdProbability(), 100*r.AppColdP75, r.Dropped,
		r.MemoryMeanMB/1024, r.WastedGBSeconds/3600)
}

// ColdProbability is the share of served requests that were cold, 0 if there was none.
func (r Result) ColdProbability() float64 {
	return float64(r.Cold) / float64(max(1, r.Requests-r.Dropped))
}

// AppColdQuantile is the share of cold starts that a share p of applications do not exceed: the ceil(p n)-th smallest.
func (r Result) AppColdQuantile(p float64) float64 {
	if len(r.AppCold) == 0 || math.IsNaN(p) {
		return 0
	}
	n := float64(len(r.AppCold))
	return r.AppCold[int(min(n, max(1, math.Ceil(p*n-1e-9))))-1]
}

// unit is a run of functions that share instances.
type unit struct{ first, end int }

func units(functions []trace.Function, by Unit) []unit {
	var list []unit
	for i := range functions {
		if by == PerApp && i > 0 && functions[i].App == functions[i-1].App {
			list[len(list)-1].end = i + 1
		} else {
			list = append(list, unit{i, i + 1})
		}
	}
	return list
}
