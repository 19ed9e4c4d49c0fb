package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/queueplot"
	"cloudconcepts/queue/sqs"
)

// Visibility asks how long a visibility timeout must be.
func Visibility() study.Study {
	cfg := sqs.SQSStandard()
	cfg.Consumer.Service = sqs.Exp(10 * time.Second)
	cfg.Producer.Messages = 200_000
	ratios := []float64{0.5, 0.7, 1, 1.5, 2, 3, 5, 7}
	maximum := 3
	return study.Study{
		Name:     "visibility",
		Question: "How long must the visibility timeout be?",
		Next:     "Services that differ more (`--service lognormal:10s,cv=2`) need a longer timeout. What does a heartbeat change?",
		Examples: []string{"--service lognormal:10s,cv=2", "--service const:10s --ratio 0.5,0.9,1.1,2", "--max-receives 5", "--heartbeat 5s"},
		Flags: func(f *study.Flags) {
			f.Text(&cfg.Consumer.Service, "LAW", "service", "time that a worker needs for a message")
			f.FloatList(&ratios, "ratio", "visibility timeouts, as multiples of the mean of it, rising")
			f.Int(&maximum, "max-receives", "deliveries before the dead-letter queue, in the second picture")
			f.Int(&cfg.Producer.Messages, "messages", "messages of each run")
			f.Duration(&cfg.Consumer.Heartbeat, "heartbeat", "a worker extends the timeout of its message every so often; 0 = never")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Seed = env.Seed
			if env.Quick {
				c.Producer.Messages = min(c.Producer.Messages, 20_000)
			}
			if err := checkRatios(ratios, c.Consumer.Service, maximum); err != nil {
				return study.Report{}, err
			}
			mean := c.Consumer.Service.Mean()
			c.Producer.Steps = []sqs.Step{{Rate: min(10_000, 5_000/mean)}}
			if c.Consumer.Heartbeat > 0 {
				c.Consumer.Extend = 2 * c.Consumer.Heartbeat
			}
			v, err := sweepVisibility(ctx, env, c, ratios, maximum)
			if err != nil {
				return study.Report{}, err
			}
			points := slices.Concat(v.Works, v.Fails)
			return study.Report{
				Answer: visibilityAnswer(v),
				Table: study.Rows(points).Show("late_delete", "timeout_over_mean_service", "deliveries_per_message", "theory_deliveries_per_message",
					"wasted_work_fraction", "dlq_fraction", "theory_dlq_fraction"),
				Figure: queueplot.Visibility(v),
				Reading: "The timeout races against the slowest messages, not against the mean. Blue: a worker that was too slow still deletes its message when it is done (standard queues, as a " +
					"rule; JetStream). Orange: its delete no longer counts and the next worker starts anew (FIFO queues; acks fenced by the delivery count). A message whose processing " +
					"always takes longer than the timeout then never ends. AWS advises six times the function's timeout for Lambda.",
				Sources: []string{
					"rules: Amazon SQS API reference, DeleteMessage and ReceiveMessage",
					"rings: nats-server 2.15.2 (JetStream) and Redis 7.0.15 (Streams), 10,000 to 20,000 messages a cell with exponential times of 150 ms",
					"lines: go doc ./queue/sqs Timeout",
				},
				Config: c, Result: points,
			}, nil
		},
	}
}

// sweepVisibility simulates every timeout with late deletes that work and that fail, beside theory and measurements.
func sweepVisibility(ctx context.Context, env study.Env, c sqs.Config, ratios []float64, maximum int) (queueplot.VisibilitySweep, error) {
	v := queueplot.VisibilitySweep{Service: c.Consumer.Service.String(), MaxReceives: maximum, Messages: c.Producer.Messages, Seed: c.Seed}
	points, err := par.Map(ctx, 2*len(ratios), func(_ context.Context, i int) (queueplot.VisibilityPoint, error) {
		defer env.Progress(i+1, 2*len(ratios))
		return visibilityPoint(c, i/len(ratios), ratios[i%len(ratios)], maximum)
	})
	if err != nil {
		return v, err
	}
	v.Works, v.Fails = points[:len(ratios)], points[len(ratios):]
	if c.Consumer.Heartbeat > 0 {
		return v, nil
	}
	v.Curve[0], v.Curve[1] = visibilityCurve(c, 0, ratios, maximum), visibilityCurve(c, 1, ratios, maximum)
	if c.Consumer.Service.Exponential() {
		v.Measured = measuredDeliveries()
	}
	return v, nil
}

func checkRatios(ratios []float64, service sqs.Law, maximum int) error {
	if len(ratios) == 0 || !slices.IsSorted(ratios) || !(ratios[0] >= 0.05) || !(slices.Max(ratios) <= 50) || !(service.Mean() > 0) || maximum < 1 || maximum > 1000 {
		return fmt.Errorf("%w: --ratio = %v, --service = %v, --max-receives = %d, want rising ratios in [0.05, 50], a mean above 0, and [1, 1000]", sqs.ErrInvalidConfig, ratios, service, maximum)
	}
	return nil
}

// visibilityRun is a queue with one timeout: way 0 is that of late deletes that work, 1 of those that fail.
func visibilityRun(c sqs.Config, way int, ratio float64) (sqs.Config, sqs.Timeout) {
	c.Queue.LateDelete = []sqs.LateDelete{sqs.LateDeleteWorks, sqs.LateDeleteFails}[way]
	c.Queue.Visibility = time.Duration(math.Round(ratio * c.Consumer.Service.Mean() * 1e9))
	return c, sqs.Timeout{Service: c.Consumer.Service, Visibility: c.Queue.Visibility, Late: c.Queue.LateDelete}
}

func visibilityPoint(c sqs.Config, way int, ratio float64, maximum int) (queueplot.VisibilityPoint, error) {
	c, theory := visibilityRun(c, way, ratio)
	p := theoretical(theory, ratio, maximum)
	c.Queue.MaxReceives = 0
	if math.IsInf(p.Expected, 1) || p.Expected > 1000 {
		c.Queue.MaxReceives = 1000 // some messages would never end
	}
	r, err := sqs.Simulate(c)
	if err != nil {
		return p, err
	}
	p.Deliveries, p.Duplicates, p.Wasted = r.DeliveriesPerMessage, r.DuplicatesFraction, r.WastedSeconds/max(r.BusySeconds, 1e-9)
	c.Queue.MaxReceives = maximum
	r, err = sqs.Simulate(c)
	p.Dead = r.DLQFraction
	return p, err
}

func theoretical(t sqs.Timeout, ratio float64, maximum int) queueplot.VisibilityPoint {
	p := queueplot.VisibilityPoint{Late: t.Late.String(), Ratio: ratio, Visibility: t.Visibility.Seconds(), Expected: t.Deliveries()}
	t.MaxReceives = maximum
	p.DeadTheory = t.Dead()
	return p
}

func visibilityCurve(c sqs.Config, way int, ratios []float64, maximum int) []queueplot.VisibilityPoint {
	low, high := ratios[0], ratios[len(ratios)-1]
	var points []queueplot.VisibilityPoint
	for i := range 61 {
		ratio := low * math.Pow(high/low, float64(i)/60)
		_, t := visibilityRun(c, way, ratio)
		if p := theoretical(t, ratio, maximum); p.Expected < 1000 {
			points = append(points, p)
		}
	}
	return points
}

// measuredDeliveries are cells of real brokers without a maximum of deliveries.
func measuredDeliveries() []queueplot.MeasuredDeliveries {
	return []queueplot.MeasuredDeliveries{
		{Broker: "JetStream", Version: "2.15", Ratio: 0.5, Deliveries: 1.8726, Error: 0.0087},
		{Broker: "JetStream", Version: "2.15", Ratio: 1, Deliveries: 1.4243, Error: 0.0042},
		{Broker: "JetStream", Version: "2.15", Ratio: 2, Deliveries: 1.1338, Error: 0.0035},
		{Broker: "Redis Streams", Version: "7.0", Ratio: 1, Deliveries: 1.604, Error: 0.016},
		{Broker: "Redis Streams", Version: "7.0", Ratio: 2, Deliveries: 1.156, Error: 0.007},
	}
}

func visibilityAnswer(v queueplot.VisibilitySweep) string {
	last := len(v.Works) - 1
	fails := fmt.Sprintf("%.3g times if it fails", v.Fails[0].Deliveries)
	if math.IsInf(v.Fails[0].Expected, 1) {
		fails = "without end if it fails"
	}
	text := fmt.Sprintf("Long against the slowest messages: with %.3g times the mean a message is delivered %.3g times if a late delete works and %s", v.Works[0].Ratio, v.Works[0].Deliveries, fails)
	for i, p := range v.Works {
		if p.Duplicates < 0.01 || i == last {
			return fmt.Sprintf("%s; with %.3g times it is %.4g and %.4g, and %s are delivered twice.", text, p.Ratio, p.Deliveries, v.Fails[i].Deliveries, units.FormatPercent(p.Duplicates))
		}
	}
	return text + "."
}
