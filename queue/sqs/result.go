package sqs

import (
	"fmt"
	"time"

	"cloudconcepts/internal/stats"
)

// Result is what came of a run. Every message that was sent is at the end in one place:
//
//	Sent = Deleted + DeadLettered - Redriven + Expired + InSystem
//	     = Processed + (DeadLettered - Redriven - DeadAndDone) + (Expired - ExpiredAndDone) + (InSystem - InSystemDone)
type Result struct {
	Config   Config        `json:"config"`
	Finished bool          `json:"finished"` // all messages were gone before Duration or MaxCalls
	End      time.Duration `json:"end_ns"`   // of the run

	DeliveriesPerMessage float64 `json:"deliveries_per_message"` // deliveries per message that was delivered
	DuplicatesFraction   float64 `json:"duplicates_fraction"`    // of delivered messages, those delivered more than once
	DLQFraction          float64 `json:"dlq_fraction"`           // dead letters per message sent

	Sent           int64 `json:"sent"`             // messages that the queue took in
	Processed      int64 `json:"processed"`        // distinct messages with an attempt that succeeded
	Deleted        int64 `json:"deleted"`          // distinct messages removed by a delete
	DeadLettered   int64 `json:"dead_lettered"`    // moves to the dead-letter queue
	DeadAndDone    int64 `json:"dead_and_done"`    // dead letters that an attempt, earlier or later, completed
	Expired        int64 `json:"expired"`          // by retention
	ExpiredAndDone int64 `json:"expired_and_done"` // of them, with an attempt that succeeded
	InSystem       int64 `json:"in_system"`        // left at the end of the run
	InSystemDone   int64 `json:"in_system_done"`   // of them, with an attempt that succeeded
	DeadExpired    int64 `json:"dead_expired"`     // dead letters that expired in the dead-letter queue
	Redriven       int64 `json:"redriven"`         // moved back by the redrive task

	Deliveries int64 `json:"deliveries"`
	Delivered  int64 `json:"delivered"`  // messages delivered at least once
	Duplicated int64 `json:"duplicated"` // messages delivered at least twice
	Attempts   int64 `json:"attempts"`   // that came to an end
	Effects    int64 `json:"effects"`    // attempts that succeeded: Effects - Processed are effects done again

	Throttled         int64 `json:"throttled_sends"`    // messages refused by the limit of send calls
	ThrottledReceives int64 `json:"throttled_receives"` // receive calls refused
	OverLimit         int64 `json:"over_limit"`         // short polls refused by the cap of messages in flight
	Resent            int64 `json:"resent"`             // sends of a message that was sent before
	Deduplicated      int64 `json:"deduplicated"`       // of them, accepted and dropped
	LateDeletesFailed int64 `json:"late_deletes_failed"`
	LateDeletesWorked int64 `json:"late_deletes_worked"`
	DuplicateDeletes  int64 `json:"duplicate_deletes"` // of messages that were gone
	LostDeletes       int64 `json:"lost_deletes"`
	OutOfOrder        int64 `json:"out_of_order"` // messages that a worker turned to after one that was sent later

	SendCalls     int64 `json:"send_calls"`
	ReceiveCalls  int64 `json:"receive_calls"`
	EmptyReceives int64 `json:"empty_receives"`
	DeleteCalls   int64 `json:"delete_calls"`
	ChangeCalls   int64 `json:"change_visibility_calls"`

	// Wait is the time from the send until a worker turns to a message, Dwell that to the first delivery; Quiet are the messages of all groups but group 0 (the hot
	// one of Zipf and Step.Hot), Noisy those of group 0. Sojourn ends with the first success. BusySeconds is what
	// attempts took, WastedSeconds those that failed or repeated a success.
	Wait       Quantiles `json:"wait"`
	Dwell      Quantiles `json:"dwell"`
	DwellQuiet Quantiles `json:"dwell_quiet"`
	DwellNoisy Quantiles `json:"dwell_noisy"`
	Sojourn    Quantiles `json:"sojourn"`
	DeadAfter  Quantiles `json:"dead_after"` // from the first delivery to the move to the dead-letter queue

	BusySeconds   float64 `json:"busy_s"`
	WastedSeconds float64 `json:"wasted_s"`
	SystemMean    float64 `json:"mean_in_system"` // messages, over time

	BacklogPeak  int64         `json:"peak_backlog"` // most messages in the system
	InFlightPeak int64         `json:"peak_in_flight"`
	AgePeak      time.Duration `json:"peak_age_ns"`      // of the oldest message, exact
	LastEmpty    time.Duration `json:"last_empty_ns"`    // when the system last became empty
	GroupBlocked time.Duration `json:"group_blocked_ns"` // FIFO: longest time from a message's first delivery to its end

	Rows     []Row     `json:"series,omitempty"` // every Config.Sample
	Trace    []Message `json:"trace,omitempty"`
	Warnings []error   `json:"-"`
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d sent, %d processed, %d dead-lettered, %d expired, %d left: %.4g deliveries a message, %.3g %% delivered more than once",
		r.Sent, r.Processed, r.DeadLettered, r.Expired, r.InSystem, r.DeliveriesPerMessage, 100*r.DuplicatesFraction)
}

// Quantiles sum up times in seconds; a quantile is off by at most 0.2 %.
type Quantiles struct {
	Count int64   `json:"count"`
	Mean  float64 `json:"mean_s"`
	P50   float64 `json:"p50_s"`
	P95   float64 `json:"p95_s"`
	P99   float64 `json:"p99_s"`
	Max   float64 `json:"max_s"`
}

func quantiles(h *stats.Histogram) Quantiles {
	if h.Count() == 0 {
		return Quantiles{}
	}
	return Quantiles{
		Count: int64(h.Count()), Mean: h.Mean() / 1e9, P50: float64(h.Quantile(0.5)) / 1e9,
		P95: float64(h.Quantile(0.95)) / 1e9, P99: float64(h.Quantile(0.99)) / 1e9, Max: float64(h.Max()) / 1e9,
	}
}

// Row is the queue at a time. Counts of calls and messages run from the start.
type Row struct {
	At        float64 `json:"at_s"`
	Sent      int64   `json:"sent"`
	Received  int64   `json:"received"`
	Deleted   int64   `json:"deleted"`
	Processed int64   `json:"processed"`
	Empty     int64   `json:"empty_receives"`
	Visible   int64   `json:"visible"`   // ApproximateNumberOfMessagesVisible, exactly
	InFlight  int64   `json:"in_flight"` // ...NotVisible
	Delayed   int64   `json:"delayed"`   // ...Delayed
	// Age is that of the oldest message, CloudWatchAge what ApproximateAgeOfOldestMessage says: a standard queue leaves
	// out messages received AgeReceives times.
	Age            time.Duration `json:"age_ns"`
	CloudWatchAge  time.Duration `json:"cloudwatch_age_ns"`
	Dead           int64         `json:"dead"`                  // in the dead-letter queue
	DeadAge        time.Duration `json:"dead_age_ns"`           // of its oldest, counted from the move
	GroupsInFlight int64         `json:"groups_with_in_flight"` // ApproximateNumberOfGroupsWithInflightMessages
	Busy           int64         `json:"busy"`                  // workers or invocations
	Limit          int64         `json:"concurrency_limit"`     // of Lambda at that time
}

// Series is a curve: X and Y. It has the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a number of each row over its time in seconds.
func (r Result) Series(of func(Row) float64) Series {
	return stats.Column(r.Rows, func(row Row) float64 { return row.At }, of)
}

// Message is the fate of one of the first messages. Times are since the start, negative for what has not happened.
type Message struct {
	Group     int           `json:"group"`
	Poison    bool          `json:"poison"`
	Receives  int           `json:"receives"`
	Sent      time.Duration `json:"sent_ns"`
	First     time.Duration `json:"first_delivery_ns"`
	Last      time.Duration `json:"last_delivery_ns"`
	Processed time.Duration `json:"processed_ns"`
	Deleted   time.Duration `json:"deleted_ns"`
	Dead      time.Duration `json:"dead_ns"`
	Expired   time.Duration `json:"expired_ns"`
}
