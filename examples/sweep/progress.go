package main

import (
	"fmt"
	"io"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// progress is a bar on a terminal, and a line now and then in the log of a batch job; both with an estimate. The order of
// the work is scattered over the grid, so that what is done speaks for what is left.
type progress struct {
	bar   *study.Progress
	log   io.Writer // nil on a terminal, or if nothing is to be said
	start time.Time
	said  time.Time
}

// pause is between two lines of a log.
const pause = 30 * time.Second

func newProgress(stderr io.Writer, quiet bool) *progress {
	p := &progress{bar: study.NewProgress(stderr, "sweep", quiet), start: time.Now(), said: time.Now()}
	if !quiet && !p.bar.Shown() {
		p.log = stderr
	}
	return p
}

// report is called by one goroutine at a time.
func (p *progress) report(done, total int) {
	p.bar.Report(done, total)
	if now := time.Now(); p.log != nil && now.Sub(p.said) >= pause {
		p.said = now
		fmt.Fprintln(p.log, estimate(done, total, now.Sub(p.start)))
	}
}

func estimate(done, total int, since time.Duration) string {
	left := since.Seconds() / float64(done) * float64(total-done)
	return fmt.Sprintf("sweep: %d of %d done, about %s left", done, total, units.FormatSeconds(left))
}

func (p *progress) close() { p.bar.Close() }
