package queueplot

import (
	"bytes"
	"image"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/autoscale"
	"cloudconcepts/queue/autoscale/load"
	"cloudconcepts/queue/decouple"
)

// shop is a short run of the shop with one thing changed.
func shop(change func(*decouple.Config)) decouple.Result {
	c := decouple.Shop()
	c.Duration, c.Sample = 4*time.Minute, 2*time.Second
	change(&c)
	return must(decouple.Simulate(c))
}

// scaled are runs of the same fleet under several rules.
func scaled(rules ...autoscale.Rule) []autoscale.Result {
	c := autoscale.KEDA()
	c.Duration, c.LatencyTarget = 20*time.Minute, time.Minute
	var runs []autoscale.Result
	for _, r := range rules {
		c.Rule = r
		runs = append(runs, must(autoscale.Simulate(c)))
	}
	return runs
}

// The figures of overload, decoupling and scaling say what was found, and render in both themes, for odd runs too.
func TestLoadFigures(t *testing.T) {
	point := func(policy string, load, goodput float64) OverloadPoint {
		return OverloadPoint{Policy: policy, Load: load, Goodput: goodput, Low: goodput, High: goodput, Theory: math.NaN()}
	}
	for title, f := range map[string]Figure{
		"users fail without a queue; with one, none do, but some wait": WithQueue(shop(func(*decouple.Config) {})),
		"requests are not done at the end": WithQueue(shop(func(c *decouple.Config) {
			c.Arrivals = load.Burst(250, 300, time.Minute, time.Minute)
		})),
		"Nobody fails either way": WithQueue(shop(func(c *decouple.Config) { c.Provider.Windows = nil })),
		"with one, 5": WithQueue(shop(func(c *decouple.Config) { // the requests of a minute at 100/s are dead letters
			c.Provider.Windows[0].Kind, c.Async.MaxReceives, c.Sync.Retries = decouple.Fail, 1, 1
		})),
		"Nobody came": WithQueue(shop(func(c *decouple.Config) { c.Arrivals, c.Sample = load.Constant(0), 0 })),
		"At 2 times the capacity fifo serves 0 % of it in time, lifo 100 %": Overload(Overloads{
			Points: []OverloadPoint{point("fifo", 0.5, 0.5), point("fifo", 2, 0), point("lifo", 0.5, 0.5), point("lifo", 2, 1.002)},
			Curves: map[string][]OverloadPoint{"fifo": {{Load: 0.5, Theory: 0.5}, {Load: 2}}},
		}),
		"At 0.5 times the capacity red serves 49 % of it in time": Overload(Overloads{Points: []OverloadPoint{point("red", 0.5, 0.49)}}),
		"A load for 40 instances gets up to 100, and messages wait": Autoscale(scaled(
			autoscale.HPA{Target: 5}, autoscale.OldestAge{Target: time.Minute}, autoscale.Oracle{Utilization: 0.8})),
		"A load for 40 instances gets up to 10, and messages wait up to": Autoscale(scaled(autoscale.Fixed{Instances: 10})),
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			assert.Contains(t, f.Title, title)
			for _, theme := range []Theme{Light(), Dark()} {
				var png, svg bytes.Buffer
				require.NoError(t, f.Write(&png, "png", theme))
				require.NoError(t, f.Write(&svg, "svg", theme))
				picture, _, err := image.Decode(&png)
				require.NoError(t, err)
				assert.Greater(t, colours(picture), 8)
			}
		})
	}
}
