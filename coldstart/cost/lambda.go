package cost

import (
	"math"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/check"
)

// Month is the 730 hours that cloud calculators count.
const Month = 730 * time.Hour

// Lambda is a price list in US dollars. A price of 0 means that the list does not have it: what needs it is an invalid
// use, not free. Check with the provider before you rely on any of them.
type Lambda struct {
	Name                string  `json:"name"`
	Source              string  `json:"source"`
	Request             float64 `json:"per_request"`
	GBSecond            float64 `json:"per_gb_second"`                      // of invocations
	ProvisionedGBSecond float64 `json:"per_provisioned_gb_second"`          // of provisioned environments
	ProvisionedDuration float64 `json:"per_provisioned_gb_second_executed"` // of invocations on them
	StorageGBSecond     float64 `json:"per_storage_gb_second"`              // of ephemeral storage above 512 MB
	SnapStartGBSecond   float64 `json:"per_snapstart_gb_second"`            // of a cached snapshot
	SnapStartRestoreGB  float64 `json:"per_snapstart_restored_gb"`
	FreeRequests        float64 `json:"free_requests_per_month"`
	FreeGBSeconds       float64 `json:"free_gb_seconds_per_month"`
	// Tiers are lower prices of GB-seconds above an amount in the month, by rising amounts. The presets have none.
	Tiers []Tier `json:"tiers,omitempty"`
}

// Tier is a price of the GB-seconds of a month above an amount.
type Tier struct {
	Above    float64 `json:"above_gb_seconds"`
	GBSecond float64 `json:"per_gb_second"`
}

const seen = "AWS price list of us-east-1 as published in public copies and on aws.amazon.com/lambda/pricing, seen in 2026"

// LambdaX86 is AWS Lambda in us-east-1 on x86. Many other Regions are up to a third dearer. The SnapStart prices are those for
// Python and .NET, seen in a third party's list.
func LambdaX86() Lambda {
	return Lambda{
		Name: "lambda-x86", Source: seen, Request: 0.20e-6, GBSecond: 0.0000166667,
		ProvisionedGBSecond: 0.0000041667, ProvisionedDuration: 0.0000097222, StorageGBSecond: 0.0000000309,
		SnapStartGBSecond: 0.0000015046, SnapStartRestoreGB: 0.0001397998, FreeRequests: 1e6, FreeGBSeconds: 400_000,
	}
}

// LambdaArm is AWS Lambda in us-east-1 on arm64. Its prices of provisioned concurrency must be set by the user.
func LambdaArm() Lambda {
	p := LambdaX86()
	p.Name, p.GBSecond = "lambda-arm", 0.0000133334
	p.ProvisionedGBSecond, p.ProvisionedDuration = 0, 0
	return p
}

// Model is the price as package coldstart takes it.
func (p Lambda) Model(billInit bool) coldstart.Price {
	return coldstart.Price{
		GBSecond: p.GBSecond, Request: p.Request, ProvisionedGBSecond: p.ProvisionedGBSecond, ProvisionedDuration: p.ProvisionedDuration, BillInit: billInit,
	}
}

// Use is what a function does in a month.
type Use struct {
	Invocations float64       `json:"invocations"` // [0, 1e15]
	Duration    time.Duration `json:"duration_ns"` // of each, rounded up to 1 ms for the bill, [0, 15 min]
	MemoryMB    int           `json:"memory_mb"`   // [128, 10240]
	StorageMB   int           `json:"storage_mb"`  // ephemeral, [512, 10240]; the first 512 are free
	ColdShare   float64       `json:"cold_share"`  // of the invocations on demand, [0, 1]
	Init        time.Duration `json:"init_ns"`     // of a cold start, [0, 15 min]
	BillInit    bool          `json:"bill_init"`   // with Duration, before rounding; for all functions since August 2025 (AWS Compute Blog)
	FreeTier    bool          `json:"free_tier"`   // on demand only

	Provisioned      int           `json:"provisioned"`         // environments, [0, 1e6]
	ProvisionedTime  time.Duration `json:"provisioned_time_ns"` // rounded up to 5 min for the bill, [0, 1 year]
	ProvisionedShare float64       `json:"provisioned_share"`   // of the invocations that they serve, [0, 1]

	Snapshots    int           `json:"snapshots"`        // SnapStart versions that are cached, [0, 1e5]
	SnapshotTime time.Duration `json:"snapshot_time_ns"` // [0, 1 year]
	Restores     float64       `json:"restores"`         // [0, 1e15]
}

// Bill is what it costs, in US dollars.
type Bill struct {
	Requests     float64 `json:"requests_usd"`
	Duration     float64 `json:"duration_usd"`    // on demand
	Provisioned  float64 `json:"provisioned_usd"` // environments
	Executed     float64 `json:"executed_usd"`    // invocations on them
	Storage      float64 `json:"storage_usd"`
	SnapStart    float64 `json:"snapstart_usd"`
	Total        float64 `json:"total_usd"`
	GBSeconds    float64 `json:"gb_s"`       // on demand, before the free tier
	InitFraction float64 `json:"init_share"` // of them, by INIT
}

// Validate says all that is wrong with u under the prices at once; every error wraps ErrInvalidConfig.
func (p Lambda) Validate(u Use) error {
	v := check.Of(ErrInvalidConfig)
	p.check(&v)
	v.Between("Invocations", u.Invocations, 0, 1e15, "")
	v.Span("Duration", u.Duration, 0, 15*time.Minute)
	v.Span("Init", u.Init, 0, 15*time.Minute)
	check.Count(&v, "MemoryMB", u.MemoryMB, 128, 10_240)
	check.Count(&v, "StorageMB", u.StorageMB, 512, 10_240)
	v.Between("ColdShare", u.ColdShare, 0, 1, "")
	check.Count(&v, "Provisioned", u.Provisioned, 0, 1_000_000)
	v.Span("ProvisionedTime", u.ProvisionedTime, 0, 365*24*time.Hour)
	v.Between("ProvisionedShare", u.ProvisionedShare, 0, 1, "")
	check.Count(&v, "Snapshots", u.Snapshots, 0, 100_000)
	v.Span("SnapshotTime", u.SnapshotTime, 0, 365*24*time.Hour)
	v.Between("Restores", u.Restores, 0, 1e15, "")
	needs := func(name string, price float64, used bool) {
		if used && price == 0 {
			v.Add("%s = 0: %s has no such price, set it", name, p.Name)
		}
	}
	needs("ProvisionedGBSecond", p.ProvisionedGBSecond, u.Provisioned > 0)
	needs("ProvisionedDuration", p.ProvisionedDuration, u.ProvisionedShare > 0)
	needs("StorageGBSecond", p.StorageGBSecond, u.StorageMB > 512)
	needs("SnapStartGBSecond", p.SnapStartGBSecond, u.Snapshots > 0)
	needs("SnapStartRestoreGB", p.SnapStartRestoreGB, u.Restores > 0)
	if u.ProvisionedShare > 0 && u.Provisioned == 0 {
		v.Add("ProvisionedShare = %g, want 0 without provisioned environments", u.ProvisionedShare)
	}
	return v.Err()
}

func (p Lambda) check(v *check.List) {
	for _, x := range []struct {
		name  string
		price float64
	}{
		{"Request", p.Request},
		{"GBSecond", p.GBSecond},
		{"ProvisionedGBSecond", p.ProvisionedGBSecond},
		{"ProvisionedDuration", p.ProvisionedDuration},
		{"StorageGBSecond", p.StorageGBSecond},
		{"SnapStartGBSecond", p.SnapStartGBSecond},
		{"SnapStartRestoreGB", p.SnapStartRestoreGB},
	} {
		v.Between(x.name, x.price, 0, 1e6, " USD")
	}
	v.Between("FreeRequests", p.FreeRequests, 0, 1e15, "")
	v.Between("FreeGBSeconds", p.FreeGBSeconds, 0, 1e18, " GB-s")
	above := 0.0
	for i, t := range p.Tiers {
		if !(t.Above > above && t.Above <= 1e18 && t.GBSecond >= 0 && t.GBSecond <= 1e6) {
			v.Add("Tiers[%d] = %g GB-s, %g USD, want rising amounts in (0, 1e18] and prices in [0, 1e6]", i, t.Above, t.GBSecond)
			return
		}
		above = t.Above
	}
}

// Bill is the bill of a month.
func (p Lambda) Bill(u Use) (Bill, error) {
	if err := p.Validate(u); err != nil {
		return Bill{}, err
	}
	gb := float64(u.MemoryMB) / 1024
	demand := u.Invocations * (1 - u.ProvisionedShare)
	warm, cold := billed(u.Duration), billed(u.Duration)
	if u.BillInit {
		cold = billed(u.Duration + u.Init)
	}
	run := demand * (warm + u.ColdShare*(cold-warm))
	b := Bill{GBSeconds: run * gb}
	if run > 0 {
		b.InitFraction = demand * u.ColdShare * (cold - warm) / run
	}
	requests, paid := u.Invocations, b.GBSeconds
	if u.FreeTier {
		requests, paid = max(requests-p.FreeRequests, 0), max(paid-p.FreeGBSeconds, 0)
	}
	b.Requests, b.Duration = requests*p.Request, p.duration(paid)
	executed := u.Invocations * u.ProvisionedShare * warm
	b.Executed = executed * gb * p.ProvisionedDuration
	b.Provisioned = float64(u.Provisioned) * gb * roundUp(u.ProvisionedTime, 5*time.Minute) * p.ProvisionedGBSecond
	b.Storage = (run + executed) * float64(u.StorageMB-512) / 1024 * p.StorageGBSecond
	b.SnapStart = gb * (float64(u.Snapshots)*u.SnapshotTime.Seconds()*p.SnapStartGBSecond + u.Restores*p.SnapStartRestoreGB)
	b.Total = b.Requests + b.Duration + b.Executed + b.Provisioned + b.Storage + b.SnapStart
	return b, nil
}

// duration is the price of GB-seconds of a month, through the tiers.
func (p Lambda) duration(gbSeconds float64) float64 {
	cost, price, from := 0.0, p.GBSecond, 0.0
	for _, t := range p.Tiers {
		if gbSeconds <= t.Above {
			break
		}
		cost += (t.Above - from) * price
		price, from = t.GBSecond, t.Above
	}
	return cost + (gbSeconds-from)*price
}

// billed is a time in s, rounded up to 1 ms.
func billed(d time.Duration) float64 { return roundUp(d, time.Millisecond) }

// roundUp is a time in s, rounded up to whole steps.
func roundUp(d, step time.Duration) float64 {
	n := d / step
	if d%step > 0 {
		n++
	}
	return float64(n) * step.Seconds()
}

// PerRequest is what a request costs on demand, without the free tier: the request and its GB-seconds, rounded up to 1 ms. NaN unless
// duration >= 0 and memory > 0.
func (p Lambda) PerRequest(memoryMB int, duration time.Duration) float64 {
	if memoryMB <= 0 || duration < 0 {
		return math.NaN()
	}
	return p.Request + billed(duration)*float64(memoryMB)/1024*p.GBSecond
}

// ProvisionedBreakEven is the utilization of a provisioned environment above which it is cheaper than on demand:
// capacity/(on demand - executed), 0.600 on x86. NaN without these prices; above 1 it never is.
func (p Lambda) ProvisionedBreakEven() float64 {
	if !(p.ProvisionedGBSecond > 0 && p.ProvisionedDuration > 0 && p.GBSecond > p.ProvisionedDuration) {
		return math.NaN()
	}
	return p.ProvisionedGBSecond / (p.GBSecond - p.ProvisionedDuration)
}

// Crossover is the rate of requests (1/s) above which something of a fixed price by the hour is cheaper than paying by request, if it can do them:
// perHour/(3600 perRequest). Copik et al. (SeBS, Middleware 2021) call it the break-even. NaN unless perHour >= 0, perRequest > 0.
func Crossover(perHour, perRequest float64) float64 {
	if !(perHour >= 0 && perHour <= math.MaxFloat64 && perRequest > 0) {
		return math.NaN()
	}
	return perHour / 3600 / perRequest
}
