package cost

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/validation"
)

func bill(t *testing.T, p Lambda, u Use) Bill {
	t.Helper()
	b, err := p.Bill(u)
	require.NoError(t, err)
	return b
}

// 3 million requests of 1 s at 512 MB in a month are 18.73 dollars after the free tier (18.74 on AWS's own page, which rounded the price
// otherwise); ten provisioned environments of 512 MB are 54.75 a month if nothing comes; Fargate tasks are 9.01 and 36.04.
func TestMonthlyBills(t *testing.T) {
	claim := validation.Claim{Kind: validation.Theory, Name: "bills of a month", Source: "AWS's prices in us-east-1 times the amounts, by hand, to the cent", Unit: "USD"}
	page := validation.Claim{Kind: validation.Published, Name: "bill of a month on AWS's own page", Source: "AWS's own page of Lambda prices", Unit: "USD"}
	amount := validation.Claim{Kind: validation.Theory, Name: "memory x time of 3 million requests of 1 s at 512 MB", Source: "requests x time x memory", Unit: "GB-s"}
	b := bill(t, LambdaX86(), Use{Invocations: 3e6, Duration: time.Second, MemoryMB: 512, StorageMB: 512, FreeTier: true})
	const requests = "3 million requests of 1 s at 512 MB, free tier"
	claim.Within(t, requests, 18.73, b.Total, 0.005)
	claim.Within(t, "of these the requests", 0.40, b.Requests, 1e-9)
	page.Gap(t, requests, 18.74, b.Total, 0.005, "AWS's page rounded the price of a GB-second otherwise")
	amount.Within(t, "a month", 1.5e6, b.GBSeconds, 0)
	b = bill(t, LambdaX86(), Use{MemoryMB: 512, StorageMB: 512, Provisioned: 10, ProvisionedTime: Month})
	claim.Within(t, "10 provisioned environments of 512 MB, no requests", 54.75, b.Total, 0.005)
	f := FargateX86()
	small, err := f.Bill(Task{VCPU: 0.25, GB: 0.5}, 1, Month)
	require.NoError(t, err)
	claim.Within(t, "Fargate task of 0.25 vCPU and 0.5 GB", 9.01, small, 0.005)
	large, err := f.Bill(Task{VCPU: 1, GB: 2}, 1, Month)
	require.NoError(t, err)
	claim.Within(t, "Fargate task of 1 vCPU and 2 GB", 36.04, large, 0.005)
}

// Cost of a request and the rates at which one Fargate task is as dear, without the free tier.
func TestCrossoverTable(t *testing.T) {
	f := FargateX86()
	small, large := f.PerHour(Task{VCPU: 0.25, GB: 0.5}), f.PerHour(Task{VCPU: 1, GB: 2})
	hour := validation.Claim{Kind: validation.Theory, Name: "price of a Fargate task for an hour", Source: "AWS's prices in us-east-1: vCPU 0.04048, GB 0.004445", Unit: "USD"}
	hour.Within(t, "0.25 vCPU, 0.5 GB", 0.0123425, small, 1e-10)
	hour.Within(t, "1 vCPU, 2 GB", 0.04937, large, 1e-10)
	price := validation.Claim{Kind: validation.Theory, Name: "price of a request", Source: "request + time x memory x price of a GB-second, to the digits printed", Unit: "USD"}
	level := validation.Claim{
		Kind: validation.Theory, Name: "rate above which a Fargate task is cheaper than requests", Source: "price of an hour/(3,600 x price of a request), to the digits printed", Unit: "/s",
	}
	for _, x := range []struct {
		memory                        int
		ms                            time.Duration
		request, small, unit          float64
		large, requestUnit, largeUnit float64
	}{
		{128, 100, 4.083e-7, 8.396, 0.001, 33.58, 1e-10, 0.01},
		{512, 100, 1.0333e-6, 3.318, 0.001, 13.27, 1e-10, 0.01},
		{1024, 100, 1.8667e-6, 1.837, 0.001, 7.347, 1e-10, 0.001},
		{1024, 200, 3.5333e-6, 0.970, 0.001, 3.881, 1e-10, 0.001},
		{1769, 100, 3.0792e-6, 1.113, 0.001, 4.454, 1e-10, 0.001},
		{512, 1000, 8.5334e-6, 0.402, 0.001, 1.607, 1e-10, 0.001},
	} {
		c := LambdaX86().PerRequest(x.memory, x.ms*time.Millisecond)
		name := fmt.Sprintf("%d MB, %d ms", x.memory, x.ms)
		price.Within(t, name, x.request, c, 0.51*x.requestUnit)
		level.Within(t, name+", 0.25 vCPU and 0.5 GB", x.small, Crossover(small, c), 0.51*x.unit)
		level.Within(t, name+", 1 vCPU and 2 GB", x.large, Crossover(large, c), 0.51*x.largeUnit)
	}
}

// Provisioned environments pay from 60 % utilization on: the bills agree there, and only there.
func TestProvisionedBreakEven(t *testing.T) {
	p := LambdaX86()
	u := p.ProvisionedBreakEven()
	share := validation.Claim{
		Kind: validation.Theory, Name: "utilization from which provisioned environments are cheaper", Source: "capacity/(on demand - executed), AWS's prices of a GB-second",
	}
	share.Within(t, "x86", 0.600, u, 0.0005)
	saved := validation.Claim{
		Kind: validation.Theory, Name: "bill of a provisioned environment of 1 GB for a month, less that of the requests on demand", Unit: "USD",
		Source: "(break-even - utilization) x time x (price on demand - price executed)",
	}
	for _, x := range []struct {
		name  string
		share float64
		sign  float64
	}{{"1 point below the break-even", u - 0.01, 1}, {"at the break-even", u, 0}, {"1 point above", u + 0.01, -1}} {
		n := x.share * Month.Seconds() // requests of 1 s that one environment serves
		use := Use{Invocations: n, Duration: time.Second, MemoryMB: 1024, StorageMB: 512}
		demand := bill(t, p, use)
		use.Provisioned, use.ProvisionedTime, use.ProvisionedShare = 1, Month, 1
		d := bill(t, p, use).Total - demand.Total
		saved.Within(t, x.name, x.sign*0.01*Month.Seconds()*(p.GBSecond-p.ProvisionedDuration), d, 1e-6)
	}
	assert.True(t, math.IsNaN(LambdaArm().ProvisionedBreakEven()))
}

// The lists, item by item, in us-east-1.
func TestPrices(t *testing.T) {
	x, a := LambdaX86(), LambdaArm()
	list := validation.Claim{Kind: validation.Published, Name: "prices", Source: "AWS, us-east-1, seen in 2026", Unit: "USD"}
	list.Within(t, "a Lambda request", 0.2e-6, x.Request, 0)
	arm := validation.Claim{Kind: validation.Published, Name: "price of a GB-second on arm64 against x86", Source: "AWS: 20 % cheaper"}
	arm.Relative(t, "arm64/x86", 0.8, a.GBSecond/x.GBSecond, 1e-5)
	assert.Equal(t, x.Model(true), coldstart.OnDemand(), "the model's default")
	assert.False(t, x.Model(false).BillInit)
	list.Relative(t, "Fargate on arm64 for an hour, 4 vCPU at 0.03238, 8 GB at 0.00356", 0.03238*4+0.00356*8, FargateArm().PerHour(Task{4, 8, 20}), 1e-12)
	list.Relative(t, "Fargate on x86 for an hour, 1 vCPU at 0.04048, 1 GB at 0.004445, 10 GB of disk beyond 20 GB at 0.000111", 0.04048+0.004445+10*0.000111,
		FargateX86().PerHour(Task{1, 1, 30}), 1e-12)
	list.Relative(t, "t3.medium for 730 h at 0.0416", 0.0416*730, T3Medium().Bill(1, Month), 1e-12)
	micro := validation.Claim{
		Kind: validation.Published, Name: "rate above which a t2.micro is cheaper than requests of 1e-6 USD", Unit: "/s",
		Source: "Copik et al., SeBS, Middleware 2021, Table 6: price of an hour, 0.0116 USD, over that of a request",
	}
	micro.Relative(t, "t2.micro", 0.0116/3600/1e-6, Crossover(T2Micro().PerHour, 1e-6), 1e-12)
}

// The model's own account of a run is that of the bill.
func TestAgainstTheModel(t *testing.T) {
	c := coldstart.Default()
	c.Warm, c.Cold.Response, c.MemoryMB = coldstart.Const(1500500*time.Microsecond), coldstart.Const(1500500*time.Microsecond), 1769
	c.Price, c.Duration = LambdaX86().Model(true), 1e4*time.Second
	r, err := coldstart.Simulate(c)
	require.NoError(t, err)
	b := bill(t, LambdaX86(), Use{Invocations: float64(r.Requests), Duration: 1500500 * time.Microsecond, MemoryMB: 1769, StorageMB: 512})
	claim := validation.Claim{Kind: validation.Theory, Name: "cost of a simulated run of 1e4 s", Source: "bill of as many requests of 1.5005 s at 1,769 MB", Unit: "USD"}
	claim.Within(t, "0.9/s", b.Total, r.Cost, 1e-3*r.Cost)
}

func TestRounding(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Published, Name: "bills of times that are rounded up", Unit: "USD",
		Source: "AWS: requests to 1 ms, with INIT since 2025-08-01 (AWS Compute Blog), provisioned time to 5 min, Fargate to 1 s and 1 min at least",
	}
	p := LambdaX86()
	use := Use{Invocations: 1e6, Duration: 1200 * time.Microsecond, MemoryMB: 1024, StorageMB: 512}
	claim.Relative(t, "1e6 requests of 1.2 ms: 2 ms each", 1e6*0.002*p.GBSecond, bill(t, p, use).Duration, 1e-12)
	use.Duration = 2 * time.Millisecond
	claim.Relative(t, "1e6 requests of 2 ms", 1e6*0.002*p.GBSecond, bill(t, p, use).Duration, 1e-12)
	use.ColdShare, use.Init = 0.01, 250500*time.Microsecond
	claim.Relative(t, "1e6 requests of 2 ms, 1 % with an INIT of 250.5 ms, before August 2025", 1e6*0.002*p.GBSecond, bill(t, p, use).Duration, 1e-12)
	use.BillInit = true
	use.Duration = 1200 * time.Microsecond
	claim.Relative(t, "1e6 requests of 1.2 ms, 1 % with an INIT of 250.5 ms: 252 ms, not 2 + 251", (0.99e6*0.002+1e4*0.252)*p.GBSecond, bill(t, p, use).Duration, 1e-12)
	use.Duration = 2 * time.Millisecond
	b := bill(t, p, use)
	claim.Relative(t, "1e6 requests of 2 ms, 1 % with an INIT of 250.5 ms: rounded together", (1e6*0.002+1e4*0.251)*p.GBSecond, b.Duration, 1e-12)
	assert.InEpsilon(t, 1e4*0.251/(1e6*0.002+1e4*0.251), b.InitFraction, 1e-12)
	use = Use{MemoryMB: 1024, StorageMB: 512, Provisioned: 2, ProvisionedTime: 5*time.Minute + 1}
	claim.Relative(t, "2 provisioned environments for 5 min and 1 ns", 2*600*p.ProvisionedGBSecond, bill(t, p, use).Provisioned, 1e-12)
	f, err := FargateX86().Bill(Task{VCPU: 1, GB: 1}, 3, time.Second)
	require.NoError(t, err)
	claim.Relative(t, "3 Fargate tasks for 1 s: 1 min each", 3*(0.04048+0.004445)/60, f, 1e-12)
	f, err = FargateX86().Bill(Task{VCPU: 1, GB: 1}, 1, 61*time.Second+1)
	require.NoError(t, err)
	claim.Relative(t, "Fargate task for 61 s and 1 ns: 62 s", (0.04048+0.004445)*62/3600, f, 1e-12)
}

func TestStorageSnapStartTiers(t *testing.T) {
	claim := validation.Claim{Kind: validation.Theory, Name: "bills of storage, snapshots and tiers", Source: "prices times amounts, by hand", Unit: "USD"}
	p := LambdaX86()
	b := bill(t, p, Use{Invocations: 1e6, Duration: time.Second, MemoryMB: 1024, StorageMB: 10_240})
	claim.Relative(t, "1e6 s of 10 GB of storage, of which 0.5 GB are free", 1e6*9.5*p.StorageGBSecond, b.Storage, 1e-12)
	b = bill(t, p, Use{Invocations: 1e6, Duration: time.Second, MemoryMB: 1024, StorageMB: 10_240, Provisioned: 1, ProvisionedShare: 0.5})
	claim.Relative(t, "the same, half of it in provisioned environments", 1e6*9.5*p.StorageGBSecond, b.Storage, 1e-12)
	b = bill(t, p, Use{MemoryMB: 2048, StorageMB: 512, Snapshots: 3, SnapshotTime: time.Hour, Restores: 1000})
	claim.Relative(t, "3 snapshots of 2 GB for 1 h, 1,000 restores", 2*(3*3600*0.0000015046+1000*0.0001397998), b.SnapStart, 1e-12)
	p.Tiers = []Tier{{1e6, 0.00001}, {3e6, 0.000005}}
	b = bill(t, p, Use{Invocations: 4e6, Duration: time.Second, MemoryMB: 1024, StorageMB: 512})
	claim.Relative(t, "4e6 GB-s, cheaper from 1e6 and from 3e6 on", 1e6*p.GBSecond+2e6*0.00001+1e6*0.000005, b.Duration, 1e-12)
	b = bill(t, p, Use{Invocations: 4e6, Duration: time.Second, MemoryMB: 1024, StorageMB: 512, FreeTier: true})
	claim.Relative(t, "the same with the free tier of 4e5 GB-s", 1e6*p.GBSecond+2e6*0.00001+0.6e6*0.000005, b.Duration, 1e-12)
}
