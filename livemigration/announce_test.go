package livemigration

import (
	"fmt"
	"testing"
	"time"
)

// The first of 0, 50, 200, 450 and 800 ms that gets through, or the network finds the guest by
// itself.
func TestAnnounceReached(t *testing.T) {
	a := Announce{Initial: 50 * time.Millisecond, Step: 100 * time.Millisecond, Max: 550 * time.Millisecond, Rounds: 5, Fallback: time.Minute}
	reached := computed("time until the network delivers to the new host, by how long its port is closed",
		"first announcement of 0, 50, 200, 450 and 800 ms that gets through, else 60 s", "ms")
	for _, c := range []struct {
		delay time.Duration
		want  float64
	}{{0, 0}, {1, 50}, {50, 50}, {51, 200}, {500, 800}, {900, 60_000}} {
		a.PortDelay = c.delay * time.Millisecond
		reached.Within(t, fmt.Sprintf("%d ms", c.delay), c.want, a.reached().Seconds()*1e3, 0)
	}
}
