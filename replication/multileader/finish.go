package multileader

// finish compares the leaders and adds up what they hold.
func (e *engine) finish() {
	r := &e.result
	r.Converged = true
	for at := e.c.Keys; at < len(e.knows); at++ {
		r.Converged = r.Converged && e.same(at, at%e.c.Keys)
	}
	for key := range e.c.Keys {
		r.Sum += e.value(key)
	}
	r.CounterError = r.Writes - r.Sum
	if e.stamped != nil {
		r.Lost = r.CounterError
	}
	if r.Writes > 0 {
		r.ConflictFraction = float64(r.Conflicting) / float64(r.Writes)
		r.LostFraction = float64(r.Lost) / float64(r.Writes)
	}
	if r.Span > 0 {
		r.PairsPerSecond = float64(r.ConflictPairs) / r.Span
	}
	if e.looked > 0 {
		r.SiblingsMean = float64(e.found) / float64(e.looked)
	}
}

// same tells whether a key is the same at two leaders.
func (e *engine) same(a, b int) bool {
	switch {
	case e.stamped != nil:
		return e.stamped[a] == e.stamped[b] && e.knows[a] == e.knows[b]
	case e.version != nil:
		x, y := &e.version[a], &e.version[b]
		return x.siblings == y.siblings && x.context == y.context && x.value() == y.value()
	}
	return e.knows[a] == e.knows[b]
}

// value is how many increments a key holds at last.
func (e *engine) value(key int) int64 {
	switch {
	case e.stamped != nil:
		return e.stamped[key].chain
	case e.version != nil:
		v := &e.version[key]
		found := 0
		for _, sibling := range v.siblings {
			if sibling > 0 {
				found++
			}
		}
		if found > 1 {
			e.result.Unmerged++
		}
		return v.value()
	}
	var sum int64
	for _, n := range e.knows[key] {
		sum += int64(n)
	}
	return sum
}

// value is the greatest count of the siblings: what a reader can tell from them.
func (v *versions) value() int64 {
	var most int64
	for i, sibling := range v.siblings {
		if sibling > 0 {
			most = max(most, v.chains[i])
		}
	}
	return most
}
