// Package index simulates a secondary index that follows its table later, such as a global
// secondary index of DynamoDB.
//
// # The question
//
// A write is acknowledged when the table has it. How much later does the index have it, how often
// does a query of the index miss it, and what happens when the index cannot keep up, although the
// table could?
//
// # The model
//
// [Simulate] offers Poisson writes to a table. Each changes the index entry of one key, of uniform
// or Zipf popularity; a key lies in one partition of the index. An accepted write reaches its
// partition after Propagation, in the order of that partition's writes, and waits there for its
// Service. So the lag of a write is (with a_i the arrival of the i-th of a partition)
//
//	a_i    = max(a_(i-1), t_i + propagation_i)
//	done_i = max(done_(i-1), a_i) + service_i
//	lag_i  = done_i - t_i
//
// A partition that has MaxBacklog writes accepted and not applied pushes back: the table refuses
// writes ([Throttle]) for keys of that partition, or all of them, however much capacity the table
// itself has. One hot key is enough, and further partitions do not help: the rate that an index can
// follow is the capacity of one partition over the share of the busiest one ([Threshold]).
//
// # Formulas
//
//	mean lag     propagation + s + rho (1 + cv2) s/(2 (1 - rho))   [LagMean]
//	tail         e^-(c - lambda)(t - propagation)                  [LagSurvival]
//	threshold    c/max share                                       [Threshold]
//	throttled    1 - 1/rho                                         [ThrottledFraction], [ThrottledQueue]
//	stale reads  1 - e^(-lambda_key lag)                           [StaleFraction]
//
// # Sources
//
// Amazon DynamoDB Developer Guide: "Understanding Global Secondary Index (GSI) write throttling and
// back pressure in DynamoDB" and "Using Global Secondary Indexes in DynamoDB".
//
// # Deviations
//
//   - Refused writes are not tried again.
//   - A write that changes the indexed attribute costs two writes of the index in DynamoDB (one to
//     delete, one to put), here one.
//   - Partitions neither split nor save unused capacity for bursts.
//   - The table's own capacity is not bounded, and how far behind an index may be before it pushes
//     back is not public.
package index
