package par_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"cloudconcepts/internal/par"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMapKeepsTheOrderAtAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		got, err := par.Map(t.Context(), 100, func(_ context.Context, i int) (int, error) { return i * i, nil })
		require.NoError(t, err)
		for i, x := range got {
			assert.Equal(t, i*i, x)
		}
	}
}

func TestMapOfNothing(t *testing.T) {
	got, err := par.Map(t.Context(), 0, func(context.Context, int) (int, error) { return 1, nil })
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestTheFirstErrorByIndexWins(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(4)
	for range 50 {
		var started atomic.Int64
		_, err := par.Map(t.Context(), 1000, func(ctx context.Context, i int) (int, error) {
			started.Add(1)
			switch {
			case i == 3: // fails after the later one
				time.Sleep(time.Millisecond)
				return 0, fmt.Errorf("piece %d, context %v", i, ctx.Err()) //nolint:errorlint // the text is the test
			case i == 5:
				return 0, errors.New("piece 5")
			}
			return i, nil
		})
		require.EqualError(t, err, "piece 3, context <nil>")
		assert.Less(t, started.Load(), int64(1000), "no new pieces after a failure")
	}
}

func TestAFailureCancelsThePiecesAfterIt(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(2)
	err := par.Each(t.Context(), 2, func(ctx context.Context, i int) error {
		if i == 0 {
			return errors.New("piece 0")
		}
		<-ctx.Done()
		return ctx.Err()
	})
	require.EqualError(t, err, "piece 0")
}

func TestMapStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var started atomic.Int64
	_, err := par.Map(ctx, 1_000_000, func(context.Context, int) (int, error) {
		if started.Add(1) == 10 {
			cancel()
		}
		return 0, nil
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, started.Load(), int64(1000))
}

func TestAPanicReachesTheCaller(t *testing.T) {
	var ended atomic.Int64
	defer func() {
		p, ok := recover().(*par.Panic)
		require.True(t, ok)
		assert.Equal(t, "piece 1", p.Value)
		assert.Contains(t, string(p.Stack), "TestAPanicReachesTheCaller", "the stack is that of the piece")
		assert.ErrorContains(t, p, "panic: piece 1\n\ngoroutine")
		assert.EqualValues(t, 1, ended.Load(), "the piece before it has ended")
	}()
	_ = par.Each(t.Context(), 1, func(ctx context.Context, _ int) error {
		return par.Each(ctx, 2, func(_ context.Context, i int) error {
			if i == 1 {
				panic("piece 1")
			}
			time.Sleep(time.Millisecond)
			ended.Add(1)
			return nil
		})
	})
	t.Error("Each returned")
}
