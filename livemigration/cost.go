package livemigration

import "math"

// price is what one pending byte of memory costs.
type price struct {
	seconds float64 // to send
	wire    float64 // bytes on the wire
	full    float64 // bytes that go as full pages, not as zero-page marks
}

// cost is the price of never-sent and of re-sent memory at one bandwidth.
type cost struct {
	first, again price
	whole, zero  price // never-sent memory apart: pages with content, zero pages
}

func (c cost) of(s segmentState) price {
	if s == fresh {
		return c.first
	}
	return c.again
}

// seconds is the time to send so many never-sent and re-sent bytes.
func (c cost) time(first, again float64) float64 {
	return first*c.first.seconds + again*c.again.seconds
}

// newCost prices memory at the given bandwidth in bytes/s.
func newCost(vm *VM, m *Method, bandwidth float64) cost {
	header := float64(m.PageHeader) / PageBytes
	nonZero := float64(vm.NonZero) / float64(vm.Memory)
	delta := 1 - m.XBZRLE.HitRate*(1-m.XBZRLE.Ratio)
	full := m.page(1, header, bandwidth)
	again := m.page(delta, header, bandwidth)
	zero := header / bandwidth
	if m.ZeroScan > 0 {
		zero += 1 / m.ZeroScan
	}
	return cost{
		first: price{
			seconds: nonZero*full.seconds + (1-nonZero)*zero,
			wire:    nonZero*full.wire + (1-nonZero)*header,
			full:    nonZero,
		},
		again: again,
		whole: full,
		zero:  price{seconds: zero, wire: header},
	}
}

// page prices a byte of a page of which only the given part needs to go.
func (m *Method) page(part, header, bandwidth float64) price {
	wire := part/m.Compression.Ratio + header
	seconds := wire / bandwidth
	if m.Compression.Throughput > 0 {
		seconds = math.Max(seconds, part/m.Compression.Throughput)
	}
	return price{seconds: seconds, wire: wire, full: 1}
}

// batch is what one stretch of sending moved.
type batch struct {
	seconds float64
	wire    float64 // bytes on the wire
	pages   float64 // bytes of memory that it covered
	full    float64 // bytes of memory that went as full pages
	skipped float64 // bytes of memory passed over because dirty again
}

func (b *batch) add(o batch) {
	b.seconds += o.seconds
	b.wire += o.wire
	b.pages += o.pages
	b.full += o.full
	b.skipped += o.skipped
}
