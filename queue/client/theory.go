package client

import "math"

// StableLoad is the load in requests per second below which a server of the
// given capacity (attempts/s) gets rid of any backlog, although every request
// is sent again: capacity/(1 + retries). A retry budget of ratio b makes it
// capacity/(1 + b). Between StableLoad and the capacity the system is
// metastable: it works until a trigger comes, and then stays down. It is NaN
// unless both are at least 0.
func StableLoad(capacity, retries float64) float64 {
	if !(capacity >= 0 && retries >= 0) {
		return math.NaN()
	}
	return capacity / (1 + retries)
}
