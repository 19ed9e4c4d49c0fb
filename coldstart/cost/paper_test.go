package cost

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart"
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
	b := bill(t, LambdaX86(), Use{Invocations: 3e6, Duration: time.Second, MemoryMB: 512, StorageMB: 512, FreeTier: true})
	assert.InDelta(t, 18.73, b.Total, 0.005)
	assert.InDelta(t, 0.40, b.Requests, 1e-9)
	assert.Equal(t, 1.5e6, b.GBSeconds)
	b = bill(t, LambdaX86(), Use{MemoryMB: 512, StorageMB: 512, Provisioned: 10, ProvisionedTime: Month})
	assert.InDelta(t, 54.75, b.Total, 0.005)
	f := FargateX86()
	small, err := f.Bill(Task{VCPU: 0.25, GB: 0.5}, 1, Month)
	require.NoError(t, err)
	assert.InDelta(t, 9.01, small, 0.005)
	large, err := f.Bill(Task{VCPU: 1, GB: 2}, 1, Month)
	require.NoError(t, err)
	assert.InDelta(t, 36.04, large, 0.005)
}

// Cost of a request and the rates at which one Fargate task is as dear, without the free tier.
func TestCrossoverTable(t *testing.T) {
	f := FargateX86()
	small, large := f.PerHour(Task{VCPU: 0.25, GB: 0.5}), f.PerHour(Task{VCPU: 1, GB: 2})
	assert.InDelta(t, 0.0123425, small, 1e-10)
	assert.InDelta(t, 0.04937, large, 1e-10)
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
		assert.InDelta(t, x.request, c, 0.51*x.requestUnit)
		assert.InDelta(t, x.small, Crossover(small, c), 0.51*x.unit, "%d MB", x.memory)
		assert.InDelta(t, x.large, Crossover(large, c), 0.51*x.largeUnit, "%d MB", x.memory)
	}
}

// Provisioned environments pay from 60 % utilization on: the bills agree there, and only there.
func TestProvisionedBreakEven(t *testing.T) {
	p := LambdaX86()
	u := p.ProvisionedBreakEven()
	assert.InDelta(t, 0.600, u, 0.0005)
	for _, x := range []struct {
		share float64
		sign  float64
	}{{u - 0.01, 1}, {u, 0}, {u + 0.01, -1}} {
		n := x.share * Month.Seconds() // requests of 1 s that one environment serves
		use := Use{Invocations: n, Duration: time.Second, MemoryMB: 1024, StorageMB: 512}
		demand := bill(t, p, use)
		use.Provisioned, use.ProvisionedTime, use.ProvisionedShare = 1, Month, 1
		d := bill(t, p, use).Total - demand.Total
		assert.InDelta(t, x.sign*0.01*Month.Seconds()*(p.GBSecond-p.ProvisionedDuration), d, 1e-6)
	}
	assert.True(t, math.IsNaN(LambdaArm().ProvisionedBreakEven()))
}

// The lists, item by item, in us-east-1.
func TestPrices(t *testing.T) {
	x, a := LambdaX86(), LambdaArm()
	assert.Equal(t, 0.2e-6, x.Request)
	assert.InEpsilon(t, 0.8, a.GBSecond/x.GBSecond, 1e-5, "arm64 is 20 %% cheaper")
	assert.Equal(t, x.Model(true), coldstart.OnDemand(), "the model's default")
	assert.False(t, x.Model(false).BillInit)
	assert.InEpsilon(t, 0.03238*4+0.00356*8, FargateArm().PerHour(Task{4, 8, 20}), 1e-12)
	assert.InEpsilon(t, 0.04048+0.004445+10*0.000111, FargateX86().PerHour(Task{1, 1, 30}), 1e-12)
	assert.InEpsilon(t, 0.0416*730, T3Medium().Bill(1, Month), 1e-12)
	// SeBS, Table 6: break-even against a t2.micro is its price by the hour over that of a request.
	assert.InEpsilon(t, 0.0116/3600/1e-6, Crossover(T2Micro().PerHour, 1e-6), 1e-12)
}

// The model's own account of a run is that of the bill.
func TestAgainstTheModel(t *testing.T) {
	c := coldstart.Default()
	c.Warm, c.Cold.Response, c.MemoryMB = coldstart.Const(1500500*time.Microsecond), coldstart.Const(1500500*time.Microsecond), 1769
	c.Price, c.Duration = LambdaX86().Model(true), 1e4*time.Second
	r, err := coldstart.Simulate(c)
	require.NoError(t, err)
	b := bill(t, LambdaX86(), Use{Invocations: float64(r.Requests), Duration: 1500500 * time.Microsecond, MemoryMB: 1769, StorageMB: 512})
	assert.InEpsilon(t, r.Cost, b.Total, 1e-3)
}

func TestRounding(t *testing.T) {
	p := LambdaX86()
	use := Use{Invocations: 1e6, Duration: 1200 * time.Microsecond, MemoryMB: 1024, StorageMB: 512}
	assert.InEpsilon(t, 1e6*0.002*p.GBSecond, bill(t, p, use).Duration, 1e-12)
	use.Duration = 2 * time.Millisecond
	assert.InEpsilon(t, 1e6*0.002*p.GBSecond, bill(t, p, use).Duration, 1e-12)
	use.ColdShare, use.Init = 0.01, 250500*time.Microsecond
	assert.InEpsilon(t, 1e6*0.002*p.GBSecond, bill(t, p, use).Duration, 1e-12, "before August 2025")
	use.BillInit = true
	use.Duration = 1200 * time.Microsecond
	assert.InEpsilon(t, (0.99e6*0.002+1e4*0.252)*p.GBSecond, bill(t, p, use).Duration, 1e-12, "252 ms, not 2 + 251")
	use.Duration = 2 * time.Millisecond
	b := bill(t, p, use)
	assert.InEpsilon(t, (1e6*0.002+1e4*0.251)*p.GBSecond, b.Duration, 1e-12, "handler and INIT are rounded together")
	assert.InEpsilon(t, 1e4*0.251/(1e6*0.002+1e4*0.251), b.InitShare, 1e-12)
	use = Use{MemoryMB: 1024, StorageMB: 512, Provisioned: 2, ProvisionedTime: 5*time.Minute + 1}
	assert.InEpsilon(t, 2*600*p.ProvisionedGBSecond, bill(t, p, use).Provisioned, 1e-12)
	f, err := FargateX86().Bill(Task{VCPU: 1, GB: 1}, 3, time.Second)
	require.NoError(t, err)
	assert.InEpsilon(t, 3*(0.04048+0.004445)/60, f, 1e-12, "a minute at least")
	f, err = FargateX86().Bill(Task{VCPU: 1, GB: 1}, 1, 61*time.Second+1)
	require.NoError(t, err)
	assert.InEpsilon(t, (0.04048+0.004445)*62/3600, f, 1e-12)
}

func TestStorageSnapStartTiers(t *testing.T) {
	p := LambdaX86()
	b := bill(t, p, Use{Invocations: 1e6, Duration: time.Second, MemoryMB: 1024, StorageMB: 10_240})
	assert.InEpsilon(t, 1e6*9.5*p.StorageGBSecond, b.Storage, 1e-12)
	b = bill(t, p, Use{Invocations: 1e6, Duration: time.Second, MemoryMB: 1024, StorageMB: 10_240, Provisioned: 1, ProvisionedShare: 0.5})
	assert.InEpsilon(t, 1e6*9.5*p.StorageGBSecond, b.Storage, 1e-12, "wherever they run")
	b = bill(t, p, Use{MemoryMB: 2048, StorageMB: 512, Snapshots: 3, SnapshotTime: time.Hour, Restores: 1000})
	assert.InEpsilon(t, 2*(3*3600*0.0000015046+1000*0.0001397998), b.SnapStart, 1e-12)
	p.Tiers = []Tier{{1e6, 0.00001}, {3e6, 0.000005}}
	b = bill(t, p, Use{Invocations: 4e6, Duration: time.Second, MemoryMB: 1024, StorageMB: 512})
	assert.InEpsilon(t, 1e6*p.GBSecond+2e6*0.00001+1e6*0.000005, b.Duration, 1e-12)
	b = bill(t, p, Use{Invocations: 4e6, Duration: time.Second, MemoryMB: 1024, StorageMB: 512, FreeTier: true})
	assert.InEpsilon(t, 1e6*p.GBSecond+2e6*0.00001+0.6e6*0.000005, b.Duration, 1e-12)
}
