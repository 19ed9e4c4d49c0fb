package replication

import (
	"fmt"
	"strings"
	"time"

	"cloudconcepts/internal/des"
)

// outage adds one to the list; the reign that it ended, or -1, will tell what was lost.
func (e *engine) outage(o Outage, ended int) {
	o.Total = o.Detect + o.Decide + o.Fence + o.Promote + o.Reroute + o.Restart
	if ended >= 0 {
		e.reigns[ended].outage = len(e.r.Outages)
	}
	e.r.Outages = append(e.r.Outages, o)
}

// reign opens a new log for a node that keeps its own up to a position.
func (e *engine) reign(i int, fork int64) {
	n := &e.nodes[i]
	parent := e.reigns[n.follows]
	id := len(e.reigns)
	r := &reign{
		leader: i, parent: n.follows, fork: fork, base: min(parent.base, fork+1), last: fork, log: logRing(), open: true, opened: e.now,
		bytes: parent.bytesAt(fork), before: parent.before, insync: parent.insync &^ (1 << i), outage: -1,
	}
	for lsn := max(parent.base, 1); lsn <= min(fork, parent.last); lsn++ {
		rec := *parent.at(lsn)
		if rec.commit < 0 {
			rec.commit = e.now
		}
		r.log.PushBack(rec)
	}
	e.reigns = append(e.reigns, r)
	e.current = id
	e.halt(n)
	e.drop(i, false)
	n.leads, n.follows, n.safe = id, id, des.Forever
	n.received, n.written, n.flushed, n.applied, n.started = fork, fork, fork, fork, fork
	n.forked = append(n.forked[:0], n.keys...)
	for level := range r.released {
		r.released[level] = fork
	}
}

// closeReign ends the writing of a primary.
func (e *engine) closeReign(id int) {
	r := e.reigns[id]
	if !r.open {
		return
	}
	r.open, r.closed = false, e.now
	if id != e.current {
		e.r.SplitBrain += des.Seconds(e.now - max(e.reigns[e.current].opened, 0))
	}
	if r.async {
		r.async = false
		e.r.AsyncTime += des.Seconds(e.now - r.asyncAt)
	}
	e.abandon(id, true)
}

// stepDown makes an old primary a member without a role.
func (e *engine) stepDown(i int) {
	n := &e.nodes[i]
	id := n.leads
	if id < 0 {
		return
	}
	e.closeReign(id)
	e.tell(i, "steps down", n.written)
	n.leads = -1
	e.halt(n)
	n.written = n.flushed
	n.received, n.applied, n.started = n.written, n.written, n.written
	for j := range e.nodes {
		if f := &e.nodes[j]; f.connected && f.follows == id {
			e.drop(j, false)
		}
	}
	if e.target[1] == i {
		e.target[1] = e.target[0]
	}
	e.settle(id)
}

// settle decides what became of the writes of a reign that has ended, given the newest one.
func (e *engine) settle(id int) {
	r := e.reigns[id]
	if r.settled || id == e.current {
		return
	}
	r.settled = true
	kept := e.prefix(id)
	next := e.reigns[e.current]
	both := r.closed > next.opened && r.last > kept && r.at(r.last).added >= next.opened
	lost, oldest, newest := uint64(0), int64(-1), r.failed
	for lsn := max(r.base, r.fork+1); lsn <= r.last; lsn++ {
		rec := r.at(lsn)
		if rec.kind != rowWrite {
			continue
		}
		if lsn <= kept {
			e.inDoubt(id, lsn, rec)
			continue
		}
		if both {
			e.r.Diverged++
		}
		e.lose(id, lsn, rec, both)
		if rec.acked >= 0 {
			lost++
			newest = max(newest, rec.commit)
			if oldest < 0 {
				oldest = rec.commit
			}
		}
	}
	if both {
		e.divergedOn(next, r.closed)
	}
	rpo := 0.0
	if oldest >= 0 {
		rpo = des.Seconds(newest - oldest)
	}
	e.r.RPO = max(e.r.RPO, rpo)
	if r.outage >= 0 {
		o := &e.r.Outages[r.outage]
		o.Lost, o.RPO = lost, rpo
	}
}

// prefix is how much of a reign's log the newest one shares.
func (e *engine) prefix(id int) int64 {
	upto := e.reigns[e.current].last
	for at := e.current; at != id; {
		if at < id {
			return min(upto, e.reigns[id].fork)
		}
		upto = min(upto, e.reigns[at].fork)
		at = e.reigns[at].parent
	}
	return upto
}

func (e *engine) inDoubt(id int, lsn int64, rec *record) {
	if rec.acked == -1 {
		rec.acked = untold
		e.r.InDoubt++
	}
	if rec.acked == untold {
		e.list(id, lsn, rec, "in-doubt")
	}
}

func (e *engine) lose(id int, lsn int64, rec *record, diverged bool) {
	switch {
	case rec.acked >= 0:
		e.r.LostAcked++
	case rec.acked == untold:
		e.r.InDoubt--
		fallthrough
	default:
		e.r.LostUnacked++
		if e.c.Mode.visibleEarly() && rec.commit >= 0 {
			e.r.Exposed++
		}
	}
	fate := "lost"
	if diverged {
		fate = "diverged"
	}
	e.list(id, lsn, rec, fate)
}

func (e *engine) list(id int, lsn int64, rec *record, fate string) {
	if len(e.r.Listed) < e.c.List {
		e.r.Listed = append(e.r.Listed, Fate{lsn, id, time.Duration(rec.issued), rec.acked >= 0, fate})
	}
}

// divergedOn counts what the new primary took while the old one still wrote.
func (e *engine) divergedOn(r *reign, until int64) {
	for lsn := max(r.base, r.fork+1); lsn <= r.last; lsn++ {
		rec := r.at(lsn)
		if rec.kind == rowWrite && rec.added <= until {
			e.r.Diverged++
			e.list(e.current, lsn, rec, "diverged")
		}
	}
}

// finish closes the books.
func (e *engine) finish() {
	r := e.r
	if f := e.failing; f != nil && f.promoted == 0 {
		e.outage(Outage{At: des.Seconds(f.start), Old: f.old, New: -1}, -1)
		o := &r.Outages[len(r.Outages)-1]
		o.Total = des.Seconds(e.now - f.start)
	}
	e.endOutage()
	for id, g := range e.reigns {
		if id != e.current && !g.settled {
			e.closeReign(id)
			e.settle(id)
		}
	}
	last := e.reigns[e.current]
	for lsn := max(last.base, last.fork+1); lsn <= last.last; lsn++ {
		if rec := last.at(lsn); rec.kind == rowWrite && rec.acked == -1 {
			r.Pending++
		}
	}
	if last.async {
		r.AsyncTime += des.Seconds(e.now - last.asyncAt)
	}
	for i := range r.Outages {
		r.RTO += r.Outages[i].Total / float64(len(r.Outages))
	}
	r.Cause = e.why(last)
	r.Events = e.count
	r.CommitMean, r.LagMean, r.ReadMean = r.commit.Mean()/1e9, r.lag.Mean()/1e9, r.read.Mean()/1e9
	r.CommitP50, r.CommitP99, r.CommitP999 = r.CommitQuantile(.5), r.CommitQuantile(.99), r.CommitQuantile(.999)
	r.LagP50, r.LagP99, r.LagP999 = r.LagQuantile(.5), r.LagQuantile(.99), r.LagQuantile(.999)
	r.LagMax, r.ReadP99 = des.Seconds(r.lag.Max()), r.read.Quantile(.99)/1e9
	if r.Reads > 0 {
		r.StaleFraction = float64(r.Stale) / float64(r.Reads)
	}
	r.StaleVersionsMean, r.StaleAgeMean = e.versions.Mean(), e.ages.Mean()
	e.warn()
}

// why says what keeps writes from being acknowledged at the end, or nothing.
func (e *engine) why(r *reign) string {
	if e.failing != nil || !e.nodes[r.leader].alive {
		return "no primary: " + e.waiting
	}
	if e.c.Mode == InSync && members(r.insync)+1 < e.c.MinInSync {
		return fmt.Sprintf("writes are refused: %d in sync, %d needed", members(r.insync)+1, e.c.MinInSync)
	}
	waiting, since := 0, int64(0)
	for level := range r.waiting {
		if w := &r.waiting[level]; w.Len() > 0 {
			waiting += w.Len()
			since = r.at(*w.Front()).added
		}
	}
	connected, able, missing := 0, 0, []string(nil)
	for i := range e.nodes {
		n := &e.nodes[i]
		if i == r.leader || !e.c.Acks.listed(i) && e.c.Mode != Majority && e.c.Mode != InSync {
			continue
		}
		if n.connected && n.follows == e.current && n.alive {
			connected++
		}
		if !n.alive || !n.connected || n.pausedUntil > e.now || n.replayPaused || e.severed(i, r.leader) {
			missing = append(missing, fmt.Sprint(i))
		} else if n.connected {
			able++
		}
	}
	need := e.c.Acks.K
	if e.c.Mode == Majority {
		need = len(e.nodes) / 2
	}
	others := e.c.Mode != InSync && (e.c.Mode == Majority || e.c.Acks.Rule == Any) && able >= need // the rest can answer: under way
	if waiting == 0 || len(missing) == 0 || others {
		return ""
	}
	return fmt.Sprintf("%d writes wait since %.6f s: %s with %s, %d standbys connected, none of the answers that are missing can come from %s",
		waiting, des.Seconds(since), e.c.Mode, e.c.Acks, connected, strings.Join(missing, ", "))
}

// warning is its text, in JSON too.
type warning string

// Error is the text.
func (w warning) Error() string { return string(w) }

// MarshalText is the text.
func (w warning) MarshalText() ([]byte, error) { return []byte(w), nil }

// warn says what makes the means of the run doubtful.
func (e *engine) warn() {
	p := &e.c.Pipeline
	if rho := e.rate * p.Apply.Mean() / float64(p.Workers) / (1 - p.ReadLoad); rho >= 1 {
		e.r.Warnings = append(e.r.Warnings, warning(fmt.Sprintf("replay load %.2f >= 1: the lag grows without bound, no steady state", rho)))
	}
	if e.issuedAll() {
		e.r.Warnings = append(e.r.Warnings, warning(fmt.Sprintf("the run issued all its MaxWrites = %d before its Duration", e.c.MaxWrites)))
	}
}

func (e *engine) issuedAll() bool { return e.issued >= e.c.MaxWrites }
