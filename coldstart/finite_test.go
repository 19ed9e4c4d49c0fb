package coldstart

import (
	"testing"

	"cloudconcepts/internal/fuzz"
)

func TestEveryNumberIsFinite(t *testing.T) {
	legacy, sync, async := Default(), Default(), Default()
	legacy.Limits, sync.Retry, async.Retry = LegacyLimits(1000, 500), RetryPolicy(SyncRetry), RetryPolicy(AsyncRetry)
	for name, c := range map[string]Config{
		"default": Default(), "aws": AWSLambda("go-zip-x86"), "legacy": legacy, "sync": sync, "async": async,
	} {
		t.Run(name, func(t *testing.T) { fuzz.EveryNumberIsFinite(t, c, 14, ErrInvalidConfig) })
	}
}
