package bloom

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/rng"
)

// KeySet is a set of real keys: their hashes, and what was found on reading.
type KeySet struct {
	hashes     []uint64 // ascending, all different
	Lines      uint64   // read, empty ones too
	Empty      uint64   // lines without a key, left out
	Duplicates uint64   // keys that had been there before, left out
}

// Distinct is the number of different keys: what Config.Keys must be.
func (s KeySet) Distinct() uint64 { return uint64(len(s.hashes)) }

// golden is the step of generated keys: 2^64 over the golden ratio, as of splitmix64.
const golden = 0x9E3779B97F4A7C15

const (
	maxKeyBytes = 1 << 20 // of one line
	maxKeyLines = 1 << 27 // 1 GiB of hashes
)

// ReadKeys reads keys, one a line of at most 1 MiB. The line's end, LF or
// CRLF, and a byte order mark at the start are no part of a key; everything
// else is, blanks too. A set without a key is an error. Keys count as equal if
// their 64-bit hashes are: among 1e8 different keys, a chance of 3 in 10,000.
func ReadKeys(r io.Reader) (KeySet, error) {
	var s KeySet
	in := bufio.NewReaderSize(r, 64<<10)
	var long []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(long)+len(part) > maxKeyBytes+2 {
			return KeySet{}, fmt.Errorf("%w: key file: line %d is longer than 1 MiB; one key a line is wanted", ErrInvalidConfig, s.Lines+1)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, part...)
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return KeySet{}, fmt.Errorf("bloom: key file: line %d: %w", s.Lines+1, err)
		}
		if len(long) > 0 {
			part = append(long, part...)
			long = long[:0]
		}
		s.take(part)
		if err != nil {
			break
		}
		if len(s.hashes) > maxKeyLines {
			return KeySet{}, fmt.Errorf("%w: key file: more than %d keys", ErrInvalidConfig, maxKeyLines)
		}
	}
	return s.finish()
}

// take counts a line in and hashes its key.
func (s *KeySet) take(line []byte) {
	if len(line) == 0 { // the end of a file that ends with a line's end
		return
	}
	if s.Lines == 0 {
		line = bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF"))
	}
	s.Lines++
	line = bytes.TrimSuffix(line, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 {
		s.Empty++
		return
	}
	s.hashes = append(s.hashes, filter.HashBytes(line))
}

func (s KeySet) finish() (KeySet, error) {
	if len(s.hashes) == 0 {
		return KeySet{}, fmt.Errorf("%w: key file: no keys in %d lines, want at least 1", ErrInvalidConfig, s.Lines)
	}
	slices.Sort(s.hashes)
	all := len(s.hashes)
	s.hashes = slices.Compact(s.hashes)
	s.Duplicates = uint64(all - len(s.hashes))
	return s, nil
}

func (s KeySet) holds(hash uint64) bool {
	_, found := slices.BinarySearch(s.hashes, hash)
	return found
}

// keys are the present and the absent keys of one filter, by number. The two
// are disjoint by construction: generated keys are Hash64, a bijection, of the
// even and of the odd steps of one sequence; beside real keys, an absent key
// that happens to be one of them is drawn anew.
type keys struct {
	base uint64 // generated keys start here
	set  *KeySet
	salt uint64 // real keys are hashed with it, so that every filter errs on its own
}

// Purposes of the streams of one filter.
const (
	purposeKeys = iota
	purposeSalt
	purposeLookups
)

// keysOf are the keys of a filter, generated if set is nil.
func keysOf(seed uint64, filter int, set *KeySet) keys {
	return keys{
		base: rng.Seed(seed, uint64(filter), purposeKeys),
		set:  set,
		salt: rng.Seed(seed, uint64(filter), purposeSalt),
	}
}

func (k keys) present(i uint64) uint64 {
	if k.set != nil {
		return filter.Hash64(k.set.hashes[i] ^ k.salt)
	}
	return filter.Hash64(k.base + 2*i*golden)
}

func (k keys) absent(i uint64) uint64 {
	hash := filter.Hash64(k.base + (2*i+1)*golden)
	if k.set == nil {
		return hash
	}
	for k.set.holds(hash) {
		hash = filter.Hash64(hash)
	}
	return filter.Hash64(hash ^ k.salt)
}
