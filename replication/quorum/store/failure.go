package store

// crashLater plans a replica's next crash.
func (s *store) crashLater(node int32) {
	if s.c.Up.IsZero() {
		return
	}
	if at := s.now + s.up.Next(s.ups[node]); at < int64(s.c.Duration) {
		s.push(at, event{kind: goesDown, node: node})
	}
}

func (s *store) crash(e event) {
	s.result.Crashes++
	if s.downs[e.node] == 0 {
		s.since[e.node] = s.now
	}
	s.downs[e.node]++
	if s.c.Wipe {
		s.wipe(e.node)
	}
	if e.kind == goesDown {
		s.push(s.now+s.down.Next(s.downtimes[e.node]), event{kind: comesUp, node: e.node})
	}
}

// wipe takes a replica's copies, and the hints that it holds.
func (s *store) wipe(node int32) {
	clear(s.copies[int(node)*s.c.Keys : (int(node)+1)*s.c.Keys])
	for home := range s.hints {
		list := &s.hints[home]
		for range list.Len() {
			if h := list.PopFront(); h.holder != node {
				list.PushBack(h)
			} else {
				s.result.HintsLost++
			}
		}
	}
}

func (s *store) recover(e event) {
	s.downs[e.node]--
	if e.kind == comesUp {
		s.crashLater(e.node)
	}
	if s.downs[e.node] > 0 {
		return
	}
	for home := range s.c.N {
		if s.downs[home] == 0 {
			s.replay(int32(home))
		}
	}
}

// noteHint keeps a write that a home replica has missed, unless that has been down for too long.
func (s *store) noteHint(home int32, h hint) {
	if s.c.HintWindow == 0 {
		return
	}
	if s.downs[home] > 0 && s.now-s.since[home] > int64(s.c.HintWindow) {
		s.result.HintsRefused++
		return
	}
	s.result.HintsStored++
	s.hints[home].PushBack(h)
	if s.downs[home] == 0 { // it came back in the meantime
		s.replay(home)
	}
}

// replay sends a home replica the writes that were noted for it, but for those held by spares that are down.
func (s *store) replay(home int32) {
	list := &s.hints[home]
	for range list.Len() {
		h := list.PopFront()
		if h.holder >= 0 && s.downs[h.holder] > 0 {
			list.PushBack(h)
			continue
		}
		s.hintsUnderWay++
		s.send(purposeRepair, event{kind: handedOff, op: -1, place: h.holder, node: home, key: h.key, version: h.version})
	}
}

// handOff is a hint at its replica; if that is down again, it is kept for the next time.
func (s *store) handOff(e event) {
	s.hintsUnderWay--
	if s.downs[e.node] > 0 {
		s.result.MessagesLost++
		s.hints[e.node].PushBack(hint{e.version, e.key, e.place})
		return
	}
	s.keep(e.node, e.key, e.version)
	s.result.HintsReplayed++
}

// level is a round of anti-entropy: each replica that is up exchanges what differs with a random other one that is up.
func (s *store) level() {
	if next := s.now + int64(s.c.AntiEntropy); next <= int64(s.c.Duration) {
		s.push(next, event{kind: levels})
	}
	for a := range s.nodes {
		b := s.mix.IntN(s.nodes)
		if a == b || s.downs[a] > 0 || s.downs[b] > 0 {
			continue
		}
		for key := range int32(s.c.Keys) {
			x, y := s.copies[a*s.c.Keys+int(key)], s.copies[b*s.c.Keys+int(key)]
			if s.keep(int32(a), key, y) || s.keep(int32(b), key, x) {
				s.result.Levelled++
			}
		}
	}
}
