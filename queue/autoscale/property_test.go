package autoscale

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/autoscale/load"
)

// check is what must hold for every run.
func checkRun(t *testing.T, r Result) {
	t.Helper()
	c := r.Config
	assert.Equal(t, c.Backlog+r.Arrived, r.Completed+r.InFlight+r.Waiting, "conservation")
	assert.LessOrEqual(t, r.End, c.Duration.Seconds())
	assert.LessOrEqual(t, r.Arrived, c.MaxMessages)
	assert.True(t, r.InFlight >= 0 && r.Waiting >= 0 && r.DepthPeak >= r.Waiting)
	assert.True(t, r.OverTargetFraction >= 0 && r.OverTargetFraction <= 1 && r.TimeOver >= 0 && r.TimeOver <= r.End)
	assert.LessOrEqual(t, r.InstancesMean, float64(r.InstancesPeak)+1e-9)
	assert.True(t, r.Cancelled <= r.Launched && r.Reversals <= r.ScaleIns+r.ScaleOuts)
	assert.LessOrEqual(t, r.EmptyAt, r.End)
	for _, row := range r.Rows {
		assert.True(t, row.InFlight <= row.Serving && row.Serving <= row.Running, "%+v", row)
		assert.True(t, row.Depth == 0 || row.InFlight == row.Serving, "no instance is idle while a message waits: %+v", row)
		assert.True(t, row.Wanted >= c.Min && row.Wanted <= c.Max)
	}
	_, err := json.Marshal(r)
	require.NoError(t, err)
}

func rules() []Rule {
	return []Rule{
		Fixed{20},
		BacklogPerInstance{10 * time.Second, 100 * time.Millisecond, false},
		BacklogPerInstance{time.Minute, 100 * time.Millisecond, true},
		DepthStep{[]Depth{{0, -2}, {100, 0}, {1000, 5}, {5000, 20}}},
		OldestAge{20 * time.Second, 0.1},
		HPA{5, 0.1, true},
		HPA{50, 0, false},
		LambdaRamp{5, 30, 60},
		Oracle{0.9},
	}
}

func TestConservation(t *testing.T) {
	for i, rule := range rules() {
		for k := range 6 {
			c := AWS()
			c.Arrivals, c.Service, c.Duration = load.Burst(16, 80, 3*time.Minute, 4*time.Minute), Exp(500*time.Millisecond), 15*time.Minute
			c.Rule, c.Seed, c.MaxOut, c.MaxIn = rule, uint64(k), k%3*4, k%2*3
			c.Boot = time.Duration(k) * 25 * time.Second
			c.MetricDelay, c.CooldownOut, c.CooldownIn = time.Duration(k%2)*time.Minute, time.Duration(k%3)*time.Minute, time.Duration(k%4)*time.Minute
			c.Min, c.Backlog = k%2, i*300
			r := run(t, c)
			checkRun(t, r)
			c.Rule = Fixed{10}
			assert.Equal(t, run(t, c).Arrived, r.Arrived, "every rule meets the same arrivals")
		}
	}
}

// What the rules answer.
func TestRules(t *testing.T) {
	o := Observation{Visible: 900, InFlight: 10, OldestAge: 30 * time.Second, Measured: 10, Serving: 10, Capacity: 12, Ahead: 95, Service: 0.1, Every: time.Minute}
	for _, x := range []struct {
		rule Rule
		want int
	}{
		{Fixed{7}, 7},
		{BacklogPerInstance{5 * time.Second, 100 * time.Millisecond, false}, 18},
		{BacklogPerInstance{5 * time.Second, 100 * time.Millisecond, true}, 22},          // 12 x 90/50 = 21.6
		{BacklogPerInstance{8200 * time.Millisecond, 100 * time.Millisecond, false}, 12}, // 11, and 2 are booting
		{BacklogPerInstance{20 * time.Second, 100 * time.Millisecond, false}, 5},
		{DepthStep{[]Depth{{0, -1}, {900, 1}, {901, 9}}}, 12}, // 11, and 2 are booting
		{DepthStep{[]Depth{{0, -1}, {900, 5}}}, 15},
		{DepthStep{[]Depth{{0, -3}, {901, 5}}}, 9},
		{OldestAge{20 * time.Second, 0}, 15},
		{OldestAge{28 * time.Second, 0.1}, 12},
		{OldestAge{60 * time.Second, 0.1}, 5},
		{HPA{5, 0.1, true}, 182},
		{HPA{5, 0.1, false}, 180},
		{HPA{70, 0.1, false}, 12}, // 900/840 = 1.07
		{HPA{68, 0.1, false}, 14}, // 900/816 = 1.103
		{HPA{100, 0, false}, 9},
		{LambdaRamp{5, 300, 1000}, 312},
		{LambdaRamp{5, 300, 100}, 100},
		{Oracle{1}, 10},
		{Oracle{0.5}, 19},
	} {
		assert.Equal(t, x.want, x.rule.Want(o), "%#v", x.rule)
		assert.NotEmpty(t, x.rule.String())
	}
	o.Visible, o.InFlight = 0, 8
	assert.Equal(t, 8, LambdaRamp{5, 300, 1000}.Want(o))
	assert.Equal(t, 0, HPA{5, 0.1, false}.Want(o))
}

// Who leaves: booting instances, then idle ones, then busy ones after their message.
func TestScaleIn(t *testing.T) {
	c := Config{
		Arrivals: load.Constant(0), Service: Const(100 * time.Second), Backlog: 6, Rule: Fixed{3}, Initial: 10, Max: 10,
		MetricPeriod: time.Minute, EvaluationPeriod: 30 * time.Second, LatencyTarget: time.Second, Duration: 5 * time.Minute,
		MaxMessages: 1, Sample: 10 * time.Second, Price: 3600,
	}
	r := run(t, c)
	checkRun(t, r)
	assert.Equal(t, []int{10, 6, 6, 3}, []int{r.Rows[2].Running, r.Rows[3].Running, r.Rows[9].Running, r.Rows[10].Running})
	assert.InDelta(t, 4*30+3*100+3*300, r.InstanceSeconds, 1e-9)
	assert.InDelta(t, r.InstanceSeconds, r.Cost, 1e-9)
	assert.Equal(t, 6, r.Completed)

	c.Rule, c.Initial, c.Boot = DepthStep{[]Depth{{0, -4}, {5, 3}}}, 2, time.Minute
	c.MetricPeriod, c.Backlog = 20*time.Second, 9
	r = run(t, c) // 7 wait at 20 s: +3 at 30 s, again at 60 s and 90 s only what is not yet booting
	checkRun(t, r)
	assert.Equal(t, []int{2, 5, 5}, []int{r.Rows[2].Running, r.Rows[3].Running, r.Rows[8].Running})
	c.Backlog, c.Rule = 2, stair{}
	r = run(t, c)
	assert.Equal(t, []int{5, 3}, []int{r.Rows[3].Running, r.Rows[6].Running}, "two of the three that boot are cancelled")
	assert.Equal(t, 2, r.Cancelled)
}

// stair is a rule of somebody else's: 5 and then 3.
type stair struct{}

func (stair) Want(o Observation) int {
	if o.Capacity == 2 {
		return 5
	}
	return 3
}
func (stair) String() string { return "stair" }
func TestForeignRulesHaveNoJSON(t *testing.T) {
	_, err := json.Marshal(Config{Rule: stair{}})
	assert.ErrorContains(t, err, "has no JSON")
}

func TestLimits(t *testing.T) {
	c := AWS()
	c.Arrivals, c.Boot, c.MaxOut, c.CooldownOut = load.Constant(500), 0, 3, 5*time.Minute
	r := run(t, c)
	assert.Equal(t, 12, r.ScaleOuts, "at 1, 6, ... 56 minutes")
	assert.Equal(t, 36, r.Launched)
	c.CooldownOut, c.Max = 0, 20
	assert.Equal(t, 20, run(t, c).InstancesPeak)
	c.Arrivals, c.Initial, c.MaxIn, c.CooldownIn = load.Constant(0), 20, 5, 10*time.Minute
	r = run(t, c)
	assert.Equal(t, 4, r.ScaleIns, "20, 15, 10, 5, 1")
	assert.Equal(t, 1, r.Rows[len(r.Rows)-1].Running)
}

// The cool-down of scale-ins begins with scale-outs, too; what waits at the end is late, too.
func TestCooldownInAndTheEnd(t *testing.T) {
	c := Config{
		Arrivals: load.Constant(1).Regular(), Service: Const(time.Hour), Rule: stair{}, Initial: 2, Max: 10,
		MetricPeriod: 20 * time.Second, EvaluationPeriod: 30 * time.Second, CooldownIn: time.Minute, LatencyTarget: 40 * time.Second,
		Duration: 5 * time.Minute, MaxMessages: 1000, Sample: 10 * time.Second,
	}
	r := run(t, c)
	assert.Equal(t, []int{2, 5, 5, 1}, []int{r.Rows[2].Wanted, r.Rows[3].Wanted, r.Rows[3].Running, r.ScaleIns})
	assert.Equal(t, []int{5, 5, 3, 3}, []int{r.Rows[6].Running, r.Rows[8].Running, r.Rows[6].Wanted, r.Rows[9].Wanted})
	c.Rule, c.Initial = Fixed{0}, 0
	assert.InDelta(t, 300-1-40, run(t, c).TimeOver, 1e-9)
}

// A rule that forgets what is booting launches more than it needs.
func TestForgettingWhatBoots(t *testing.T) {
	c := AWS()
	c.Max, c.Duration = 100_000, 20*time.Minute
	careful := run(t, c)
	c.Rule = BacklogPerInstance{10 * time.Second, 100 * time.Millisecond, true}
	assert.Greater(t, run(t, c).InstancesPeak, 2*careful.InstancesPeak)
	c.Rule, c.Initial = Oracle{0.8}, 10
	oracle := run(t, c)
	assert.Less(t, oracle.InstancesPeak, careful.InstancesPeak)
	assert.Less(t, oracle.AgeMax, 5.0)
}

func TestWarnings(t *testing.T) {
	c := AWS()
	c.Max, c.Backlog = 15, 0
	c.Arrivals = load.Constant(200)
	assert.Contains(t, fmt.Sprint(run(t, c).Warnings), "never drains: 15 instances at most complete 150 messages/s, and 200 arrive on average")
	c.Max, c.Rule = 100, Fixed{10}
	assert.Contains(t, fmt.Sprint(run(t, c).Warnings), "never drains: 10 instances")
	c.MaxMessages = 100
	r := run(t, c)
	assert.Equal(t, 100, r.Arrived)
	assert.Contains(t, fmt.Sprint(r.Warnings), "MaxMessages = 100")
	c.Rule, c.Initial, c.Min = Fixed{0}, 0, 0
	assert.Contains(t, fmt.Sprint(run(t, c).Warnings), "no message was completed")
}

func TestConfigIsJSON(t *testing.T) {
	for _, rule := range rules() {
		c := AWS()
		c.Rule = rule
		raw, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(raw, &back))
		assert.Equal(t, c, back)
	}
	var c Config
	assert.NoError(t, json.Unmarshal([]byte(`{"rule":null}`), &c))
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"rule":{"kind":"odd","value":{}}}`), &c), "unknown rule")
	assert.Error(t, json.Unmarshal([]byte(`{"rule":3}`), &c))
}

func TestValidateReportsAll(t *testing.T) {
	_, err := Simulate(Config{})
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Arrivals.Steps", "Service", "Rule = nil", "Max = 0", "MetricPeriod = 0s", "EvaluationPeriod", "LatencyTarget", "Duration", "MaxMessages"} {
		assert.ErrorContains(t, err, "autoscale: invalid config: "+field)
	}
	for _, bad := range []Rule{Fixed{-1}, BacklogPerInstance{}, DepthStep{}, DepthStep{[]Depth{{1, 1}, {1, 1}}}, OldestAge{}, HPA{}, LambdaRamp{5, 1, 4}, Oracle{}} {
		c := AWS()
		c.Rule = bad
		assert.ErrorContains(t, c.Validate(), "Rule.", "%#v", bad)
	}
	for _, preset := range []Config{AWS(), KEDA(), Lambda()} {
		assert.NoError(t, preset.Validate())
		checkRun(t, run(t, preset))
	}
}
