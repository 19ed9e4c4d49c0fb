package fleet

// ranking is a heap of idle instances, the first victim at its top, in which each can be found and removed.
type ranking struct{ slots []int32 }

func (e *shared) before(i, j int32) bool {
	a, b := &e.instances[i], &e.instances[j]
	if a.priority != b.priority {
		return a.priority < b.priority
	}
	return a.used < b.used
}

func (e *shared) rankPush(slot int32) {
	e.rank.slots = append(e.rank.slots, slot)
	e.rankUp(len(e.rank.slots) - 1)
}

func (e *shared) rankRemove(slot int32) {
	at, last := int(e.instances[slot].place), len(e.rank.slots)-1
	moved := e.rank.slots[last]
	e.rank.slots = e.rank.slots[:last]
	if at == last {
		return
	}
	e.rank.slots[at] = moved
	e.instances[moved].place = int32(at)
	e.rankDown(at)
	e.rankUp(int(e.instances[moved].place))
}

func (e *shared) rankUp(at int) {
	slots := e.rank.slots
	slot := slots[at]
	for at > 0 {
		parent := (at - 1) / 4
		if !e.before(slot, slots[parent]) {
			break
		}
		slots[at] = slots[parent]
		e.instances[slots[at]].place = int32(at)
		at = parent
	}
	slots[at] = slot
	e.instances[slot].place = int32(at)
}

func (e *shared) rankDown(at int) {
	slots := e.rank.slots
	slot := slots[at]
	for {
		best := 4*at + 1
		if best >= len(slots) {
			break
		}
		for child := best + 1; child < min(4*at+5, len(slots)); child++ {
			if e.before(slots[child], slots[best]) {
				best = child
			}
		}
		if !e.before(slots[best], slot) {
			break
		}
		slots[at] = slots[best]
		e.instances[slots[at]].place = int32(at)
		at = best
	}
	slots[at] = slot
	e.instances[slot].place = int32(at)
}
