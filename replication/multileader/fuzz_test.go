package multileader

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func FuzzSimulate(f *testing.F) {
	f.Add([]byte{})
	for first := range 24 {
		b := make([]byte, 160)
		for i := range b {
			b[i] = byte((first+1)*(i+7)*37 + i*i)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input(data)
		c := Default()
		c.Leaders, c.Keys, c.Zipf, c.WriteRate = in.small(7)+1, in.small(50), in.float(), in.float()*100
		if c.Keys > 1000 && c.Keys <= 1_000_000 {
			c.Keys = 1000
		}
		c.Delay, c.Policy = Const(in.span()), Policy(in.small(3))
		if in.byte()%2 == 0 {
			c.Delay = Exp(in.span())
		}
		for i := range in.byte() % 9 {
			c.Skews[i%8] = in.span()
		}
		for range in.byte() % 4 {
			c.Partitions = append(c.Partitions, Partition{in.small(3), in.span(), in.span()})
		}
		c.Duration, c.MaxWrites, c.Seed = in.span(), min(int64(in.small(255))*10, 3000), in.word()
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		invariants(t, r)
	})
}

// input hands out the bytes of a fuzz input, zeros when there are no more.
type input []byte

func (in *input) word() uint64 {
	var b [8]byte
	*in = (*in)[copy(b[:], *in):]
	return binary.LittleEndian.Uint64(b[:])
}

func (in *input) byte() int {
	if len(*in) == 0 {
		return 0
	}
	b := (*in)[0]
	*in = (*in)[1:]
	return int(b)
}

// small is mostly a legal count, and sometimes any number.
func (in *input) small(most int) int {
	if b := in.byte(); b < 250 {
		return b % (most + 1)
	}
	return int(in.word())
}

func (in *input) float() float64 {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 0, math.Copysign(0, -1), 5e-324, math.MaxInt64, -1}
	b := in.byte()
	switch {
	case b < len(odd):
		return odd[b]
	case b < 240:
		return float64(b) / 64
	}
	return math.Float64frombits(in.word())
}

func (in *input) span() time.Duration {
	odd := []time.Duration{0, 1, -1, math.MaxInt64, math.MinInt64, time.Hour, year}
	if b := in.byte(); b < len(odd) {
		return odd[b]
	}
	return time.Duration(in.byte()) * time.Millisecond
}
