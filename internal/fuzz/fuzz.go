// Package fuzz makes the settings of a model from the bytes of a fuzz test, odd values among them.
package fuzz

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// Input hands out the bytes of a fuzz input, zeros when there are no more.
type Input []byte

// Seeds adds an empty input and some of a length, each of random bytes that are always the same.
func Seeds(f *testing.F, inputs, length int) {
	f.Add([]byte{})
	for first := range inputs {
		b, random := make([]byte, length), rng.New(uint64(first))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		f.Add(b)
	}
}

// Word is eight bytes.
func (in *Input) Word() uint64 {
	var b [8]byte
	*in = (*in)[copy(b[:], *in):]
	return binary.LittleEndian.Uint64(b[:])
}

// Byte is one.
func (in *Input) Byte() int {
	if len(*in) == 0 {
		return 0
	}
	b := (*in)[0]
	*in = (*in)[1:]
	return int(b)
}

// Bool is one bit of a byte.
func (in *Input) Bool() bool { return in.Byte()%2 == 1 }

// Count is mostly a number in [0, most], and sometimes any.
func (in *Input) Count(most int) int {
	switch b := in.Byte(); {
	case b < 250 && most < 250:
		return b % (most + 1)
	case b < 250:
		return (b<<8 + in.Byte()) % (most + 1)
	case b == 250:
		return -1
	}
	return int(in.Word())
}

// Real is mostly a number in [0, most), and sometimes an odd one or any.
func (in *Input) Real(most float64) float64 {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 0, math.Copysign(0, -1), 5e-324, math.MaxInt64, -1}
	switch b := in.Byte(); {
	case b < len(odd):
		return odd[b]
	case b < 240:
		return float64(b) / 240 * most
	}
	return math.Float64frombits(in.Word())
}

// Span is mostly a time in [0, most], and sometimes an odd one.
func (in *Input) Span(most time.Duration) time.Duration {
	odd := []time.Duration{0, 1, -1, math.MaxInt64, math.MinInt64, time.Hour, 365 * 24 * time.Hour}
	if b := in.Byte(); b < len(odd) {
		return odd[b]
	}
	return most / 255 * time.Duration(in.Byte())
}

// Law is a random time of mean up to most, or an odd one.
func (in *Input) Law(most time.Duration) law.Law {
	switch in.Byte() % 6 {
	case 0:
		return law.Const(in.Span(most))
	case 1:
		return law.Pareto(in.Real(8), in.Span(most))
	case 2:
		return law.Hyper(in.Real(8), in.Span(most))
	case 3:
		return law.Lognormal(in.Span(most), in.Real(8))
	}
	return law.Exp(in.Span(most))
}
