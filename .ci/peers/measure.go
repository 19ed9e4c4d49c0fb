package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// cpuOf is the CPU time, in seconds, that this process takes for a piece of work, the garbage collector's included.
func cpuOf(work func()) float64 {
	runtime.GC()
	start := cpuTime()
	work()
	return (cpuTime() - start).Seconds()
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// ratios are the quotients of two measurements, round by round.
func ratios(over, under []float64) []float64 {
	list := make([]float64, len(over))
	for i := range over {
		list[i] = over[i] / under[i]
	}
	return list
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// spread is the median, with the least and the most.
func spread(list []float64) string {
	return fmt.Sprintf("%s (%s-%s)", digits(median(list)), digits(slices.Min(list)), digits(slices.Max(list)))
}

// digits is a number with two digits or more.
func digits(x float64) string {
	if x < 10 {
		return fmt.Sprintf("%.2g", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// meanAndError are the mean of independent runs and its standard error.
func meanAndError(list []float64) (mean, standardError float64) {
	n := float64(len(list))
	for _, x := range list {
		mean += x / n
	}
	squares := 0.0
	for _, x := range list {
		squares += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(squares / (n - 1) / n)
}
