package cost

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func extremes() []float64 {
	return []float64{1, math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 0, math.Copysign(0, -1), 5e-324, math.MaxInt64}
}

// FuzzBill wants an error of Validate or a finite bill that adds up.
func FuzzBill(f *testing.F) {
	for _, x := range extremes() {
		f.Add(x, 0.1, 1e-6, int64(1e9), 512, 3)
		f.Add(1e6, x, x, int64(math.MaxInt64), 128, math.MaxInt)
		f.Add(1e6, 1.0, x, int64(-1), 10_240, 0)
	}
	f.Fuzz(func(t *testing.T, n, share, price float64, span int64, memory, count int) {
		p := LambdaX86()
		p.GBSecond = price
		d := time.Duration(span)
		u := Use{
			Invocations: n, Duration: d, MemoryMB: memory, StorageMB: memory, ColdShare: share, Init: d, BillInit: true, FreeTier: count%2 == 0, Provisioned: count,
			ProvisionedTime: d, ProvisionedShare: share, Snapshots: count, SnapshotTime: d, Restores: n,
		}
		b, err := p.Bill(u)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		require.False(t, math.IsNaN(b.Total) || math.IsInf(b.Total, 0) || b.Total < 0, "%+v", b)
		require.InDelta(t, b.Total, b.Requests+b.Duration+b.Provisioned+b.Executed+b.Storage+b.SnapStart, 1e-9*(1+b.Total))
		_, err = FargateX86().Bill(Task{n, share, price}, count, d)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
		}
		_ = T3Medium().Bill(count, d)
	})
}

// FuzzHybrid wants an error of Validate or a curve that is convex and finite.
func FuzzHybrid(f *testing.F) {
	for _, x := range extremes() {
		f.Add(x, 0.02, 1e-6, 1.0, int64(2e8), int64(3.6e12), 30)
		f.Add(10.0, x, x, x, int64(math.MaxInt64), int64(1), 3)
		f.Add(10.0, 1.0, 1.0, 2.0, int64(1), int64(math.MaxInt64), -1)
	}
	f.Fuzz(func(t *testing.T, rate, hour, request, peak float64, service, length int64, most int) {
		h := Hybrid{[]Phase{{time.Duration(length), rate}, {time.Hour, 1}}, time.Duration(service), hour, request, peak, min(most, 300)}
		curve, err := h.Curve()
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		best, err := h.Optimum()
		require.NoError(t, err)
		for i, b := range curve {
			require.False(t, math.IsNaN(b.Total) || math.IsInf(b.Total, 0), "%+v", b)
			require.LessOrEqual(t, best.Total, b.Total)
			require.True(t, b.OverflowFraction >= 0 && b.OverflowFraction <= 1+1e-9)
			require.True(t, b.Utilization >= 0 && b.Utilization <= 1+1e-6, "%+v", b)
			if i > 0 {
				require.LessOrEqual(t, b.OverflowFraction, curve[i-1].OverflowFraction*(1+1e-9))
			}
		}
		_, err = h.Newsvendor()
		require.NoError(t, err)
	})
}

func TestWrongUses(t *testing.T) {
	_, err := LambdaArm().Bill(Use{MemoryMB: 1, StorageMB: 1, Provisioned: 1, ProvisionedShare: 2, Invocations: math.NaN()})
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, want := range []string{
		"cost: invalid config: Invocations = NaN, want in [0, 1e+15]", "MemoryMB = 1, want in [128, 10240]", "ProvisionedGBSecond = 0: lambda-arm has no such price, set it",
		"ProvisionedDuration = 0", "ProvisionedShare = 2, want in [0, 1]", "StorageMB = 1",
	} {
		require.ErrorContains(t, err, want)
	}
	p := LambdaX86()
	p.Tiers = []Tier{{2, 1}, {1, 1}}
	_, err = p.Bill(Use{MemoryMB: 128, StorageMB: 512, ProvisionedShare: 0.5})
	require.ErrorContains(t, err, "Tiers[1]")
	require.ErrorContains(t, err, "want 0 without provisioned environments")
	require.True(t, math.IsNaN(p.PerRequest(0, 1)))
	require.True(t, math.IsNaN(Crossover(1, 0)))
	require.True(t, math.IsNaN(T3Medium().Bill(-1, 1)))
	require.True(t, math.IsNaN(FargateX86().PerHour(Task{})))
}
