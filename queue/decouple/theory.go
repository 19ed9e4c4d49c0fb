package decouple

import "math"

// Attempts is the mean number of calls for a message that fails with a probability each time and is given up after a
// number of receives: (1-p^n)/(1-p).
func Attempts(failure float64, receives int) float64 {
	if failure == 1 {
		return float64(receives)
	}
	return (1 - math.Pow(failure, float64(receives))) / (1 - failure)
}

// MMcK is the steady state of the synchronous API without retries: Poisson requests, exponential calls of which
// min(Threads, Provider.Servers) are under way at once, and Threads + Backlog places. It is stable at any load. Places
// = Servers is Erlang's loss system, many places are Erlang's delay system.
type MMcK struct {
	Rate    float64 // requests/s, > 0
	Mean    float64 // of a call, s, > 0
	Servers int     // calls at once, >= 1
	Places  int     // requests at once, >= Servers
}

// Distribution is the probability of 0, 1, ... Places requests in the API.
func (m MMcK) Distribution() []float64 {
	if !(m.Rate > 0 && m.Mean > 0 && m.Rate*m.Mean < math.Inf(1)) || m.Servers < 1 || m.Places < m.Servers {
		return nil
	}
	p := make([]float64, m.Places+1)
	p[0] = 1
	sum := 1.0
	for n := 1; n < len(p); n++ {
		p[n] = p[n-1] * m.Rate * m.Mean / float64(min(n, m.Servers))
		if sum += p[n]; sum > 1e200 {
			for i := range p[:n+1] {
				p[i] /= sum
			}
			sum = 1
		}
	}
	for n := range p {
		p[n] /= sum
	}
	return p
}

// Loss is the share of requests that find no place; NaN outside the domain.
func (m MMcK) Loss() float64 {
	p := m.Distribution()
	if p == nil {
		return math.NaN()
	}
	return p[m.Places]
}

// Sojourn is the mean time from an accepted request to its answer in seconds, by Little's law; NaN outside the domain.
func (m MMcK) Sojourn() float64 {
	p := m.Distribution()
	if p == nil {
		return math.NaN()
	}
	var in float64
	for n, x := range p {
		in += float64(n) * x
	}
	return in / (m.Rate * (1 - p[m.Places]))
}

// Late is the share of accepted requests that take longer than a time in seconds: the timeouts, as long as nobody
// retries and the API works on what nobody waits for. A request that finds n others waits for n-Servers+1 of them to
// leave, an Erlang time, and for its own call. NaN outside the domain.
func (m MMcK) Late(t float64) float64 {
	p := m.Distribution()
	if p == nil || !(t >= 0) {
		return math.NaN()
	}
	tail := m.tails(t, m.Places-m.Servers)
	var late float64
	for n, x := range p[:m.Places] {
		late += x * tail[max(0, n-m.Servers+1)]
	}
	return min(late/(1-p[m.Places]), 1)
}

// tails are P(E_k + S > t) for k = 0 ... most, E_k being k departures from busy servers and S a call:
//
//	P(E_k > t) + sum over j >= k of (1-1/c)^(j-k) Poisson(j; c t/mean)
//
// The sum is made from its far end, where all terms are positive and small.
func (m MMcK) tails(t float64, most int) []float64 {
	x := float64(m.Servers) * t / m.Mean
	keep := 1 - 1/float64(m.Servers)
	far := max(most, int(min(x+40*math.Sqrt(x)+100, 1e8)))
	tail := make([]float64, most+1)
	var g float64
	for j := far; j >= 0; j-- {
		if g = g*keep + poisson(j, x); j <= most {
			tail[j] = g
		}
	}
	var below float64
	for k := range tail {
		tail[k] += below
		below += poisson(k, x)
	}
	return tail
}

// poisson is the probability of j at a mean of x.
func poisson(j int, x float64) float64 {
	if x == 0 {
		if j == 0 {
			return 1
		}
		return 0
	}
	g, _ := math.Lgamma(float64(j) + 1)
	return math.Exp(float64(j)*math.Log(x) - x - g)
}

// Outage is what a time in which the provider hangs does in the fluid limit, both ways, without retries; see
// [HangFluid].
type Outage struct {
	Dropped  float64 `json:"dropped"`          // requests that the full API refuses
	TimedOut float64 `json:"timed_out"`        // requests, of the outage and after it
	LastBad  float64 `json:"last_bad_s"`       // until users no longer fail, from the outage's end; +Inf = never
	Backlog  float64 `json:"backlog_messages"` // in the queue when the outage ends
	Drain    float64 `json:"drain_s"`          // from then until the queue is empty; +Inf = never
	AgeMax   float64 `json:"max_age_s"`        // of a message, the first one of the outage
}

// HangFluid is an outage of a length in seconds at a rate below a capacity, both in requests/s, with so many places
// (threads and backlog) in the API and a timeout in seconds. The users of the outage fail unless they come at its very
// end; those after it fail while the API works through what is left of them. The queue fails nobody and is late. An
// outage that is shorter than the timeout is not covered as long as its end is felt: TimedOut is then 0.
func HangFluid(rate, capacity, length float64, places int, timeout float64) Outage {
	held := min(rate*length, float64(places))
	o := Outage{Dropped: rate*length - held, Backlog: rate * length, Drain: math.Inf(1), AgeMax: length, LastBad: math.Inf(1)}
	if !(rate < capacity) || !(rate > 0) {
		o.TimedOut = held
		return o
	}
	o.Drain = o.Backlog / (capacity - rate)
	o.LastBad = max(0, (held-capacity*timeout)/(capacity-rate))
	during := (length - timeout) / (1 - rate/capacity) // who comes later in the outage is served in time
	o.TimedOut = rate*min(max(during, 0), held/rate) + rate*o.LastBad
	return o
}
