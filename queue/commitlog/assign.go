package commitlog

import (
	"cmp"
	"slices"
)

// assignAll is the assignment with which a run starts.
func (e *engine) assignAll() {
	for i := range e.consumers {
		e.consumers[i].member = true
		e.group.members++
	}
	for p, to := range e.targets() {
		e.assign(int32(p), to)
	}
}

// targets are the new owners of all partitions, or -1 without members.
func (e *engine) targets() []int32 {
	var members []int32
	for i := range e.consumers {
		if e.consumers[i].member {
			members = append(members, int32(i))
		}
	}
	owners := make([]int32, len(e.partitions))
	for p := range owners {
		owners[p] = e.partitions[p].owner
		if len(members) == 0 {
			owners[p] = -1
		}
	}
	if len(members) > 0 {
		share(owners, members, e.cfg.Group.Assignor)
	}
	return owners
}

// share replaces the owners of all partitions by the assignor's choice.
func share(owners, members []int32, by Assignor) {
	n := len(members)
	switch by {
	case RangeAssignor: // the first len mod n members get one more
		each, more := len(owners)/n, len(owners)%n
		p := 0
		for m, to := range members {
			size := each
			if m < more {
				size++
			}
			for range size {
				owners[p] = to
				p++
			}
		}
	case RoundRobinAssignor:
		for p := range owners {
			owners[p] = members[p%n]
		}
	default:
		stick(owners, members)
	}
}

// stick balances with as few moves as can be.
func stick(owners, members []int32) {
	top := slices.Max(members) + 1
	held := make([]int, top)
	quota := make([]int, top)
	for _, o := range owners {
		if o >= 0 && o < top {
			held[o]++
		}
	}
	order := slices.Clone(members)
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(held[b], held[a]) })
	each, more := len(owners)/len(members), len(owners)%len(members)
	for m, to := range order {
		quota[to] = each
		if m < more {
			quota[to]++
		}
	}
	for p, o := range owners {
		owners[p] = -1
		if o >= 0 && o < top && quota[o] > 0 {
			quota[o]--
			owners[p] = o
		}
	}
	next := 0
	for p := range owners {
		for owners[p] < 0 {
			to := members[next%len(members)]
			next++
			if quota[to] > 0 {
				quota[to]--
				owners[p] = to
			}
		}
	}
}
