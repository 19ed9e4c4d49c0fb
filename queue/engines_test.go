package queue

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// both runs a configuration on both engines, which must agree to the last bit.
func both(t *testing.T, c Config) Result {
	t.Helper()
	c.Engine = Events
	events, err := Simulate(c)
	require.NoError(t, err)
	c.Engine = Recursion
	r, err := Simulate(c)
	require.NoError(t, err)
	require.Equal(t, Events, events.Engine)
	require.Equal(t, Recursion, r.Engine)
	require.True(t, assert.ObjectsAreEqual(events.wait, r.wait), "waits")
	require.True(t, assert.ObjectsAreEqual(events.sojourn, r.sojourn), "sojourns")
	events.Engine, events.Config.Engine, events.wait, events.sojourn = r.Engine, r.Config.Engine, r.wait, r.sojourn
	assert.Equal(t, events, r)
	return r
}

func manyArrivals(rate float64) []Arrivals {
	gap := time.Duration(1e9 / rate)
	return []Arrivals{
		Poisson(rate), Every(gap), Renewal(Hyper(4, gap)), OnOff(3*rate, 0, time.Second, 2*time.Second),
		Steps(Step{At: 0, Rate: rate}, Step{At: 50 * time.Second, Rate: 3 * rate}, Step{At: 80 * time.Second, Rate: rate / 2}), Paced(Step{At: 0, Rate: rate}, Step{At: 9 * time.Second, Rate: 0}, Step{At: 20 * time.Second, Rate: rate}),
		Poisson(rate / 3).InBatches(3), Every(2 * gap).InGeometricBatches(2),
	}
}

func TestEnginesAgree(t *testing.T) {
	messages, _ := few(20_000)
	messages = max(messages, 600)
	rooms := []int{1, 4, 9, 2, 3, 7, 30}
	if testing.Short() {
		rooms = rooms[:3]
	}
	for _, servers := range rooms {
		for _, load := range []float64{0.3, 0.8, 1.4} {
			for i, arrivals := range manyArrivals(load * float64(servers)) {
				c := Default()
				c.Messages, c.Warmup = messages, 123
				c.Servers, c.Arrivals = servers, arrivals
				c.Service = []Law{Exp(time.Second), Const(time.Second), Lognormal(time.Second, 2)}[i%3]
				c.Deadline = time.Duration(i%2) * time.Second
				both(t, c)
				c.Duration, c.Messages = 500*time.Second, 0
				both(t, c)
			}
		}
	}
}

// Little's law on one path: the area under the number in the system and in the queue, by events, is the sum of the times
// of the messages, when all have left by the end of the window.
func TestLittle(t *testing.T) {
	little := formula("time that 20,000 messages spend, by the queue and by the messages", "Little's law on one path", "s")
	for _, d := range Disciplines() {
		c := Default()
		c.Discipline, c.Deadline = d, 30*time.Second
		c.Classes = []Class{{0.5, 1}, {0.5, 0.9}}
		c.Messages, c.Warmup = 20_000, 0
		c.Duration = 100_000 * time.Second // long after the last
		c.Arrivals = Poisson(0.95)
		c.Policy.Threshold = 3
		require.NoError(t, c.Validate())
		run := simulateEvents(c)
		// A second run to the end of the first: its window is open until all have left.
		c.Duration, c.Messages = time.Duration(run.end+1), 0
		c.Arrivals, c.Trace = FromTrace(), Trace{At: make([]time.Duration, 0)}
		src := newSource(Config{Arrivals: Poisson(0.95), Seed: 1})
		at := make([]int64, 20_000)
		src.Fill(at)
		for _, a := range at {
			c.Trace.At = append(c.Trace.At, time.Duration(a))
		}
		c.Trace.At = append(c.Trace.At, c.Duration+1)
		r, err := Simulate(c)
		require.NoError(t, err)
		require.Equal(t, int64(20_000), r.Offered)
		require.Zero(t, r.InSystem)
		lost := r.Dropped + r.Expired
		if lost > 0 {
			assert.Contains(t, []Discipline{Expire, CoDel, CoDelFacebook, CoDelTimeout}, d)
			continue // what they waited is in no statistic
		}
		little.Relative(t, d.String()+", waiting", r.QueueMean*r.Window, r.WaitMean*float64(r.Served), 1e-9)
		little.Relative(t, d.String()+", in the system", r.SystemMean*r.Window, r.SojournMean*float64(r.Served), 1e-9)
	}
}

// Two servers, five messages, by hand.
func TestByHand(t *testing.T) {
	const source = "by hand: arrivals at 0, 1, 2, 3 and 6 s, services of 4, 4, 1, 1 and 2 s"
	times := formula("times of five messages at two servers", source, "s")
	shares := formula("shares and mean numbers of five messages at two servers", source, "")
	rates := formula("rates of five messages at two servers", source, "/s")
	trace, err := ReadTrace(strings.NewReader("0,4\n1,4\n2,1\n3,1\n6,2\n"))
	require.NoError(t, err)
	c := Config{Arrivals: FromTrace(), Trace: trace, Servers: 2}
	// Starts 0 1 4 5 6; ends 4 5 5 6 8; waits 0 0 2 2 0. The window is from 0 to 6.
	r := both(t, c)
	times.Within(t, "mean wait", 0.8, r.WaitMean, 1e-12)
	times.Within(t, "longest wait", 2, r.WaitMax, 0)
	times.Within(t, "mean sojourn", 3.2, r.SojournMean, 1e-12)
	shares.Within(t, "share that waits", 0.4, r.WaitProbability, 0)
	shares.Within(t, "mean number waiting", 4.0/6, r.QueueMean, 1e-12)
	shares.Within(t, "utilization", 10.0/12, r.Utilization, 1e-12)
	rates.Within(t, "throughput", 4.0/6, r.Throughput, 1e-12)
	times.Within(t, "end", 8, r.End, 0)
	c.Discipline = LIFO
	r = must(t, c)
	times.Within(t, "last in, first out, mean wait", 0.8, r.WaitMean, 1e-12) // the third waits 3, the fourth 1
	times.Within(t, "last in, first out, longest wait", 3, r.WaitMax, 0)
	c.Discipline, c.Deadline = FIFO, 1500*time.Millisecond
	r = both(t, c)
	shares.Within(t, "share later than a deadline of 1.5 s", 0.4, r.LossFraction, 0)
	// The first two, at 4 and 5; the late ones end at 5 and 6, the last after the window.
	rates.Within(t, "goodput with a deadline of 1.5 s", 2.0/6, r.Goodput, 1e-12)
}

func TestTraceErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "empty"},
		{"# nothing\n\n", "empty"},
		{"time_s\n", "empty"},
		{"1\n0.5\n", "line 2: time 500ms after 1s"},
		{"1\n\n# c\nx\n", `line 4: time "x" is no number`},
		{"NaN\n", `line 1: time "NaN", want in`},
		{"0\n-1\n", `line 2: time "-1", want in`},
		{"1e300\n", "line 1"},
		{"Inf\n", "line 1"},
		{"0,1\n1\n", "line 2"},
		{"0,-1\n", "line 1: service time"},
		{"0,1,9\n", "line 1: class"},
		{"0,1,x\n", "line 1: class"},
		{"0,1,1,1\n", "line 1: 4 columns"},
		{"service_s\n", "line 1: no column time_s"},
		{"time_s,foo\n", `line 1: column "foo"`},
		{"0\n\"1\n", "line"},
	} {
		_, err := ReadTrace(strings.NewReader(c.text))
		require.Error(t, err, "%q", c.text)
		assert.Contains(t, err.Error(), c.want, "%q", c.text)
	}
	trace, err := ReadTrace(strings.NewReader("class, time_s\n0,1.5\n2,1.5\n"))
	require.NoError(t, err)
	assert.Equal(t, Trace{At: []time.Duration{1500 * time.Millisecond, 1500 * time.Millisecond}, Class: []int{0, 2}}, trace)
}

func TestConfigJSON(t *testing.T) {
	c := Default()
	c.Seed = math.MaxUint64
	c.Arrivals = Steps(Step{At: 0, Rate: 1.0 / 3}, Step{At: time.Nanosecond, Rate: 2e7}).InGeometricBatches(1.1)
	c.Service = Hyper(4.1, time.Second)
	c.Discipline, c.Full, c.Engine = CoDelFacebook, DropOldest, Events
	c.Classes = []Class{{0.1, 3}, {0.9, 1}}
	for _, c := range []Config{{}, c, {Arrivals: FromTrace(), Trace: Trace{At: []time.Duration{1, 2}, Class: []int{0, 1}}}} {
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, c, back)
	}
	c.Messages, c.Warmup = 5000, 0
	r := must(t, c)
	text, err := json.Marshal(r)
	require.NoError(t, err)
	for _, key := range []string{
		"wait_mean_s", "wait_p50_s", "wait_p99_s", "sojourn_mean_s", "sojourn_p99_s", "wait_probability", "loss_fraction",
		"utilization", "throughput_per_s", "queue_mean", "offered", "config",
	} {
		assert.Contains(t, string(text), `"`+key+`":`)
	}
}

func TestValidateNamesEveryField(t *testing.T) {
	c := Config{
		Service: Exp(-1), Servers: -1, Capacity: -1, Full: 9, Discipline: 77, Deadline: -1, Classes: []Class{{math.NaN(), 0}},
		Messages: -1, Duration: -1, Warmup: -1, Sample: -1, Engine: 9,
	}
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Arrivals", "Service", "Servers", "Capacity", "Full", "Discipline", "Deadline", "Classes[0].Share", "Classes[0].Size", "Messages", "Duration", "Warmup", "Sample", "Engine"} {
		assert.Contains(t, err.Error(), "queue: invalid config: "+field+" ", field)
	}
	_, err = Simulate(c)
	require.ErrorIs(t, err, ErrInvalidConfig)
	require.NoError(t, Default().Validate())
}

func TestWarnings(t *testing.T) {
	c := Default()
	c.Arrivals, c.Messages, c.Warmup = Poisson(1), 1000, 0
	r := must(t, c)
	assert.True(t, errors.Is(errors.Join(r.Warnings...), ErrUnstable))
	assert.True(t, errors.Is(errors.Join(r.Warnings...), ErrPrecision))
	c.Arrivals, c.Capacity = Poisson(2), 10
	assert.False(t, errors.Is(errors.Join(must(t, c).Warnings...), ErrUnstable), "a bounded queue has a steady state")
	c.Arrivals, c.Capacity, c.Messages = Poisson(0.5), 0, 100_000
	assert.Empty(t, must(t, c).Warnings)
	c.Messages, c.Duration, c.Warmup = 0, time.Second, 1000
	r = must(t, c)
	assert.Zero(t, r.Offered)
	assert.Len(t, r.Warnings, 1)
}

// Groups pass on all that they count, one by one or many at a time.
func TestGroups(t *testing.T) {
	values := make([]int64, 3000)
	var one, many groups
	for i := range values {
		values[i] = int64(i * i % 977)
		one.add(values[i])
	}
	many.addAll(values[:5])
	many.addAll(values[5:])
	assert.Equal(t, one, many)
	assert.GreaterOrEqual(t, one.means.Batches(), 32)
}
