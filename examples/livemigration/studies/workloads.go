package studies

import (
	"time"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// curveRow is a workload in numbers.
type curveRow struct {
	Workload string     `json:"workload"`
	Measured bool       `json:"measured"`
	Short    float64    `json:"rate_short_bytes_per_s"`
	Long     float64    `json:"rate_long_bytes_per_s"`
	Plateau  float64    `json:"plateau_bytes"`
	Outcome  lm.Outcome `json:"outcome"`
	Total    float64    `json:"total_s"`
	Downtime float64    `json:"downtime_s"`
}

type curveGuest struct {
	name string
	vm   lm.VM
}

// curveGuests are a measured guest and the shapes that models use.
func curveGuests() ([]curveGuest, error) {
	memcached, err := hypervisor.MemcachedVM()
	if err != nil {
		return nil, err
	}
	of := func(w lm.DirtyCurve) lm.VM {
		vm := lm.Default().VM
		vm.Memory, vm.NonZero, vm.Workload = 16*lm.GiB, 16*lm.GiB, w
		return vm
	}
	return []curveGuest{
		{"constant rate", of(lm.ConstantRate{Rate: 200 * lm.MB, WorkingSet: 12 * lm.GiB})},
		{"uniform", of(lm.Uniform{Rate: 1 * lm.GB, WorkingSet: 512 * lm.MiB})},
		{"hot and cold", of(lm.Mixture{lm.Uniform{Rate: 2 * lm.GB, WorkingSet: 24 * lm.MiB}, lm.Uniform{Rate: 20 * lm.MB, WorkingSet: 8 * lm.GiB}})},
		{"Zipf", of(lm.Zipf{Rate: 300 * lm.MB, WorkingSet: 8 * lm.GiB, Exponent: 0.99})},
		{"idle", of(lm.Uniform{Rate: 5 * lm.MB, WorkingSet: 200 * lm.MiB})},
		{"memcached", memcached},
	}, nil
}

// curveOf migrates a guest in rounds: with the limit, and without one to see
// what stays dirty.
func curveOf(guest curveGuest, bandwidth float64, limit time.Duration) (curveRow, error) {
	cfg := lm.Config{VM: guest.vm, Link: lm.Wire(bandwidth), Method: lm.Plain(limit), Storage: lm.Storage{Until: time.Second}}
	r, err := lm.Simulate(cfg)
	if err != nil {
		return curveRow{}, err
	}
	cfg.Method.Limit = lm.FixedLimit(1) // a nanosecond: nothing fits
	endless, err := lm.Simulate(cfg)
	if err != nil {
		return curveRow{}, err
	}
	row := curveRow{
		Workload: guest.name, Short: guest.vm.Workload.Unique(0.125) / 0.125, Long: guest.vm.Workload.Unique(60) / 60,
		Outcome: r.Outcome, Total: r.Total, Downtime: r.Downtime,
	}
	_, row.Measured = guest.vm.Workload.(lm.Empirical)
	if endless.PlateauBytes >= lm.PageBytes {
		row.Plateau = float64(endless.PlateauBytes)
	}
	return row, nil
}
