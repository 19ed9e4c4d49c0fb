// Package theory holds the closed forms of live migration, to lay over what package livemigration
// simulates.
//
// # The question
//
// When does pre-copy end, what does it cost, and what stays dirty for ever where it does not end?
//
// # The model
//
// A link of one speed without page headers, and a guest that writes at a constant rate: pages not
// yet dirty (constant), or drawn at random out of its working set (uniform). The fields are those
// of livemigration.Config.
//
// # Symbols
//
//	M    VM.Memory, of which VM.NonZero goes in full                              bytes
//	R    Link.Bandwidth (live), Link.SwitchOver (last copy and post-copy)         bytes/s
//	D    the workload's Rate                                                      bytes/s
//	W    the workload's WorkingSet                                                bytes
//	tau  Method.Limit                                                             s
//	lambda = D/R, V_i = bytes sent in round i, p = throttle: guest time runs at 1-p
//
// # Formulas
//
//	constant rate   V_i = M lambda^i                        [GeometricSeries]
//	uniform         V_(i+1) = W (1 - e^(-lambda V_i/W))     [UniformPlateau]
//	drain           P' = W - (W - left) e^(-D dt/W)         [DrainPlateau]
//	post-copy       F = W (1 - (1 - e^-x)/x), x = D T/W     [PostCopyFaults], T the length of the push
//	clear on send   W (1 - (1 - e^-x)/x)                    [ClearOnSendShare]
//	disk mirror     T = -(disk/w) ln(1 - w/R)               [MirrorSeconds]
//
// Where the guest writes uniformly and faster than the link sends, lambda > 1, rounds end only if W
// UniformPlateau(lambda) <= R tau, and drained pre-copy if W (1 - 1/lambda) <= R tau, which is the
// larger region: [UniformConverges] and [DrainConverges].
//
// # Sources
//
// The constant rate and legacy Xen's bounds: S. Akoush and others, see [AkoushBounds]. The others
// follow from the model; the tests of package livemigration hold simulated migrations against them.
//
// # Deviations
//
// [PostCopyFaults] forgets that a page asked for takes its time from the push.
package theory
