package queue

import (
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/queue/internal/line"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
// The zero value takes no time.
type Law = law.Law

// Exp is exponential.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// Erlang is the sum of k equal exponential phases, k in [1, 1000].
func Erlang(k int, mean time.Duration) Law { return law.Erlang(k, mean) }

// Hyper is one of two exponential times with balanced means; cv2 is variance/mean^2, in [1, 1e6].
func Hyper(cv2 float64, mean time.Duration) Law { return law.Hyper(cv2, mean) }

// Lognormal has the given mean and coefficient of variation, in [0, 1000].
func Lognormal(mean time.Duration, cv float64) Law { return law.Lognormal(mean, cv) }

// Uniform lies evenly between low and high.
func Uniform(low, high time.Duration) Law { return law.Uniform(low, high) }

// Pareto has a tail like t^-alpha, alpha in (1, 1000]; its variance is infinite for alpha <= 2.
func Pareto(alpha float64, mean time.Duration) Law { return law.Pareto(alpha, mean) }

// Empirical is one of the given times, each as likely as the others.
func Empirical(values ...time.Duration) Law { return law.Empirical(values...) }

// ParseLaw reads the text of a law.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Discipline is the order of service, and who is thrown out of the line.
type Discipline = line.Discipline

// The disciplines.
const (
	FIFO          = line.FIFO          // first in, first out
	LIFO          = line.LIFO          // last in, first out
	AdaptiveLIFO  = line.AdaptiveLIFO  // FIFO while the line is short, then LIFO
	Priority      = line.Priority      // lowest class first, without interruption
	Expire        = line.Expire        // FIFO; what waited longer than the deadline is thrown out when its turn comes
	CoDel         = line.CoDel         // controlled delay, RFC 8289
	CoDelFacebook = line.CoDelFacebook // the same for requests, as in folly
	CoDelTimeout  = line.CoDelTimeout  // the same for requests, as in Maurer's "Fail at Scale"
	RED           = line.RED           // random early detection
)

// Disciplines are all there are, in order.
func Disciplines() []Discipline { return line.Disciplines() }

// Full is what happens to a message that finds no place.
type Full = line.Full

// The rules of a full queue.
const (
	RejectNewest = line.RejectNewest // it is refused
	DropOldest   = line.DropOldest   // the oldest of the lowest class is thrown out for it
	Block        = line.Block        // the producer holds it, and makes nothing else until there is a place
)

// Policy are the numbers of the disciplines that have some.
type Policy = line.Policy

// DefaultPolicy has the numbers of the disciplines' authors.
func DefaultPolicy() Policy { return line.DefaultPolicy() }
