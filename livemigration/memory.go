package livemigration

// memory is the guest's memory: by its curve, or page by page.
type memory struct {
	regions regions
	pages   *pages // nil = by the curve
}

func (m *memory) send(budget float64, c cost, speed float64) batch {
	if m.pages != nil {
		return m.pages.send(budget, c, speed)
	}
	return m.regions.send(budget, c, speed)
}

func (m *memory) run(g float64) {
	if m.pages != nil {
		m.pages.run(g)
		return
	}
	m.regions.run(g)
}

func (m *memory) sync() float64 {
	if m.pages != nil {
		return m.pages.sync()
	}
	return m.regions.sync()
}

func (m *memory) pending() (first, again float64) {
	if m.pages != nil {
		return m.pages.pending()
	}
	return m.regions.pending()
}
