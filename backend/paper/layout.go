package paper

// layout puts a poster's parts on its page, the lowest first.
type layout struct {
	Poster
	plan
	*setter
	toLeft bool // the page reads from right to left
	shapes []shape
}

func (l *layout) add(outline path, fill colour) {
	if len(outline.verbs) > 0 {
		l.shapes = append(l.shapes, shape{outline, fill, 1})
	}
}

// set puts the block at the start of the column's lines, or at their end, its
// top at the box's.
func (l *layout) set(b *block, column box, atEnd bool) {
	var out path
	out.add(b.outline(column.w, l.toLeft != atEnd), func(at point) point { return point{column.x + at.x, column.y + at.y} })
	l.add(out, b.fill)
}

// column is the part of the box from so far behind the start of its lines, w wide.
func (l *layout) column(of box, from, w float64) box {
	x := of.x + from
	if l.toLeft {
		x = of.x + of.w - from - w
	}
	return box{x, of.y, w, of.h}
}

// draw draws the whole page. The code comes last: nothing may lie over it.
func (l *layout) draw(code [][]bool) {
	ground := white
	if l.Training {
		ground = training
	}
	var all path
	all.rect(box{0, 0, l.width, l.height})
	l.add(all, ground)
	l.paper(ground)
	inner := l.ticket.inset(l.pad)
	l.head(box{inner.x, inner.y, inner.w, l.tear - l.gap*1.6 - inner.y})
	symbol := l.stub(box{inner.x, l.tear + l.pad*0.85, inner.w, inner.y + inner.h + l.pad*0.55 - l.tear - l.pad*0.85})
	if l.Training {
		l.stamped()
	}
	var panel path
	panel.rounded(symbol.inset(-l.edge), l.corner*0.4)
	l.add(panel, line)
	panel = path{}
	panel.rounded(symbol, l.corner*0.4)
	l.add(panel, white)
	l.add(symbolPath(code, symbol), black)
}

// head is the upper part: what is on, when and where. When and where stand at
// its foot; the name has what is left.
func (l *layout) head(b box) {
	kind := l.fit(l.Words.Kind, b.w, b.h*0.1, l.kind, l.toLeft)
	l.set(kind, b, false)
	place := l.fit(l.Place, b.w, b.h*0.19, l.place, l.toLeft)
	when := l.fit(l.When, b.w, b.h*0.19, l.when, l.toLeft)
	foot := b.y + b.h - place.height()
	l.set(place, box{b.x, foot, b.w, 0}, false)
	foot -= when.height() + l.gap*0.2
	l.set(when, box{b.x, foot, b.w, 0}, false)

	top := b.y + b.h*0.1 + l.gap*0.6
	name := l.fit(l.EventName, b.w, foot-l.gap*0.6-top, l.name, l.toLeft)
	l.set(name, box{b.x, top, b.w, 0}, false)
}

// stub is the lower part: what is sold and how. It gives the code's place.
func (l *layout) stub(b box) box {
	row := b.h - l.code - l.gap*3.1
	price := l.fit(l.Price, b.w*0.42, row, l.price, l.toLeft)
	l.set(price, box{b.x, b.y + (row-price.height())/2, b.w, 0}, true)
	left := b.w
	if taken := price.width(); taken > 0 {
		left -= taken + l.gap
	}
	ticket := l.fit(l.TicketName, left, row, l.ticketName, l.toLeft)
	l.set(ticket, l.column(box{b.x, b.y + (row-ticket.height())/2, b.w, 0}, 0, left), false)

	symbol := l.column(box{b.x, b.y + row + l.gap*0.6, b.w, l.code}, 0, l.code)
	from := l.code + l.gap*1.4
	l.aside(l.column(box{b.x, symbol.y, b.w, l.code}, from, b.w-from))

	foot := symbol.y + l.code + l.gap*0.5
	l.set(l.fit(l.URL, b.w, b.y+b.h-foot, l.url, false), box{b.x, foot, b.w, 0}, false)
	return symbol
}

// aside stands beside the code: scan it, what one gets, and at its foot what to
// say at the desk.
func (l *layout) aside(b box) {
	scan := l.fit(l.Words.Scan, b.w, b.h*0.3, l.scan, l.toLeft)
	l.set(scan, b, false)

	say := l.fit(l.SayAtDesk, b.w, b.h*0.2, l.say, l.toLeft)
	foot := b.y + b.h - say.height()
	l.set(say, box{b.x, foot, b.w, 0}, false)
	inner := b.w - l.gap*1.2
	short := l.fit(l.Code, inner, b.h*0.16, l.short, l.toLeft)
	if short.height() > 0 {
		desk := l.fit(l.Words.Desk, inner, b.h*0.12, l.desk, l.toLeft)
		high := desk.height() + short.height() + l.gap*0.9
		foot -= high + l.gap*0.6
		l.coupon(box{b.x, foot, b.w, high})
		l.set(desk, box{b.x + l.gap*0.6, foot + l.gap*0.5, inner, 0}, false)
		l.set(short, box{b.x + l.gap*0.6, foot + l.gap*0.5 + desk.height(), inner, 0}, false)
	}

	top := b.y + scan.height() + l.gap*0.4
	text := l.fit(l.Description, b.w, foot-l.gap*0.6-top, l.description, l.toLeft)
	l.set(text, box{b.x, top, b.w, 0}, false)
}
