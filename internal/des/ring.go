package des

// Ring is a double-ended queue in a ring buffer that doubles when it is full and is never given back: its memory is
// that of the longest backlog. The zero value is empty. Front, Back, At and the Pops need an element to be there.
type Ring[T any] struct {
	buf  []T // its length is a power of two, or 0
	head int
	n    int
}

// Len is how many elements there are.
func (r *Ring[T]) Len() int { return r.n }

// PushBack adds an element at the end.
func (r *Ring[T]) PushBack(v T) {
	if r.n == len(r.buf) {
		r.grow()
	}
	r.buf[(r.head+r.n)&(len(r.buf)-1)] = v
	r.n++
}

// PushFront adds an element before the first.
func (r *Ring[T]) PushFront(v T) {
	if r.n == len(r.buf) {
		r.grow()
	}
	r.head = (r.head - 1) & (len(r.buf) - 1)
	r.buf[r.head] = v
	r.n++
}

// PopFront takes the first element out.
func (r *Ring[T]) PopFront() T {
	v := *r.Front()
	r.head = (r.head + 1) & (len(r.buf) - 1)
	r.n--
	return v
}

// PopBack takes the last element out.
func (r *Ring[T]) PopBack() T {
	v := *r.Back()
	r.n--
	return v
}

// Front is the first element; the pointer holds until the next push.
func (r *Ring[T]) Front() *T { return r.At(0) }

// Back is the last element; the pointer holds until the next push.
func (r *Ring[T]) Back() *T { return r.At(r.n - 1) }

// At is element i, counted from the first; the pointer holds until the next push.
func (r *Ring[T]) At(i int) *T { return &r.buf[(r.head+i)&(len(r.buf)-1)] }

// Clear removes all elements and keeps the room that they had.
func (r *Ring[T]) Clear() {
	clear(r.buf)
	r.head, r.n = 0, 0
}

func (r *Ring[T]) grow() {
	buf := make([]T, max(8, 2*len(r.buf)))
	n := copy(buf, r.buf[r.head:])
	copy(buf[n:], r.buf[:r.head])
	r.buf, r.head = buf, 0
}
