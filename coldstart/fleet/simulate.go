package fleet

import (
	"context"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/par"
)

// Simulate runs c with the functions of Config.Load. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	functions, err := c.Load.Generate()
	if err != nil {
		return Result{}, err
	}
	return Replay(context.Background(), c, functions)
}

// Replay runs given functions, such as those of a trace; Config.Load is not used. The result is the same at any number of
// processors.
func Replay(ctx context.Context, c Config, functions []trace.Function) (Result, error) {
	if err := c.valid(); err != nil {
		return Result{}, err
	}
	if err := validFunctions(functions); err != nil {
		return Result{}, err
	}
	return replay(ctx, c, functions)
}

func replay(ctx context.Context, c Config, functions []trace.Function) (Result, error) {
	if c.MemoryCapMB > 0 {
		return capped(ctx, c, functions)
	}
	t, err := alone(ctx, &c, functions)
	if err != nil {
		return Result{}, err
	}
	return t.result(c, len(functions)), nil
}

// Frontier runs one load under several policies, side by side where there is a memory cap: cold starts against wasted memory.
func Frontier(ctx context.Context, functions []trace.Function, configs ...Config) ([]Result, error) {
	if err := validFunctions(functions); err != nil {
		return nil, err
	}
	for _, c := range configs {
		if err := c.valid(); err != nil {
			return nil, err
		}
	}
	return par.Map(ctx, len(configs), func(ctx context.Context, i int) (Result, error) {
		return replay(ctx, configs[i], functions)
	})
}
