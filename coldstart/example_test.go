package coldstart_test

import (
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
