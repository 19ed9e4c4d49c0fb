package raft

import (
	"fmt"
	"math"

	"cloudconcepts/internal/stats"
)

// Result is what many elections of one group took. Times are in seconds since the crash (Dissertation without
// heartbeats: since all timers started) and are of the elections that ended; blocked ones are counted apart.
type Result struct {
	Config  Config `json:"config"`
	Blocked int    `json:"blocked"`                 // elections without a result
	Cause   string `json:"blocked_cause,omitempty"` // of the first of them

	// SplitVoteFraction is the share of elections that needed more than one term, with its interval of 95 %.
	SplitVoteFraction float64 `json:"split_vote_fraction"`
	SplitVoteLow      float64 `json:"split_vote_low"`
	SplitVoteHigh     float64 `json:"split_vote_high"`

	// Until there is a leader.
	ElectionMean          float64 `json:"election_mean_s"`
	ElectionStandardError float64 `json:"election_se_s"` // standard error of the mean
	ElectionP50           float64 `json:"election_p50_s"`
	ElectionP90           float64 `json:"election_p90_s"`
	ElectionP99           float64 `json:"election_p99_s"`
	ElectionP999          float64 `json:"election_p999_s"`
	ElectionMax           float64 `json:"election_max_s"`

	// Until a majority, the leader among them, has heard its first append.
	HeardMean          float64 `json:"heard_mean_s"`
	HeardStandardError float64 `json:"heard_se_s"`
	HeardP50           float64 `json:"heard_p50_s"`
	HeardP90           float64 `json:"heard_p90_s"`
	HeardP99           float64 `json:"heard_p99_s"`
	HeardP999          float64 `json:"heard_p999_s"`
	HeardMax           float64 `json:"heard_max_s"`

	TermsMean    float64  `json:"terms_mean"`
	Terms        []uint64 `json:"terms"`         // element k: elections that needed k+1 terms; the last one also more
	MessagesMean float64  `json:"messages_mean"` // sent until heard, those to dead servers too

	Traces   []Trace `json:"traces,omitempty"`
	Warnings []error `json:"-"`

	elected, heard stats.Histogram
}

// termBins is the most elements of Result.Terms.
const termBins = 64

// ElectedWithin is the share of the elections that ended in which there was a leader after t seconds.
func (r Result) ElectedWithin(t float64) float64 { return within(&r.elected, t) }

// HeardWithin is the share in which a majority had heard it.
func (r Result) HeardWithin(t float64) float64 { return within(&r.heard, t) }

func within(h *stats.Histogram, t float64) float64 {
	if h.Count() == 0 || !(t >= 0) {
		return 0
	}
	return 1 - h.Above(int64(min(t*1e9, math.MaxInt64/2)))
}

// ElectedQuantile is the time in seconds by which a share p of the elections that ended had a leader.
func (r Result) ElectedQuantile(p float64) float64 { return r.elected.Quantile(clamp(p)) / 1e9 }

// HeardQuantile is the time in seconds by which a majority had heard it in a share p of them.
func (r Result) HeardQuantile(p float64) float64 { return r.heard.Quantile(clamp(p)) / 1e9 }

func clamp(p float64) float64 {
	if !(p > 0) {
		return 0
	}
	return min(p, 1)
}

// String is the result in one line.
func (r Result) String() string {
	if r.Blocked == r.Config.Elections {
		return "blocked: " + r.Cause
	}
	return fmt.Sprintf("%v: leader after %.4g s (p50 %.4g, p99.9 %.4g), heard after %.4g s; more than one term in %.3g %%",
		r.Config.Rules, r.ElectionMean, r.ElectionP50, r.ElectionP999, r.HeardMean, 100*r.SplitVoteFraction)
}

// tally is what a block of elections adds up to.
type tally struct {
	elected, heard     stats.Histogram
	electedSq, heardSq float64 // s^2
	terms              [termBins]uint64
	termSum, messages  int64
	split              uint64
	blocked            int
	traces             []Trace
}

func (t *tally) merge(o *tally) {
	t.elected.Merge(&o.elected)
	t.heard.Merge(&o.heard)
	t.electedSq += o.electedSq
	t.heardSq += o.heardSq
	for i, n := range o.terms {
		t.terms[i] += n
	}
	t.termSum += o.termSum
	t.messages += o.messages
	t.split += o.split
	t.blocked += o.blocked
	t.traces = append(t.traces, o.traces...)
}

func (r *Result) fill(t *tally) {
	r.Blocked, r.Traces = t.blocked, t.traces
	n := t.elected.Count()
	if n == 0 {
		return
	}
	r.SplitVoteFraction = float64(t.split) / float64(n)
	r.SplitVoteLow, r.SplitVoteHigh, _ = stats.ClopperPearson(t.split, n, 0.95)
	r.ElectionMean, r.ElectionStandardError = t.elected.Mean()/1e9, standardError(&t.elected, t.electedSq)
	r.HeardMean, r.HeardStandardError = t.heard.Mean()/1e9, standardError(&t.heard, t.heardSq)
	r.elected, r.heard = t.elected, t.heard
	r.ElectionP50, r.ElectionP90 = r.ElectedQuantile(.5), r.ElectedQuantile(.9)
	r.ElectionP99, r.ElectionP999 = r.ElectedQuantile(.99), r.ElectedQuantile(.999)
	r.HeardP50, r.HeardP90 = r.HeardQuantile(.5), r.HeardQuantile(.9)
	r.HeardP99, r.HeardP999 = r.HeardQuantile(.99), r.HeardQuantile(.999)
	r.ElectionMax, r.HeardMax = float64(t.elected.Max())/1e9, float64(t.heard.Max())/1e9
	r.TermsMean, r.MessagesMean = float64(t.termSum)/float64(n), float64(t.messages)/float64(n)
	last := termBins
	for last > 1 && t.terms[last-1] == 0 {
		last--
	}
	r.Terms = append([]uint64(nil), t.terms[:last]...)
}

func standardError(h *stats.Histogram, squares float64) float64 {
	n := float64(h.Count())
	if n < 2 {
		return 0
	}
	mean := h.Mean() / 1e9
	return math.Sqrt(max(squares/n-mean*mean, 0) / (n - 1))
}
