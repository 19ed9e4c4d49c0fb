// Package law is the one vocabulary of random times that the models share: how long a service, a delay or a pause
// takes. A Law is a small value that can be compared, printed and read back:
//
//	exp:1s                exponential, mean 1 s
//	const:1s              always 1 s; the prefix can be left out
//	erlang:4,1s           Erlang, 4 phases, mean 1 s
//	hyper:cv2=4,1s        hyperexponential of two phases with balanced means, variance/mean^2 = 4, mean 1 s
//	lognormal:1s,cv=2     lognormal, mean 1 s, standard deviation 2 s
//	uniform:1s,2s         uniform between 1 s and 2 s
//	pareto:alpha=2.5,1s   Pareto with tail index 2.5 and mean 1 s; pareto:alpha=10,xm=235us names the least value
//	empirical:1s,2s,5s    one of these values, each as likely as the others
//	5ms+exp:1ms           any law after a fixed time
//
// The zero value is const:0s, no time at all. Times are whole nanoseconds; means, quantiles and transforms are in
// seconds.
package law
