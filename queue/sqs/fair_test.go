package sqs

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// counter is a queue at the start, whose messages are put in and taken out by hand.
func counter(t *testing.T, c Config) *sim {
	t.Helper()
	c.Producer.Groups = 100
	require.NoError(t, c.Validate())
	return newSim(c)
}

// put sends n messages of a tenant.
func (s *sim) put(tenant int32, n int) {
	for range n {
		slot := s.newSlot()
		s.slots[slot] = message{state: gone, trace: none, group: tenant}
		s.accept(slot)
	}
}

// get receives up to n messages and tells their tenants and slots.
func (s *sim) get(n int) (tenants, slots []int32) {
	w := &worker{}
	s.take(w, n)
	for _, it := range w.batch {
		tenants = append(tenants, s.slots[it.slot].group)
		slots = append(slots, it.slot)
	}
	return tenants, slots
}

func (s *sim) next1(n int) []int32 {
	tenants, _ := s.get(n)
	return tenants
}

// times is a tenant n times.
func times(n int, tenant int32) []int32 { return slices.Repeat([]int32{tenant}, n) }

// A tenant is noisy from 30 messages in flight on, if they are more than a tenth of all.
func TestNoisyByMessagesInFlight(t *testing.T) {
	s := counter(t, SQSFair())
	s.put(1, 32)
	s.put(2, 2)
	assert.Equal(t, times(29, 1), s.next1(29))
	assert.Equal(t, []int32{1, 2, 2, 1, 1}, s.next1(5), "all of 30 in flight are its own")
	for others, want := range map[int][]int32{
		270: {1, 1, 2}, // 30 of 300 are a tenth
		269: {1, 2, 1}, // 30 of 299 are more
	} {
		s := counter(t, SQSFair())
		for i := range others {
			s.put(int32(10+i%10), 1)
		}
		require.Len(t, s.next1(others), others)
		s.put(1, 31)
		s.put(2, 1)
		require.Equal(t, times(29, 1), s.next1(29))
		assert.Equal(t, want, s.next1(3), "%d others", others)
	}
}

// A tenant is noisy above a tenth of the recent processing time, however few messages of it are in flight.
func TestNoisyByProcessingTime(t *testing.T) {
	for seconds, want := range map[float64][]int32{1: {1, 1, 2}, 1.01: {2, 1, 1}} {
		s := counter(t, SQSFair())
		s.put(1, 2)
		s.put(2, 1)
		s.charge(&message{group: 3}, 9)
		s.charge(&message{group: 1}, seconds)
		assert.Equal(t, want, s.next1(3), "%g of %g s", seconds, 9+seconds)
	}
	for after, want := range map[time.Duration][]int32{0: {1, 1, 2}, time.Minute: {2, 1, 1}} {
		s := counter(t, SQSFair())
		s.put(1, 2)
		s.put(2, 1)
		s.charge(&message{group: 3}, 9)
		s.now = int64(after)
		s.charge(&message{group: 1}, .5) // of 9.5 s, or of 0.5 + 9/e
		assert.Equal(t, want, s.next1(3), "after %v", after)
	}
	s := counter(t, SQSFair())
	s.put(1, 2)
	s.put(2, 1)
	s.charge(&message{group: 3}, 100)
	s.charge(&message{group: 1}, 1)
	s.now = int64(3 * time.Minute)
	s.charge(&message{group: 3}, 4)
	assert.Equal(t, []int32{1, 1, 2}, s.next1(3), "1/e^3 of 4 + 101/e^3 s")
}

// noisy is a counter with a noisy tenant 1 that has three messages waiting.
func noisy(t *testing.T) *sim {
	t.Helper()
	s := counter(t, SQSFair())
	s.put(1, 3)
	s.charge(&message{group: 1}, 1)
	s.charge(&message{group: 3}, 1000) // so that it does not become noisy again at once
	s.put(2, 1)
	require.Equal(t, []int32{2}, s.next1(1))
	return s
}

// A noisy tenant is quiet again when it sent nothing for five minutes, or when nothing of it waits.
func TestNoisyTenantsCalmDown(t *testing.T) {
	s := noisy(t)
	s.now = int64(5*time.Minute) - 1
	s.put(2, 1)
	assert.Equal(t, []int32{2}, s.next1(1))
	s.put(2, 1)
	s.now++
	assert.Equal(t, []int32{1}, s.next1(1), "the oldest message, of a quiet tenant now")

	s = noisy(t)
	s.now = int64(4 * time.Minute)
	s.put(1, 1)
	s.put(2, 1)
	s.now = int64(5 * time.Minute)
	assert.Equal(t, []int32{2, 1, 1, 1, 1}, s.next1(6), "it sent a minute ago")
	s.put(1, 1)
	s.put(2, 1)
	assert.Equal(t, []int32{1, 2}, s.next1(2), "its backlog was gone")
}

// Among noisy tenants the one with the fewest messages in flight goes first.
func TestFewestInFlightAmongNoisyTenants(t *testing.T) {
	s := counter(t, SQSFair())
	s.put(1, 6)
	require.Equal(t, times(3, 1), s.next1(3))
	s.put(2, 6)
	s.charge(&message{group: 1}, 1)
	s.charge(&message{group: 2}, 1)
	assert.Equal(t, []int32{2, 2, 2, 1, 2, 1}, s.next1(6))
	s.put(3, 1)
	assert.Equal(t, []int32{3}, s.next1(1), "a quiet one before them")
}

// A message that came back makes its tenant go where that message's place is: before younger ones, and to the back once
// it was received AgeReceives times.
func TestPlacesOfReturnedMessages(t *testing.T) {
	s := counter(t, SQSFair())
	s.put(1, 1)
	s.put(2, 1)
	s.put(1, 1)
	tenants, slots := s.get(1)
	for receives := int32(1); receives < 3; receives++ {
		require.Equal(t, []int32{1}, tenants, "its second message is younger than that of tenant 2")
		require.Equal(t, receives, s.slots[slots[0]].receives)
		s.comeBack(slots[0], true)
		tenants, slots = s.get(1)
	}
	first := slots[0]
	s.put(3, 1)
	s.comeBack(first, true)
	s.put(4, 1)
	tenants, slots = s.get(9)
	assert.Equal(t, []int32{2, 1, 3, 1, 4}, tenants)
	assert.Equal(t, first, slots[3], "received three times: behind all that were there")
}

// Where returned messages ignore the cap they are handed out although it is reached, and new ones are not.
func TestReturnsOverTheCap(t *testing.T) {
	for _, ignore := range []bool{true, false} {
		c := JetStream()
		c.Queue.Expiry.ReturnsIgnoreCap = ignore
		s := counter(t, c)
		s.put(0, 3)
		_, slots := s.get(2)
		s.comeBack(slots[0], true)
		s.c.Queue.InFlightCap = 1 // lowered meanwhile, and one is in flight
		_, again := s.get(3)
		if ignore {
			assert.Equal(t, slots[:1], again)
		} else {
			assert.Empty(t, again)
		}
		assert.Equal(t, 3-1-len(again), s.visible)
	}
}

// A message that came back goes first, however often it did, where returned messages do; else to the back from the third
// receive on.
func TestReturnedMessagesFirst(t *testing.T) {
	for _, c := range []Config{JetStream(), SQSStandard()} {
		s := counter(t, c)
		s.put(0, 4)
		_, slots := s.get(1)
		first := slots[0]
		for range 3 {
			s.comeBack(first, true)
			_, slots = s.get(1)
			if s.slots[first].receives < 4 && slots[0] != first {
				break
			}
			require.Equal(t, first, slots[0])
		}
		want := int32(4)
		if c.Queue.AWS {
			want = 3
		}
		assert.Equal(t, want, s.slots[first].receives, c.Queue.Name)
	}
}
