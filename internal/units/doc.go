// Package units reads and writes quantities the way people do: 8GiB, 10Gbit/s, 1d12h, 20k, 1%.
//
// Inside the module every quantity is a plain number in its base unit: bytes are int64, rates are float64 bytes per
// second, times are time.Duration, fractions lie in 0..1. This package is the border where text becomes such a number
// and back.
//
// There are two ways back. The Format functions write for a reader and round (8 GiB, 1.25 GB/s, 4 min 12 s). The Text
// functions write for the command line and are exact: parsing their result gives the same number again.
//
// [Value] and [List] make any of these quantities a command line flag; they satisfy the Value interface of pflag
// without importing it.
package units
