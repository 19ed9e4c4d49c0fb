package share

import (
	"fmt"

	"cloudconcepts/internal/des"
)

// Result is what a run gives.
//
//	Produced = Accepted + Rejected + Archived + Left
type Result struct {
	Config      Config  `json:"config"`
	Produced    int64   `json:"produced"`
	Accepted    int64   `json:"accepted"`
	Rejected    int64   `json:"rejected"`
	Archived    int64   `json:"archived"` // at the delivery limit
	Left        int64   `json:"left"`     // neither, at the end
	Deliveries  int64   `json:"deliveries"`
	PerRecord   float64 `json:"deliveries_per_record"` // of those not left
	Expired     int64   `json:"expired_locks"`
	LateAcks    int64   `json:"late_acks"`      // that failed
	SameMember  int64   `json:"same_member"`    // late, but counted: the record had come back to its member
	Repeated    int64   `json:"repeated"`       // records worked on to a good end more than once, times beyond the first
	DoneDead    int64   `json:"done_dead"`      // archived, though worked on to a good end
	LatencyMean float64 `json:"latency_mean_s"` // from append to accept
	LatencyP50  float64 `json:"latency_p50_s"`
	LatencyP99  float64 `json:"latency_p99_s"`
	LatencyMax  float64 `json:"latency_max_s"`
	End         float64 `json:"end_s"` // when the last record was finished, or the end of the run
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d produced, %d accepted, %d archived, %d left: %.4g deliveries a record, accepted after %.3g s mean, %.3g s p99",
		r.Produced, r.Accepted, r.Archived, r.Left, r.PerRecord, r.LatencyMean, r.LatencyP99)
}

func (e *engine) finish() Result {
	r := &e.result
	over := r.Accepted + r.Rejected + r.Archived
	r.Left = r.Produced - over
	if r.Left > 0 || r.Produced < e.cfg.MaxRecords {
		r.End = e.cfg.Duration.Seconds()
	}
	waiting := int64(0)
	for i := range e.log.Len() {
		if x := e.log.At(i); x.state < accepted {
			waiting += int64(x.deliveries)
		}
	}
	if over > 0 {
		r.PerRecord = float64(r.Deliveries-waiting) / float64(over)
	}
	r.LatencyMean = e.latency.Mean() * 1e-9
	r.LatencyP50, r.LatencyP99 = e.latency.Quantile(0.5)*1e-9, e.latency.Quantile(0.99)*1e-9
	r.LatencyMax = des.Seconds(e.latency.Max())
	return *r
}
