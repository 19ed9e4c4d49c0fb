package studies

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"cloudconcepts/internal/study"
	"cloudconcepts/queue"
	"cloudconcepts/queue/theory"
)

// arrivalsFlag reads arrivals, and trace:FILE from a file.
type arrivalsFlag struct{ cfg *queue.Config }

func (a arrivalsFlag) MarshalText() ([]byte, error) { return a.cfg.Arrivals.MarshalText() }

func (a arrivalsFlag) UnmarshalText(text []byte) error {
	path, ok := strings.CutPrefix(string(text), "trace:")
	if !ok {
		a.cfg.Trace = queue.Trace{}
		return a.cfg.Arrivals.UnmarshalText(text)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	trace, err := queue.ReadTrace(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	a.cfg.Arrivals, a.cfg.Trace = queue.FromTrace(), trace
	return nil
}

// serviceFlags declares the whole queue.Config.
func serviceFlags(f *study.Flags, cfg *queue.Config, shares *[]float64) {
	f.Text(arrivalsFlag{cfg}, "ARRIVALS", "arrivals", "when messages come: "+queue.ArrivalForms+", or trace:FILE with a CSV of seconds (and service times, and classes)")
	f.Text(&cfg.Service, "LAW", "service", "time of one service: exp:1s, const:1s, erlang:4,1s, hyper:cv2=4,1s, lognormal:1s,cv=2, uniform:1s,2s, pareto:alpha=2.5,1s")
	f.Int(&cfg.Servers, "servers", "servers")
	f.Int(&cfg.Capacity, "capacity", "places in the system, those in service included; 0 = any number")
	f.Text(&cfg.Full, "RULE", "full", "what happens to a message that finds no place: reject-newest, drop-oldest or block")
	f.Text(&cfg.Discipline, "NAME", "discipline", "order of service: "+names(queue.Disciplines())+"; expire is fifo that throws out what has waited longer than the deadline")
	f.Duration(&cfg.Deadline, "deadline", "a message that has to wait longer counts as lost, though every discipline but expire serves it; 0 = none")
	f.FloatList(shares, "class-shares", "shares of the classes of messages, the most urgent first, for the discipline priority")
	f.Int(&cfg.Policy.Threshold, "threshold", "adaptive-lifo: the longest line that is still served in order")
	f.Duration(&cfg.Policy.Target, "target", "codel...: the wait that is fine")
	f.Duration(&cfg.Policy.Interval, "interval", "codel...: how long the wait may stay above it")
	f.Count(&cfg.Messages, "messages", "messages")
	f.Count(&cfg.Warmup, "warmup", "messages at the start that no statistic counts")
	f.Duration(&cfg.Duration, "duration", "end of the run; 0 = when all messages are served")
}

func names[T fmt.Stringer](list []T) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = n.String()
	}
	return strings.Join(words, ", ")
}

// classes are classes of one size with those shares.
func classes(shares []float64) []queue.Class {
	var list []queue.Class
	for _, s := range shares {
		list = append(list, queue.Class{Share: s, Size: 1})
	}
	return list
}

// steady is the closed form of a configuration, or nothing if there is none.
func steady(c queue.Config) (string, theory.Steady, bool) {
	poisson := strings.HasPrefix(c.Arrivals.String(), "poisson:") && !strings.Contains(c.Arrivals.String(), "batch")
	inOrder := (c.Discipline == queue.FIFO || c.Discipline == queue.LIFO && c.Capacity == 0) && len(c.Classes) < 2
	if !poisson || !inOrder || c.Full != queue.RejectNewest && c.Capacity > 0 || !(c.Service.Mean() > 0) {
		return "", theory.Steady{}, false
	}
	rate, mean := c.Arrivals.Rate(), c.Service.Mean()
	var s theory.Steady
	err := errors.New("none")
	name := ""
	fixed, constant := c.Service.Fixed()
	switch {
	case c.Service.Exponential() && c.Capacity > 0:
		name = fmt.Sprintf("M/M/%d/%d", c.Servers, c.Capacity)
		s, err = theory.MMcK{Arrival: rate, Service: 1 / mean, Servers: c.Servers, Capacity: c.Capacity}.Solve()
	case c.Capacity > 0:
	case c.Service.Exponential():
		name = fmt.Sprintf("M/M/%d", c.Servers)
		s, err = theory.MMc{Arrival: rate, Service: 1 / mean, Servers: c.Servers}.Solve()
	case constant:
		name = fmt.Sprintf("M/D/%d", c.Servers)
		s, err = theory.MDc{Arrival: rate, Seconds: fixed.Seconds(), Servers: c.Servers}.Solve()
	case c.Servers == 1:
		name = "M/G/1"
		s, err = theory.MG1{Arrival: rate, Mean: mean, CV2: c.Service.CV2()}.Solve()
	}
	return name, s, err == nil
}

// only is x where it applies, and NaN elsewhere.
func only(applies bool, x float64) float64 {
	if applies {
		return x
	}
	return math.NaN()
}
