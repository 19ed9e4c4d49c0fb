package contention

import (
	"fmt"

	"cloudconcepts/internal/stats"
)

// Estimate is a mean over runs: Mean, the interval from Low to High that holds the true one with 95 % confidence, and
// StandardError.
type Estimate = stats.Estimate

// Result is what the experiment cost.
type Result struct {
	Config         Config   `json:"config"`
	Calls          Estimate `json:"calls"`        // writes that reached the server, failed ones included
	End            Estimate `json:"completion_s"` // when the last client has its answer
	CallsPerClient float64  `json:"calls_per_client"`
	Trace          []Call   `json:"call_rows,omitempty"`
}

// Call is a write that reached the server.
type Call struct {
	At      float64 `json:"time_s"`
	Client  int     `json:"client"`
	Attempt int     `json:"attempt"` // from 1
	OK      bool    `json:"ok"`
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d clients, backoff %v: %.4g calls, %.3g each, all done after %.3g s",
		r.Config.Clients, r.Config.Backoff, r.Calls.Mean, r.CallsPerClient, r.End.Mean)
}
