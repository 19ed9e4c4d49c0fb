package client

// Budget is a bucket of tokens that retries must pay from. It is full at the
// start. The zero value does not limit retries.
type Budget struct {
	Capacity    float64 `json:"capacity"`     // most tokens, [0, 1e9]; 0 = no budget
	PerRequest  float64 `json:"per_request"`  // tokens that a new request brings, [0, 1000]: the budget ratio b
	PerSuccess  float64 `json:"per_success"`  // tokens that a successful attempt brings, [0, 1000]
	RetryCost   float64 `json:"retry_cost"`   // tokens for a retry of what was rejected, [0, 1e9]
	TimeoutCost float64 `json:"timeout_cost"` // tokens for a retry of what timed out, [0, 1e9]
	Refund      bool    `json:"refund"`       // a retry that succeeds brings back what it cost
}

// RatioBudget lets retries be at most the fraction ratio of new requests, and
// ten more at the start.
func RatioBudget(ratio float64) Budget {
	return Budget{Capacity: 10, PerRequest: ratio, RetryCost: 1, TimeoutCost: 1}
}

// AWSRetryQuota is the quota of the AWS SDK for Go (aws/retry/standard.go in
// aws/aws-sdk-go-v2): 500 tokens, 5 for a retry, 10 after a timeout; a success
// brings 1, that of a retry also what the retry took.
func AWSRetryQuota() Budget {
	return Budget{Capacity: 500, PerSuccess: 1, RetryCost: 5, TimeoutCost: 10, Refund: true}
}

func (v *checks) budget(b Budget) {
	v.Between("Budget.Capacity", b.Capacity, 0, 1e9, " tokens")
	v.Between("Budget.PerRequest", b.PerRequest, 0, 1000, " tokens")
	v.Between("Budget.PerSuccess", b.PerSuccess, 0, 1000, " tokens")
	v.Between("Budget.RetryCost", b.RetryCost, 0, 1e9, " tokens")
	v.Between("Budget.TimeoutCost", b.TimeoutCost, 0, 1e9, " tokens")
}

// purse is a Budget in use.
type purse struct {
	Budget
	tokens float64
}

func newPurse(b Budget) purse { return purse{Budget: b, tokens: b.Capacity} }

func (p *purse) earn(tokens float64) {
	p.tokens = min(p.Capacity, p.tokens+tokens)
}

// slack forgives the rounding of sums of small shares.
const slack = 1e-9

// pay takes the cost of a retry, or tells that there is too little.
func (p *purse) pay(timedOut bool) (cost float64, ok bool) {
	if p.Capacity == 0 {
		return 0, true
	}
	cost = p.RetryCost
	if timedOut {
		cost = p.TimeoutCost
	}
	if p.tokens+slack < cost {
		return 0, false
	}
	p.tokens -= cost
	return cost, true
}

// succeed books a successful attempt that had cost so many tokens.
func (p *purse) succeed(cost float64) {
	if p.Refund {
		p.earn(cost)
	}
	p.earn(p.PerSuccess)
}

// tap is a TokenBucket in use, refilled continuously.
type tap struct {
	TokenBucket
	tokens float64
	at     int64
}

func newTap(b TokenBucket) tap { return tap{TokenBucket: b, tokens: b.Burst} }

// admit takes a token, or tells that there is none.
func (t *tap) admit(now int64) bool {
	if t.Burst == 0 {
		return true
	}
	t.tokens = min(t.Burst, t.tokens+t.Rate*1e-9*float64(now-t.at))
	t.at = now
	if t.tokens+slack < 1 {
		return false
	}
	t.tokens--
	return true
}
