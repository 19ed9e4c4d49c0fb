// Package par runs independent pieces of work side by side and returns their results in order.
//
// The results do not depend on the number of processors: piece i writes slot i, and whoever reduces the slots does so
// in index order.
package par

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// Map calls work for 0..n-1 on up to GOMAXPROCS goroutines and returns the results in index order.
//
// Pieces are started in index order. When one fails, no further piece is started and the contexts of the running
// pieces after it are cancelled, but not of those before it: the error returned is that of the smallest index that
// fails, at any number of processors. With it come the results there are; slots of pieces that failed or never
// started hold the zero value. If ctx ends, its error is returned. A panic in work ends all of it like an error, and
// Map panics with it in turn, as a [Panic], so that the caller may recover.
func Map[T any](ctx context.Context, n int, work func(ctx context.Context, i int) (T, error)) ([]T, error) {
	if n <= 0 {
		return nil, ctx.Err()
	}
	results := make([]T, n)
	q := queue{failed: n, running: map[int]context.CancelFunc{}}
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for {
				i, inner := q.start(ctx)
				if inner == nil {
					return
				}
				result, err := guarded(inner, i, work)
				results[i] = result
				q.end(i, err)
			}
		})
	}
	group.Wait()
	var p *Panic
	if errors.As(q.err, &p) {
		panic(p)
	}
	if ctx.Err() != nil {
		return results, ctx.Err()
	}
	return results, q.err
}

// A Panic is what work has panicked with, and where.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("panic: %v\n\n%s", p.Value, p.Stack) }

// guarded calls work and turns a panic into an error.
func guarded[T any](ctx context.Context, i int, work func(ctx context.Context, i int) (T, error)) (result T, err error) {
	defer func() {
		switch value := recover().(type) {
		case nil:
		case *Panic: // of a Map inside work: its stack is the one that helps
			err = value
		default:
			err = &Panic{value, debug.Stack()}
		}
	}()
	return work(ctx, i)
}

// Each is Map for work without a result.
func Each(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	_, err := Map(ctx, n, func(ctx context.Context, i int) (struct{}, error) { return struct{}{}, work(ctx, i) })
	return err
}

// A queue hands out the pieces and remembers the first that failed.
type queue struct {
	mu      sync.Mutex
	next    int
	failed  int // smallest index that failed; the number of pieces if none has
	err     error
	running map[int]context.CancelFunc
}

// start takes the next piece; the context is nil when there is none left to start.
func (q *queue) start(ctx context.Context) (int, context.Context) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.next >= q.failed || ctx.Err() != nil {
		return 0, nil
	}
	i := q.next
	q.next++
	inner, cancel := context.WithCancel(ctx)
	q.running[i] = cancel
	return i, inner
}

// end takes note of a piece's end, and stops the pieces after one that failed.
func (q *queue) end(i int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running[i]()
	delete(q.running, i)
	if err == nil || i > q.failed {
		return
	}
	q.failed, q.err = i, err
	for j, cancel := range q.running {
		if j > i {
			cancel()
		}
	}
}
