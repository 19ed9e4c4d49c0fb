package main

import (
	"os"
	"testing"

	"cloudconcepts/internal/sweep"

	"github.com/stretchr/testify/require"
)

func TestX(t *testing.T) {
	for _, m := range models() {
		b, err := os.ReadFile("specs/" + m.Name + ".json")
		if err != nil {
			continue
		}
		s, err := sweep.Parse(b)
		require.NoError(t, err, m.Name)
		p, err := sweep.NewPlan(m, s)
		if err != nil {
			t.Error(m.Name, err)
			continue
		}
		t.Log(m.Name, p.Cells())
	}
}
