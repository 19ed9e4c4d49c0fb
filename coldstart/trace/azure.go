package trace

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
)

const (
	mostCount = 1_000_000_000
	mostMs    = 3.2e11 // 10 years
	mostMB    = 1e9
)

func minutesHeader() []string {
	names := []string{"HashOwner", "HashApp", "HashFunction", "Trigger"}
	for m := range MinutesPerDay {
		names = append(names, strconv.Itoa(m+1))
	}
	return names
}

func durationsHeader() []string {
	return strings.Split("HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,percentile_Average_1,"+
		"percentile_Average_25,percentile_Average_50,percentile_Average_75,percentile_Average_99,percentile_Average_100", ",")
}

const memoryColumns = "SampleCount,AverageAllocatedMb,AverageAllocatedMb_pct1,AverageAllocatedMb_pct5,AverageAllocatedMb_pct25," +
	"AverageAllocatedMb_pct50,AverageAllocatedMb_pct75,AverageAllocatedMb_pct95,AverageAllocatedMb_pct99,AverageAllocatedMb_pct100"

// memoryHeaders are that of the published files and one by function.
func memoryHeaders() [][]string {
	return [][]string{
		strings.Split("HashOwner,HashApp,"+memoryColumns, ","),
		strings.Split("HashOwner,HashApp,HashFunction,"+memoryColumns, ","),
	}
}

func invocationHeader() []string { return []string{"app", "func", "end_timestamp", "duration"} }

// ReadMinutes reads invocations_per_function_md.anon.dNN.csv (2019).
func ReadMinutes(r io.Reader) iter.Seq2[Minutes, error] {
	return rows(r, [][]string{minutesHeader()}, func(f *file) Minutes {
		m := Minutes{Owner: f.text(0), App: f.text(1), Function: f.text(2)}
		if f.bad == nil && m.Trigger.UnmarshalText([]byte(f.fields[3])) != nil {
			f.fail(3, fmt.Sprintf("%.40q, want one of %s", f.fields[3], strings.Join(triggerNames(), ", ")))
		}
		for minute := range MinutesPerDay {
			m.Counts.Add(minute, f.count(4+minute, mostCount))
		}
		return m
	})
}

// ReadDurations reads function_durations_percentiles.anon.dNN.csv (2019).
func ReadDurations(r io.Reader) iter.Seq2[Durations, error] {
	return rows(r, [][]string{durationsHeader()}, func(f *file) Durations {
		d := Durations{
			Owner: f.text(0), App: f.text(1), Function: f.text(2), Average: f.number(3, mostMs), Count: f.count(4, 1<<53),
			Minimum: f.number(5, mostMs), Maximum: f.number(6, mostMs),
		}
		f.rising(7, d.Percentiles[:], mostMs)
		return d
	})
}

// ReadMemory reads app_memory_percentiles.anon.dNN.csv (2019), or such a file with a column HashFunction.
func ReadMemory(r io.Reader) iter.Seq2[AppMemory, error] {
	return rows(r, memoryHeaders(), func(f *file) AppMemory {
		m := AppMemory{Owner: f.text(0), App: f.text(1)}
		at := 2
		if len(f.header) > 12 {
			m.Function = f.text(2)
			at = 3
		}
		m.Samples, m.Average = f.count(at, 1<<53), f.number(at+1, mostMB)
		f.rising(at+2, m.Percentiles[:], mostMB)
		return m
	})
}

// ReadInvocations reads the trace of 2021, AzureFunctionsInvocationTraceForTwoWeeksJan2021.
func ReadInvocations(r io.Reader) iter.Seq2[Invocation, error] {
	const seconds = mostMs / 1000
	return rows(r, [][]string{invocationHeader()}, func(f *file) Invocation {
		return Invocation{
			App: f.text(0), Function: f.text(1),
			End: nanoseconds(f.number(2, seconds)), Duration: nanoseconds(f.number(3, seconds)),
		}
	})
}

func nanoseconds(seconds float64) time.Duration { return time.Duration(seconds*1e9 + 0.5) }

// rising reads percentiles.
func (f *file) rising(column int, list []float64, most float64) {
	for i := range list {
		list[i] = f.number(column+i, most)
		if i > 0 && f.bad == nil && list[i] < list[i-1] {
			f.fail(column+i, fmt.Sprintf("%g after %g: percentiles have to rise", list[i], list[i-1]))
		}
	}
}
