package container

import (
	"cmp"
	"slices"

	"cloudconcepts/internal/des"
)

// newTask finds room for a task.
func (m *machine) newTask() int32 {
	if n := len(m.unused); n > 0 {
		i := m.unused[n-1]
		m.unused = m.unused[:n-1]
		return i
	}
	m.tasks = append(m.tasks, task{place: -1})
	return int32(len(m.tasks) - 1)
}

// open makes a task take requests.
func (m *machine) open(i int32) {
	m.tasks[i].state, m.tasks[i].idle = ready, m.now
	m.ready++
	m.offer(i)
}

// offer lists a task with a free place.
func (m *machine) offer(i int32) {
	m.tasks[i].place = int32(len(m.free))
	m.free = append(m.free, i)
}

// close takes a task off that list.
func (m *machine) close(i int32) {
	p, last := m.tasks[i].place, m.free[len(m.free)-1]
	m.free[p] = last
	m.tasks[last].place = p
	m.free = m.free[:len(m.free)-1]
	m.tasks[i].place = -1
}

// drop ends a task.
func (m *machine) drop(i int32) {
	t := &m.tasks[i]
	t.state = gone
	t.life++
	m.unused = append(m.unused, i)
	m.r.Stopped++
}

// start begins n tasks.
func (m *machine) start(n int) {
	for range n {
		i := m.newTask()
		t := &m.tasks[i]
		t.state, t.place, t.busy = starting, -1, 0
		m.starting++
		m.r.Started++
		m.events.Push(min(m.now+m.startup.Next(m.startups), des.Forever), event{task: i, life: t.life, since: -1})
	}
	m.r.TasksMax = max(m.r.TasksMax, m.all())
}

// all tasks are those that are paid for.
func (m *machine) all() int { return m.ready + m.starting + len(m.spares) + m.closing }

// scaleTo starts tasks, or ends those of least work first: those that start, then the ready ones by their requests in service, which they finish.
func (m *machine) scaleTo(want int) {
	n := m.ready + m.starting
	if want >= n {
		m.start(want - n)
		return
	}
	for _, i := range m.leastBusy(n-want, starting) {
		m.end(i)
	}
}

// leastBusy are n tasks from the state least to ready, those of least work first.
func (m *machine) leastBusy(n int, least taskState) []int32 {
	var list []int32
	for i := range m.tasks {
		if s := m.tasks[i].state; s >= least && s <= ready {
			list = append(list, int32(i))
		}
	}
	slices.SortStableFunc(list, func(a, b int32) int {
		x, y := m.tasks[a], m.tasks[b]
		return cmp.Or(cmp.Compare(x.state, y.state), cmp.Compare(x.busy, y.busy), cmp.Compare(x.idle, y.idle))
	})
	return list[:min(n, len(list))]
}

// park keeps n ready tasks from further requests, but does not end them.
func (m *machine) park(n int) {
	for _, i := range m.leastBusy(n, ready) {
		if m.tasks[i].place >= 0 {
			m.close(i)
		}
		m.tasks[i].state = spare
		m.ready--
		m.spares = append(m.spares, i)
	}
}

// recall takes a parked task back to work.
func (m *machine) recall() {
	i := m.spares[len(m.spares)-1]
	m.spares = m.spares[:len(m.spares)-1]
	t := &m.tasks[i]
	t.state = ready
	m.ready++
	if int(t.busy) < m.c.PerTask {
		m.offer(i)
	}
}

// expire ends parked tasks that have been idle for a time.
func (m *machine) expire(idle int64) {
	kept := m.spares[:0]
	for _, i := range m.spares {
		if t := &m.tasks[i]; t.busy == 0 && m.now-t.idle >= idle {
			m.drop(i)
		} else {
			kept = append(kept, i)
		}
	}
	m.spares = kept
}

func (m *machine) end(i int32) {
	t := &m.tasks[i]
	if t.state == starting {
		m.starting--
		m.drop(i)
		return
	}
	m.ready--
	if t.place >= 0 {
		m.close(i)
	}
	if t.busy == 0 {
		m.drop(i)
		return
	}
	t.state = finishing
	m.closing++
}
