package coldstart_test

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/coldstart"
)

// How often does a function that is called once a minute and takes 2 s start cold, and why?
func ExampleSimulate() {
	c := coldstart.AWSLambda("java21-zip-x86")
	c.Arrivals, c.Warm = coldstart.Poisson(1.0/60), coldstart.Exp(2*time.Second)
	c.KeepAlive, c.Duration = coldstart.Fixed(5*time.Minute), 30*24*time.Hour
	r, err := coldstart.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d requests, %.1f %% cold: %d after idleness, %d because all were busy\n",
		r.Requests, 100*r.ColdProbability, r.ColdBy.IdleExpired, r.ColdBy.Overlapping())
	fmt.Printf("%.2f environments on average, %.0f GB-s idle, $%.2f\n", r.InstancesMean, r.WastedGBSeconds, r.Cost)
	// Output:
	// 43031 requests, 3.4 % cold: 295 after idleness, 1181 because all were busy
	// 1.14 environments on average, 2872174 GB-s idle, $1.44
}

// A limit of AWS is named.
func ExampleConfig_Validate() {
	c := coldstart.Default()
	c.MemoryMB = 64
	fmt.Println(c.Validate())
	// Output:
	// coldstart: invalid config: MemoryMB = 64, want in [128, 10240] MB, the sizes of AWS Lambda (docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)
}

// A Result prints as two lines.
func ExampleResult_String() {
	c := coldstart.Default()
	c.Duration = 24 * time.Hour
	r, err := coldstart.Simulate(c)
	fmt.Println(r, err)
	// Output:
	// 77583 requests, 0.148 % of them cold: 1 were the first, 0 after idleness, 114 because all were busy; 0 % of the tries throttled
	// 7.703 environments, 1.78 of them busy; latency 1.983 s mean, 9.116 s p99; $0.3361 <nil>
}

// A column of the rows is a curve that gonum/plot can draw.
func ExampleResult_Series() {
	c := coldstart.Default()
	c.Duration, c.Sample = 4*time.Hour, time.Hour
	r, err := coldstart.Simulate(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	environments := r.Series(func(row coldstart.Row) float64 { return float64(row.Busy + row.Idle) })
	for i := range environments.Len() {
		x, y := environments.XY(i)
		fmt.Printf("%v s: %v\n", x, y)
	}
	// Output:
	// 0 s: 0
	// 3600 s: 8
	// 7200 s: 7
	// 10800 s: 8
	// 14400 s: 7
}

// How sure is the share of cold requests after ten runs of a day?
func ExampleReplicate() {
	c := coldstart.Default()
	c.Duration = 24 * time.Hour
	s, err := coldstart.Replicate(context.Background(), c, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := s.ColdProbability
	fmt.Printf("%.3f %% cold, between %.3f %% and %.3f %%\n", 100*p.Mean, 100*p.Low, 100*p.High)
	// Output: 0.139 % cold, between 0.132 % and 0.146 %
}
