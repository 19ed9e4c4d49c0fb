package livemigration

import "time"

// At is when packet k (from 0) leaves, counted from the start of the guest on
// the destination: packet 0 at once.
func (a Announce) At(k int) time.Duration {
	at := time.Duration(0)
	for i := 1; i <= k; i++ {
		at += min(a.Initial+time.Duration(i-1)*a.Step, a.Max)
	}
	return at
}

// reached is how long after its start on the destination the network delivers
// the guest's packets there: the first announcement that gets through.
func (a Announce) reached() time.Duration {
	if a.Rounds == 0 {
		return 0
	}
	for k := range a.Rounds {
		if at := a.At(k); at >= a.PortDelay {
			return at
		}
	}
	return max(a.Fallback, a.PortDelay)
}
