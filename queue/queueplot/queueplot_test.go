package queueplot

import (
	"bytes"
	"image"
	_ "image/png"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue"
	"cloudconcepts/queue/autoscale"
	"cloudconcepts/queue/client"
	"cloudconcepts/queue/client/contention"
	"cloudconcepts/queue/commitlog"
	"cloudconcepts/queue/commitlog/kinesis"
	sharegroup "cloudconcepts/queue/commitlog/share"
	"cloudconcepts/queue/decouple"
	"cloudconcepts/queue/sqs"
	"cloudconcepts/queue/theory"
)

// must is the result of a run that cannot fail.
func must[R any](r R, err error) R {
	if err != nil {
		panic(err)
	}
	return r
}

// figures are one of each kind, of short runs; some of them empty or overloaded.
func figures() map[string]Figure {
	service := queue.Default()
	service.Messages, service.Warmup, service.Sample = 2000, 0, 10*time.Second
	run := must(queue.Simulate(service))
	nobody := service
	nobody.Discipline, nobody.Deadline, nobody.Messages = queue.Expire, time.Nanosecond, 3
	broker := sqs.SQSStandard()
	broker.Producer.Messages, broker.Trace, broker.Sample, broker.Duration = 500, 500, 10*time.Millisecond, time.Minute
	messages := must(sqs.Simulate(broker))
	fifo := sqs.SQSFIFO()
	fifo.Producer.Messages, fifo.Producer.Groups, fifo.Producer.PoisonFirst, fifo.Trace, fifo.Duration, fifo.Queue.MaxReceives = 50, 3, 1, 50, 2*time.Minute, 3
	groups := must(sqs.Simulate(fifo))
	storm := client.Metastable(280)
	storm.Duration, storm.Sample = 100*time.Second, time.Second
	reader := commitlog.Kafka()
	reader.Duration, reader.Sample = 10*time.Second, 100*time.Millisecond
	lag := must(commitlog.Simulate(reader))
	fleet := autoscale.AWS()
	shop := decouple.Shop()
	p := LoadPoint{Servers: 1, Load: 0.5, P50: 1, P95: 2, P99: 3, TheoryP50: math.NaN(), TheoryP95: math.NaN(), TheoryP99: math.NaN()}
	return map[string]Figure{
		"service":     Service(ServiceRun{Result: run, Path: run.Rows, Law: "M/M/1", Theory: must(theory.MM1{Arrival: 0.8, Service: 1}.Solve())}),
		"nobody":      Service(ServiceRun{Result: must(queue.Simulate(nobody))}),
		"utilization": Utilization(Knee{Service: "const:1s", Mean: 1, Servers: []int{1}, Measured: [][]LoadPoint{{p}}, Curves: [][]LoadPoint{nil}}),
		"deliveries":  Deliveries(messages, &sqs.Timeout{Service: broker.Consumer.Service, Visibility: broker.Queue.Visibility}),
		"poison":      Poison(groups, groups),
		"fair":        Fair(messages, messages),
		"flashsale":   FlashSale(Sale{Run: messages, Fluid: theory.Drain{BacklogPeak: math.Inf(1), Drain: math.Inf(1)}, Capacity: 5, Start: 1, End: 2}),
		"dedup":       Dedup(DedupSweep{Points: []DedupPoint{{1, 1.1, 1, 1}, {600, 1.1, 1.1, 1}}, Window: 300, TTL: 3600, Resent: 0.1}),
		"visibility":  Visibility(VisibilitySweep{Works: []VisibilityPoint{{Ratio: 1, Deliveries: 1.4}}, Fails: []VisibilityPoint{{Ratio: 1, Deliveries: 1.6}}, MaxReceives: 3}),
		"jitter":      Jitter(Backoffs{Points: []JitterPoint{{Law: client.None, Clients: 10, Calls: contention.Estimate{Mean: 50}, Time: contention.Estimate{Mean: 1}}}}),
		"retrystorm":  RetryStorm(Storm{Run: must(client.Simulate(storm)), Fates: []Fate{{100, 100, 100}, {280, 280, 0}}, Capacity: 300, Stable: 150, Until: 100}),
		"overload":    Overload(Overloads{Points: []OverloadPoint{{Policy: "fifo", Load: 0.5, Goodput: 0.5}, {Policy: "fifo", Load: 2}}}),
		"lag":         Lag(LogRun{Run: lag, Crash: &lag}),
		"shards":      Shards(Stream{Run: must(kinesis.Simulate(kinesis.Stream())), Rates: []ShardPoint{{Rate: 1}, {Rate: 2000, Rejected: 0.5}}, Consumers: []ShardPoint{{Consumers: 1, Delay: 0.1, DelayTheory: 0.1}, {Consumers: 2, Delay: 5}}}),
		"share":       Share(ShareGroup{Run: must(sharegroup.Simulate(sharegroup.KIP932())), Points: []SharePoint{{Deliveries: 1, LatencyP50: 1, LatencyP99: 2}, {Poison: 0.1, Deliveries: 1.4, LatencyP50: 2, LatencyP99: 9}}, Critical: 0.06}),
		"kafka": Kafka(FetchSweep{
			Waiting:  []FetchCurve{{MaxWait: 0.5, Simulated: []FetchPoint{{Value: 1, FetchesPerS: 50}, {Value: 10, FetchesPerS: 5, FetchWait: 0.1}}}},
			MaxBytes: FetchCurve{Simulated: []FetchPoint{{Value: 1}, {Value: 2, Throughput: 3}}}, MaxPoll: FetchCurve{Simulated: []FetchPoint{{Value: 1, Throughput: 3}}},
		}),
		"partitions": Partitions(Partitioned{Points: []PartitionPoint{{Consumers: 1, Even: 10, Keyed: 10}, {Consumers: 2, Even: 10, Keyed: 8}}, Partitions: 1, Shares: []float64{1}, Each: 10, Eager: lag, Sticky: lag}),
		"autoscale":  Autoscale([]autoscale.Result{must(autoscale.Simulate(fleet))}),
		"withqueue":  WithQueue(must(decouple.Simulate(shop))),
	}
}

// Every figure renders in both themes and both kinds of format, and is not blank.
func TestFigures(t *testing.T) {
	for name, f := range figures() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.NotEmpty(t, f.Title)
			assert.NotContains(t, f.Title+f.Subtitle, "%!")
			for _, theme := range []Theme{Light(), Dark()} {
				var png, svg bytes.Buffer
				require.NoError(t, f.Write(&png, "png", theme))
				require.NoError(t, f.Write(&svg, "svg", theme))
				picture, _, err := image.Decode(&png)
				require.NoError(t, err)
				assert.Greater(t, colours(picture), 8)
				assert.Contains(t, svg.String(), "</svg>")
			}
		})
	}
}

func colours(picture image.Image) int {
	seen := map[[4]uint32]bool{}
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 5 {
		for x := b.Min.X; x < b.Max.X; x += 5 {
			r, g, bl, a := picture.At(x, y).RGBA()
			seen[[4]uint32{r, g, bl, a}] = true
		}
	}
	return len(seen)
}
