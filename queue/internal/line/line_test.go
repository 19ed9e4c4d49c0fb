package line

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const ms = int64(time.Millisecond)

func offerAll(t *testing.T, l *Line, items ...Item) {
	t.Helper()
	for _, it := range items {
		v, _ := l.Offer(it.Arrived, it)
		require.Equal(t, Accepted, v)
	}
}

// order takes everything at one time and returns what was served and what was thrown out.
func order(l *Line, now int64) (served, lost []int64) {
	for {
		it, fate := l.Take(now)
		switch fate {
		case Empty:
			return served, lost
		case Serve:
			served = append(served, it.Work)
		case Discard:
			lost = append(lost, it.Work)
		}
	}
}

func TestOrder(t *testing.T) {
	for _, c := range []struct {
		name         string
		config       Config
		served, lost []int64
	}{
		{"fifo", Config{Places: -1}, []int64{0, 1, 2, 3}, nil},
		{"lifo", Config{Discipline: LIFO, Places: -1}, []int64{3, 2, 1, 0}, nil},
		{"adaptive", Config{Discipline: AdaptiveLIFO, Places: -1, Policy: Policy{Threshold: 2}}, []int64{3, 2, 0, 1}, nil},
		{"priority", Config{Discipline: Priority, Places: -1, Classes: 3}, []int64{1, 3, 2, 0}, nil},
		{"expire", Config{Discipline: Expire, Places: -1, Deadline: 7}, []int64{3}, []int64{0, 1, 2}},
		{"expire, no deadline", Config{Discipline: Expire, Places: -1}, []int64{0, 1, 2, 3}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := New(c.config, nil)
			offerAll(t, &l, Item{0, 0, 2, 0}, Item{1, 1, 0, 0}, Item{2, 2, 1, 0}, Item{3, 3, 0, 0})
			require.Equal(t, 4, l.Len())
			require.Equal(t, int64(0), l.Oldest(9))
			served, lost := order(&l, 10)
			assert.Equal(t, c.served, served)
			assert.Equal(t, c.lost, lost)
			assert.Equal(t, int64(10), l.Oldest(10))
		})
	}
}

func TestFullLine(t *testing.T) {
	for _, c := range []struct {
		name    string
		config  Config
		verdict Verdict
		victim  int64
		served  []int64
	}{
		{"reject", Config{Places: 2}, Rejected, 9, []int64{0, 1}},
		{"drop oldest", Config{Places: 2, Full: DropOldest}, Replaced, 0, []int64{1, 9}},
		{"drop oldest of lifo", Config{Discipline: LIFO, Places: 2, Full: DropOldest}, Replaced, 0, []int64{9, 1}},
		{"block", Config{Places: 2, Full: Block}, Blocked, 9, []int64{0, 1}},
		{"drop lowest class", Config{Discipline: Priority, Classes: 3, Places: 2, Full: DropOldest}, Replaced, 1, []int64{0, 9}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := New(c.config, nil)
			offerAll(t, &l, Item{Work: 0}, Item{Work: 1, Class: 1})
			v, it := l.Offer(5, Item{Arrived: 5, Work: 9, Class: 1})
			assert.Equal(t, c.verdict, v)
			assert.Equal(t, c.victim, it.Work)
			served, _ := order(&l, 5)
			assert.Equal(t, c.served, served)
		})
	}
	t.Run("all others come first", func(t *testing.T) {
		l := New(Config{Discipline: Priority, Classes: 3, Places: 1, Full: DropOldest}, nil)
		offerAll(t, &l, Item{Class: 1})
		v, _ := l.Offer(1, Item{Class: 2})
		assert.Equal(t, Rejected, v)
	})
	t.Run("no place at all", func(t *testing.T) {
		l := New(Config{Full: DropOldest}, nil)
		v, _ := l.Offer(1, Item{})
		assert.Equal(t, Rejected, v)
	})
}

// RFC 8289: nothing is dropped until waits have been above the target for an interval; then drops come
// interval/sqrt(count) apart.
func TestCoDelDropTimes(t *testing.T) {
	l := New(Config{Discipline: CoDel, Places: -1, Policy: DefaultPolicy()}, nil)
	var drops []int64
	for now := int64(0); now < 400*ms; now += ms / 4 {
		offerAll(t, &l, Item{Arrived: now})
		if now < 10*ms {
			continue // a standing line of 10 ms
		}
		for {
			_, fate := l.Take(now)
			if fate != Discard {
				break
			}
			drops = append(drops, now)
			offerAll(t, &l, Item{Arrived: now}) // so that the line stays as long
		}
	}
	require.GreaterOrEqual(t, len(drops), 5)
	codel := published("times of CoDel's drops", "RFC 8289: first an interval above the target, then interval/sqrt(count) apart", "ms")
	codel.Within(t, "first drop, a standing line from 10 ms on", 110, float64(drops[0])/1e6, 1)
	for i, root := range []float64{1, 1.41421356, 1.73205081, 2} {
		codel.Within(t, fmt.Sprintf("gap %d", i+1), 100/root, float64(drops[i+1]-drops[i])/1e6, 0.6)
	}
}

// RFC 8289: soon after a time of dropping the next one goes on at about its rate; long after it starts anew.
func TestCoDelResumes(t *testing.T) {
	for _, c := range []struct{ pause, count int64 }{{15 * 100 * ms, 4}, {17 * 100 * ms, 1}} {
		k := codel{count: 5, previous: 1, next: 1000 * ms}
		k.enter(1000*ms+c.pause, 100*ms)
		assert.Equal(t, c.count, k.count)
		assert.Equal(t, 1000*ms+c.pause+int64(100e6/math.Sqrt(float64(c.count))), k.next)
	}
}

func TestCoDelLeavesShortLines(t *testing.T) {
	l := New(Config{Discipline: CoDel, Places: -1, Policy: DefaultPolicy()}, nil)
	for now := int64(0); now < 1000*ms; now += 10 * ms {
		offerAll(t, &l, Item{Arrived: now - 50*ms}) // waits of ten times the target, but nobody behind
		_, fate := l.Take(now)
		require.Equal(t, Serve, fate)
	}
}

// folly/executors/Codel.cpp: an interval with a least delay above the target makes the next one overloaded, in which
// what waited more than twice the target is dropped, except the first.
func TestFacebook(t *testing.T) {
	var s shed
	s.fresh = true
	target, interval := 5*ms, 100*ms
	assert.False(t, s.drops(1*ms, 20*ms, target, interval), "first of all")
	assert.False(t, s.drops(2*ms, 20*ms, target, interval), "the first of an interval; the one of the start is over")
	assert.True(t, s.drops(3*ms, 20*ms, target, interval))
	assert.True(t, s.drops(50*ms, 11*ms, target, interval))
	assert.False(t, s.drops(51*ms, 10*ms, target, interval), "exactly twice the target")
	assert.False(t, s.drops(60*ms, 4*ms, target, interval))
	assert.True(t, s.drops(61*ms, 20*ms, target, interval), "still the same interval")
	assert.False(t, s.drops(103*ms, 20*ms, target, interval), "first of the next interval")
	assert.False(t, s.drops(104*ms, 20*ms, target, interval), "no longer overloaded: the least was 4 ms")
}

func TestCoDelTimeout(t *testing.T) {
	l := New(Config{Discipline: CoDelTimeout, Places: -1, Policy: DefaultPolicy()}, nil)
	offerAll(t, &l, Item{Arrived: 0, Work: 1}, Item{Arrived: 0, Work: 2}, Item{Arrived: 97 * ms, Work: 3}, Item{Arrived: 97 * ms, Work: 4})
	_, fate := l.Take(100 * ms)
	assert.Equal(t, Serve, fate, "empty within the last 100 ms: 100 ms allowed")
	served, lost := order(&l, 101*ms)
	assert.Equal(t, []int64{2}, lost)
	assert.Equal(t, []int64{3, 4}, served, "4 ms are within 5 ms")
	offerAll(t, &l, Item{Arrived: 101 * ms, Work: 5}, Item{Arrived: 120 * ms, Work: 6})
	_, fate = l.Take(130 * ms)
	assert.Equal(t, Serve, fate, "the line has been empty since")
	_, fate = l.Take(202 * ms)
	assert.Equal(t, Discard, fate)
}

func TestRED(t *testing.T) {
	p := DefaultPolicy()
	p.MeanWeight = 1
	l := New(Config{Discipline: RED, Places: -1, Policy: p}, rand.New(rand.NewPCG(1, 2)))
	offerAll(t, &l, make([]Item, 5)...)
	// Floyd and Jacobson: the number of arrivals between drops is uniform on 1..1/p.
	for l.Len() < 10 {
		l.Offer(0, Item{})
	}
	gaps, at, n := []int{}, 0, 0
	for len(gaps) < 4000 {
		n++
		v, _ := l.Offer(0, Item{})
		if v == Rejected {
			gaps, at = append(gaps, n-at), n
			continue
		}
		l.Take(0)
	}
	sum, most := 0, 0
	for _, g := range gaps[1:] {
		sum, most = sum+g, max(most, g)
	}
	red := published("mean number of arrivals between drops of RED", "Floyd and Jacobson: uniform on 1 to 1/p", "")
	red.Within(t, "p = 0.01", 50.5, float64(sum)/float64(len(gaps)-1), 2)
	assert.LessOrEqual(t, most, 100)
	l.red.sinceDrop = 50
	for l.Len() > 4 {
		l.Take(0)
	}
	l.Offer(0, Item{})
	assert.Equal(t, -1, l.red.sinceDrop, "below the minimum the count starts anew")
	for l.Len() < 15 {
		l.Offer(0, Item{})
	}
	v, _ := l.Offer(0, Item{})
	assert.Equal(t, Rejected, v, "the mean is at the maximum")
}

func TestText(t *testing.T) {
	for _, d := range Disciplines() {
		text, err := json.Marshal(d)
		require.NoError(t, err)
		var back Discipline
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, d, back)
		assert.True(t, d.Known())
		assert.Empty(t, DefaultPolicy().Check(d))
	}
	for _, f := range []Full{RejectNewest, DropOldest, Block} {
		text, err := json.Marshal(f)
		require.NoError(t, err)
		var back Full
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, f, back)
	}
	var d Discipline
	require.ErrorContains(t, d.UnmarshalText([]byte("sjf")), "adaptive-lifo")
	assert.Equal(t, "invalid", Discipline(200).String())
	assert.Len(t, Policy{Threshold: -1}.Check(AdaptiveLIFO), 1)
	assert.Len(t, Policy{}.Check(CoDel), 2)
	assert.Len(t, Policy{}.Check(RED), 3)
}

func TestNoAllocation(t *testing.T) {
	for _, d := range Disciplines() {
		l := New(Config{Discipline: d, Places: 100, Classes: 4, Deadline: 100, Policy: DefaultPolicy()}, rand.New(rand.NewPCG(1, 2)))
		now := int64(0)
		step := func() {
			now++
			l.Offer(now, Item{Arrived: now, Class: uint8(now & 3)})
			if now%3 == 0 {
				l.Take(now)
			}
		}
		for range 10000 {
			step()
		}
		assert.Zero(t, testing.AllocsPerRun(1000, step), d)
		assert.LessOrEqual(t, l.Len(), 100)
	}
}

func BenchmarkFIFO(b *testing.B) {
	l := New(Config{Places: -1}, nil)
	for i := range int64(8) {
		l.Offer(i, Item{})
	}
	b.ReportAllocs()
	now := int64(0)
	for b.Loop() {
		now++
		l.Offer(now, Item{Arrived: now})
		l.Take(now)
	}
}
