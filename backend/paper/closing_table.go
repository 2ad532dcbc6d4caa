package paper

// table sets a table: its title, the columns' names, and its rows, each as high
// as its longest cell. Title and names come again on each page that it goes on.
func (l *filed) table(t Table, width float64) {
	if len(t.Rows) == 0 && t.Note == "" {
		return
	}
	l.room(30)
	l.down(t.Title, width, l.styles.head, 1.5)
	places := l.columns(t.Columns, width)
	l.names(t.Columns, places)
	for _, row := range t.Rows {
		l.row(t, row, places)
	}
	l.y += 1.5
	l.down(t.Note, width, l.styles.note, 0)
	l.y += 7
}

// columns are the places of the cells, from the start of the line on.
func (l *filed) columns(columns []Column, width float64) (places []box) {
	all := 0.0
	for _, c := range columns {
		all += c.Share
	}
	x := 0.0
	for i, c := range columns {
		w := width * c.Share / all
		gap := filedGap
		if i == len(columns)-1 {
			gap = 0
		}
		left := x
		if l.toLeft {
			left = width - x - w
		}
		places = append(places, box{filedEdge + left, 0, w - gap, 0})
		x += w
	}
	return places
}

func (l *filed) names(columns []Column, places []box) {
	var blocks []*block
	high := 0.0
	for i, c := range columns {
		b := l.fit(c.Name, places[i].w, 9, l.styles.name, l.toLeft)
		blocks = append(blocks, b)
		high = max(high, b.height())
	}
	for i, b := range blocks {
		at := places[i]
		at.y = l.y + high - b.height()
		l.put(columns[i].Name, b, at, columns[i].Number)
	}
	l.y += high + 1
	l.fill(box{filedEdge, l.y, filedWide - 2*filedEdge, filedRule * 2}, ink)
	l.y++
}

func (l *filed) row(t Table, cells []string, places []box) {
	blocks := make([]*block, len(places))
	high := 0.0
	for i := range places {
		text := ""
		if i < len(cells) {
			text = cells[i]
		}
		blocks[i] = l.fit(text, places[i].w, 24, l.styles.cell, l.toLeft)
		high = max(high, blocks[i].height())
	}
	if l.room(high + filedGap) {
		l.names(t.Columns, places)
	}
	for i, b := range blocks {
		at := places[i]
		at.y = l.y + filedGap/2
		text := ""
		if i < len(cells) {
			text = cells[i]
		}
		l.put(text, b, at, t.Columns[i].Number)
	}
	l.y += high + filedGap
	l.fill(box{filedEdge, l.y - filedRule, filedWide - 2*filedEdge, filedRule}, line)
}
