package theory

import (
	"math"
)

// ApplyQueue is a replica's single applier as a queue: transactions arrive in a Poisson stream, are applied in their order, and
// each takes an independent time of a law. The lag of a transaction is how long it was shipped plus its time in this queue
// (M/M/1 for exponential costs, M/D/1 for constant ones, else M/G/1).
type ApplyQueue struct {
	WriteRate float64 // transactions/s
	Cost      Law     // of applying one
}

func (q ApplyQueue) legal() bool {
	return q.WriteRate >= 0 && q.WriteRate <= 1e12 && q.Cost.Validate() == nil
}

// Load is rho = WriteRate E[cost].
func (q ApplyQueue) Load() float64 {
	if !q.legal() {
		return math.NaN()
	}
	return q.WriteRate * q.Cost.Mean()
}

// LagMean is the mean time in the queue and in work, E S + lambda E S^2/(2 (1 - rho)) (Pollaczek and Khinchine), +Inf at load >= 1. For
// exponential costs it is 1/(mu - lambda), for constant ones D + rho D/(2 (1 - rho)).
func (q ApplyQueue) LagMean() float64 {
	rho := q.Load()
	switch mean := q.Cost.Mean(); {
	case math.IsNaN(rho):
		return rho
	case rho >= 1:
		return math.Inf(1)
	case rho == 0:
		return mean
	default:
		return mean + rho*mean*(1+q.Cost.CV2())/(2*(1-rho))
	}
}

// LagSurvival is the probability of a lag above t: e^-(mu-lambda)t for exponential costs; for constant ones the waiting time's sum of
// positive terms (exact); for other laws a lattice of up to 2000 steps, exact to about a thousandth. 1 at load >= 1. Constant costs
// want t below 100,000 of them.
func (q ApplyQueue) LagSurvival(t float64) float64 {
	rho, mean := q.Load(), q.Cost.Mean()
	switch {
	case math.IsNaN(rho) || math.IsNaN(t):
		return math.NaN()
	case t < 0 || rho >= 1:
		return 1
	case rho == 0:
		return q.Cost.Survival(t)
	case q.Cost.Exponential():
		return math.Exp(-(1/mean - q.WriteRate) * t)
	}
	if _, fixed := q.Cost.Fixed(); fixed {
		return 1 - waitConstant(rho, t/mean-1)
	}
	return q.latticeSurvival(rho, t)
}

// waitConstant is P(wait <= x services) in M/D/1. With k-1 <= x < k it is e^-a times the sum over j < k of Q(k-1-j) a^j/j!, where
// a = rho (k - x) and Q(m) = P(at most m waiting): what is in the system a part of a service later must have been few now.
func waitConstant(rho, x float64) float64 {
	if x < 0 {
		return 0
	}
	if x > 1e5 || x*(1-rho) > 40 { // the tail falls at least as e^(-2 (1-rho) x)
		return 1
	}
	k := int(x) + 1
	atMost := waitingConstant(rho, k)
	a := rho * (float64(k) - x)
	sum, term := 0.0, math.Exp(-a)
	for j := range min(k, 400) {
		sum += atMost[k-1-j] * term
		term *= a / float64(j+1)
	}
	return min(sum, 1)
}

// waitingConstant is P(at most m waiting) in M/D/1 for m < n, by p(i+1) a(0) = p(0) A(i) + sum over j = 1..i of p(j) A(i+1-j), where a is
// Poisson(rho) and A(i) = P(more than i): only positive terms, so nothing cancels.
func waitingConstant(rho float64, n int) []float64 {
	const reach = 60 // a Poisson variable of mean < 1 beyond that is < 1e-80
	var above [reach]float64
	for i, term := reach+20, 0.0; i > 0; i-- {
		logs, _ := math.Lgamma(float64(i + 1))
		term += math.Exp(float64(i)*math.Log(rho) - rho - logs)
		if i <= reach {
			above[i-1] = term
		}
	}
	p := make([]float64, n+1)
	sums := make([]float64, n)
	p[0] = 1 - rho
	total := p[0]
	for i := range n {
		next := 0.0
		if i < reach {
			next = p[0] * above[i]
		}
		for j := max(1, i+2-reach); j <= i; j++ {
			next += p[j] * above[i+1-j]
		}
		p[i+1] = next * math.Exp(rho)
		total += p[i+1]
		sums[i] = min(total, 1)
	}
	return sums
}

// latticeSurvival rounds the parts of a wait to steps: a wait is a geometric sum of residual costs (Pollaczek and Khinchine), summed
// up by Panjer's recursion; then a cost is added.
func (q ApplyQueue) latticeSurvival(rho, t float64) float64 {
	mean := q.Cost.Mean()
	steps := int(min(max(t/mean*100, 200), 2000))
	h := t / float64(steps)
	if h == 0 {
		return 1 - (1-rho)*(1-q.Cost.Survival(0))
	}
	residual := q.residual(steps, h)
	wait := make([]float64, steps+1)
	base := 1 - rho*residual[0]
	wait[0] = (1 - rho) / base
	within := wait[0] * (1 - q.Cost.Survival(t))
	for i := 1; i <= steps; i++ {
		for j := 1; j <= i; j++ {
			wait[i] += residual[j] * wait[i-j]
		}
		wait[i] *= rho / base
		within += wait[i] * (1 - q.Cost.Survival(t-float64(i)*h))
	}
	return max(1-within, 0)
}

// residual is the law of what is left of a cost at a random moment, with density P(cost > x)/mean, by steps of h: each has what lies within
// half a step. Jumps of the law make single steps inexact; the sum is kept right, since waits at high load depend on it.
func (q ApplyQueue) residual(steps int, h float64) []float64 {
	list := make([]float64, steps+1)
	mean, sum := q.Cost.Mean(), 0.0
	for i := range list {
		left, right := max(float64(i)-0.5, 0)*h, (float64(i)+0.5)*h
		list[i] = (right - left) / 6 * (q.Cost.Survival(left) + 4*q.Cost.Survival((left+right)/2) + q.Cost.Survival(right)) / mean
		sum += list[i]
	}
	end := (float64(steps) + 0.5) * h
	beyond := tailIntegral(func(x float64) float64 { return q.Cost.Survival(end + x) }) / mean
	for i := range list {
		list[i] *= max(1-beyond, 0) / sum
	}
	return list
}

// OverloadGrowth is by how many seconds a second the lag grows when writes arrive faster than they are applied: 1 - mu/lambda, 0 at
// load <= 1 (fluid: rates without randomness). load is lambda/mu.
func OverloadGrowth(load float64) float64 {
	if !(load >= 0) {
		return math.NaN()
	}
	return max(1-1/max(load, 1), 0)
}

// LoadUnderReads is an applier's load when reads take a share of the replica, in [0, 1): each replica applies all writes, whatever its
// number, with what its reads leave: rho = lambda s/(1 - u).
func LoadUnderReads(writeRate, cost, readShare float64) float64 {
	if !(writeRate >= 0 && cost >= 0 && readShare >= 0 && readShare < 1) {
		return math.NaN()
	}
	return writeRate * cost / (1 - readShare)
}

// ReadCapacity is how many reads a second n replicas can serve while each keeps up with all writes at a load of 1:
// n (1 - lambda s)/r, where s is the cost of applying a write and r that of a read. Reads scale with n, writes do not at all.
func ReadCapacity(replicas int, writeRate, applyCost, readCost float64) float64 {
	if !(replicas >= 0 && writeRate >= 0 && applyCost >= 0 && readCost > 0) {
		return math.NaN()
	}
	return float64(replicas) * max(1-writeRate*applyCost, 0) / readCost
}
