package studies

import (
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// method is the preset with the user's changes.
func (in *input) method(memory int64) (lm.Method, error) {
	m, err := methodOf(in.preset, memory)
	if err != nil {
		return m, err
	}
	if err := m.Strategy.UnmarshalText([]byte(in.strategy)); err != nil {
		return m, err
	}
	in.costs(&m)
	m.PostCopy = in.cfg.Method.PostCopy
	m.AssumedBandwidth = in.cfg.Method.AssumedBandwidth
	if in.set("downtime-limit") {
		m.Limit = lm.FixedLimit(in.limit)
	}
	if in.set("auto-converge") {
		m.Throttle = throttle(in.converge)
	}
	if in.set("max-rounds") {
		m.Stop = with(lm.AfterRounds{Rounds: in.maxRounds, Action: lm.Force}, m.Stop)
	}
	if in.set("timeout") {
		action := map[string]lm.Decision{"abort": lm.Abort, "force": lm.Force, "postcopy": lm.ToPostCopy}[in.onTimeout]
		m.Stop = with(lm.Timeout{After: in.timeout, Action: action}, m.Stop)
	}
	return m, nil
}

// costs takes over what pages cost, where the user said so or the presets
// have no opinion.
func (in *input) costs(m *lm.Method) {
	given := in.cfg.Method
	if in.set("page-header") {
		m.PageHeader = given.PageHeader
	}
	if in.set("skip-redirtied") {
		m.SkipRedirtied = given.SkipRedirtied
	}
	m.ZeroScan, m.Compression, m.XBZRLE = given.ZeroScan, given.Compression, given.XBZRLE
	m.ClearOnSend = given.ClearOnSend
	m.Setup, m.StopLatency, m.Resume = given.Setup, given.StopLatency, given.Resume
}

func throttle(name string) lm.Throttle {
	switch name {
	case "modern":
		return hypervisor.AutoConvergeModern()
	case "two-strike":
		return hypervisor.AutoConverge72()
	case "legacy":
		return hypervisor.AutoConvergeLegacy()
	case "dirty-limit":
		return lm.DirtyLimit{Quota: 1 * lm.MB}
	case "proportional":
		return lm.Proportional{Target: 0.9, Max: 0.99}
	}
	return nil
}

// with puts a rule in front of others; of the same kind only the new one stays.
func with(rule, others lm.StopRule) lm.StopRule {
	if others = without(rule, others); others == nil {
		return rule
	}
	return lm.Any(rule, others)
}

func without(rule, others lm.StopRule) lm.StopRule {
	if e, ok := others.(lm.Either); ok {
		a, b := without(rule, e.A), without(rule, e.B)
		switch {
		case a == nil:
			return b
		case b == nil:
			return a
		}
		return lm.Either{A: a, B: b}
	}
	_, rounds := rule.(lm.AfterRounds)
	_, time := rule.(lm.Timeout)
	switch others.(type) {
	case lm.AfterRounds:
		if rounds {
			return nil
		}
	case lm.Timeout:
		if time {
			return nil
		}
	}
	return others
}
