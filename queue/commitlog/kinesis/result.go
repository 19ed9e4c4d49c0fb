package kinesis

import (
	"fmt"

	"cloudconcepts/internal/des"
)

// Result is what a run gives.
//
//	Offered = Written + Rejected, Written * Consumers = Delivered + Behind
type Result struct {
	Config          Config  `json:"config"`
	Offered         int64   `json:"offered"`
	Written         int64   `json:"written"`
	Rejected        int64   `json:"rejected"`           // ProvisionedThroughputExceeded on write
	Delivered       int64   `json:"delivered"`          // over all consumers
	Behind          int64   `json:"behind"`             // not delivered at the end, over all consumers
	Calls           int64   `json:"calls"`              // GetRecords that were served
	EmptyCalls      int64   `json:"empty_calls"`        // ... and returned nothing
	RefusedCalls    int64   `json:"refused_calls"`      // ProvisionedThroughputExceeded on read
	DelayMean       float64 `json:"delay_mean_s"`       // from append to delivery
	DelayP50        float64 `json:"delay_p50_s"`        //
	DelayP99        float64 `json:"delay_p99_s"`        //
	IteratorAgeMax  float64 `json:"iterator_age_max_s"` // oldest record at a call, and at the end
	LargestFraction float64 `json:"largest_share"`      // of the offered records, on one shard
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d offered, %d rejected; %d delivered after %.3g s on average, %.3g s p99, %d behind",
		r.Offered, r.Rejected, r.Delivered, r.DelayMean, r.DelayP99, r.Behind)
}

func (e *engine) finish() Result {
	r := &e.result
	r.Config = e.cfg
	r.Behind = r.Written*int64(e.cfg.Consumers) - r.Delivered
	for i := range e.shards {
		s := &e.shards[i]
		if s.log.Len() > 0 {
			e.age = max(e.age, e.end-*s.log.Front())
		}
		if r.Offered > 0 {
			r.LargestFraction = max(r.LargestFraction, float64(s.offered)/float64(r.Offered))
		}
	}
	r.DelayMean = e.delay.Mean() * 1e-9
	r.DelayP50, r.DelayP99 = e.delay.Quantile(0.5)*1e-9, e.delay.Quantile(0.99)*1e-9
	r.IteratorAgeMax = des.Seconds(e.age)
	return *r
}
