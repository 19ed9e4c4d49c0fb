package trace

import (
	"math"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// Azure describes a load like that of Azure Functions in 2019. It is a plain value: start from AzureLike.
type Azure struct {
	Functions   int           `json:"functions"`        // [1, 200,000]
	Minutes     int           `json:"minutes"`          // [1, 20,160]: 14 days
	RateFactor  float64       `json:"rate_factor"`      // of all rates, [1e-6, 10]; 1
	MaxRate     float64       `json:"max_rate_per_day"` // of an application, [1e4, 1e9] requests/day; 1e8
	Swing       float64       `json:"swing"`            // of the rate over the day, as a share of its mean, [0, 1]; timers have none
	Bursty      float64       `json:"bursty"`           // share of applications that come in bursts, [0, 1]
	BurstFactor float64       `json:"burst_factor"`     // rate inside a burst over the mean rate, [1, 1000]
	BurstLength time.Duration `json:"burst_length_ns"`  // mean, in whole minutes, [1 min, 1 day]
	WorkCV      float64       `json:"work_cv"`          // sd/mean of a function's execution times, [0, 100]
	MaxWork     time.Duration `json:"most_work_ns"`     // at which mean execution times are cut, [1 ms, 1 day]
	Init        Law           `json:"init"`             // of applications, mean at most 1 h
	MaxMemoryMB float64       `json:"most_memory_mb"`   // at which memory is cut, [128, 1e6] MB
	Seed        uint64        `json:"seed"`
}

// AzureLike is a day of 50,000 functions with the published shares and fits; what is not published is an assumption: half as
// much more or less over the day, 40 % of applications in bursts of 5 min at ten times their rate, executions cut at a mean of 10 min,
// memory at 10,240 MB, and init times of 250 ms, of the order of those of common runtimes (lambda-perf: 15 to 450 ms).
func AzureLike() Azure {
	return Azure{
		Functions: 50_000, Minutes: MinutesPerDay, RateFactor: 1, MaxRate: 1e8, Swing: 0.5, Bursty: 0.4, BurstFactor: 10,
		BurstLength: 5 * time.Minute, WorkCV: 0.5, MaxWork: 10 * time.Minute, Init: law.Lognormal(250*time.Millisecond, 1),
		MaxMemoryMB: 10_240, Seed: 1,
	}
}

// Validate says all that is wrong with a at once; every error wraps ErrInvalidConfig.
func (a Azure) Validate() error {
	v := check.Of(ErrInvalidConfig)
	check.Count(&v, "Functions", a.Functions, 1, 200_000)
	check.Count(&v, "Minutes", a.Minutes, 1, 14*MinutesPerDay)
	v.Between("RateFactor", a.RateFactor, 1e-6, 10, "")
	v.Between("MaxRate", a.MaxRate, 1e4, 1e9, " requests/day")
	v.Between("Swing", a.Swing, 0, 1, "")
	v.Between("Bursty", a.Bursty, 0, 1, "")
	v.Between("BurstFactor", a.BurstFactor, 1, 1000, "")
	v.Span("BurstLength", a.BurstLength, time.Minute, 24*time.Hour)
	v.Between("WorkCV", a.WorkCV, 0, 100, "")
	v.Span("MaxWork", a.MaxWork, time.Millisecond, 24*time.Hour)
	v.Law("Init", a.Init, 0, time.Hour)
	v.Between("MaxMemoryMB", a.MaxMemoryMB, 128, 1e6, " MB")
	return v.Err()
}

// Generate makes the functions.
func (a Azure) Generate() ([]Function, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	functions, rates := a.apps()
	assignTriggers(functions, rates)
	bursty := rng.New(a.Seed, purposeApps, 1)
	app, burst := -1, false
	for i := range functions {
		f := &functions[i]
		if f.App != app {
			app, burst = f.App, bursty.Float64() < a.Bursty
		}
		r := rng.New(a.Seed, uint64(i), purposeCounts)
		if f.Trigger == Timer {
			f.Counts = a.periodic(rates[i], r)
		} else {
			f.Counts = a.random(rates[i], burst, r)
		}
	}
	return functions, nil
}

// apps makes all functions but for their triggers and counts, and their rates per day.
func (a Azure) apps() ([]Function, []float64) {
	sizes := rng.New(a.Seed, purposeApps)
	var starts []int
	for n := 0; n < a.Functions; n += appSize(sizes.Float64()) {
		starts = append(starts, n)
	}
	draws, each := rng.New(a.Seed, purposeRates), rng.New(a.Seed, purposeFunctions)
	strata := draws.Perm(len(starts))
	functions, rates := make([]Function, a.Functions), make([]float64, a.Functions)
	initial := a.Init.Sampler()
	for app, start := range starts {
		end := a.Functions
		if app+1 < len(starts) {
			end = starts[app+1]
		}
		u := (float64(strata[app]) + draws.Float64()) / float64(len(starts))
		rate := appRate(u, a.MaxRate) * a.RateFactor
		memory := min(a.MaxMemoryMB, memoryMB(draws.Float64()))
		wait := min(time.Duration(initial.Next(draws)), time.Hour)
		sum := 0.0
		for i := start; i < end; i++ {
			w := each.ExpFloat64()
			rates[i] = w * w
			sum += rates[i]
			work := time.Duration(min(math.Exp(workMu+workSigma*each.NormFloat64())*1e9, float64(a.MaxWork)))
			functions[i] = Function{App: app, Work: law.Lognormal(work, a.WorkCV), MemoryMB: memory, Init: wait}
		}
		for i := start; i < end; i++ {
			rates[i] *= rate / max(sum, math.SmallestNonzeroFloat64)
		}
	}
	return functions, rates
}

// periodic are the counts of a timer: one request every 1440/rate minutes.
func (a Azure) periodic(rate float64, r *rand.Rand) Counts {
	var c Counts
	perMinute, phase := rate/MinutesPerDay, r.Float64()
	before := int64(0)
	for m := range a.Minutes {
		after := int64(float64(m+1)*perMinute + phase)
		c.Add(m, after-before)
		before = after
	}
	return c
}

// random are the counts of a Poisson process whose rate follows the day and, in bursts, is on or off for whole minutes.
func (a Azure) random(rate float64, burst bool, r *rand.Rand) Counts {
	var c Counts
	mean := rate / MinutesPerDay
	on, stop, start := true, 0.0, 0.0
	if burst && a.BurstFactor > 1 {
		stop = min(1, 1/a.BurstLength.Minutes())
		start = min(1, stop/(a.BurstFactor-1))
		mean *= (start + stop) / start
		on = r.Float64() < start/(start+stop)
	}
	counter := counter{random: r, left: r.ExpFloat64()}
	for m := range a.Minutes {
		if on {
			c.Add(m, counter.draw(mean*(1-a.Swing*math.Cos(2*math.Pi*float64(m)/MinutesPerDay))))
		}
		if stop > 0 {
			change := start
			if on {
				change = stop
			}
			on = on != (r.Float64() < change)
		}
	}
	return c
}
