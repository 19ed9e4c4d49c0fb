package livemigration

type pages struct{}

func (p *pages) send(budget float64, c cost, speed float64) batch { return batch{} }
func (p *pages) run(g float64)                                    {}
func (p *pages) sync() float64                                    { return 0 }
func (p *pages) pending() (a, b float64)                          { return 0, 0 }
