// Package cost prices what package coldstart simulates: functions by the request, containers and servers by the hour,
// and a mix of both.
//
// # The question
//
// Is serverless cheaper? Per request it costs
//
//	c = request + seconds x GB x price of a GB-second        [Lambda.PerRequest]
//
// and nothing at rest; n tasks or servers cost the same by the hour, busy or not. They are level at a rate of
// n x (price by the hour)/(3600 c), [Crossover]: 0.1 s at 512 MB against a Fargate task of 0.25 vCPU and 0.5 GB at 3.3 requests/s. That
// the task can do these requests is another question, for package container.
//
// A provisioned environment saves cold starts and costs capacity always but less for what it executes; it is the cheaper one from a
// utilization of capacity/(on demand - executed) on, 0.600 on x86: [Lambda.ProvisionedBreakEven].
//
// A private base of servers with a public burst ([Hybrid]) pays for n servers and, by the request, for what finds them
// all busy: in each phase of the load Erlang's B(n, a), for peaked loads Hayward's approximation B(n/z, a/z) with
// the formula continued to real numbers of servers ([ErlangBReal]). The overflow is convex in n, so that the cheapest
// base is where one more server costs more than it saves: the rule of the newsvendor, who buys papers up to
// the demand that is exceeded with a probability of cost/price ([Hybrid.Newsvendor] without the randomness in a phase).
//
// # Bills
//
// [Lambda.Bill] rounds a duration up to 1 ms, provisioned time to 5 min; with BillInit the INIT of a cold start is added before the rounding, as AWS
// has done for all functions since 2025-08-01 (AWS Compute Blog, "AWS Lambda standardizes billing for INIT phase"). The free tier
// is 1 million requests and 400,000 GB-s a month, and not for provisioned environments. Fargate is by the second, 1 min at least.
//
// # Prices
//
// They are those of us-east-1 in US dollars, seen in 2026; many other Regions are up to a third dearer. A price that was not seen is not in a
// preset: provisioned concurrency on arm64 and the volume tiers are fields to set ([Lambda].Tiers). What needs a
// price that is 0 is an error, not a gift.
//
// # Deviations
//
// Left out: data transfer, logs, load balancers and gateways, savings plans, spot prices, taxes. A phase of a [Hybrid]
// is long against a request, so that each is in its steady state; the burst takes all and at once.
package cost
