// Package load describes how the rate of arriving requests changes over time, and makes the
// arrivals.
//
// # The question
//
// When do requests come, over a day, a ramp, a step or a flash sale?
//
// # The model
//
// A [Profile] is a list of steps, each with a rate that holds or that runs in a straight line to
// the next one, and an optional sine on top of them. Arrivals follow it as a Poisson process or
// evenly spaced: the n-th regular arrival is at the time at which the integral of the rate reaches
// n. Within one line the time of an arrival is exact (the integral of the rate is inverted, nothing
// is thinned), so a profile needs one random number per arrival.
//
// # Deviations
//
// A sine is drawn as 360 straight lines per period, which is below it by at most 4e-5 of its
// amplitude.
package load
