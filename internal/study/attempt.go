package study

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/units"
)

// What a run may take. No study's defaults come near it.
const (
	mostMemory = 1536 * units.MiB // on the heap
	grace      = time.Second      // from an interruption to the end of a model that does not look at its context
	watch      = 20 * time.Millisecond
)

// attempt runs the study and watches it: it does not wait for the end of a run that is interrupted, or that needs more
// memory than a computer can spare.
func attempt(ctx context.Context, s Study, env Env, memory uint64) (Report, error) {
	type end struct {
		report   Report
		err      error
		panicked any
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan end, 1)
	go func() {
		var e end
		defer func() {
			e.panicked = traced(recover())
			done <- e
		}()
		e.report, e.err = s.Run(ctx, env)
	}()
	tick := time.NewTicker(watch)
	defer tick.Stop()
	for {
		select {
		case e := <-done:
			if e.panicked != nil {
				panic(e.panicked) // for the caller, as if he had called the study himself
			}
			return e.report, e.err
		case <-ctx.Done():
			select {
			case <-done:
			case <-time.After(grace):
			}
			return Report{}, ctx.Err()
		case <-tick.C:
			if heap() > memory {
				return Report{}, usagef("%s: it needs more than %s of memory; ask for less: a shorter run, a lower rate, or fewer of what it counts",
					s.Name, units.FormatBytes(float64(memory)))
			}
		}
	}
}

// traced adds to a panic where it came from, which is lost when it goes on elsewhere.
func traced(value any) any {
	if _, known := value.(*par.Panic); known || value == nil {
		return value
	}
	return &par.Panic{Value: value, Stack: debug.Stack()}
}

// heap is the memory of all objects in bytes.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
