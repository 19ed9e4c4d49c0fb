package studies

import (
	"testing"

	"cloudconcepts/replication/replicationplot"

	"github.com/stretchr/testify/assert"
)

func TestDuring(t *testing.T) {
	events := []replicationplot.Event{{From: 1, To: 2, Name: "cut"}}
	assert.Equal(t, "before anything happened", during(events, 0.5))
	assert.Equal(t, "during the cut", during(events, 1.5))
	assert.Equal(t, "after the cut", during(events, 3))
}
