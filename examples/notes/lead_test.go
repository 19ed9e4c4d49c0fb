package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLead(t *testing.T) {
	more := strings.Repeat(" and more of it", 10)
	for answer, want := range map[string]string{
		"It rests for 3 years: as long as it can.":                                                          "It rests for 3 years: as long as it can.",
		"Because of the retries: at 280/s" + more:                                                           "Because of the retries.",
		"At 625 MB/s: it stops; then" + more:                                                                "At 625 MB/s: it stops.",
		"No. But" + more:                                                                                    "No.",
		"It takes 185 ms (until all have heard: 188 ms); in the other case" + more:                          "It takes 185 ms (until all have heard: 188 ms).",
		"With 5 runs of all the keys that there are in the database, below 12.9 bits per key" + more:        "With 5 runs of all the keys that there are in the database, below 12.9 bits per key and more of it and more of it and …",
		"The median commit of all that were made takes 500 µs asynchronously, and 5 ms (synchronous" + more: "The median commit of all that were made takes 500 µs asynchronously, and 5 ms …",
	} {
		assert.Equal(t, want, lead(answer))
	}
}
