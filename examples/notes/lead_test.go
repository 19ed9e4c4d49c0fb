package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLead(t *testing.T) {
	more := strings.Repeat(" and more of it", 10)
	for answer, want := range map[string]string{
		"It rests for 3 years: as long as it can.":                                                                                           "It rests for 3 years: as long as it can.",
		"Because of the retries: at 280/s the service works on; what" + more:                                                                 "Because of the retries: at 280/s the service works on …",
		"At 625 MB/s: offline stops the guest for 13.8 s; pre-copy" + more:                                                                   "At 625 MB/s: offline stops the guest for 13.8 s …",
		"Not always: 8 of 9 statements are off; the worst of them" + more:                                                                    "Not always: 8 of 9 statements are off …",
		"No. A queue turns failures into waits. But" + more:                                                                                  "No. A queue turns failures into waits.",
		"It slows the guest until it dirties less than is sent: legacy" + more:                                                               "It slows the guest until it dirties less than is sent …",
		"At 625 MB/s with a working set of 4 GiB: it stops" + more:                                                                           "At 625 MB/s with a working set of 4 GiB: it stops and more of it and more of it and more of it and more of it and more …",
		"It takes 185 ms (until all have heard: 188 ms); in the other case" + more:                                                           "It takes 185 ms (until all have heard: 188 ms) …",
		"With 5 runs of all the keys that there are in the database, below 12.9 bits per key" + more:                                         "With 5 runs of all the keys that there are in the database, below 12.9 bits per key and more of it and more of it and …",
		"The median commit of all that were made takes 500 µs asynchronously, and 5 ms (synchronous" + more:                                  "The median commit of all that were made takes 500 µs asynchronously, and 5 ms …",
		"Of 35,900 users that come at once 5,918 fail without a queue (150 timeouts, 5,768 refusals, 0 errors of all their attempts)" + more: "Of 35,900 users that come at once 5,918 fail without a queue …",
	} {
		assert.Equal(t, want, lead(answer))
	}
}
