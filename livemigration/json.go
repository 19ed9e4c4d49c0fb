package livemigration

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// kinds are the types that may stand in an interface field of a Config, by
// the word that marks them in JSON.
func kinds() map[string]any {
	return map[string]any{
		"constant": ConstantRate{}, "sequential": Sequential{}, "uniform": Uniform{}, "mixture": Mixture{},
		"zipf": Zipf{}, "curve": Empirical{}, "phased": Phased{}, "replay": Replay{},
		"fixed": FixedLimit(0), "nova-ramp": NovaRamp{}, "kubevirt-ramp": KubeVirtRamp{}, "proxmox": ProxmoxDoubling{},
		"either": Either{}, "after-rounds": AfterRounds{}, "few-pages": FewPages{}, "data-factor": DataFactor{},
		"growing-round": GrowingRound{}, "no-progress": NoProgress{}, "timeout": Timeout{},
		"auto-converge": AutoConverge{}, "dirty-limit": DirtyLimit{}, "proportional": Proportional{},
		"adaptive": AdaptiveRate{}, "recorded": RecordedRates{},
	}
}

// marked is a value with its kind.
type marked struct {
	Kind  string `json:"kind"`
	Value any    `json:"value"`
}

// mark wraps a value for JSON, nil as null.
func mark(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	for kind, example := range kinds() {
		if reflect.TypeOf(example) == reflect.TypeOf(v) {
			return marked{kind, v}, nil
		}
	}
	return nil, fmt.Errorf("livemigration: %T is not one of the package's types and has no JSON", v)
}

// unmark reads what mark wrote.
func unmark[T any](raw json.RawMessage) (out T, err error) {
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return out, nil
	}
	var m struct {
		Kind  string          `json:"kind"`
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return out, err
	}
	example, ok := kinds()[m.Kind]
	if !ok {
		return out, fmt.Errorf("livemigration: unknown kind %q", m.Kind)
	}
	value := reflect.New(reflect.TypeOf(example))
	if err := json.Unmarshal(m.Value, value.Interface()); err != nil {
		return out, err
	}
	out, ok = value.Elem().Interface().(T)
	if !ok {
		return out, fmt.Errorf("livemigration: kind %q does not fit here", m.Kind)
	}
	return out, nil
}

type plainConfig Config

// MarshalJSON implements json.Marshaler: sizes in bytes, times in nanoseconds.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(plainConfig(c)) }

type plainVM VM

// MarshalJSON implements json.Marshaler; the workload carries its kind.
func (v VM) MarshalJSON() ([]byte, error) {
	workload, err := mark(v.Workload)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		plainVM
		Workload any `json:"workload"`
	}{plainVM(v), workload})
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *VM) UnmarshalJSON(data []byte) (err error) {
	in := struct {
		*plainVM
		Workload json.RawMessage `json:"workload"`
	}{plainVM: (*plainVM)(v)}
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	v.Workload, err = unmark[DirtyCurve](in.Workload)
	return err
}

type plainMethod Method

// MarshalJSON implements json.Marshaler; the policies carry their kinds.
func (m Method) MarshalJSON() ([]byte, error) {
	var marks [4]any
	for i, policy := range []any{m.Limit, m.Stop, m.Throttle, m.Rate} {
		var err error
		if marks[i], err = mark(policy); err != nil {
			return nil, err
		}
	}
	return json.Marshal(struct {
		plainMethod
		Limit    any `json:"downtime_limit"`
		Stop     any `json:"stop"`
		Throttle any `json:"throttle"`
		Rate     any `json:"rate"`
	}{plainMethod(m), marks[0], marks[1], marks[2], marks[3]})
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *Method) UnmarshalJSON(data []byte) (err error) {
	in := struct {
		*plainMethod
		Limit    json.RawMessage `json:"downtime_limit"`
		Stop     json.RawMessage `json:"stop"`
		Throttle json.RawMessage `json:"throttle"`
		Rate     json.RawMessage `json:"rate"`
	}{plainMethod: (*plainMethod)(m)}
	if err = json.Unmarshal(data, &in); err != nil {
		return err
	}
	if m.Limit, err = unmark[Schedule](in.Limit); err != nil {
		return err
	}
	if m.Stop, err = unmark[StopRule](in.Stop); err != nil {
		return err
	}
	if m.Throttle, err = unmark[Throttle](in.Throttle); err != nil {
		return err
	}
	m.Rate, err = unmark[RateControl](in.Rate)
	return err
}

// MarshalJSON implements json.Marshaler.
func (e Either) MarshalJSON() ([]byte, error) {
	a, err := mark(e.A)
	if err != nil {
		return nil, err
	}
	b, err := mark(e.B)
	if err != nil {
		return nil, err
	}
	return json.Marshal([2]any{a, b})
}

// UnmarshalJSON implements json.Unmarshaler.
func (e *Either) UnmarshalJSON(data []byte) (err error) {
	var in [2]json.RawMessage
	if err = json.Unmarshal(data, &in); err != nil {
		return err
	}
	if e.A, err = unmark[StopRule](in[0]); err != nil {
		return err
	}
	e.B, err = unmark[StopRule](in[1])
	return err
}

type plainPhased Phased

// MarshalJSON implements json.Marshaler.
func (p Phased) MarshalJSON() ([]byte, error) {
	base, err := mark(p.Base)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		plainPhased
		Base any `json:"base"`
	}{plainPhased(p), base})
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *Phased) UnmarshalJSON(data []byte) (err error) {
	in := struct {
		*plainPhased
		Base json.RawMessage `json:"base"`
	}{plainPhased: (*plainPhased)(p)}
	if err = json.Unmarshal(data, &in); err != nil {
		return err
	}
	p.Base, err = unmark[DirtyCurve](in.Base)
	return err
}
