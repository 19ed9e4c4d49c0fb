// Package sweep runs a model over a grid of settings, on one machine or split into shards, with the same result.
//
// A [Spec] says which fields of a model's configuration are swept, and is turned into a [Plan]. The plan holds a [Grid],
// which is plain data and fixes everything: the cells, the order of the work, the seeds. A [Shard] is a part of that work;
// it is written to a file of its own, row by row while it runs and as a whole when it is done. [Merge] puts the files of
// all shards together.
//
// A row holds counts, exact sums and histograms, not means, so that the merged result does not depend on how many shards
// there were: its bytes are the same.
//
// A field of a configuration or of a result is called by its JSON name, with dots: link.bandwidth_bytes_per_s.
package sweep
