package theory

import (
	"fmt"
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
	wait := theory("mean wait in an M/G/1 queue", "Pollaczek and Khinchine: rho (1 + cv2)/(2 mu (1 - rho))", "s")
	waits := theory("share of messages that wait in an M/G/1 queue", "rho: Poisson arrivals see time averages", "")
	for _, row := range []struct{ rho, cv2, wait float64 }{
		{0.8, 0, 2}, {0.8, 0.25, 2.5}, {0.8, 1, 4}, {0.8, 2, 6}, {0.8, 4, 10}, {0.8, 10, 22}, {0.5, 0, 0.5}, {0.9, 0, 4.5},
	} {
		s := solved(t, MG1{row.rho, 1, row.cv2})
		law := fmt.Sprintf("load %v, cv2 of the service %v", row.rho, row.cv2)
		digits(t, wait, law, row.wait, s.WaitMean, 13)
		digits(t, waits, law, row.rho, s.WaitProbability, 15)
		digits(t, wait, law+", a third as fast", row.wait*3, solved(t, MG1{row.rho / 3, 3, row.cv2}).WaitMean, 13)
	}
}

func TestMDcTable(t *testing.T) {
	wait := theory("mean wait in an M/D/c queue", "sum over i of E (N_i - i c)^+/(i lambda), N_i Poisson of mean i a; in 25 digits", "s")
	for _, row := range []struct {
		c       int
		a, wait float64
	}{{1, 0.8, 2}, {2, 1.6, 0.903283879416675}, {4, 3.2, 0.386094930846917}, {10, 8, 0.109827789712605}} {
		group := fmt.Sprintf("%s, %v Erlang", counted(row.c), row.a)
		digits(t, wait, group, row.wait, solved(t, MDc{row.a, 1, row.c}).WaitMean, 13)
		digits(t, wait, group+", 5 times as fast", row.wait/5, solved(t, MDc{row.a * 5, 0.2, row.c}).WaitMean, 13)
	}
}

// The two ways to the mean and to P(wait), and the third to P(wait), must agree, and the law must have the mean.
func TestMDcThreeWays(t *testing.T) {
	wait := theory("mean wait in an M/D/c queue, two ways", "sum of Poisson excesses, and the roots of z^c = e^(-a (1 - z))", "s")
	share := theory("share of messages that wait in an M/D/c queue, three ways", "Spitzer's identity: 1 - exp(-sum of P(N_i >= i c)/i), roots, law of the wait", "")
	area := theory("mean wait in an M/D/c queue from its law", "integral of P(wait > t)", "s")
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
		group := fmt.Sprintf("%s, %v Erlang", counted(row.c), row.a)
		digits(t, wait, group+", sum and roots", sumOfTerms/row.a, mean, 11)
		digits(t, share, group+", sum and roots", -math.Expm1(-sumOfWaits), waits, 11)
		s := solved(t, MDc{row.a, 1, row.c})
		digits(t, wait, group+", roots and steady state", mean, s.WaitMean, 11)
		digits(t, share, group+", roots and law of the wait", waits, s.WaitAbove(0), 11)
		digits(t, share, group+", roots and steady state", waits, s.WaitProbability, 11)

		end, steps, integral := s.WaitQuantile(1-1e-11), 4000, 0.0
		survival := s.law.wait()
		for i := range steps { // the midpoint rule
			integral += survival(end*(float64(i)+0.5)/float64(steps)) * end / float64(steps)
		}
		digits(t, area, group, mean, integral, 5)
	}
}

// One server: P(wait <= t) = (1-rho) sum over k <= t of e^(-rho(k-t)) (rho(k-t))^k / k!, a sum with both signs, here for
// times at which it does not cancel yet.
func TestMDcLawOfOneServer(t *testing.T) {
	longer := theory("tail of the wait in an M/D/1 queue", "1 - (1 - rho) sum over k <= t of e^(-rho (k - t)) (rho (k - t))^k/k!", "")
	far := theory("far tail of the wait in an M/D/1 queue", "the sum with both signs, in 400 digits", "")
	percentile := theory("p99 of the sojourn in an M/D/1 queue", "p99 of the wait and one service", "s")
	for _, rho := range []float64{0.3, 0.8, 0.95} {
		s := solved(t, MDc{rho, 1, 1})
		for _, at := range []float64{0.25, 1.5, 3.75, 6} {
			sum, factorial := 0.0, 1.0
			for k := 0.0; k <= at; k++ {
				factorial *= max(k, 1)
				sum += math.Exp(-rho*(k-at)) * math.Pow(rho*(k-at), k) / factorial
			}
			longer.Within(t, fmt.Sprintf("load %v, wait above %v services", rho, at), 1-(1-rho)*sum, s.WaitAbove(at), 2e-11)
		}
		digits(t, percentile, fmt.Sprintf("load %v", rho), s.WaitQuantile(0.99)+1, s.SojournQuantile(0.99), 12)
	}
	assert.InDelta(t, 1, solved(t, MDc{0.5, 1, 1}).SojournAbove(0.999), 0)
	// The same sum at 400 digits, as far as the exponential tail.
	s := solved(t, MDc{0.8, 1, 1})
	digits(t, far, "load 0.8, wait above 40.3 services", 2.4950846428092354e-8, s.WaitAbove(40.3), 8)
	digits(t, far, "load 0.8, wait above 60.3 services", 4.5168679845649336e-12, s.WaitAbove(60.3), 4)
	digits(t, far, "load 0.8, wait above 72.3 services", 2.567371206259501e-14, s.WaitAbove(72.3), 4)
}

func TestPoisson(t *testing.T) {
	exactly := theory("probabilities of a Poisson number", "e^(n ln m - m - ln n!); Stirling's series at n = m = 1,000,000", "")
	sums := theory("sums over a Poisson number of mean 2", "P(N >= 2) = 1 - 3 e^-2, E (N - 2)^+ = 4 e^-2, P(N < 3) = 5 e^-2", "")
	for n := 1.0; n < 30; n++ {
		for _, mean := range []float64{1e-5, 0.3, 7, 16, 40} {
			lg, _ := math.Lgamma(n + 1)
			digits(t, exactly, fmt.Sprintf("N = %v, mean %v", n, mean), math.Exp(n*math.Log(mean)-mean-lg), poissonPMF(n, mean), 12)
		}
	}
	digits(t, exactly, "N = 1,000,000, mean 1,000,000", math.Exp(-1/12e6)/math.Sqrt(2e6*math.Pi), poissonPMF(1e6, 1e6), 14)
	digits(t, exactly, "N = 0, mean 0", 1, poissonPMF(0, 0), 15)
	assert.Zero(t, poissonPMF(-1, 1))
	assert.Zero(t, poissonPMF(1, 0))
	digits(t, sums, "P(N >= 2)", 1-math.Exp(-2)*3, poissonAtLeast(2, 2), 13)
	digits(t, sums, "E (N - 2)^+", math.Exp(-2)*4, poissonExcess(2, 2), 13) // mean P(N = n) where n is the mean
	digits(t, sums, "P(N < 3)", math.Exp(-2)*5, fewerThan(3, 2), 13)
}

func TestGGcAgainstExact(t *testing.T) {
	wait := theory("approximate mean wait in a G/G/c queue", "(ca2 + cs2)/2 times the wait in M/M/c", "s")
	off := theory("error of the approximate mean wait in a G/G/c queue", "the comment of GGc, from the exact waits in M/D/c and D/M/1", "")
	gap := func(q GGc, exact float64) float64 { return solved(t, q).WaitMean/exact - 1 }
	digits(t, wait, "M/D/4, 3.2 Erlang", 0.372770294867128, solved(t, GGc{3.2, 1, 4, 1, 0}).WaitMean, 13)
	digits(t, wait, "M/G/4, 3.2 Erlang, cv2 of the service 4", 1.863851474, solved(t, GGc{3.2, 1, 4, 1, 4}).WaitMean, 10)
	off.Within(t, "M/D/4, 3.2 Erlang", -0.035, gap(GGc{3.2, 1, 4, 1, 0}, solved(t, MDc{3.2, 1, 4}).WaitMean), 0.0005)
	off.Within(t, "M/D/10, 8 Erlang", -0.069, gap(GGc{8, 1, 10, 1, 0}, solved(t, MDc{8, 1, 10}).WaitMean), 0.0005)
	digits(t, wait, "D/M/1, load 0.8", 2, solved(t, GGc{0.8, 1, 1, 0, 1}).WaitMean, 13)
	off.Within(t, "D/M/1, load 0.8", 0.18, gap(GGc{0.8, 1, 1, 0, 1}, solved(t, GM1{constGap{1.25}, 1}).WaitMean), 0.002)
}

type constGap struct{ mean float64 }

func (c constGap) Mean() float64         { return c.mean }
func (c constGap) LST(s float64) float64 { return math.Exp(-s * c.mean) }

type erlangGap struct{ mean, phases float64 }

func (e erlangGap) Mean() float64         { return e.mean }
func (e erlangGap) LST(s float64) float64 { return math.Pow(1+s*e.mean/e.phases, -e.phases) }

func TestGM1Table(t *testing.T) {
	const source = "sigma = A*(mu (1 - sigma)), wait sigma/(mu (1 - sigma)); in 25 digits"
	wait := theory("mean wait in a G/M/1 queue", source, "s")
	waits := theory("share of messages that wait in a G/M/1 queue", source, "")
	percentile := theory("p99 of the sojourn in a G/M/1 queue", "exponential with the rate mu (1 - sigma); in 25 digits", "s")
	for _, row := range []struct {
		name        string
		gap         Transform
		sigma, wait float64
	}{
		{"D/M/1, load 0.5", constGap{2}, 0.20318786997998, 0.255000974915975},
		{"D/M/1, load 0.8", constGap{1.25}, 0.628629796496947, 1.6927308399199},
		{"D/M/1, load 0.9", constGap{1 / 0.9}, 0, 4.17865942214983},
		{"E2/M/1, load 0.8", erlangGap{1.25, 2}, 0.739852949126456, 2.84397976698991},
		{"M/M/1, load 0.8", exponentialGap{1.25}, 0.8, 4},
	} {
		s := solved(t, GM1{row.gap, 1})
		digits(t, wait, row.name, row.wait, s.WaitMean, 13)
		if row.sigma > 0 {
			digits(t, waits, row.name, row.sigma, s.WaitProbability, 13)
		}
	}
	digits(t, percentile, "D/M/1, load 0.8", 12.4004837828898, solved(t, GM1{constGap{1.25}, 1}).SojournQuantile(0.99), 13)
	assert.True(t, math.IsInf(solved(t, GM1{constGap{1}, 1}).WaitMean, 1))
}

// The embedded chain solved at 120 digits, where the cancellation of the usual recursion does not matter.
func TestMD1KTable(t *testing.T) {
	const source = "embedded chain of those left behind, in 120 digits"
	loss := theory("loss of an M/D/1/K queue, and of a token bucket", source, "")
	number := theory("mean number in an M/D/1/K queue", source, "")
	fluid := theory("M/D/1/K queue far above its capacity", "all but 1/rho is lost, and the queue is full but for 1/rho", "")
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
		room := fmt.Sprintf("load %v, %d places", row.rho, row.k)
		digits(t, loss, room, row.loss, s.LossFraction, 12)
		digits(t, number, room, row.inSystem, s.SystemMean, 12)
		digits(t, loss, room+", a quarter as fast", row.loss, solved(t, MD1K{row.rho / 4, 4, row.k}).LossFraction, 12)
	}
	s := solved(t, MD1K{800, 1, 10})
	digits(t, fluid, "load 800, 10 places, loss", 1-1./800, s.LossFraction, 15)
	digits(t, fluid, "load 800, 10 places, mean number", 10-1./800, s.SystemMean, 15)
}

func TestPriorityTable(t *testing.T) {
	wait := theory("mean wait by class of priority", "Cobham: C/(c mu)/((1 - s_(k-1)) (1 - s_k))", "s")
	throughput := theory("throughput of an overloaded class of priority", "what the class above leaves of the capacity", "/s")
	states, err := MMcPriority{[]float64{0.3, 0.5}, 1, 1}.Solve()
	require.NoError(t, err)
	digits(t, wait, "loads 0.3 and 0.5, first class", 8./7, states[0].WaitMean, 13)
	digits(t, wait, "loads 0.3 and 0.5, second class", 40./7, states[1].WaitMean, 13)

	// An overloaded class below does not harm the one above beyond the service in progress.
	states, err = MMcPriority{[]float64{0.5, 2, 0.1}, 1, 1}.Solve()
	require.NoError(t, err)
	digits(t, wait, "load 0.5 above an overload", 2, states[0].WaitMean, 13)
	assert.True(t, math.IsInf(states[1].WaitMean, 1))
	digits(t, throughput, "load 2 below a load of 0.5", 0.5, states[1].Throughput, 13)
	assert.Zero(t, states[2].Throughput)
}

func TestFeedbackTable(t *testing.T) {
	sojourn := theory("mean sojourn where failures join the queue again at once", "1/(mu (1 - p) - lambda)", "s")
	load := theory("load and mean numbers where failures join the queue again at once", "M/M/c with lambda/(1 - p)", "")
	digits(t, sojourn, "0.6 messages/s, failures 0.2", 5, solved(t, Feedback{0.6, 1, 1, 0.2}).SojournMean, 13)
	digits(t, sojourn, "0.7 messages/s, failures 0.25", 20, solved(t, Feedback{0.7, 1, 1, 0.25}).SojournMean, 13)
	digits(t, load, "0.6 messages/s, failures 0.2, load", 0.75, solved(t, Feedback{0.6, 1, 1, 0.2}).Load, 13)
	assert.True(t, math.IsInf(solved(t, Feedback{0.75, 1, 1, 0.25}).SojournMean, 1))
	s := solved(t, Feedback{2.4, 1, 4, 0.25})
	digits(t, load, "4 servers, 2.4 messages/s, failures 0.25, in the system", solved(t, MMc{3.2, 1, 4}).SystemMean, s.SystemMean, 13)
	digits(t, load, "4 servers, 2.4 messages/s, failures 0.25, waiting", 3.2*0.745540589734256, s.QueueMean, 13)
}

func TestBatchTables(t *testing.T) {
	number := theory("mean numbers with arrivals in batches", "rho (b + 1)/(2 (1 - rho)) in the system, rho fewer wait", "")
	share := theory("share of messages that wait with arrivals in batches", "all but the first of a batch that finds nobody", "")
	const chain = "r + ... + r^K = lambda/mu"
	busy := theory("utilization of a server of batches", chain+"; in 25 digits", "")
	served := theory("mean number in front of a server of batches", chain+", r/(1 - r); in 25 digits", "")
	states := theory("who finds no room in the batch of a server of batches", "sum over the states (1 - r) r^n", "")
	root := theory("root of a server of batches", "r^(K+1) - (lambda + mu) r/mu + lambda/mu = 0", "")
	for _, row := range []struct {
		batch    int
		inSystem float64
	}{{1, 4}, {2, 6}, {5, 12}, {10, 22}} {
		s := solved(t, BatchArrivals{0.8, 1, row.batch})
		batch := fmt.Sprintf("load 0.8, batches of %d", row.batch)
		digits(t, number, batch+", in the system", row.inSystem, s.SystemMean, 13)
		digits(t, number, batch+", waiting", row.inSystem-0.8, s.QueueMean, 13)
		digits(t, share, batch, 1-0.2/float64(row.batch), s.WaitProbability, 13)
	}
	for _, row := range []struct {
		batch               int
		lambda, r, inSystem float64
	}{{2, 1.6, 0.860147050873544, 6.15036762718386}, {10, 8, 0.958979665856855, 23.3781534423971}} {
		s := solved(t, BatchService{row.lambda, 1, row.batch})
		batch := fmt.Sprintf("load 0.8, batches of %d", row.batch)
		digits(t, busy, batch, row.r, s.Utilization, 13)
		digits(t, served, batch, row.inSystem, s.SystemMean, 12)
		k := float64(row.batch)
		waiting, waits := 0.0, 0.0
		for n := k; n < 3000; n++ { // over the states
			p := (1 - row.r) * math.Pow(row.r, n)
			waiting += (n - k) * p
			waits += p
		}
		digits(t, states, batch+", mean number", waiting, s.QueueMean, 11)
		digits(t, states, batch+", share of messages", waits, s.WaitProbability, 11)
		root.Within(t, batch, 0, math.Pow(row.r, k+1)-(row.lambda+1)*s.Utilization+row.lambda, 1e-12)
	}
	digits(t, served, "load 0.8, batches of 1: M/M/1", 4, solved(t, BatchService{0.8, 1, 1}).SystemMean, 13)
}
