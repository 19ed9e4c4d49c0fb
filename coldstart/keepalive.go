package coldstart

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/units"
)

// KeepAlive is how long an idle environment stays before the platform removes it; each time that it becomes idle the time
// starts anew. A request that finds it idle for exactly that long is still warm. It is comparable, and a text in JSON; the
// zero value is invalid.
//
// No platform promises a time. AWS Lambda was seen to keep environments for 5 to 7 min, 10 min, 25 to 65 min (mikhail.io at
// different times), at most 27 min (Wang et al., ATC 2018), 10 min (SimFaaS), or to evict half of the idle ones every 380 s
// (SeBS, 2021).
type KeepAlive struct {
	kind keepKind
	law  Law
}

type keepKind uint8

const (
	noKeep keepKind = iota
	byLaw
	halving
	forever
)

// Fixed keeps every idle environment for ttl, (0, 10 years].
func Fixed(ttl time.Duration) KeepAlive { return KeepAlive{byLaw, Const(ttl)} }

// Lasting keeps idle environments for a time of the law, drawn anew whenever one becomes idle; mean in (0, 10 years].
func Lasting(times Law) KeepAlive { return KeepAlive{byLaw, times} }

// Halving evicts an environment with probability 1/2 at each multiple of the period of being idle: SeBS saw 380 s on AWS
// Lambda (Copik et al., Middleware 2021, section 6.5).
func Halving(period time.Duration) KeepAlive { return KeepAlive{halving, Const(period)} }

// Never never removes an environment.
func Never() KeepAlive { return KeepAlive{kind: forever} }

// Idle is the law of the times, and whether there is one: not for Halving and Never.
func (k KeepAlive) Idle() (Law, bool) { return k.law, k.kind == byLaw }

// Mean is the mean time in seconds, +Inf for Never.
func (k KeepAlive) Mean() float64 {
	switch k.kind {
	case halving:
		return 2 * k.law.Mean()
	case forever:
		return math.Inf(1)
	}
	return k.law.Mean()
}

// ParseKeepAlive reads one of the KeepAliveForms.
func ParseKeepAlive(text string) (k KeepAlive, err error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "never":
		return Never(), nil
	case text == "halving":
		return Halving(380 * time.Second), nil
	case strings.HasPrefix(text, "halving:"):
		var period time.Duration
		period, err = units.ParseDuration(strings.TrimPrefix(text, "halving:"))
		k = Halving(period)
	default:
		var times Law
		times, err = law.Parse(text)
		k = Lasting(times)
	}
	if err == nil {
		err = k.Validate()
	}
	if err != nil {
		return KeepAlive{}, fmt.Errorf("%w (want %s)", err, KeepAliveForms)
	}
	return k, nil
}

// String is the text that ParseKeepAlive reads.
func (k KeepAlive) String() string {
	switch k.kind {
	case byLaw:
		if d, ok := k.law.Fixed(); ok {
			return units.DurationText(d)
		}
		return k.law.String()
	case halving:
		return "halving:" + units.DurationText(k.period())
	case forever:
		return "never"
	}
	return "none"
}

// MarshalText writes the text.
func (k KeepAlive) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *KeepAlive) UnmarshalText(text []byte) error {
	if string(text) == "none" {
		*k = KeepAlive{}
		return nil
	}
	read, err := ParseKeepAlive(string(text))
	if err == nil {
		*k = read
	}
	return err
}

// Validate says what is wrong with it, or nothing.
func (k KeepAlive) Validate() error {
	switch k.kind {
	case forever:
		return nil
	case byLaw, halving:
		if err := k.law.Validate(); err != nil {
			return err
		}
		if m := k.Mean(); !(m > 0 && m <= mostDuration.Seconds()) {
			return fmt.Errorf("mean time %g s, want in (0, %g] s: AWS keeps an idle environment for some time that it does not say (%s)",
				m, mostDuration.Seconds(), pageLifecycle)
		}
		return nil
	}
	return errors.New("no keep-alive")
}

func (k KeepAlive) period() time.Duration {
	d, _ := k.law.Fixed()
	return d
}

// keeper draws the times.
type keeper struct {
	kind   keepKind
	fixed  int64 // ns, if all are the same; else -1
	period float64
	law    law.Sampler
	random *rand.Rand
}

func newKeeper(k KeepAlive, random *rand.Rand) keeper {
	s := keeper{kind: k.kind, fixed: -1, random: random}
	switch k.kind {
	case forever:
		s.fixed = des.Forever
	case halving:
		s.period = float64(k.period())
	default:
		s.law = k.law.Sampler()
		if d, ok := k.law.Fixed(); ok {
			s.fixed = int64(d)
		}
	}
	return s
}

// next draws a time in ns.
func (s *keeper) next() int64 {
	switch {
	case s.fixed >= 0:
		return s.fixed
	case s.kind == halving:
		// A geometric number of periods from 1 on.
		n := 1 + math.Floor(s.random.ExpFloat64()/math.Ln2)
		return int64(min(n*s.period, des.Forever))
	}
	return s.law.Next(s.random)
}
