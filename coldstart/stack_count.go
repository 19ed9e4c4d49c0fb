package coldstart

// insert puts a busy one in its place: behind those that end no earlier, before those that end earlier or, of the same end,
// began earlier.
func (s *stack) insert(x busy) {
	s.busy = append(s.busy, x)
	list := s.busy
	n := len(list) - 1
	if n > 32 {
		s.insertFar(x)
		return
	}
	for n > 0 && list[n-1].end <= x.end {
		list[n] = list[n-1]
		n--
	}
	list[n] = x
}

// insertFar is insert for long lists; x is already at their end.
func (s *stack) insertFar(x busy) {
	list := s.busy[:len(s.busy)-1]
	low, high := 0, len(list)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if list[mid].end <= x.end {
			high = mid
		} else {
			low = mid + 1
		}
	}
	copy(s.busy[low+1:], list[low:])
	s.busy[low] = x
}

// fresh serves a request with a new environment and returns its response.
func (s *stack) fresh(t, exec int64) int64 {
	cause := causeOf(s.peak, s.clock.live)
	s.clock.advance(t)
	s.clock.live++
	s.peak = max(s.peak, s.clock.live)
	x := s.starts.next()
	w := workOf(exec, &x, 0)
	s.insert(busy{t + w.response, t})
	if t < s.from {
		return w.response
	}
	s.born++
	s.causes.count(cause)
	s.tally.begun(&x)
	s.colds.Add(w.response)
	billed := w.billed
	if s.c.Price.BillInit {
		billed += w.init
		if x.whole >= 0 {
			billed = w.response
		}
	}
	bill(&s.billed, billed)
	return w.response
}

// count enters the responses of a block, those of cold starts as complements, into the statistics.
func (s *stack) count(requests, colds int64) {
	list := s.response[:s.accepts]
	counted := s.opened
	if !counted {
		for _, w := range list {
			s.begun.Add(max(w, ^w))
		}
		return
	}
	s.requests += requests
	s.cold += colds
	s.warm += int64(len(list)) - colds
	s.served += int64(len(list))
	s.invocations += int64(len(list))
	for _, w := range list {
		cold := w < 0
		if cold {
			w = ^w
		} else {
			bill(&s.billed, w)
		}
		s.begun.Add(w)
		s.latency.Add(w)
		s.tally.accepted(w, cold)
	}
}
