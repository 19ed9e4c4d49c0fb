package studies

import "cloudconcepts/internal/study"

// exam are the questions of an examination that the studies of cold starts answer.
func exam() []study.Exam {
	return []study.Exam{
		{
			Question: "What are the phases of a cold start, and which one is longest?",
			Answer:   "Make the sandbox, fetch the code, start the runtime and run the code outside the handler (init), then a first call that is slower than later ones. Init is most of what is measured: 17.6 ms with Rust, 380 ms with Java in an image.",
			Study:    "anatomy",
			Shows:    []string{"17.6 ms of 19 ms with rust-zip-x86", "380 ms of 388 ms with java21-image-x86", "first call"},
		},
		{
			Question: "Why are requests cold, and does more traffic help?",
			Answer:   "Either every environment has expired, or all are busy. Traffic ends only the first kind: with a keep-alive of 10 min, 100 % of the cold requests at 1/s find environments, but all of them busy.",
			Study:    "ttl",
			Shows:    []string{"with a keep-alive of 10 min", "at 1/s", "100 % of the cold requests there find environments, but all of them busy"},
		},
		{
			Question: "What helps against cold starts?",
			Answer:   "Provisioned environments, sized by Erlang's formula: 18 for 10 busy on average, if 1 % may spill over. Pings keep only as many warm as there are pings at once; less code and a faster runtime shorten each start.",
			Study:    "provisioned",
			Shows:    []string{"18 for 10 environments that are busy on average, if 1 % of the requests may spill over"},
		},
		{
			Question: "Lambda against ECS in scaling: who follows a burst?",
			Answer:   "Lambda starts an environment for each request that finds none, so nobody waits in line. An ECS service sees the burst in its next metric and then starts tasks: up to 59,665 requests pile up, and are gone after 5 min 36 s.",
			Study:    "scaling",
			Shows:    []string{"with Lambda 458 ms is P99 and nobody waits in line", "up to 59,665 wait, until 5 min 36 s after it began"},
		},
		{
			Question: "What limits the scaling of Lambda?",
			Answer:   "How fast environments may start, and the account's concurrency; what comes meanwhile is throttled. A burst of 5,000/s of 1 s each needs 5,000 environments: 13.5 % is throttled, for 39 s; by the rule of before, 35.4 %.",
			Study:    "burst",
			Shows:    []string{"A burst of 5,000/s needs 5,000 environments at once", "(13.5 %) for 39 s", "(35.4 %)"},
		},
		{
			Question: "Lambda against ECS in latency: when is which one worse?",
			Answer:   "Functions are bad when requests are rare: environments expire, and a cold start of 281 ms shows at P99.9 at 0.4/s and below. Containers are bad when nearly all are busy: then requests queue, without bound.",
			Study:    "latency",
			Shows:    []string{"A cold request takes 281 ms on average", "at P99.9", "at 0.4/s and below"},
		},
		{
			Question: "Lambda against ECS in cost: which is cheaper?",
			Answer:   "A function costs by the request, a container by the hour, busy or not. At $1.03 per million requests, Fargate is always cheaper from 6.64/s on, EC2 from 11.2/s on; below, and with rare bursts, Lambda is.",
			Study:    "cost",
			Shows:    []string{"A million requests cost $1.03 on Lambda", "always from 6.64/s on; EC2 t3.medium is cheaper from 11.2/s on"},
		},
		{
			Question: "How would one build a platform like Lambda from containers?",
			Answer:   "A front end that holds and counts requests, an autoscaler on that count which also scales to zero, few requests per container, a keep-alive. Knative does that: 6 s after a burst of 500/s its line is gone.",
			Study:    "scaling",
			Shows:    []string{"50/s become 500/s", "with containers, Knative", "until 6 s after it began"},
		},
		{
			Question: "When does bursting into the cloud pay (hybrid cloud)?",
			Answer:   "If load swings: own servers for what is there most of the time, the cloud for peaks. 28 servers and the cloud for 14.6 % of the requests cost $544.44 a month; all in the cloud $928.56, servers for every peak $876.01.",
			Study:    "hybrid",
			Shows:    []string{"28: that costs $544.44 a month, with 14.6 % of the requests in the cloud; all in the cloud costs $928.56", "$876.01"},
		},
	}
}
