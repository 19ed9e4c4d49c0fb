// Package autoscale simulates workers on a queue whose number is set by a scaling rule.
//
// # The question
//
// Messages pile up in a queue and workers take them out. How many workers should there be? A rule
// looks at the queue now and then, late, and starts or stops instances that take time to boot. Does
// the backlog drain, how old do messages become, what does it cost, and does the fleet come to rest
// or swing?
//
// # The model
//
// One unbounded FIFO queue; each instance processes one message at a time, in a random time
// (Config.Service). Arrivals follow a [load.Profile]. Every MetricPeriod the queue is measured;
// MetricDelay later the rule can see it; every EvaluationPeriod the [Rule] says how many instances
// it wants. The answer is cut to Min and Max, to MaxOut and MaxIn instances per decision, and put
// off by the cool-downs: CooldownOut after the last scale-out, CooldownIn after the last change of
// any kind before a scale-in. A new instance serves after Boot. A scale-in stops booting instances
// first, the newest first, then idle ones; busy ones finish their message: the next ones to finish
// leave. An instance is paid from its launch until it leaves. The rules are [Fixed],
// [BacklogPerInstance], [DepthStep], [OldestAge], [HPA], [LambdaRamp] and [Oracle].
//
// # Formulas
//
//	burst on constant capacity  Burst in queue/theory
//	help that comes late        [LateFluid]       peak (l-C)D, drain peak/(C'-l), oldest D(1-C/l)
//	backlog per instance        [TrackingTarget]  latency/processing
//	instances that are needed   [Instances]       (rate + backlog/within) processing
//	rest or swing, continuous   [StableReaction]  reaction < pi/2 latency
//	without overshoot           [SmoothReaction]  latency/e
//	rest or swing, by periods   [StablePeriod]    period/latency < 2 cos(pi d/(2d+1))
//	without overshoot           [SmoothPeriod]    d^d/(d+1)^(d+1)
//	ramp to n pollers           [RampTime]        ceil((n-start)/per minute) minutes
//
// The stability limits are why a target for seconds of latency cannot be held by metrics of a
// minute: at 10 s of acceptable latency the whole reaction, measuring to serving, may take 15.7 s.
// They hold for a linear loop (see theory.go); limits, cool-downs and an empty queue turn
// instability into a swing of bounded size.
//
// # Sources
//
// Amazon EC2 Auto Scaling User Guide, "Scaling policy based on Amazon SQS"; AWS Lambda Developer
// Guide, "Configuring scaling behavior for SQS event source mappings"; KEDA, scaler "AWS SQS Queue"
// (target 5, visible and in flight) and "ScaledObject specification" (cool-down 300 s); Kubernetes,
// "Horizontal Pod Autoscaling" (decisions every 15 s) and the blog of v1.33 on its tolerance (the
// rule, 10 %). The stability limits are derived in theory.go.
//
// # Deviations
//
// The queue loses nothing and redelivers nothing: see package queue/sqs for that. Measurements are
// true numbers at an instant, not averages or approximations. Which busy instance leaves is decided
// by who is done first. AWS's scale-in of target tracking waits longer than its scale-out; here
// that is CooldownIn. The HPA's stabilization window, the largest answer of the last minutes, is
// CooldownIn likewise. Lambda's batches are single messages.
package autoscale
