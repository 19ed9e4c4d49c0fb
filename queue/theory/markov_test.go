package theory

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The numbers of these tables were computed with 25 digits or more, independently
// of this package (recursions in exact order, Bessel functions, uniformization),
// and are compared to as many digits as are printed.

func TestMM1Table(t *testing.T) {
	wait := theory("mean wait in an M/M/1 queue", "rho/(mu - lambda)", "s")
	sojourn := theory("mean sojourn in an M/M/1 queue", "1/(mu - lambda)", "s")
	number := theory("mean numbers in an M/M/1 queue", "rho^2/(1 - rho) wait, rho/(1 - rho) are in the system", "")
	waits := theory("share of messages that wait in an M/M/1 queue", "rho: Poisson arrivals see time averages", "")
	percentile := theory("percentiles of an M/M/1 queue", "wait and sojourn have exponential tails with the rate mu - lambda; 15 digits", "s")
	longer := theory("tails of wait and sojourn in an M/M/1 queue", "P(wait > t) = rho e^(-(mu - lambda) t), P(sojourn > t) = e^(-(mu - lambda) t)", "")
	for _, row := range []struct{ rho, wait, sojourn, waiting, p50, p99, p99Wait float64 }{
		{0.5, 1, 2, 0.5, 1.38629436111989, 9.21034037197618, 7.82404601085629},
		{0.8, 4, 5, 3.2, 3.46573590279973, 23.0258509299405, 21.9101331733694},
		{0.9, 9, 10, 8.1, 6.93147180559945, 46.0517018598809, 44.9980967033027},
		{0.95, 19, 20, 18.05, 13.8629436111989, 92.1034037197618, 91.0775378320108},
		{0.99, 99, 100, 98.01, 69.3147180559945, 460.517018598809, 459.511985013459},
	} {
		s, err := MM1{row.rho, 1}.Solve()
		require.NoError(t, err)
		load := fmt.Sprintf("load %v", row.rho)
		digits(t, wait, load, row.wait, s.WaitMean, 13)
		digits(t, sojourn, load, row.sojourn, s.SojournMean, 13)
		digits(t, number, load+", waiting", row.waiting, s.QueueMean, 13)
		digits(t, number, load+", in the system", row.sojourn*row.rho, s.SystemMean, 13)
		digits(t, waits, load, row.rho, s.WaitProbability, 13)
		digits(t, percentile, load+", median of the sojourn", row.p50, s.SojournQuantile(0.5), 13)
		digits(t, percentile, load+", p99 of the sojourn", row.p99, s.SojournQuantile(0.99), 13)
		digits(t, percentile, load+", p99 of the wait", row.p99Wait, s.WaitQuantile(0.99), 13)
		digits(t, longer, load+", wait above 3 s", row.rho*math.Exp(-(1-row.rho)*3), s.WaitAbove(3), 13)
		digits(t, longer, load+", sojourn above 3 s", math.Exp(-(1-row.rho)*3), s.SojournAbove(3), 13)
	}
}

const ofMeanWait = "variance of the mean wait of n messages in an M/M/1 queue, times n"

func TestMM1RunLength(t *testing.T) {
	variance := theory(ofMeanWait, "rho (2 + 5 rho - 4 rho^2 + rho^3)/((1 - rho)^4 mu^2)", "s^2")
	relaxation := theory("relaxation time of an M/M/1 queue", "1/(mu (1 - sqrt rho)^2)", "s")
	for _, row := range []struct {
		rho, variance, relaxation float64
		digits                    int
	}{{0.5, 29, 11.66, 4}, {0.8, 1976, 89.72, 4}, {0.9, 35901, 379.7, 4}, {0.95, 607601, 1559.7, 5}} {
		q := MM1{row.rho, 1}
		v, err := q.WaitMeanVariance()
		require.NoError(t, err)
		load := fmt.Sprintf("load %v", row.rho)
		digits(t, variance, load, row.variance, v, 12)
		r, err := q.Relaxation()
		require.NoError(t, err)
		digits(t, relaxation, load, row.relaxation, r, row.digits)
		v, err = MM1{row.rho * 10, 10}.WaitMeanVariance()
		require.NoError(t, err)
		digits(t, variance, load+", 10 times as fast", row.variance/100, v, 12)
		r, err = MM1{row.rho * 10, 10}.Relaxation()
		require.NoError(t, err)
		digits(t, relaxation, load+", 10 times as fast", row.relaxation/10, r, row.digits)
	}
	n, err := MM1{0.8, 1}.Messages(0.01)
	require.NoError(t, err)
	messages := theory("messages that a simulated M/M/1 queue takes for a precise mean wait", "n Var(mean of n waits)/(standard error)^2", "")
	digits(t, messages, "load 0.8, standard error 1 %", 1976/(0.04*0.04), n, 12)
}

// The variance again from its definition: h = (x^2 + 2x/lambda)/(2(1/lambda-1/mu)) solves the Poisson equation
// of the walk of waits, so n Var is 2 E h (x-w) - Var, over the moments E x^k = rho k!/(mu-lambda)^k.
func TestMM1RunLengthDerived(t *testing.T) {
	variance := theory(ofMeanWait+", derived again", "Poisson's equation of the walk of waits, over the moments rho k!/(mu - lambda)^k", "s^2")
	for _, q := range []MM1{{0.3, 1}, {0.8, 1}, {1.9, 2}, {99, 100}} {
		rho, decay := q.Arrival/q.Service, q.Service-q.Arrival
		w, x2, x3 := rho/decay, 2*rho/(decay*decay), 6*rho/(decay*decay*decay)
		a := 1 / (2 * (1/q.Arrival - 1/q.Service))
		want := 2*a*(x3+2*x2/q.Arrival-w*x2-2*w*w/q.Arrival) - (x2 - w*w)
		got, err := q.WaitMeanVariance()
		require.NoError(t, err)
		digits(t, variance, fmt.Sprintf("%v messages/s, %v services/s", q.Arrival, q.Service), want, got, 9)
	}
}

func TestMMcTable(t *testing.T) {
	loss := theory("loss of a group of servers without a queue", "Erlang B, in 25 digits", "")
	share := theory("share of messages that wait in an M/M/c queue", "Erlang C, in 25 digits", "")
	wait := theory("mean wait in an M/M/c queue", "C/(c mu - lambda), Erlang C in 25 digits", "s")
	waiting := theory("mean number waiting in an M/M/c queue", "Little's law: lambda C/(c mu - lambda)", "")
	percentile := theory("percentiles of an M/M/c queue", "P(wait > t) = C e^(-(c mu - lambda) t), and its sum with an exponential service, in 25 digits", "s")
	for _, row := range []struct {
		c                                    int
		a, b, waits, wait, p95, p99, sojourn float64
	}{
		{2, 1.6, 0.329896907216495, 0.711111111111111, 1.77777777777778, 6.63701421645849, 10.6606089975437, 11.9373702360043},
		{4, 3.2, 0.228144929957947, 0.596432471787404, 0.745540589734256, 3.09867877787988, 5.11047616842251, 6.893203748883},
		{8, 6.4, 0.144393889853395, 0.457644925442016, 0.28602807840126, 1.38379412877916, 2.38969282405047, 5.15218156250559},
		{10, 8, 0.121661064252952, 0.409180150796444, 0.204590075398222, 1.05106626006637, 1.85578521628342, 4.94611132761145},
		{16, 12.8, 0.080647212840067, 0.304883912930017, 0.0952762227906303, 0.564971276682317, 1.06792062431797, 4.73495157487263},
		{50, 40, 0.0186906711096322, 0.0869525495267661, 0.00869525495267661, 0.0553339556699213, 0.216277746913331, 4.61478520755402},
		{100, 90, 0.0269573804643592, 0.216940480906366, 0.0216940480906366, 0.146760002895277, 0.307703794138687, 4.62898875610825},
		{1000, 950, 0.00364929368894241, 0.0682534153771414, 0.00136506830754283, 0.00622408939081549, 0.0384128476394975, 4.60656214360986},
	} {
		s, err := MMc{row.a, 1, row.c}.Solve()
		require.NoError(t, err)
		b, waits := ErlangB(row.c, row.a), ErlangC(row.c, row.a)
		group := fmt.Sprintf("%s, %v Erlang", counted(row.c), row.a)
		digits(t, loss, group, row.b, b, 13)
		digits(t, share, group, row.waits, waits, 13)
		digits(t, share, group+", as a steady state", row.waits, s.WaitProbability, 13)
		digits(t, wait, group, row.wait, s.WaitMean, 13)
		digits(t, waiting, group, row.wait*row.a, s.QueueMean, 13)
		digits(t, percentile, group+", p95 of the wait", row.p95, s.WaitQuantile(0.95), 13)
		digits(t, percentile, group+", p99 of the wait", row.p99, s.WaitQuantile(0.99), 13)
		digits(t, percentile, group+", p99 of the sojourn", row.sojourn, s.SojournQuantile(0.99), 13)
	}
}

// Large groups, computed with the plain recursion at 25 digits.
func TestErlangOfLargeGroups(t *testing.T) {
	loss := theory("loss of large groups of servers, and of small losses", "Erlang B by the plain recursion, in 25 digits", "")
	share := theory("share that waits for large groups of servers, and small shares", "Erlang C by the plain recursion, in 25 digits", "")
	for _, row := range []struct {
		c           int
		a, b, waits float64
	}{
		{1_000_000, 999_000, 0.00028742137577686792, 0.22330339029134409},
		{1_000_000, 999_999, 0.00079682447234292286, 0.99874758896459378},
		{10_000, 9_000, 2.0916197944192896e-26, 2.0916197944192896e-25},
		{50, 10, 1.4927267257774842e-19, 1.8659084072218552e-19},
		{200, 20, 4.19972501133591e-124, 4.6663611237065666e-124},
	} {
		b, waits := ErlangB(row.c, row.a), ErlangC(row.c, row.a)
		group := fmt.Sprintf("%s, %v Erlang", counted(row.c), int(row.a))
		digits(t, loss, group, row.b, b, 12)
		digits(t, share, group, row.waits, waits, 12)
	}
	assert.Zero(t, ErlangB(MaxServers, 1), "below the least float64")
	share.Within(t, "3 servers, 3 Erlang", 1, ErlangC(3, 3), 0)
}

func TestMMcKTable(t *testing.T) {
	const source = "birth and death chain: p_n in proportion to the product of a/min(i, c), in 25 digits"
	loss := theory("loss of an M/M/c/K queue", source, "")
	number := theory("mean number in an M/M/c/K queue", source, "")
	times := theory("mean wait and sojourn in an M/M/c/K queue", source+", and Little's law", "s")
	throughput := theory("throughput of an M/M/c/K queue", source, "/s")
	busy := theory("utilization of an M/M/c/K queue", source, "")
	for _, row := range []struct {
		lambda                              float64
		c, k                                int
		loss, inSystem, sojourn, throughput float64
	}{
		{0.8, 1, 10, 0.0234928575799056, 2.96631426648415, 3.79709750398329, 0.781205713936076},
		{1.0, 1, 10, 1. / 11, 5, 5.5, 0.909090909090909},
		{1.2, 1, 10, 0.192586495126806, 6.7107086783692, 6.92613784414296, 0.968896205847833},
		{1.5, 1, 10, 0.337232080137522, 8.12865864453823, 8.17647565704438, 0.994151879793717},
		{3.2, 4, 10, 0.035740722480999, 4.23983862529142, 1.37405944779978, 3.0856296880608},
		{5.0, 4, 10, 0.230024325429412, 7.35611156245441, 1.9107386909481, 3.84987837285294},
		{8.0, 4, 20, 0.500000990929183, 19.0000370592613, 4.75001867867959, 3.99999207256653},
	} {
		s, err := MMcK{row.lambda, 1, row.c, row.k}.Solve()
		require.NoError(t, err)
		room := boundedRoom(row.c, row.k, row.lambda)
		digits(t, loss, room, row.loss, s.LossFraction, 13)
		digits(t, number, room, row.inSystem, s.SystemMean, 13)
		digits(t, times, room+", sojourn", row.sojourn, s.SojournMean, 13)
		digits(t, throughput, room, row.throughput, s.Throughput, 13)
		digits(t, times, room+", wait", row.sojourn-1, s.WaitMean, 13)
		digits(t, busy, room, row.throughput/float64(row.c), s.Utilization, 13)
	}
}

func boundedRoom(servers, places int, load float64) string {
	return fmt.Sprintf("%s, %d places, %v Erlang", counted(servers), places, load)
}

// Percentiles of a bounded queue: sums of incomplete gamma functions over the states, at 30 digits.
func TestMMcKLaw(t *testing.T) {
	const source = "sums of incomplete gamma functions over the states, in 30 digits"
	longer := theory("tails of wait and sojourn in an M/M/c/K queue", source, "")
	percentile := theory("percentiles of an M/M/c/K queue", source, "s")
	for _, row := range []struct {
		lambda           float64
		c, k             int
		at, wait, longer float64
	}{
		{0.8, 1, 10, 5, 0.21056251176405894, 0.29231855086606661},
		{5, 4, 10, 2, 0.073240591488060816, 0.39753551448874674},
		{8, 4, 20, 6, 0.023933488988370596, 0.17344538404717205},
		{3.2, 4, 10, 1, 0.13867089022107415, 0.53962766619610095},
		{4, 4, 12, 3, 0.016261117265574874, 0.17423187369877164},
	} {
		s, err := MMcK{row.lambda, 1, row.c, row.k}.Solve()
		require.NoError(t, err)
		room := boundedRoom(row.c, row.k, row.lambda)
		digits(t, longer, fmt.Sprintf("%s, wait above %v s", room, row.at), row.wait, s.WaitAbove(row.at), 12)
		digits(t, longer, fmt.Sprintf("%s, sojourn above %v s", room, row.at), row.longer, s.SojournAbove(row.at), 12)
		digits(t, percentile, fmt.Sprintf("%s, wait that %.4g %% exceed", room, 100*row.wait), row.at, s.WaitQuantile(1-row.wait), 11)
		digits(t, percentile, fmt.Sprintf("%s, sojourn that %.4g %% exceed", room, 100*row.longer), row.at, s.SojournQuantile(1-row.longer), 11)
	}
}

func TestErlangATable(t *testing.T) {
	const source = "Erlang A: birth and death chain with deaths at c mu + (n - c) theta, in 25 digits"
	loss := theory("share of messages that give up in an M/M/c queue with impatience", source, "")
	waiting := theory("mean numbers in an M/M/c queue with impatience", source, "")
	share := theory("share of messages that wait in an M/M/c queue with impatience", source, "")
	throughput := theory("throughput of an M/M/c queue with impatience", "lambda (1 - loss)", "/s")
	for _, row := range []struct {
		q                    ErlangA
		loss, waiting, waits float64
		digits               int
	}{
		{ErlangA{12, 1, 10, 1}, 0.213632352957964, 2.56358823549557, 0.757607838329488, 13},
		{ErlangA{5, 1, 4, 0.5}, 0.259025502082511, 2.59025502082511, 0.820950919132744, 13},
		{ErlangA{10100, 1, 10000, 0.1}, 0.0099040050914800306, 1000.3045142394831, 0.99942567831075616, 11},
		{ErlangA{9900, 1, 10000, 2}, 0.0011303664242147883, 5.5953137998632023, 0.13580078935417843, 11},
		{ErlangA{3, 1, 2, 0.001}, 1. / 3, 1000, 1, 12},
		{ErlangA{0.5, 1, 3, 0.001}, 6.056738096167287e-6, 0.0030283690480836435, 0.015150322157647725, 12},
	} {
		s, err := row.q.Solve()
		require.NoError(t, err)
		group := fmt.Sprintf("%s, %v Erlang, patience of %v services", counted(row.q.Servers), row.q.Arrival, 1/row.q.Abandonment)
		digits(t, loss, group, row.loss, s.LossFraction, row.digits)
		digits(t, waiting, group+", waiting", row.waiting, s.QueueMean, row.digits)
		digits(t, share, group, row.waits, s.WaitProbability, row.digits)
		digits(t, throughput, group, row.q.Arrival*(1-row.loss), s.Throughput, 11)
		digits(t, waiting, group+", in the system: throughput/mu more", s.Throughput/row.q.Service+s.QueueMean, s.SystemMean, 11)
	}
}
