package study

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// patience is how long a run may take before its progress is worth showing.
const patience = time.Second

// Progress shows how far a long run is, if there is a terminal to show it on. It may be used by many goroutines.
type Progress struct {
	mu    sync.Mutex
	out   io.Writer // nil if nothing is to be shown
	label string
	start time.Time
	bar   *progressbar.ProgressBar
}

// NewProgress makes the progress of a run that starts now; it shows nothing if quiet, or if out is no terminal.
func NewProgress(out io.Writer, label string, quiet bool) *Progress {
	p := &Progress{label: label, start: time.Now()}
	if file, ok := out.(*os.File); ok && !quiet && term.IsTerminal(int(file.Fd())) {
		p.out = out
	}
	return p
}

// Shown tells whether there is a terminal to show it on.
func (p *Progress) Shown() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out != nil
}

// Report says that so much of the total is done. The bar appears once the run has taken a second.
func (p *Progress) Report(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out == nil || total <= 0 {
		return
	}
	if p.bar == nil && time.Since(p.start) < patience {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(p.label),
			progressbar.OptionSetWidth(30), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(true))
	}
	p.bar.ChangeMax(total)
	_ = p.bar.Set(min(done, total)) // a bar that cannot be drawn is no reason to stop
}

// Close clears the bar.
func (p *Progress) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear() // as in Report
	}
	p.out = nil
}
