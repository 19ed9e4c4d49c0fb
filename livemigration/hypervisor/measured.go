package hypervisor

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	lm "cloudconcepts/livemigration"
)

//go:embed testdata/qemu-7.2-runs.csv testdata/memcached-curve.csv testdata/gudkov-table.csv testdata/qemu-7.2-syncs.csv
var data embed.FS

// MeasuredRun is a live migration that was measured on a real hypervisor, with
// the configuration that predicts it.
type MeasuredRun struct {
	Config        lm.Config
	Converged     bool    `json:"converged"`  // false: cancelled after Observed seconds
	Observed      float64 `json:"observed_s"` // 0 if it converged
	Total         float64 `json:"total_s"`    // 0 if it did not
	Downtime      float64 `json:"downtime_s"`
	Syncs         int     `json:"dirty_sync_count"` // last one seen
	SentBytes     int64   `json:"sent_bytes"`
	FinalBytes    int64   `json:"final_bytes"`
	PostCopyBytes int64   `json:"postcopy_bytes"`
	Requests      int     `json:"postcopy_requests"`
	LastPending   int64   `json:"last_remaining_bytes"` // last remaining memory seen, 0 if it converged
	// Remaining is the memory still to send, polled right after each sync and
	// the first burst behind it, over seconds since the start, up to 30 s.
	Remaining lm.Series `json:"-"`
}

// QEMURuns are migrations of a 512 MiB guest measured on QEMU 7.2; the file
// testdata/qemu-7.2-runs.csv tells how. The last phase ran at memory speed,
// for which the configurations take 1 GB/s.
func QEMURuns() ([]MeasuredRun, error) {
	rows, err := readData("testdata/qemu-7.2-runs.csv")
	if err != nil {
		return nil, err
	}
	runs := make([]MeasuredRun, len(rows))
	for i, v := range rows {
		runs[i] = measuredRun(v)
	}
	polls, err := readData("testdata/qemu-7.2-syncs.csv")
	for _, v := range polls {
		remaining := &runs[int(v["run"])].Remaining
		remaining.X = append(remaining.X, v["t_s"])
		remaining.Y = append(remaining.Y, v["remaining_bytes"])
	}
	return runs, err
}

func measuredRun(v map[string]float64) MeasuredRun {
	memory := int64(v["memory_bytes"])
	m := QEMU()
	m.Limit = lm.FixedLimit(v["limit_ms"] * 1e6)
	m.Strategy = lm.Strategy(v["strategy"])
	return MeasuredRun{
		Config: lm.Config{
			VM: lm.VM{
				Memory: memory, NonZero: memory - int64(v["zero_pages"])*lm.PageBytes, VCPUs: 1, DirtyPage: lm.PageBytes,
				Workload: lm.Uniform{Rate: v["writes_per_s"] * lm.PageBytes, WorkingSet: int64(v["working_set_pages"]) * lm.PageBytes},
			},
			Link: lm.CappedWire(v["bandwidth_bytes_per_s"], 1e9), Method: m, Trace: true,
		},
		Converged: v["total_ms"] > 0, Observed: v["observed_s"],
		Total: v["total_ms"] / 1e3, Downtime: v["downtime_ms"] / 1e3, Syncs: int(v["syncs"]),
		SentBytes: int64(v["transferred_bytes"]), FinalBytes: int64(v["final_bytes"]), PostCopyBytes: int64(v["postcopy_bytes"]),
		Requests: int(v["postcopy_requests"]), LastPending: int64(v["last_remaining_bytes"]),
	}
}

// MemcachedVM is a real guest: 32 GiB (8,392,704 pages) under memcached and
// YCSB, whose dirty curve was sampled over 125 ms to 60 s (A. Gudkov,
// qemu-devel, 27 April 2023, "[PATCH v2 0/4] Migration time prediction using
// calc-dirty-rate"): 16,392 sampled pages, 10,060 of them zero, each sample
// standing for 512 pages.
func MemcachedVM() (lm.VM, error) {
	const scale, pages, sampled, zero = 512 * lm.PageBytes, 8_392_704, 16_392, 10_060
	rows, err := readData("testdata/memcached-curve.csv")
	if err != nil {
		return lm.VM{}, err
	}
	curve := lm.Empirical{Limit: (sampled - zero) * scale}
	for _, v := range rows {
		curve.Points = append(curve.Points, lm.CurvePoint{Seconds: v["t_ms"] / 1e3, Bytes: v["dirty_samples"] * scale})
	}
	return lm.VM{
		Memory: pages * lm.PageBytes, NonZero: curve.Limit, VCPUs: 1, DirtyPage: lm.PageBytes, Workload: curve,
	}, nil
}

// Prediction is a cell of a published table of predicted migration times.
type Prediction struct {
	Bandwidth float64       // bytes/s
	Limit     time.Duration // downtime limit, 0 = unlimited
	Total     float64       // s, rounded up to whole seconds; 0 = never ends
}

// MemcachedPredictions is what an independent predictor published for
// MemcachedVM (A. Gudkov, as there).
func MemcachedPredictions() ([]Prediction, error) {
	rows, err := readData("testdata/gudkov-table.csv")
	if err != nil {
		return nil, err
	}
	cells := make([]Prediction, len(rows))
	for i, v := range rows {
		cells[i] = Prediction{
			Bandwidth: v["link_mbit_per_s"] * (1 << 20) / 8,
			Limit:     time.Duration(v["limit_ms"]) * time.Millisecond,
			Total:     v["total_s"],
		}
	}
	return cells, nil
}

// readData reads one of the package's tables: numbers under named columns, and
// strategies by their names.
func readData(name string) ([]map[string]float64, error) {
	file, err := data.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in := csv.NewReader(file)
	in.Comment = '#'
	records, err := in.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("hypervisor: %s: %w", name, err)
	}
	rows := make([]map[string]float64, 0, len(records))
	for _, record := range records[1:] {
		row := make(map[string]float64, len(record))
		for i, text := range record {
			if row[records[0][i]], err = number(text); err != nil {
				return nil, fmt.Errorf("hypervisor: %s: %w", name, err)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func number(text string) (float64, error) {
	var s lm.Strategy
	if s.UnmarshalText([]byte(text)) == nil {
		return float64(s), nil
	}
	return strconv.ParseFloat(text, 64)
}
