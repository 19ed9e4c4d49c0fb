package load

import (
	"math"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
)

// piece is a straight line of the rate.
type piece struct {
	start, end int64   // ns
	first      float64 // arrivals/s at its start
	slope      float64 // arrivals/s per s
	mass       float64 // expected arrivals in it
}

// pieceAt is the piece that begins at a time, which ends at the latest at the horizon.
func (p Profile) pieceAt(at, horizon int64) piece {
	if at >= horizon {
		return piece{start: horizon, end: horizon}
	}
	i, end := p.step(at), horizon
	if i+1 < len(p.Steps) {
		end = min(end, int64(p.Steps[i+1].At))
	}
	if p.Swing != 0 && p.Period > 0 {
		end = min(end, p.gridAfter(at))
	}
	x := piece{start: at, end: end, first: p.rate(i, at)}
	length, last := seconds(end-at), p.rate(i, end)
	if last != x.first {
		x.slope = (last - x.first) / length
	}
	x.mass = (x.first + last) / 2 * length
	return x
}

// gridAfter is the first corner of the drawn sine after a time.
func (p Profile) gridAfter(at int64) int64 {
	period := int64(p.Period)
	base := at - at%period
	k := float64(at-base) / float64(period) * lines
	for n := int64(k); n <= lines; n++ {
		if corner := base + int64(float64(n)/lines*float64(period)); corner > at {
			return corner
		}
	}
	return base + period
}

// Source makes the arrivals of a profile in order of time.
type Source struct {
	profile Profile
	random  *rand.Rand
	horizon int64
	now     piece
	done    float64 // mass of the piece that has arrived
}

// Source begins at time 0 and ends at the horizon. A Regular source draws nothing from r.
func (p Profile) Source(r *rand.Rand, horizon time.Duration) Source {
	return Source{profile: p, random: r, horizon: int64(horizon), now: p.pieceAt(0, int64(horizon))}
}

// Next is the time of the next arrival in nanoseconds, or one later than any horizon (73 years) if there is none.
func (s *Source) Next() int64 {
	gap := 1.0
	if s.profile.Process == Poisson {
		gap = s.random.ExpFloat64()
	}
	for s.done+gap > s.now.mass {
		if s.now.end >= s.horizon {
			return des.Forever
		}
		gap -= s.now.mass - s.done
		s.done = 0
		s.now = s.profile.pieceAt(s.now.end, s.horizon)
	}
	s.done += gap
	return min(s.now.start+s.now.reach(s.done), s.now.end)
}

// reach is after how many nanoseconds a piece has had a mass.
func (x *piece) reach(mass float64) int64 {
	if !(mass > 0) {
		return 0
	}
	if x.slope == 0 {
		return int64(mass/x.first*1e9 + 0.5)
	}
	root := math.Sqrt(max(x.first*x.first+2*x.slope*mass, 0))
	return int64(2*mass/(x.first+root)*1e9 + 0.5)
}
