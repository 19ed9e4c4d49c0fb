module cloudconcepts/peers

go 1.26.0

require (
	cloudconcepts v0.0.0
	github.com/bits-and-blooms/bloom/v3 v3.7.1
	github.com/holiman/bloomfilter/v2 v2.0.3
	github.com/tylertreat/BoomFilters v0.0.0-20251001182300-5b3723cc64ae
)

require (
	github.com/bits-and-blooms/bitset v1.24.2 // indirect
	github.com/d4l3k/messagediff v1.2.1 // indirect
)

replace cloudconcepts => ../..
