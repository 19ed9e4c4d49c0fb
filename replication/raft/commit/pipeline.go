package commit

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// pipeline is a leader's log on its way to the followers. Server 0 is the leader.
type pipeline struct {
	peers    []peer
	need     int
	oneWay   law.Sampler
	disk     law.Sampler
	own      law.Sampler
	delays   *rand.Rand
	disks    *rand.Rand
	proposed des.Ring[int64] // when the entries after the committed ones were proposed
	commit   int64
	match    []int64
	latency  stats.Histogram
	means    stats.BatchMeans
	messages int64
}

// peer is a server as its leader sees it.
type peer struct {
	match   int64 // entries it has, as far as the leader knows
	arrived int64 // when the last append arrives
	replied int64 // when the last answer leaves
	acked   int64 // when the last answer arrives
	sync    batch
	acks    des.Ring[ack]
}

type ack struct{ at, index int64 }

// batch is the last sync of a disk: one that runs, or the next one, which whoever arrives meanwhile shares.
type batch struct{ start, end int64 }

func (b *batch) write(at int64, s *law.Sampler, r *rand.Rand) int64 {
	switch {
	case at >= b.end:
		b.start = at
	case at <= b.start:
		return b.end
	default:
		b.start = b.end
	}
	b.end = b.start + min(s.Next(r), longest)
	return b.end
}

func newPipeline(c Config) *pipeline {
	return &pipeline{
		peers: make([]peer, c.Alive), need: c.quorum(), match: make([]int64, 0, mostServers),
		oneWay: c.OneWay.Sampler(), disk: c.Disk.Sampler(), own: c.LeaderDisk.Sampler(),
		delays: rng.New(c.Seed, forDelays), disks: rng.New(c.Seed, forDisks),
	}
}

func (p *pipeline) delay() int64 { return min(p.oneWay.Next(p.delays), longest) }

// alone commits each proposal before the next one is made.
func (p *pipeline) alone(c Config) {
	for range c.Proposals {
		p.match = append(p.match[:0], min(p.own.Next(p.disks), longest))
		for range p.peers[1:] {
			at := p.delay() + min(p.disk.Next(p.disks), longest) + p.delay()
			p.insert(at)
		}
		p.note(p.match[p.need-1])
	}
	p.messages = p.perProposal(c) * int64(c.Proposals)
}

// insert keeps match in rising order.
func (p *pipeline) insert(x int64) {
	p.match = append(p.match, x)
	i := len(p.match) - 1
	for ; i > 0 && p.match[i-1] > x; i-- {
		p.match[i] = p.match[i-1]
	}
	p.match[i] = x
}

func (p *pipeline) perProposal(c Config) int64 {
	n := int64(2 * (c.Alive - 1))
	if c.CommitBroadcast {
		n *= 2
	}
	return n
}

func (p *pipeline) note(latency int64) {
	p.latency.Add(latency)
	p.means.Add(float64(latency) / 1e9)
}

// load commits a Poisson stream of proposals.
func (p *pipeline) load(c Config) {
	arrivals, gap := rng.New(c.Seed, forArrivals), c.gap()
	at, index := 0.0, int64(0)
	next := int64(arrivals.ExpFloat64() * gap)
	for p.commit < int64(c.Proposals) {
		who, when := p.nextAck()
		if when < next {
			p.ack(who, when, c.CommitBroadcast)
			continue
		}
		index++
		p.proposed.PushBack(next)
		p.propose(next, index)
		at += arrivals.ExpFloat64() * gap
		next = int64(min(at, des.Forever))
		if index == int64(c.Proposals) {
			next = math.MaxInt64
		}
	}
}

// nextAck is the answer that arrives first.
func (p *pipeline) nextAck() (who int, at int64) {
	at = math.MaxInt64
	for i := range p.peers {
		if acks := &p.peers[i].acks; acks.Len() > 0 && acks.Front().at < at {
			who, at = i, acks.Front().at
		}
	}
	return who, at
}

// propose sends an entry to all followers and to the leader's own disk.
func (p *pipeline) propose(now, index int64) {
	own := &p.peers[0]
	own.acks.PushBack(ack{own.sync.write(now, &p.own, p.disks), index})
	for i := range p.peers[1:] {
		f := &p.peers[i+1]
		f.arrived = max(f.arrived, now+p.delay())
		durable := f.sync.write(f.arrived, &p.disk, p.disks)
		p.answer(f, durable)
		f.acks.PushBack(ack{f.acked, index})
	}
}

// answer sends the answer to an append, after those to earlier ones.
func (p *pipeline) answer(f *peer, ready int64) {
	f.replied = max(f.replied, ready)
	f.acked = max(f.acked, f.replied+p.delay())
	p.messages += 2
}

// ack takes an answer in and commits what a majority has.
func (p *pipeline) ack(who int, now int64, broadcast bool) {
	f := &p.peers[who]
	f.match = f.acks.PopFront().index
	p.match = p.match[:0]
	for i := range p.peers {
		p.insert(p.peers[i].match)
	}
	commit := p.match[len(p.match)-p.need]
	if commit <= p.commit {
		return
	}
	for ; p.commit < commit; p.commit++ {
		p.note(now - p.proposed.PopFront())
	}
	if !broadcast {
		return
	}
	for i := range p.peers[1:] {
		f := &p.peers[i+1]
		f.arrived = max(f.arrived, now+p.delay())
		p.answer(f, f.arrived)
	}
}
