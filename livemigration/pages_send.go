package livemigration

import "math/bits"

// send sends pending pages in address order for at most budget seconds while
// the guest runs at the given speed, and reports what went. Where it matters
// whether the guest writes a page before or after its turn, guest and scan
// take turns, 64 pages at a time; else the guest's writes are drawn in one go.
func (p *pages) send(budget float64, c cost, speed float64) batch {
	var b batch
	turns := p.clear || p.skip
	for p.first+p.again > 0 {
		word, set := p.front()
		if p.skip {
			if set = p.passOver(word, set, &b); set == 0 {
				continue
			}
		}
		moved, spent := p.sendWord(word, set, budget-b.seconds, c)
		b.add(moved)
		if turns {
			p.run(moved.seconds * speed)
		}
		if spent {
			b.seconds = max(b.seconds, budget)
			break
		}
	}
	if !turns {
		p.run(b.seconds * speed)
	}
	return b
}

// front moves the cursor to the next word with pages to send, of which there
// must be some, and returns those at and behind the cursor.
func (p *pages) front() (word int, set uint64) {
	word = int(p.at / 64)
	set = p.toSend[word] &^ (1<<(p.at%64) - 1)
	for set == 0 {
		word++
		if word == len(p.toSend) {
			word = 0
		}
		set = p.toSend[word]
		p.at = uint64(word) * 64
	}
	return word, set
}

// passOver leaves out the pages of a set that are dirty again; the next round
// has them.
func (p *pages) passOver(word int, set uint64, b *batch) uint64 {
	dirty := set & p.logged(word)
	if dirty == 0 {
		return set
	}
	p.take(word, dirty)
	b.skipped += float64(bits.OnesCount64(dirty)) * PageBytes
	return set &^ dirty
}

// sendWord sends the pages of a set, or as many as the budget in seconds pays
// for, and reports whether that is spent.
func (p *pages) sendWord(word int, set uint64, budget float64, c cost) (b batch, spent bool) {
	whole := p.price(word, set, c)
	if p.part == 0 && whole.seconds <= budget {
		p.dispatch(word, set)
		return whole, false
	}
	for ; set != 0; set &= set - 1 {
		page := set & -set
		one := p.price(word, page, c)
		need := one.seconds * (1 - p.part)
		if left := budget - b.seconds; need > left {
			p.part += max(0, left) / one.seconds
			b.seconds = max(0, budget)
			return b, true
		}
		p.part = 0
		one.seconds = need
		b.add(one)
		p.dispatch(word, page)
	}
	return b, false
}

// dispatch takes pages as sent and moves the cursor behind them.
func (p *pages) dispatch(word int, set uint64) {
	if p.clear {
		p.rearm(word, set)
	}
	p.take(word, set)
	p.at = (uint64(word)*64 + uint64(bits.Len64(set))) % p.count
}

// take removes pages from those to send.
func (p *pages) take(word int, set uint64) {
	first := uint64(bits.OnesCount64(set & p.never[word]))
	p.first -= first
	p.again -= uint64(bits.OnesCount64(set)) - first
	p.toSend[word] &^= set
	p.never[word] &^= set
}

// price is what it takes to send the pages of a set.
func (p *pages) price(word int, set uint64, c cost) batch {
	first := set & p.never[word]
	zeros := uint64(0)
	if p.zero != nil {
		zeros = first & p.zero[word]
	}
	all := float64(bits.OnesCount64(set)) * PageBytes
	zero := float64(bits.OnesCount64(zeros)) * PageBytes
	whole := float64(bits.OnesCount64(first))*PageBytes - zero
	again := all - whole - zero
	return batch{
		seconds: whole*c.whole.seconds + zero*c.zero.seconds + again*c.again.seconds,
		wire:    whole*c.whole.wire + zero*c.zero.wire + again*c.again.wire,
		pages:   all,
		full:    whole + again,
	}
}
