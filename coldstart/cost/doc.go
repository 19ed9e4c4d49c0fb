// Package cost prices what package coldstart simulates: functions by the request, containers and
// servers by the hour, and a mix of both.
//
// # The question
//
// Is serverless cheaper? A function costs nothing at rest; n tasks or servers cost the same by the
// hour, busy or not. From which rate on are they cheaper, is a provisioned environment, and how many
// servers of one's own pay if peaks can go to a cloud?
//
// # The model
//
// [Lambda.Bill] rounds a duration up to 1 ms, provisioned time to 5 min; with BillInit the INIT of a
// cold start is added before the rounding, as AWS has done for all functions since 2025-08-01. The
// free tier is 1 million requests and 400,000 GB-s a month, and not for provisioned environments.
// Fargate is by the second, 1 min at least. What needs a price that is 0 is an error, not a gift.
//
// A private base of servers with a public burst ([Hybrid]) pays for n servers and, by the request,
// for what finds them all busy: in each phase of the load Erlang's B(n, a). The overflow is convex
// in n, so that the cheapest base is where one more server costs more than it saves: the rule of the
// newsvendor, who buys papers up to the demand that is exceeded with a probability of cost/price
// ([Hybrid.Newsvendor] without the randomness in a phase).
//
// # Formulas
//
//	[Lambda.PerRequest]            c = request + seconds x GB x price of a GB-second
//	[Crossover]                    n tasks and functions are level at n x (price by the hour)/(3600 c)
//	                               requests/s: 3.3/s for 0.1 s at 512 MB against a Fargate task of
//	                               0.25 vCPU and 0.5 GB; whether the task can do them is another
//	                               question, for package container
//	[Lambda.ProvisionedBreakEven]  utilization capacity/(on demand - executed), 0.600 on x86
//	[ErlangBReal]                  B for real numbers of servers; peaked loads take Hayward's
//	                               approximation B(n/z, a/z)
//
// # Sources
//
// Prices of us-east-1 in US dollars, seen in 2026; many other Regions are up to a third dearer. AWS
// Compute Blog, "AWS Lambda standardizes billing for INIT phase" (2025).
//
// # Deviations
//
// A price that was not seen is not in a preset: provisioned concurrency on arm64 and the volume
// tiers are fields to set ([Lambda].Tiers). Left out: data transfer, logs, load balancers and
// gateways, savings plans, spot prices, taxes. A phase of a [Hybrid] is long against a request, so
// that each is in its steady state; the burst takes all and at once.
package cost
