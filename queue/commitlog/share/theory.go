package share

import (
	"math"
	"time"
)

// Deliveries is the mean number of deliveries of a record that is accepted if
// and only if its service ends within the lock, with at most limit deliveries:
// (1 - q^limit)/(1 - q), q = P(service > lock). A limit below 1 is none.
func Deliveries(service Law, lock time.Duration, limit int) float64 {
	q := service.Survival(lock.Seconds())
	switch {
	case q == 1 && limit < 1:
		return math.Inf(1)
	case q == 1:
		return float64(limit)
	case limit < 1:
		return 1 / (1 - q)
	}
	return (1 - math.Pow(q, float64(limit))) / (1 - q)
}

// ArchivedFraction is the share of such records that reach the limit: q^limit.
func ArchivedFraction(service Law, lock time.Duration, limit int) float64 {
	return math.Pow(service.Survival(lock.Seconds()), float64(max(limit, 0)))
}
