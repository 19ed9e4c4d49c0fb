package queue

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func solved(t *testing.T, q interface{ Solve() (Steady, error) }) Steady {
	t.Helper()
	s, err := q.Solve()
	require.NoError(t, err, "%+v", q)
	return s
}

func TestMG1Table(t *testing.T) {
	for _, row := range []struct{ rho, cv2, wait float64 }{
		{0.8, 0, 2}, {0.8, 0.25, 2.5}, {0.8, 1, 4}, {0.8, 2, 6}, {0.8, 4, 10}, {0.8, 10, 22}, {0.5, 0, 0.5}, {0.9, 0, 4.5},
	} {
		s := solved(t, MG1{row.rho, 1, row.cv2})
		near(t, row.wait, s.MeanWait, 13)
		near(t, row.rho, s.WaitProbability, 15)
		near(t, row.wait*3, solved(t, MG1{row.rho / 3, 3, row.cv2}).MeanWait, 13)
	}
}

func TestMDcTable(t *testing.T) {
	for _, row := range []struct {
		c       int
		a, wait float64
	}{{1, 0.8, 2}, {2, 1.6, 0.903283879416675}, {4, 3.2, 0.386094930846917}, {10, 8, 0.109827789712605}} {
		near(t, row.wait, solved(t, MDc{row.a, 1, row.c}).MeanWait, 13)
		near(t, row.wait/5, solved(t, MDc{row.a * 5, 0.2, row.c}).MeanWait, 13)
	}
}

// The two ways to the mean and to P(wait), and the third to P(wait), must agree, and the law must have the mean.
func TestMDcThreeWays(t *testing.T) {
	for _, row := range []struct {
		c int
		a float64
	}{{2, 1.2}, {4, 2.4}, {10, 8}, {100, 92}, {7, 5.2}, {6, 2}, {3, 0.9}} {
		waits, mean := constantRoots(row.c, row.a)
		sumOfTerms, sumOfWaits := 0.0, 0.0
		for i := 1.0; i < 2000; i++ {
			sumOfTerms += poissonExcess(i*float64(row.c), i*row.a) / i
			sumOfWaits += poissonAtLeast(i*float64(row.c), i*row.a) / i
		}
		near(t, sumOfTerms/row.a, mean, 11, row.c)
		near(t, -math.Expm1(-sumOfWaits), waits, 11, row.c)
		s := solved(t, MDc{row.a, 1, row.c})
		near(t, mean, s.MeanWait, 11, row.c)
		near(t, waits, s.WaitSurvival(0), 11, row.c)
		near(t, waits, s.WaitProbability, 11, row.c)

		end, steps, integral := s.WaitQuantile(1-1e-11), 4000, 0.0
		survival := s.law.wait()
		for i := range steps { // the midpoint rule
			integral += survival(end*(float64(i)+0.5)/float64(steps)) * end / float64(steps)
		}
		near(t, mean, integral, 5, row.c)
	}
}

// One server: P(wait <= t) = (1-rho) sum over k <= t of e^(-rho(k-t)) (rho(k-t))^k / k!, a sum with both signs, here for
// times at which it does not cancel yet.
func TestMDcLawOfOneServer(t *testing.T) {
	for _, rho := range []float64{0.3, 0.8, 0.95} {
		s := solved(t, MDc{rho, 1, 1})
		for _, at := range []float64{0.25, 1.5, 3.75, 6} {
			sum, factorial := 0.0, 1.0
			for k := 0.0; k <= at; k++ {
				factorial *= max(k, 1)
				sum += math.Exp(-rho*(k-at)) * math.Pow(rho*(k-at), k) / factorial
			}
			assert.InDelta(t, 1-(1-rho)*sum, s.WaitSurvival(at), 2e-11, "rho %v at %v", rho, at)
		}
		near(t, s.WaitQuantile(0.99)+1, s.SojournQuantile(0.99), 12)
	}
	assert.InDelta(t, 1, solved(t, MDc{0.5, 1, 1}).SojournSurvival(0.999), 0)
	// The same sum at 400 digits, as far as the exponential tail.
	s := solved(t, MDc{0.8, 1, 1})
	near(t, 2.4950846428092354e-8, s.WaitSurvival(40.3), 8)
	near(t, 4.5168679845649336e-12, s.WaitSurvival(60.3), 4)
	near(t, 2.567371206259501e-14, s.WaitSurvival(72.3), 4)
}

func TestPoisson(t *testing.T) {
	for n := 1.0; n < 30; n++ {
		for _, mean := range []float64{1e-5, 0.3, 7, 16, 40} {
			lg, _ := math.Lgamma(n + 1)
			near(t, math.Exp(n*math.Log(mean)-mean-lg), poissonPMF(n, mean), 12, n, mean)
		}
	}
	near(t, math.Exp(-1/12e6)/math.Sqrt(2e6*math.Pi), poissonPMF(1e6, 1e6), 14)
	near(t, 1, poissonPMF(0, 0), 15)
	assert.Zero(t, poissonPMF(-1, 1))
	assert.Zero(t, poissonPMF(1, 0))
	near(t, 1-math.Exp(-2)*3, poissonAtLeast(2, 2), 13)
	near(t, math.Exp(-2)*4, poissonExcess(2, 2), 13) // mean P(N = n) where n is the mean
	near(t, math.Exp(-2)*5, fewerThan(3, 2), 13)
}

func TestGGcAgainstExact(t *testing.T) {
	gap := func(q GGc, exact float64) float64 { return solved(t, q).MeanWait/exact - 1 }
	near(t, 0.372770294867128, solved(t, GGc{3.2, 1, 4, 1, 0}).MeanWait, 13)
	near(t, 1.863851474, solved(t, GGc{3.2, 1, 4, 1, 4}).MeanWait, 10)
	assert.InDelta(t, -0.035, gap(GGc{3.2, 1, 4, 1, 0}, solved(t, MDc{3.2, 1, 4}).MeanWait), 0.0005)
	assert.InDelta(t, -0.069, gap(GGc{8, 1, 10, 1, 0}, solved(t, MDc{8, 1, 10}).MeanWait), 0.0005)
	near(t, 2, solved(t, GGc{0.8, 1, 1, 0, 1}).MeanWait, 13)
	assert.InDelta(t, 0.18, gap(GGc{0.8, 1, 1, 0, 1}, solved(t, GM1{constGap{1.25}, 1}).MeanWait), 0.002)
}

type constGap struct{ mean float64 }

func (c constGap) Mean() float64         { return c.mean }
func (c constGap) LST(s float64) float64 { return math.Exp(-s * c.mean) }

type erlangGap struct{ mean, phases float64 }

func (e erlangGap) Mean() float64         { return e.mean }
func (e erlangGap) LST(s float64) float64 { return math.Pow(1+s*e.mean/e.phases, -e.phases) }

func TestGM1Table(t *testing.T) {
	for _, row := range []struct {
		gap         Transform
		sigma, wait float64
	}{
		{constGap{2}, 0.20318786997998, 0.255000974915975},
		{constGap{1.25}, 0.628629796496947, 1.6927308399199},
		{constGap{1 / 0.9}, 0, 4.17865942214983},
		{erlangGap{1.25, 2}, 0.739852949126456, 2.84397976698991},
		{exponentialGap{1.25}, 0.8, 4},
	} {
		s := solved(t, GM1{row.gap, 1})
		near(t, row.wait, s.MeanWait, 13)
		if row.sigma > 0 {
			near(t, row.sigma, s.WaitProbability, 13)
		}
	}
	near(t, 12.4004837828898, solved(t, GM1{constGap{1.25}, 1}).SojournQuantile(0.99), 13)
	assert.True(t, math.IsInf(solved(t, GM1{constGap{1}, 1}).MeanWait, 1))
}

// The embedded chain solved at 120 digits, where the cancellation of the usual recursion does not matter.
func TestMD1KTable(t *testing.T) {
	for _, row := range []struct {
		rho            float64
		k              int
		loss, inSystem float64
	}{
		{0.8, 5, 0.0352903964361808, 1.7053492431018001},
		{0.8, 10, 0.00363923114025447, 2.2555802368795634},
		{0.9, 10, 0.0166317478289464, 3.4714790119003932},
		{1, 10, 0.0508474576307288, 5.0649717510527055},
		{1.2, 10, 0.170910768540414, 7.5916349785968573},
		{0.5, 10, 4.0571598459559834e-6, 0.74995924215753585},
		{0.7, 20, 6.3965816538159318e-7, 1.5166368700111928},
		{0.5, 40, 1.7313548147838632e-22, 0.75},
		{0.3, 20, 3.3053650057835844e-18, 0.36428571428571426},
		{150, 5, 0.99333333333333333, 4.9933333333333333},
		{1.2, 200, 0.16666666666666667, 197.34352002904396},
	} {
		s := solved(t, MD1K{row.rho, 1, row.k})
		near(t, row.loss, s.Loss, 12, row.rho)
		near(t, row.inSystem, s.MeanInSystem, 12, row.rho)
		near(t, row.loss, solved(t, MD1K{row.rho / 4, 4, row.k}).Loss, 12)
	}
	s := solved(t, MD1K{800, 1, 10})
	near(t, 1-1./800, s.Loss, 15)
	near(t, 10-1./800, s.MeanInSystem, 15)
}

func TestPriorityTable(t *testing.T) {
	states, err := MMcPriority{[]float64{0.3, 0.5}, 1, 1}.Solve()
	require.NoError(t, err)
	near(t, 8./7, states[0].MeanWait, 13)
	near(t, 40./7, states[1].MeanWait, 13)

	// An overloaded class below does not harm the one above beyond the service in progress.
	states, err = MMcPriority{[]float64{0.5, 2, 0.1}, 1, 1}.Solve()
	require.NoError(t, err)
	near(t, 2, states[0].MeanWait, 13)
	assert.True(t, math.IsInf(states[1].MeanWait, 1))
	near(t, 0.5, states[1].Throughput, 13)
	assert.Zero(t, states[2].Throughput)
}

func TestFeedbackTable(t *testing.T) {
	near(t, 5, solved(t, Feedback{0.6, 1, 1, 0.2}).MeanSojourn, 13)
	near(t, 20, solved(t, Feedback{0.7, 1, 1, 0.25}).MeanSojourn, 13)
	near(t, 0.75, solved(t, Feedback{0.6, 1, 1, 0.2}).Load, 13)
	assert.True(t, math.IsInf(solved(t, Feedback{0.75, 1, 1, 0.25}).MeanSojourn, 1))
	s := solved(t, Feedback{2.4, 1, 4, 0.25})
	near(t, solved(t, MMc{3.2, 1, 4}).MeanInSystem, s.MeanInSystem, 13)
	near(t, 3.2*0.745540589734256, s.MeanWaiting, 13)
}

func TestBatchTables(t *testing.T) {
	for _, row := range []struct {
		batch    int
		inSystem float64
	}{{1, 4}, {2, 6}, {5, 12}, {10, 22}} {
		s := solved(t, BatchArrivals{0.8, 1, row.batch})
		near(t, row.inSystem, s.MeanInSystem, 13)
		near(t, row.inSystem-0.8, s.MeanWaiting, 13)
		near(t, 1-0.2/float64(row.batch), s.WaitProbability, 13) // all but the first of a batch that finds nobody
	}
	for _, row := range []struct {
		batch               int
		lambda, r, inSystem float64
	}{{2, 1.6, 0.860147050873544, 6.15036762718386}, {10, 8, 0.958979665856855, 23.3781534423971}} {
		s := solved(t, BatchService{row.lambda, 1, row.batch})
		near(t, row.r, s.Utilization, 13)
		near(t, row.inSystem, s.MeanInSystem, 12)
		k := float64(row.batch)
		waiting, waits := 0.0, 0.0
		for n := k; n < 3000; n++ { // over the states
			p := (1 - row.r) * math.Pow(row.r, n)
			waiting += (n - k) * p
			waits += p
		}
		near(t, waiting, s.MeanWaiting, 11)
		near(t, waits, s.WaitProbability, 11)
		assert.InDelta(t, 0, math.Pow(row.r, k+1)-(row.lambda+1)*s.Utilization+row.lambda, 1e-12)
	}
	near(t, 4, solved(t, BatchService{0.8, 1, 1}).MeanInSystem, 13)
}
