package coldstart

import (
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
)

// Cold is what a new environment adds to its first request: the whole response drawn at once (Whole, as SimFaaS does) or the
// phases of the AWS Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle". No public source has
// all phases of Lambda: those that are not set are nothing.
type Cold struct {
	Kind     ColdKind `json:"kind"`
	Response Law      `json:"response"` // of a cold request, handler included; for Whole, mean at most 1 day

	// Before INIT.
	Sandbox Law `json:"sandbox"` // a microVM; Firecracker (NSDI 2020) boots to user code in less than 125 ms
	// Network is the interface that each environment in a VPC made for itself until September 2019, 5 to 15 s: one Java function went
	// from 12,011 to 5,581 ms when that ended (C. Wang, November 2019). Nothing since.
	Network   Law     `json:"network"`
	Package   float64 `json:"package_bytes"`         // of code, [0, 1e10]
	ReadShare float64 `json:"read_share"`            // of it read at the start, [0, 1]: 1 for zip; images are read by blocks, 0.065 (Brooker et al., ATC 2023)
	Bandwidth float64 `json:"bandwidth_bytes_per_s"` // of the download, (0, 1e12]; 0 = at once

	// INIT. Its time does not depend on the memory: it runs with about two vCPUs.
	Extensions Law     `json:"extensions"`
	Runtime    Runtime `json:"runtime"`  // a preset of measured times
	Function   Law     `json:"function"` // static code
	// InitLimit ends INIT of a function on demand, [0, 15 min]; 10 s, 0 = none. INIT then starts anew inside the invocation,
	// bounded by Config.Timeout, which is called a suppressed init.
	InitLimit time.Duration `json:"init_limit_ns"`

	// The first call of the handler takes FirstCall longer, on one vCPU: in a small environment longer still, see CPU. What
	// the runtime's preset says comes on top.
	FirstCall Law `json:"first_call"`

	// SnapStart restores a snapshot of the initialised environment in place of all phases before the first call, in Restore
	// and RestorePerGB x memory. The project lambda-perf saw 578 to 822 ms for small Java functions in October 2024.
	SnapStart    bool          `json:"snap_start"`
	Restore      Law           `json:"restore"`
	RestorePerGB time.Duration `json:"restore_per_gb_ns"` // [0, 1 min]

	// Proactive is the probability that the platform had initialised the environment before it was asked for, [0, 1].
	Proactive float64 `json:"proactive_probability"`
}

// PhaseTimes are sums or means of the phases of cold starts, in seconds.
type PhaseTimes struct {
	Sandbox    float64 `json:"sandbox_s"`
	Network    float64 `json:"network_s"`
	Download   float64 `json:"download_s"`
	Extensions float64 `json:"extensions_s"`
	Runtime    float64 `json:"runtime_s"`
	Function   float64 `json:"function_s"`
	Lost       float64 `json:"lost_init_s"` // before an init that reached its limit began anew
	Restore    float64 `json:"restore_s"`
	FirstCall  float64 `json:"first_call_s"`
}

// Total is their sum.
func (p PhaseTimes) Total() float64 {
	return p.Sandbox + p.Network + p.Download + p.Extensions + p.Runtime + p.Function + p.Lost + p.Restore + p.FirstCall
}

// phase is one of the phases.
type phase uint8

const (
	sandbox phase = iota
	network
	download
	extensions
	runtimeInit
	functionInit
	lostInit
	restore
	firstCall
	phases
)

// start is a cold start as drawn: how long before the handler, and what of it.
type start struct {
	before     int64 // ns until the environment is ready
	init       int64 // of it INIT, which is billed
	extra      int64 // ns that the first call takes longer
	whole      int64 // the response, if it is drawn in one; else -1
	suppressed bool
	proactive  bool
	part       [phases]int64
}

// starter draws cold starts.
type starter struct {
	cold     Cold
	whole    law.Sampler
	laws     [phases]law.Sampler
	download int64
	restore  int64   // ns for the memory
	stretch  float64 // of CPU work
	runtime  initTable
	draws    *randomness
}

func newStarter(c Config, draws *randomness) starter {
	k := c.Cold
	s := starter{cold: k, whole: k.Response.Sampler(), draws: draws, stretch: stretch(c.MemoryMB, 1)}
	s.runtime = newInitTable(k.Runtime, c.MemoryMB)
	for p, l := range map[phase]Law{
		sandbox: k.Sandbox, network: k.Network, extensions: k.Extensions, functionInit: k.Function, restore: k.Restore, firstCall: k.FirstCall,
	} {
		s.laws[p] = l.Sampler()
	}
	if k.Bandwidth > 0 {
		s.download = int64(k.Package * k.ReadShare / k.Bandwidth * 1e9)
	}
	s.restore = int64(float64(k.RestorePerGB) * float64(c.MemoryMB) / 1024)
	return s
}

// next draws one.
func (s *starter) next() start {
	r := s.draws.colds
	if s.cold.Kind == Whole {
		return start{whole: min(s.whole.Next(r), des.Forever)}
	}
	x := start{whole: -1}
	p := &x.part
	p[firstCall] = int64(float64(s.draw(firstCall))*s.stretch) + s.runtime.firstCall
	x.extra = p[firstCall]
	if s.cold.Proactive > 0 && r.Float64() < s.cold.Proactive {
		x.proactive = true
		return x
	}
	if s.cold.SnapStart {
		p[restore] = s.draw(restore) + s.restore
		x.before = p[restore]
		return x
	}
	p[sandbox], p[network], p[download] = s.draw(sandbox), s.draw(network), s.download
	p[extensions], p[functionInit] = s.draw(extensions), s.draw(functionInit)
	p[runtimeInit] = s.runtime.draw(r)
	x.init = p[extensions] + p[runtimeInit] + p[functionInit]
	if limit := int64(s.cold.InitLimit); limit > 0 && x.init > limit {
		p[lostInit], x.suppressed = limit, true
		x.init += limit
	}
	x.before = p[sandbox] + p[network] + p[download] + x.init
	return x
}

// draw is a phase's time, at most a year.
func (s *starter) draw(p phase) int64 { return min(s.laws[p].Next(s.draws.colds), int64(year)) }
