// Package trace reads and makes the loads of many functions: the Azure Functions traces of 2019 and
// 2021, and a load like them.
//
// # The question
//
// What do tens of thousands of functions of a real provider look like, request by request, so that
// keep-alive policies can be compared on them?
//
// # The model
//
// Azure 2019 has requests per minute of every function ([ReadMinutes]), percentiles of execution
// times ([ReadDurations], ms, averages of 30 s, without cold starts) and of applications' memory
// ([ReadMemory], MB); Azure 2021 has one row for each invocation ([ReadInvocations]). All are read
// as streams; an error names line and column and wraps [ErrInvalidTrace], and reading can go on
// behind it. [Load2019] and [Load2021] make [Function] values of them.
//
// A count per minute says nothing about the times inside the minute, and the choice decides how many
// requests overlap, so how many cold starts concurrency causes: [Spread] is Poisson (n independent
// uniform times), Regular, or Uniform (gaps uniform between 0 and a maximum). Requests of timers are
// always regular.
//
// # Formulas
//
// [Azure] makes functions with the published shares and fits:
//
//	functions of an application   54 % have 1, 95 % at most 10
//	requests of an application    45 % at most 1/h, 81.4 % at most 1/min;
//	                              the others make 99.6 % of all, over 8 orders of magnitude
//	triggers                      % of functions, of requests: event 2.2, 24.7;
//	                              queue 15.2, 33.5; timer 15.6, 2; HTTP 55, 36
//	mean execution time           lognormal, mu = -0.38, sigma = 2.36 (s)
//	memory of an application      Burr, c = 11.652, k = 0.221, lambda = 107.083 MB
//
// # Sources
//
// Shahrad et al., Serverless in the Wild, ATC 2020, section 3. AzurePublicDataset (CC-BY):
// AzureFunctionsDataset2019.md, AzureFunctionsInvocationTrace2021.md.
//
// # Deviations
//
// Between the published points the rates are log-linear below 1/min and a truncated Pareto law
// above, whose index follows from the 99.6 %. Triggers are dealt out so that both of their shares
// hold; the kinds without a published share divide the rest. Functions in an application share its
// rate unevenly, by squared exponential weights. The swing of the day, bursts (a share of
// applications with on and off periods), init times and the spread of a function's own execution
// times are assumptions, and fields. Execution time, memory and rate are independent of one another.
// The published 40 % of applications whose gaps vary more than exponential ones is not fitted. A row
// cut off exactly behind a digit of its last column cannot be told from a whole one.
package trace
