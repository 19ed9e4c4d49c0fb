package store

import (
	"testing"
	"time"

	"cloudconcepts/internal/fuzz"
	"cloudconcepts/replication/quorum"

	"github.com/stretchr/testify/require"
)

// most is the longest of ordinary times.
const most = 255 * time.Millisecond

func latency(in *fuzz.Input) quorum.Latency {
	parts := make([]quorum.Part, in.Byte()%6)
	for i := range parts {
		parts[i] = quorum.Part{Weight: 1 / float64(len(parts))}
		switch in.Byte() % 4 {
		case 0:
			parts[i] = quorum.Part{Weight: in.Real(8), Xm: in.Real(8), Alpha: in.Real(8), Rate: in.Real(8)}
		case 1:
			parts[i].Xm, parts[i].Alpha = in.Real(8), in.Real(8)
		default:
			parts[i].Rate = in.Real(8)
		}
	}
	if len(parts) == 0 {
		return quorum.Of(in.Law(most))
	}
	return quorum.Mix(parts...)
}

func model(in *fuzz.Input) quorum.Model {
	presets := append(quorum.Models(), quorum.Exponentials(in.Real(8), in.Real(8)), quorum.Propagation(in.Real(8)))
	if b := in.Byte(); b < 200 {
		return presets[b%len(presets)]
	}
	return quorum.Model{Write: latency(in), Ack: latency(in), Read: latency(in), Response: latency(in), Remote: in.Span(most)}
}

func seeds(f *testing.F) {
	f.Add([]byte{3, 1, 1, 20, 1})
	fuzz.Seeds(f, 16, 160)
}

func FuzzStore(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		in := fuzz.Input(data)
		c := Default()
		c.N, c.R, c.W, c.Keys, c.Spares = in.Count(6), in.Count(6), in.Count(6), in.Count(20), in.Count(4)
		c.Latency, c.ReadFanOut, c.ReadRepair = model(&in), quorum.FanOut(in.Count(1)), Repair(in.Count(2))
		c.HintWindow, c.AntiEntropy, c.Wipe = in.Span(most), in.Span(most), in.Bool()
		if in.Byte()%2 == 0 {
			c.Up, c.Down = in.Law(most), in.Law(most)
		}
		for range in.Byte() % 4 {
			c.Outages = append(c.Outages, Outage{in.Count(6), in.Span(most), in.Span(most)})
		}
		if in.Byte() > 127 {
			c.WriteRate, c.ReadRate = in.Real(8), in.Real(8)
		}
		c.Timeout, c.Duration, c.Seed = in.Span(most), in.Span(most), in.Word()
		c.MaxEvents = 5000
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		invariants(t, r)
	})
}
