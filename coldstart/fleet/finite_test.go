package fleet

import (
	"testing"

	"cloudconcepts/internal/fuzz"
)

func TestEveryNumberIsFinite(t *testing.T) {
	hybrid := Default()
	hybrid.KeepAlive = Histogram()
	for name, c := range map[string]Config{
		"fixed": Default(), "never": FaasCache(1000), "hybrid": hybrid,
	} {
		t.Run(name, func(t *testing.T) { fuzz.EveryNumberIsFinite(t, c, 15, ErrInvalidConfig) })
	}
}
