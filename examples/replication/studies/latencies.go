package studies

import (
	"errors"
	"fmt"

	"cloudconcepts/internal/study"
	"cloudconcepts/replication/quorum"
)

// latencies choose a model of the four legs of a write and a read.
type latencies struct {
	Preset    string  `json:"preset"`
	WriteRate float64 `json:"write_rate_per_ms"`
	AckRate   float64 `json:"ack_rate_per_ms"`
}

func (l *latencies) flags(f *study.Flags) {
	f.Choice(&l.Preset, "preset", "latencies of the four legs: LinkedIn's Voldemort on SSD or disk, Yammer's Riak (ymmr-printed: as the paper prints it), three data centres, exponential, or only the write's way (propagation)",
		"lnkd-ssd", "lnkd-disk", "ymmr", "ymmr-printed", "wan", "exp", "propagation")
	f.Float(&l.WriteRate, "write-rate", "exp, propagation: rate of a write's way to a replica, per ms")
	f.Float(&l.AckRate, "ack-rate", "exp: rate of acknowledgements, reads and responses, per ms")
}

// check refuses rates that the preset does not have.
func (l latencies) check(given func(string) bool) error {
	var list []error
	if given("write-rate") && l.Preset != "exp" && l.Preset != "propagation" {
		list = append(list, fmt.Errorf("%w: --write-rate = %v goes with --preset exp or propagation, not with %s", quorum.ErrInvalidConfig, l.WriteRate, l.Preset))
	}
	if given("ack-rate") && l.Preset != "exp" {
		list = append(list, fmt.Errorf("%w: --ack-rate = %v goes with --preset exp, not with %s", quorum.ErrInvalidConfig, l.AckRate, l.Preset))
	}
	return errors.Join(list...)
}

func (l latencies) model() quorum.Model {
	switch l.Preset {
	case "lnkd-ssd":
		return quorum.LinkedInSSD()
	case "ymmr":
		return quorum.Yammer()
	case "ymmr-printed":
		return quorum.YammerPrinted()
	case "wan":
		return quorum.WAN()
	case "exp":
		return quorum.Exponentials(l.WriteRate, l.AckRate)
	case "propagation":
		return quorum.Propagation(l.WriteRate)
	}
	return quorum.LinkedInDisk()
}
