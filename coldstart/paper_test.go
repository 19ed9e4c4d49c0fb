package coldstart

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/validation"
)

// seconds is a time that may have parts.
func seconds(x float64) time.Duration { return time.Duration(math.Round(x * 1e9)) }

func simulate(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// scale shortens a run under -short.
func scale(d time.Duration) time.Duration {
	if testing.Short() {
		return d / 10
	}
	return d
}

// near wants a number within a share of the wanted value, four times that under -short.
func near(t *testing.T, claim validation.Claim, cell string, want, got, share float64) {
	t.Helper()
	if testing.Short() {
		share *= 4
	}
	claim.Relative(t, cell, want, got, share)
}

// SimFaaS, README: 0.9 requests/s, exp 1.991 s warm and 2.244 s cold, 10 min. Its run of 1e6 s gave p 0.0014, 7.6612 environments, 1.7879
// running, 5.8733 idle, life 6335 s; ten runs of 1e6 s have an interval of 0.54 % of the environments. Here 1e7 and 2e6 s; the wanted values are those of
// a loop of the same model over 2e8 s. Tolerances: three standard errors of 1e7 s and the wanted digits.
func TestSimFaaSReadme(t *testing.T) {
	loop := validation.Claim{
		Kind: validation.Theory, Name: "the function in the README of SimFaaS: 0.9/s, 1.991 s warm, 2.244 s cold, keep-alive 10 min",
		Source: "a separate loop of the same model over 2e8 s",
	}
	life := validation.Claim{Kind: validation.Theory, Name: "mean life of environments in the README of SimFaaS", Source: loop.Source, Unit: "s"}
	c := Default()
	c.Duration, c.Warmup = scale(1e7*time.Second), 1e4*time.Second
	for _, s := range []Selection{MRU, Newest} {
		if c.Selection = s; s == Newest {
			c.Duration = scale(2e6 * time.Second)
		}
		r := simulate(t, c)
		near(t, loop, chosen(s)+": cold share", 0.001329, r.ColdProbability, map[Selection]float64{MRU: 0.03, Newest: 0.06}[s])
		near(t, loop, chosen(s)+": environments", 7.69, r.InstancesMean, 0.005)
		near(t, loop, chosen(s)+": busy", 1.792, r.RunningMean, 0.004)
		near(t, loop, chosen(s)+": idle", 5.90, r.IdleMean, 0.007)
		near(t, life, chosen(s), 6430, r.LifespanMean, 0.06)
		if s == Newest {
			againstReadme(t, r)
		}
	}
}

// againstReadme compares with the one run of 1e6 s that is printed. Tolerances: four of its standard errors. Of the environments that is 3.5 %
// (ten runs: 0.54 % for the mean), of 1213 cold starts 11.5 %, of the busy 0.6 %; idle and life have the errors of both that they follow from.
func againstReadme(t *testing.T, r Result) {
	t.Helper()
	const source = "Mahmoudi and Khazaei, SimFaaS, README: one run of 1e6 s"
	claim := validation.Claim{Kind: validation.Published, Name: "run in the README of SimFaaS", Source: source}
	near(t, claim, "cold share, 1213 of 898469", 1213.0/898469, r.ColdProbability, 0.115)
	near(t, claim, "environments", 7.6612, r.InstancesMean, 0.035)
	near(t, claim, "busy", 1.7879, r.RunningMean, 0.006)
	near(t, claim, "idle", 5.8733, r.IdleMean, 0.047)
	life := validation.Claim{Kind: validation.Published, Name: "mean life of environments of the run in the README of SimFaaS", Source: source, Unit: "s"}
	near(t, life, "newest first", 6335.13, r.LifespanMean, 0.15)
}

// SimFaaS, notebook 02: the share of the time at which there were n environments, and its single run of 1e6 s: 1183 cold of 900,020. The counts
// change slowly: a run of 1e6 s knows the shares to a few percent.
func TestSimFaaSServerCounts(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Published, Name: "share of time at each number of environments", Source: "Mahmoudi and Khazaei, SimFaaS, notebook 02: one run of 1e6 s",
	}
	want := map[int]float64{6: 0.051959, 7: 0.404077, 8: 0.387639, 9: 0.119743, 10: 0.030551, 11: 0.005409}
	c := Default()
	c.Duration, c.Warmup = scale(1e7*time.Second), 1e4*time.Second
	r := simulate(t, c)
	sum := 0.0
	for _, s := range r.Spread {
		sum += s.Fraction
		if w, ok := want[s.Instances]; ok {
			claim.Within(t, fmt.Sprintf("%d environments", s.Instances), w, s.Fraction, 0.015+0.1*w)
			delete(want, s.Instances)
		}
	}
	assert.InDelta(t, 1, sum, 1e-9)
	assert.Empty(t, want)
}

// chosen names the idle environment that serves.
func chosen(s Selection) string {
	return map[Selection]string{MRU: "last used first", Newest: "newest first", LRU: "longest idle first", Random: "a random one"}[s]
}

func awsRows(t *testing.T) (rows [][]float64) {
	t.Helper()
	f, err := os.Open("testdata/aws.csv")
	require.NoError(t, err)
	defer f.Close()
	read := csv.NewReader(f)
	read.Comment = '#'
	all, err := read.ReadAll()
	require.NoError(t, err)
	for _, line := range all[1:] {
		row := make([]float64, len(line))
		for i, text := range line {
			row[i], err = strconv.ParseFloat(text, 64)
			require.NoError(t, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// Ten experiments on AWS Lambda, published with SimFaaS. AWS's own standard errors are 4 to 8 % of p; the model may be off by 10 % in p and 4.5 % in
// the number of environments on average, 3 % in those that are busy.
func TestMeasuredAWS(t *testing.T) {
	mean := validation.Claim{
		Kind: validation.Measured, Name: "mean relative error against ten experiments on AWS Lambda", Source: "Mahmoudi and Khazaei, SimFaaS, examples/exp.csv",
	}
	var p, n, busy float64
	rows := awsRows(t)
	require.Len(t, rows, 10)
	for _, row := range rows {
		c := Default()
		c.Arrivals = Poisson(row[1])
		c.Warm, c.Cold.Response = Exp(seconds(1.98134)), Exp(seconds(2.30374))
		c.Duration, c.Warmup = scale(3e6*time.Second), 1e4*time.Second
		r := simulate(t, c)
		againstAWS(t, row, r)
		p += math.Abs(r.ColdProbability/row[2]-1) / 10
		n += math.Abs(r.InstancesMean/row[4]-1) / 10
		busy += math.Abs(r.RunningMean/row[5]-1) / 10
	}
	t.Logf("mean errors: cold probability %.4f, environments %.4f, running %.4f", p, n, busy)
	if testing.Short() {
		p /= 2
	}
	mean.Within(t, "cold share", 0, p, 0.10)
	mean.Within(t, "environments", 0, n, 0.045)
	mean.Within(t, "busy environments", 0, busy, 0.03)
}

// againstAWS compares with one experiment: the cold share within four of AWS's own standard errors, the environments within the
// mean error above, which some are known to miss.
func againstAWS(t *testing.T, row []float64, r Result) {
	t.Helper()
	if testing.Short() {
		return
	}
	const source = "Mahmoudi and Khazaei, SimFaaS, examples/exp.csv; keep-alive 10 min, 1.98134 s warm, 2.30374 s cold"
	cold := validation.Claim{Kind: validation.Measured, Name: "cold share on AWS Lambda", Source: source}
	environments := validation.Claim{Kind: validation.Measured, Name: "environments on AWS Lambda", Source: source}
	busy := validation.Claim{Kind: validation.Measured, Name: "busy environments on AWS Lambda", Source: source}
	name := fmt.Sprintf("%g/s", row[1])
	cold.Within(t, name, row[2], r.ColdProbability, 4*row[3])
	if row[0] == 0 || row[0] == 7 || row[0] == 8 {
		environments.Gap(t, name, row[4], r.InstancesMean, 0.045*row[4], "AWS publishes neither how long an idle environment stays nor which one it chooses")
	} else {
		environments.Relative(t, name, row[4], r.InstancesMean, 0.045)
	}
	if row[0] == 5 || row[0] == 1 || row[0] == 7 {
		busy.Gap(t, name, row[5], r.RunningMean, 0.03*row[5], "by Little's law the mean response took 1.91 to 2.06 s in these experiments, not the 1.98 s that are given for all")
	} else {
		busy.Relative(t, name, row[5], r.RunningMean, 0.03)
	}
}

// Oldest or random instead of newest: the same requests, a hundredth of the cold starts, half as many environments again.
func TestSelection(t *testing.T) {
	const source = "a separate loop of the same model"
	cold := validation.Claim{Kind: validation.Theory, Name: "cold starts of 900,000 requests if the longest idle or a random environment serves", Source: source}
	environments := validation.Claim{Kind: validation.Theory, Name: "environments if the longest idle or a random one serves", Source: source}
	c := Default()
	for _, s := range []Selection{LRU, Random} {
		c.Selection = s
		c.Duration = scale(1e6 * time.Second)
		if r := simulate(t, c); testing.Short() {
			assert.Less(t, r.Cold, int64(20))
		} else {
			cold.Within(t, chosen(s), 12, float64(r.Cold), 1)
			environments.Within(t, chosen(s), 11.8, r.InstancesMean, 0.95)
		}
	}
}

// AWS Lambda Operator Guide, "Understanding burst concurrency": 10,000 requests over one to four minutes, burst 3,000 and 500 more each
// minute; how many are throttled each minute.
func TestOperatorGuideBurst(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Published, Name: "throttled of 10,000 requests by the rule before November 2023, simulated",
		Source: "AWS Lambda Operator Guide, Understanding burst concurrency: a burst of 3,000, then 500 a minute",
	}
	for _, want := range [][]int64{{7000}, {2000, 1500}, {333, 0, 0}, {0, 0, 0, 0}} {
		minutes := len(want)
		c := Default()
		c.Arrivals = FromTrace()
		for m := range minutes {
			for range 10_000 / minutes {
				c.Trace = append(c.Trace, time.Duration(m)*time.Minute)
			}
		}
		c.Warm, c.Cold.Response = Const(time.Second), Const(time.Second)
		c.KeepAlive = Fixed(time.Minute / 2) // or environments would be there that need no scaling
		c.Limits = LegacyLimits(10_000, 3000)
		c.Duration, c.Sample = 5*time.Minute, time.Minute
		r := simulate(t, c)
		total := int64(0)
		for m, n := range want {
			claim.Within(t, fmt.Sprintf("over %d min, minute %d", minutes, m+1), float64(n), float64(r.Rows[m+1].Throttled), exactly)
			total += n
		}
		assert.Equal(t, total, r.Throttles.Scaling)
		assert.Equal(t, total, r.Dropped)
	}
}

// The ramp to 5,000 at 1,000 and 100 a second: complete after 40 s; (C - 1000)^2/(200 S) - (C - 1000)/2 = 78,000 are throttled, 78,040 in discrete steps.
func TestScalingRamp(t *testing.T) {
	lost := validation.Claim{
		Kind: validation.Theory, Name: "requests throttled in a jump of the demand against AWS's limits, simulated",
		Source: "sum over the requests until there are enough environments, 1,000 and 100 a second, counted one by one",
	}
	end := validation.Claim{
		Kind: validation.Theory, Name: "last throttled request of a jump of the demand against AWS's limits, simulated", Source: "(needed - 1,000)/100", Unit: "s",
	}
	for _, x := range []struct{ rate, service, last, want float64 }{
		{4000, 0.5, 10, 9_520}, {3000, 1, 20, 19_020}, {5000, 1, 40, 78_040},
	} {
		if testing.Short() && x.last > 10 {
			break
		}
		c := Default()
		c.Arrivals = Renewal(Const(seconds(1 / x.rate)))
		c.Warm, c.Cold.Response = Const(seconds(x.service)), Const(seconds(x.service))
		c.Limits = AWSLimits()
		c.Limits.Account, c.Limits.Requests = 10_000, 0
		c.Duration, c.Sample = seconds(x.last+5), 100*time.Millisecond
		r := simulate(t, c)
		name := fmt.Sprintf("%g/s of %g s", x.rate, x.service)
		lost.Relative(t, name, x.want, float64(r.Throttles.Scaling), 0.005)
		assert.Equal(t, r.Throttles.Total(), r.Throttles.Scaling)
		last := 0.0
		for _, row := range r.Rows {
			if row.Throttled > 0 {
				last = row.At
			}
		}
		end.Within(t, name, x.last, last, 0.2)
		row := r.Rows[len(r.Rows)-1]
		assert.InDelta(t, x.rate*x.service, row.Busy, 1)
		assert.InDelta(t, x.rate*x.service, row.Demanded, 1)
	}
}

// SimFaaS, notebook 03: 1,000 requests/s of 2.016 s at a limit of 1,000 over 1,000 s: 0.5039 are throttled; Erlang's B(1000, 2016) = 0.504455.
func TestThrottledAtTheLimit(t *testing.T) {
	c := Default()
	c.Arrivals = Poisson(1000)
	c.Warm, c.Cold.Response = Exp(seconds(2.016)), Exp(seconds(2.016))
	c.Limits.Reserved = 1000
	c.Duration, c.Warmup = scale(2000*time.Second), 20*time.Second
	r := simulate(t, c)
	const name = "throttled share of 1,000/s of 2.016 s at a limit of 1,000"
	theory := validation.Claim{Kind: validation.Theory, Name: name + ", simulated", Source: "Erlang's B(1000, 2016)"}
	near(t, theory, "1,980 s of requests", 0.504455, r.ThrottledFraction, 0.005)
	published := validation.Claim{Kind: validation.Published, Name: name, Source: "Mahmoudi and Khazaei, SimFaaS, notebook 03: one run of 1,000 s"}
	near(t, published, "1,980 s of requests", 0.5039, r.ThrottledFraction, 0.005)
}

// dotnet8's first calls in lambda-perf: about 50 ms of CPU work at 128 to 1,024 MB. The formula is exact, the data are within 17 %.
func TestCPUInProportionToMemory(t *testing.T) {
	data := Runtime("dotnet8-zip-x86").MemoryEffect()
	require.Len(t, data, 4)
	rule := validation.Claim{
		Kind: validation.Published, Name: "time of 50 ms of CPU work by memory", Unit: "ms",
		Source: "AWS Lambda Developer Guide, Configure Lambda function memory: CPU in proportion to memory, one vCPU at 1,769 MB",
	}
	measured := validation.Claim{
		Kind: validation.Measured, Name: "first call of dotnet8-zip-x86, as 50 ms of CPU work by memory", Source: lambdaPerfData, Unit: "ms",
	}
	for i, want := range []float64{691, 345, 173, 86} {
		got := CPU{Const(50 * time.Millisecond), 1}.Time(data[i].MemoryMB).Seconds() * 1e3
		rule.Within(t, fmt.Sprintf("%d MB, parallelism 1", data[i].MemoryMB), want, got, 0.6)
		measured.Relative(t, fmt.Sprintf("%d MB", data[i].MemoryMB), data[i].FirstCall*1e3, got, 0.17)
	}
	for _, x := range []struct {
		memory, threads int
		want            float64
	}{{1769, 1, 50}, {10240, 1, 50}, {3538, 2, 25}} {
		got := CPU{Const(50 * time.Millisecond), float64(x.threads)}.Time(x.memory)
		rule.Within(t, fmt.Sprintf("%d MB, parallelism %d", x.memory, x.threads), x.want, float64(got)/1e6, exactly)
	}
	count := validation.Claim{Kind: validation.Measured, Name: "vCPUs that an environment sees", Source: "the project lambda-cpuinfo"}
	for _, x := range []struct{ memory, want int }{{3008, 2}, {3009, 3}, {8845, 5}, {10240, 6}} {
		count.Within(t, fmt.Sprintf("%d MB", x.memory), float64(x.want), float64(CPU{}.VCPUs(x.memory)), exactly)
	}
}

// A pool of worker processes, measured: one request each, Poisson arrivals, exponential sleep, a fixed idle time, most recently used first. What a start and a warm
// call cost is fed in. Tolerances: 2.5 standard errors of a share of so many requests; 5 % of the means, twice what runs of that length differ.
func TestMeasuredPool(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Measured, Name: "pool of worker processes that start on demand, most recently used first",
		Source: "924 to 3,332 Poisson requests to real processes; exponential service, fixed idle time; the times of starts are fed in",
	}
	for _, x := range []struct {
		name                                        string
		requests                                    float64
		rate, service, ttl, start                   float64
		cap                                         int
		cold, expired, overlap, pool, running, idle float64
		rejected                                    float64
	}{
		{"2/s of 0.2 s, idle time 2 s", 1917, 2, 0.2, 2, 0.255, 0, 0.171, 0.015, 0.154, 1.98, 0.509, 1.470, 0},
		{"0.5/s of 0.2 s, idle time 2 s", 924, 0.5, 0.2, 2, 0.232, 0, 0.422, 0.308, 0.107, 0.790, 0.150, 0.640, 0},
		{"5/s of 0.3 s, idle time 1 s, at most 2 processes", 3332, 5, 0.3, 1, 0.260, 2, 0.0475, -1, -1, 1.936, 1.087, 0.850, 0.343},
		{"2/s of 0.2 s, idle time 2 s, start 1.45 s", 1254, 2, 0.2, 2, 1.457, 0, 0.183, -1, 0.173, 2.38, 0.93, 1.45, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := Default()
			c.Arrivals = Poisson(x.rate)
			c.Warm = Exp(seconds(x.service)).After(9 * time.Millisecond)
			c.Cold.Kind, c.Cold.Sandbox = Phases, law.Lognormal(seconds(x.start-0.009), 1.3)
			c.KeepAlive = Fixed(seconds(x.ttl))
			c.Limits.Reserved = x.cap
			c.Duration, c.Warmup = scale(2e5*time.Second), 100*time.Second
			r := simulate(t, c)
			n := float64(r.Warm + r.Cold)
			error := func(p float64) float64 { return 2.5 * math.Sqrt(p*(1-p)/x.requests) }
			claim.Within(t, x.name+": cold share", x.cold, r.ColdProbability, error(x.cold))
			if x.expired >= 0 {
				claim.Within(t, x.name+": cold after expiry", x.expired, float64(r.ColdBy.IdleExpired)/n, error(x.expired))
			}
			if x.overlap >= 0 {
				claim.Within(t, x.name+": cold while all were busy", x.overlap, float64(r.ColdBy.Overlapping())/n, error(x.overlap))
			}
			claim.Within(t, x.name+": rejected share", x.rejected, r.ThrottledFraction, error(x.rejected)+1e-9)
			claim.Relative(t, x.name+": processes", x.pool, r.InstancesMean, 0.05)
			claim.Relative(t, x.name+": busy", x.running, r.RunningMean, 0.05)
			claim.Relative(t, x.name+": idle", x.idle, r.IdleMean, 0.05)
		})
	}
}
