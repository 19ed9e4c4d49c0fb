package main

import (
	"fmt"
	"strings"

	"cloudconcepts/internal/study"
)

// An examItem is a question of the examination with what the page shows beside it.
type examItem struct {
	study.Exam
	Command string
	Section *entry // the study's section on this page
}

// exam are the questions of the examination of a concept.
func (p page) exam() []examItem {
	var items []examItem
	for _, e := range p.program.Exam {
		item := examItem{Exam: e, Command: p.program.Command(e.Study, e.Flags)}
		for i := range p.entries {
			if p.entries[i].study.Name == e.Study {
				item.Section = &p.entries[i]
			}
		}
		items = append(items, item)
	}
	return items
}

// Run is what the run for these notes answered, if it is the command's.
func (i examItem) Run() string {
	if i.Section == nil || i.Section.err != nil || i.Flags != "" {
		return ""
	}
	return i.Section.outcome.Report.Answer
}

// examMarkdown are the questions at the end of a concept's page.
func (p page) examMarkdown() string {
	items := p.exam()
	if len(items) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n", examTitle)
	for _, i := range items {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n%s\n", study.Escape(i.Question), study.Escape(i.Answer), study.Shell(i.Command))
		if i.Section != nil {
			fmt.Fprintf(&b, "\nSee [%s](#%s)\n", study.Escape(i.Section.study.Question), slug(i.Section.study.Question))
		}
		if run := i.Run(); run != "" {
			fmt.Fprintf(&b, "\nThis run: %s\n", study.Escape(run))
		}
	}
	return b.String()
}
