package autoscale

import (
	"time"

	"cloudconcepts/queue/autoscale/load"
)

// The metric of SQS is published every minute; the other periods of a preset are typical values, not promises.
const minute = time.Minute

// AWS is a worker fleet on EC2 under target tracking of the backlog per instance, with the numbers of the example in
// the EC2 Auto Scaling guide ("Scaling policy based on Amazon SQS": 0.1 s per message, acceptable latency 10 s, hence
// a target of 100 messages per instance), metrics every minute and 5 minutes to boot.
func AWS() Config {
	c := base()
	c.Rule = BacklogPerInstance{Latency: 10 * time.Second, Processing: 100 * time.Millisecond}
	c.Boot = 5 * minute
	c.MetricPeriod, c.EvaluationPeriod = minute, minute
	return c
}

// KEDA is the same fleet as pods: 5 messages per pod, visible and in flight, looked at every 15 s with 10 % tolerance,
// 10 s to start a pod, and 5 minutes before pods are taken away.
func KEDA() Config {
	c := base()
	c.Rule = HPA{Target: 5, Tolerance: 0.1, InFlight: true}
	c.Boot = 10 * time.Second
	c.MetricPeriod, c.EvaluationPeriod = 15*time.Second, 15*time.Second
	c.CooldownIn = 5 * minute
	return c
}

// Lambda is the poller of a Lambda event source on a standard queue: 5 concurrent batches, up to 300 more a minute, at
// most 1000 (AWS Lambda guide, "Configuring scaling behavior for SQS event source mappings").
func Lambda() Config {
	c := base()
	c.Rule = LambdaRamp{Start: 5, PerMinute: 300, Limit: 1000}
	c.Initial, c.Min, c.Max = 5, 0, 1000
	c.MetricPeriod, c.EvaluationPeriod = minute, minute
	return c
}

// base is ten instances of 0.1 s per message with a flash sale in front of them, at an invented price.
func base() Config {
	return Config{
		Arrivals: load.Burst(80, 400, 10*minute, 20*minute), Service: Exp(100 * time.Millisecond),
		Initial: 10, Min: 1, Max: 100, LatencyTarget: 10 * time.Second, Price: 0.04,
		Duration: time.Hour, MaxMessages: 100e6, Sample: 10 * time.Second, Seed: 1,
	}
}
