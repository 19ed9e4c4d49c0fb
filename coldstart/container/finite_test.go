package container

import (
	"testing"

	"cloudconcepts/internal/fuzz"
)

func TestEveryNumberIsFinite(t *testing.T) {
	for name, c := range map[string]Config{
		"always on": AlwaysOn(1, 1), "tracked": Tracked(1), "knative": KnativeDefaults(1), "cloud run": CloudRunDefaults(1),
	} {
		t.Run(name, func(t *testing.T) { fuzz.EveryNumberIsFinite(t, c, 7, ErrInvalidConfig) })
	}
}
