package replication

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"cloudconcepts/internal/stats"
)

// Result is what one run gave. Times are in seconds and those of the schedule since the start of the run.
type Result struct {
	Config Config `json:"config"`

	Writes  uint64 `json:"writes"`  // appended to a primary's log
	Acked   uint64 `json:"acked"`   // of them, acknowledged to their clients
	Failed  uint64 `json:"failed"`  // not appended: no primary was reachable
	Refused uint64 `json:"refused"` // not appended: fewer than MinInSync members
	Pending uint64 `json:"pending"` // neither acknowledged nor settled at the end of the run

	CommitMean float64 `json:"commit_mean_s"` // from a client's write to its acknowledgement
	CommitP50  float64 `json:"commit_p50_s"`
	CommitP99  float64 `json:"commit_p99_s"`
	CommitP999 float64 `json:"commit_p999_s"`

	// Lag is from the commit on the primary (its local flush; mode off: the acknowledgement; majority: the commit) until
	// the write is visible on a replica, over all writes and replicas.
	LagMean float64 `json:"lag_mean_s"`
	LagP50  float64 `json:"lag_p50_s"`
	LagP99  float64 `json:"lag_p99_s"`
	LagP999 float64 `json:"lag_p999_s"`
	LagMax  float64 `json:"lag_peak_s"`

	Reads             uint64  `json:"reads"`
	ReadsFailed       uint64  `json:"reads_failed"`        // no member could answer
	Stale             uint64  `json:"stale_reads"`         // a newer committed version of the row was missing
	StaleFraction     float64 `json:"stale_read_fraction"` // Stale / Reads
	StaleVersionsMean float64 `json:"stale_versions_mean"` // missing versions, over the stale reads
	StaleAgeMean      float64 `json:"stale_age_mean_s"`    // since the commit of the oldest missing version, over the stale reads
	ReadMean          float64 `json:"read_mean_s"`         // latency
	ReadP99           float64 `json:"read_p99_s"`
	PrimaryReads      uint64  `json:"primary_reads"`       // answered by a primary
	TokenTimeouts     uint64  `json:"token_timeouts"`      // of them, after a replica had made them wait for Timeout
	ReadYourWrites    uint64  `json:"read_your_writes"`    // violations: one's acknowledged write was missing
	MonotonicReads    uint64  `json:"monotonic_reads"`     // violations: what one had read was missing
	MonotonicWrites   uint64  `json:"monotonic_writes"`    // violations: one's earlier acknowledged write is not in the log of the later one
	WritesFollowReads uint64  `json:"writes_follow_reads"` // violations: what one had read is not in the log that one writes to

	LostAcked   uint64  `json:"lost_acked_writes"`
	LostUnacked uint64  `json:"lost_unacked_writes"`
	InDoubt     uint64  `json:"in_doubt"`      // survived though the client was never told
	Exposed     uint64  `json:"exposed"`       // lost without an acknowledgement though others could read them on the primary
	Diverged    uint64  `json:"diverged"`      // written on either side while two primaries wrote, and what the old one had alone
	RTO         float64 `json:"rto_s"`         // mean time without a primary that clients could write to, over Outages
	RPO         float64 `json:"rpo_s"`         // age of the oldest lost acknowledged write when its primary failed, the worst
	SplitBrain  float64 `json:"split_brain_s"` // time with two primaries open for writes

	FallBacks        uint64  `json:"fall_backs"` // semi-synchronous source to async
	AsyncTime        float64 `json:"async_s"`    // time so
	CancelledQueries uint64  `json:"cancelled_queries"`

	Cause string `json:"blocked"` // why writes wait without an end, or empty

	Outages    []Outage     `json:"outages"`
	Backlogs   []Backlog    `json:"backlogs"`
	Rows       []Row        `json:"samples,omitempty"`
	Transcript []Occurrence `json:"transcript,omitempty"`
	Listed     []Fate       `json:"listed,omitempty"`
	Events     uint64       `json:"events"` // of the log pipeline and the clients that were simulated
	Warnings   []error      `json:"warnings,omitempty"`

	commit, lag, read stats.Histogram
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%v: %d of %d writes acknowledged after %.4g s mean, %.4g s p99; lag %.4g s mean; %.3g %% of reads stale; %d acknowledged writes lost; %.4g s without a primary",
		r.Config.Mode, r.Acked, r.Writes+r.Failed+r.Refused, r.CommitMean, r.CommitP99, r.LagMean, 100*r.StaleFraction, r.LostAcked, r.RTO)
}

// Series is one number of a node's rows against their times.
func (r Result) Series(node int, of func(Row) float64) Series {
	rows := make([]Row, 0, len(r.Rows))
	for _, row := range r.Rows {
		if row.Node == node {
			rows = append(rows, row)
		}
	}
	return stats.Column(rows, func(row Row) float64 { return row.At }, of)
}

// CommitQuantile is the commit latency in seconds that a share p of the writes does not exceed.
func (r Result) CommitQuantile(p float64) float64 { return r.commit.Quantile(p) / 1e9 }

// CommitAbove is the share of commits that took longer than t seconds.
func (r Result) CommitAbove(t float64) float64 { return r.commit.Above(int64(t * 1e9)) }

// LagQuantile is the lag in seconds that a share p of the writes does not exceed.
func (r Result) LagQuantile(p float64) float64 { return r.lag.Quantile(p) / 1e9 }

// LagAbove is the share of writes that were visible on a replica only after t seconds.
func (r Result) LagAbove(t float64) float64 { return r.lag.Above(int64(t * 1e9)) }

// Outage is one time without a primary, from the failure until clients can write again, by phases.
type Outage struct {
	At      float64 `json:"at_s"`
	Old     int     `json:"old"`
	New     int     `json:"new"`       // the new primary, or Old if it came back, or -1 if none was found in the run
	Detect  float64 `json:"detect_s"`  // until enough checks were missed
	Decide  float64 `json:"decide_s"`  // until a candidate was chosen
	Fence   float64 `json:"fence_s"`   // until the old primary could write no more
	Promote float64 `json:"promote_s"` // replaying what was received, and opening
	Reroute float64 `json:"reroute_s"` // until clients knew
	Restart float64 `json:"restart_s"` // instead of all these: until the old primary was back
	Total   float64 `json:"total_s"`   // the sum; for New = -1 until the end of the run
	Lost    uint64  `json:"lost_acked_writes"`
	RPO     float64 `json:"rpo_s"`
}

// Backlog is the end of a backlog on a replica after a pause, a cut or a crash.
type Backlog struct {
	Node int     `json:"node"`
	From float64 `json:"from_s"` // when the fault ended
	Took float64 `json:"took_s"` // until nothing was missing
	Peak float64 `json:"peak_s"` // the lag of the first write replayed after it
}

// Reading is a number that can be NULL, which is NaN here and null in JSON.
type Reading float64

// MarshalJSON implements json.Marshaler.
func (r Reading) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(r)) || math.IsInf(float64(r), 0) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(r), 'g', -1, 64), nil
}

// Row is one replica at one time: the truth beside the metrics that people read.
type Row struct {
	At        float64 `json:"t_s"`
	Node      int     `json:"node"`
	Lag       Reading `json:"lag_s"`            // true lag: age of the oldest commit that is not visible; NULL while the node leads or is down
	Records   int64   `json:"lag_records"`      // committed or not, in the primary's log and not replayed
	Bytes     int64   `json:"lag_bytes"`        //
	WriteLag  Reading `json:"write_lag_s"`      // pg_stat_replication
	FlushLag  Reading `json:"flush_lag_s"`      //
	ReplayLag Reading `json:"replay_lag_s"`     //
	Timestamp Reading `json:"timestamp_lag_s"`  // now() - pg_last_xact_replay_timestamp()
	Behind    Reading `json:"seconds_behind_s"` // Seconds_Behind_Source: 0 if all that was received is replayed, NULL while replay is stopped
	Heartbeat Reading `json:"heartbeat_lag_s"`  // now - newest heartbeat row replayed
	Sent      int64   `json:"sent"`             // positions in records
	Written   int64   `json:"written"`          //
	Flushed   int64   `json:"flushed"`          //
	Replayed  int64   `json:"replayed"`         //
	Acked     uint64  `json:"acked"`            // writes acknowledged so far
	Async     bool    `json:"async"`            // semi-synchronous source fallen back
	Primary   int     `json:"primary"`          // the newest one
}

// Occurrence is one line of the transcript.
type Occurrence struct {
	At    time.Duration `json:"at_ns"`
	Node  int           `json:"node"`
	What  string        `json:"what"`
	Epoch int           `json:"epoch"`
	LSN   int64         `json:"lsn"` // a position in the log that belongs to it, or 0
}

// String is the line.
func (o Occurrence) String() string {
	text := fmt.Sprintf("%12.6f s  node %d  epoch %d  %s", o.At.Seconds(), o.Node, o.Epoch, o.What)
	if o.LSN > 0 {
		text += fmt.Sprintf(" (position %d)", o.LSN)
	}
	return text
}

// Fate is what became of one write.
type Fate struct {
	LSN    int64         `json:"lsn"`
	Epoch  int           `json:"epoch"`
	Issued time.Duration `json:"issued_ns"`
	Acked  bool          `json:"acked"`
	Fate   string        `json:"fate"` // lost, in-doubt or diverged
}
