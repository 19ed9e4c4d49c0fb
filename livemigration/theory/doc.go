// Package theory holds the closed forms of live migration, to lay over what package livemigration simulates.
//
// # Symbols
//
//	M    memory                              bytes
//	R    bandwidth                           bytes/s
//	D    rate of the guest's writes          bytes/s
//	W    working set                         bytes
//	tau  downtime limit                      s
//	lambda = D/R, V_i = bytes sent in round i, T = length of the push in post-copy
//
// # Formulas
//
//	constant rate   V_i = M lambda^i                        [GeometricSeries]
//	uniform         V_(i+1) = W (1 - e^(-lambda V_i/W))     [UniformPlateau]
//	drain           P' = W - (W - left) e^(-D dt/W)         [DrainPlateau]
//	post-copy       F = W (1 - (1 - e^-x)/x), x = D T/W     [PostCopyFaults]
//	clear on send   W (1 - (1 - e^-x)/x)                    [ClearOnSendShare]
//	disk mirror     T = -(disk/w) ln(1 - w/R)               [MirrorSeconds]
//
// Where the guest writes uniformly and faster than the link sends, lambda > 1, rounds end only if
// W UniformPlateau(lambda) <= R tau, and drained pre-copy if W (1 - 1/lambda) <= R tau, which is the larger region:
// [UniformConverges] and [DrainConverges].
package theory
