package commitlog

import (
	"errors"
	"fmt"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/stats"
)

// Result is what a run gives. Counts are of the whole run; means, quantiles
// and maxima are of the time after Config.Warmup.
//
//	Produced = Consumed + Lost + Expired + InLog + InHand
type Result struct {
	Config Config `json:"config"`

	Produced int64 `json:"produced"`
	Consumed int64 `json:"consumed"` // records with at least one effect
	Lost     int64 `json:"lost"`     // committed, and never processed because of a crash
	Expired  int64 `json:"expired"`  // older than the retention before anybody read them
	InLog    int64 `json:"in_log"`   // not processed yet at the end
	InHand   int64 `json:"in_hand"`  // committed before processing, which the end of the run cuts off

	Processed  int64 `json:"processed"`  // times a record was processed
	Duplicates int64 `json:"duplicates"` // effects beyond the first
	Aborted    int64 `json:"aborted"`    // processed in a transaction that did not end
	Disorder   int64 `json:"disorder"`   // records processed before an older one of their key was done

	RecordsPerFetch  float64 `json:"records_per_fetch"`  // empty answers included
	FetchesPerS      float64 `json:"fetches_per_s"`      // answers
	EmptyFetches     int64   `json:"empty_fetches"`      // answers without records
	BrokerWaitMean   float64 `json:"broker_wait_mean_s"` // from append to the answer that holds the record, mean
	FetchWaitMean    float64 `json:"fetch_wait_mean_s"`  // from append to the arrival of that answer at the consumer, mean: what a client sees
	Throughput       float64 `json:"throughput_per_s"`   // Processed over the duration of the run
	Utilization      float64 `json:"utilization"`        // busy share of the workers of the consumers there at the start
	BufferedBytesMax int64   `json:"buffered_max_bytes"` // most that one consumer held between fetch and poll
	LatencyMean      float64 `json:"latency_mean_s"`     // from append to the first effect
	LatencyP50       float64 `json:"latency_p50_s"`      // quantiles to 0.2 %
	LatencyP99       float64 `json:"latency_p99_s"`      //
	LatencyMax       float64 `json:"latency_max_s"`      //
	Polls            int64   `json:"polls"`              // that returned records
	Commits          int64   `json:"commits"`            // that moved an offset

	LagMax          int64   `json:"lag_max_records"`           // log end - position (next record to hand to the application), the group's maximum
	CommittedLagMax int64   `json:"committed_lag_max_records"` // log end - committed offset
	LagMaxSeconds   float64 `json:"lag_max_s"`                 // age of the next record to hand out, maximum over partitions and time
	LagEnd          int64   `json:"lag_end_records"`           // at the end of the run
	CommittedLagEnd int64   `json:"committed_lag_end_records"` //

	Rebalances          int64   `json:"rebalances"`
	Evictions           int64   `json:"evictions"`        // members out because they did not poll
	Crashes             int64   `json:"crashes"`          //
	DetectionMean       float64 `json:"detection_mean_s"` // from a crash to the end of the session
	UnavailableFraction float64 `json:"unavailable"`      // share of the partitions' time without an owner

	LargestFraction float64     `json:"largest_share"` // of the records, in one partition
	Partitions      []Partition `json:"partitions"`
	Rows            []Row       `json:"series"`
	PartitionLag    [][]int64   `json:"partition_lag"` // lag of each partition at each sample, with Config.Trace
	Warnings        []error     `json:"-"`
}

// String is the result in two lines.
func (r Result) String() string {
	return fmt.Sprintf("%d produced, %d consumed, %d lost, %d repeated; lag at most %d records, %.3g s\n%.4g records a fetch, latency %.3g s mean, %.3g s p99",
		r.Produced, r.Consumed, r.Lost, r.Duplicates, r.LagMax, r.LagMaxSeconds, r.RecordsPerFetch, r.LatencyMean, r.LatencyP99)
}

// Partition is one of them after a run.
type Partition struct {
	Produced      int64   `json:"produced"`
	Consumed      int64   `json:"consumed"`
	LagMax        int64   `json:"lag_max_records"`
	LagMaxSeconds float64 `json:"lag_max_s"`
	LagEnd        int64   `json:"lag_end_records"`
	Fraction      float64 `json:"share"` // of all records
}

// Row is the log and its group at a time.
type Row struct {
	At           float64 `json:"at_s"`
	Produced     int64   `json:"produced"`  // so far
	Processed    int64   `json:"processed"` // so far, of what had been handed out
	Lag          int64   `json:"lag_records"`
	CommittedLag int64   `json:"committed_lag_records"`
	LagSeconds   float64 `json:"lag_s"`
	Members      int     `json:"members"`
}

// Series is a curve: X and Y. It has the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a number of each row over its time in seconds.
func (r Result) Series(of func(Row) float64) Series {
	return stats.Column(r.Rows, func(row Row) float64 { return row.At }, of)
}

// tally is what is counted during a run.
type tally struct {
	consumed, lost, expired, inHand, inLog int64
	processed, duplicates, disorder        int64
	requests, fetches, empty, fetched      int64
	polls, commits, buffered               int64
	rebalances, evictions, crashes         int64
	lag, committedLag                      int64
	fetchWait, wayBack, busy, orphaned     float64
	detection                              float64
	detections                             int64
	latency                                stats.Histogram
}

// returning counts the way back of the records of a response.
func (t *tally) returning(now, way, records, warm int64) {
	if now >= warm {
		t.wayBack += float64(way) * float64(records)
	}
}

// age is how old the next record to hand out is.
func (e *engine) age(l *partition) int64 {
	if l.position == l.end() {
		return 0
	}
	return e.now - l.at(l.position).at
}

func (e *engine) sample() {
	row := Row{At: des.Seconds(e.now), Processed: e.tally.processed, Members: e.group.members}
	var lags []int64
	for i := range e.partitions {
		e.retain(int32(i))
		l := &e.partitions[i]
		row.Produced += l.produced
		row.LagSeconds = max(row.LagSeconds, des.Seconds(e.age(l)))
		if e.cfg.Trace {
			lags = append(lags, l.end()-l.position)
		}
	}
	row.Lag, row.CommittedLag = e.lag, e.committedLag
	e.series = append(e.series, row)
	if e.cfg.Trace {
		e.lags = append(e.lags, lags)
	}
	e.later(int64(e.cfg.Sample), event{kind: sample})
}

// close files what is left at the end.
func (e *engine) close() {
	e.now = e.end
	for i := range e.partitions {
		e.retain(int32(i))
		l := &e.partitions[i]
		l.ageMax = max(l.ageMax, e.age(l))
		if l.owner < 0 {
			e.tally.orphaned += float64(e.now - l.orphaned)
		}
		for o := l.committed; o < l.end(); o++ {
			if r := l.at(o); r.done > 0 || r.flags&expired != 0 {
				e.file(l, *r)
			} else {
				e.tally.inLog++
			}
		}
	}
}

func (e *engine) result() Result {
	t := &e.tally
	measured := des.Seconds(e.end - e.warm)
	r := Result{
		Config: e.cfg, Consumed: t.consumed, Lost: t.lost, Expired: t.expired, InLog: t.inLog, InHand: t.inHand,
		Processed: t.processed, Duplicates: t.duplicates, Disorder: t.disorder, EmptyFetches: t.empty,
		Polls: t.polls, Commits: t.commits, BufferedBytesMax: t.buffered * e.bytes,
		RecordsPerFetch: over(float64(t.fetched), float64(t.fetches)), FetchesPerS: over(float64(t.fetches), measured),
		BrokerWaitMean: over(t.fetchWait, float64(t.fetched)) * 1e-9, FetchWaitMean: over(t.fetchWait+t.wayBack, float64(t.fetched)) * 1e-9,
		Throughput:  float64(t.processed) / e.cfg.Duration.Seconds(),
		LatencyMean: t.latency.Mean() * 1e-9, LatencyP50: t.latency.Quantile(0.5) * 1e-9,
		LatencyP99: t.latency.Quantile(0.99) * 1e-9, LatencyMax: des.Seconds(t.latency.Max()),
		LagMax: t.lag, CommittedLagMax: t.committedLag, LagEnd: e.lag, CommittedLagEnd: e.committedLag,
		Rebalances: t.rebalances, Evictions: t.evictions, Crashes: t.crashes,
		DetectionMean: over(t.detection, float64(t.detections)) * 1e-9,
		Rows:          e.series, PartitionLag: e.lags,
	}
	if e.cfg.Consumer.Commit == Transactional {
		effects := t.consumed + t.duplicates
		r.Aborted = t.processed - effects
	}
	workers := float64(e.cfg.Group.Consumers) * float64(e.cfg.Consumer.Workers)
	r.Utilization = t.busy / workers / float64(e.end)
	r.UnavailableFraction = t.orphaned / float64(e.end) / float64(len(e.partitions))
	for i := range e.partitions {
		r.Produced += e.partitions[i].produced
	}
	e.rows(&r)
	r.Warnings = e.warnings(&r)
	return r
}

func (e *engine) rows(r *Result) {
	for i := range e.partitions {
		l := &e.partitions[i]
		p := Partition{
			Produced: l.produced, Consumed: l.consumed, LagMax: l.lagMax, LagMaxSeconds: des.Seconds(l.ageMax),
			LagEnd: l.end() - l.position, Fraction: over(float64(l.produced), float64(r.Produced)),
		}
		r.Partitions = append(r.Partitions, p)
		r.LagMaxSeconds = max(r.LagMaxSeconds, p.LagMaxSeconds)
		r.LargestFraction = max(r.LargestFraction, p.Fraction)
	}
}

// over is a quotient, 0 for nothing over nothing.
func over(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// The warnings of a run.
var (
	errOverload = errors.New("commitlog: more is produced than the group can process")
	errIdle     = errors.New("commitlog: more consumers than partitions")
	errLost     = errors.New("commitlog: records were lost")
	errExpired  = errors.New("commitlog: records expired unread")
	errEvicted  = errors.New("commitlog: members did not poll in time")
	errFew      = errors.New("commitlog: few fetches measured")
)

func (e *engine) warnings(r *Result) []error {
	var list []error
	most := e.cfg.ProcessingCeiling()
	if rate := e.cfg.Producer.Rate; rate >= most && len(e.cfg.Producer.Steps) == 0 {
		list = append(list, fmt.Errorf("%w: %g/s against %g/s, the lag grows without end", errOverload, rate, most))
	}
	if c := e.cfg.Group.Consumers; c > e.cfg.Partitions {
		list = append(list, fmt.Errorf("%w: %d of %d have nothing to do", errIdle, c-e.cfg.Partitions, c))
	}
	if r.Lost > 0 {
		list = append(list, fmt.Errorf("%w: %d", errLost, r.Lost))
	}
	if r.Expired > 0 {
		list = append(list, fmt.Errorf("%w: %d", errExpired, r.Expired))
	}
	if r.Evictions > 0 {
		list = append(list, fmt.Errorf("%w: %d evictions, raise Group.MaxPollInterval or lower Consumer.MaxPollRecords", errEvicted, r.Evictions))
	}
	if n := e.tally.fetches; n < 100 {
		list = append(list, fmt.Errorf("%w: %d, means are rough", errFew, n))
	}
	return list
}
