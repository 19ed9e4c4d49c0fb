package studies

import (
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	lm "cloudconcepts/livemigration"
)

// guest is one guest with uniform writes on one link: the flags that most
// studies need and no more.
type guest struct {
	set                func(flag string) bool
	memory, workingSet int64
	rate, bandwidth    float64
	limit              time.Duration
}

func newGuest() *guest {
	return &guest{
		set:    func(string) bool { return false },
		memory: 8 * lm.GiB, workingSet: 2 * lm.GiB, rate: 1 * lm.GB, bandwidth: 10 * lm.Gbps, limit: 300 * time.Millisecond,
	}
}

func (g *guest) flags(f *study.Flags) {
	g.set = f.Changed
	f.Bytes(&g.memory, "memory", "guest memory")
	f.Bytes(&g.workingSet, "working-set", "memory that is written; where it is not given, not more than there is")
	f.Rate(&g.rate, "dirty-rate", "memory written a second")
	f.Rate(&g.bandwidth, "bandwidth", "bandwidth of the link")
	f.Duration(&g.limit, "downtime-limit", "longest pause that pre-copy aims at")
}

// outrun sets the dirty rate to a multiple of the bandwidth, unless it was given.
func (g *guest) outrun(lambda float64) {
	if !g.set("dirty-rate") {
		g.rate = lambda * g.bandwidth
	}
}

// config is a migration of the guest by a method.
func (g *guest) config(m lm.Method) lm.Config {
	if !g.set("working-set") {
		g.workingSet = min(g.workingSet, g.memory)
	}
	vm := lm.Default().VM
	vm.Memory, vm.NonZero = g.memory, g.memory
	vm.Workload = lm.Uniform{Rate: g.rate, WorkingSet: g.workingSet}
	return lm.Config{VM: vm, Link: lm.Wire(g.bandwidth), Method: m, Storage: lm.Storage{Until: time.Second}}
}

// lambda is the dirty rate over the bandwidth.
func (g *guest) lambda() float64 { return g.rate / g.bandwidth }

// drained is the textbook's pre-copy with QEMU's switch-over: nothing else
// differs from Plain.
func drained(limit time.Duration) lm.Method {
	m := lm.Plain(limit)
	m.Name, m.SwitchOver = "drain", lm.Drain
	return m
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
