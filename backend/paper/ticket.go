package paper

import "math"

// The page is a ticket: two parts with round corners that hang together by a
// perforation. It is the one ornament.

// paper draws both parts of the ticket on the ground's colour.
func (l *layout) paper(ground colour) {
	upper, lower := l.ticket, l.ticket
	upper.h = l.tear - upper.y
	lower.y, lower.h = l.tear, l.ticket.y+l.ticket.h-l.tear
	l.add(part(upper, l.corner, l.notch, false), accent)
	l.add(part(lower, l.corner, l.notch, true), line)
	within := lower.inset(l.edge)
	within.y, within.h = lower.y, lower.h-l.edge
	l.add(part(within, l.corner-l.edge, l.notch, true), sheet)

	var holes path
	from, to := l.ticket.x+l.notch, l.ticket.x+l.ticket.w-l.notch
	count := math.Floor((to - from) / l.holes)
	apart := (to - from) / count
	for i := 1.0; i < count; i++ {
		holes.circle(point{from + i*apart, l.tear}, l.hole)
	}
	l.add(holes, ground)
}

// part is a box with two round corners and, on the side of the tear, two dents:
// the upper part of the ticket, or the lower.
func part(b box, corner, notch float64, lower bool) path {
	// Drawn as the upper part, and turned upside down for the lower.
	near, far := b.y, b.y+b.h
	side := 1.0
	if lower {
		near, far, side = far, near, -1
	}
	left, right := b.x, b.x+b.w
	var p path
	p.step(moveTo, point{left + corner, near})
	p.step(lineTo, point{right - corner, near})
	p.quarter(point{right - corner, near}, point{right, near}, point{right, near + side*corner})
	p.step(lineTo, point{right, far - side*notch})
	p.quarter(point{right, far - side*notch}, point{right - notch, far - side*notch}, point{right - notch, far})
	p.step(lineTo, point{left + notch, far})
	p.quarter(point{left + notch, far}, point{left + notch, far - side*notch}, point{left, far - side*notch})
	p.step(lineTo, point{left, near + side*corner})
	p.quarter(point{left, near + side*corner}, point{left, near}, point{left + corner, near})
	p.step(closed)
	return p
}

// coupon is the small ticket that the short code stands on.
func (l *layout) coupon(b box) {
	var p path
	p.rounded(b, l.corner*0.35)
	l.add(p, sunk)
}

// steep is how far the stamp's ribbon climbs, in millimetres for each of its width.
const steep = 0.34

// stamped marks a training page: a ribbon across it, from edge to edge, and a
// sentence at head and foot. It must be seen on a grey copy, too, so it has words.
func (l *layout) stamped() {
	cos := 1 / math.Sqrt(1+steep*steep)
	thick := l.ribbon / cos
	middle := l.ticket.y + (l.tear-l.ticket.y)*0.48
	climb := steep * l.width
	left, right := middle+climb/2-thick/2, middle-climb/2-thick/2
	var ribbon path
	ribbon.polygon(point{0, left}, point{l.width, right}, point{l.width, right + thick}, point{0, left + thick})
	l.shapes = append(l.shapes, shape{ribbon, training, 0.92})

	// The words stand along the ribbon as often as they fit, once at least.
	long := l.width/cos - 2*l.ribbon*steep
	word := l.fit(l.Words.Training, long, l.ribbon*0.9, l.stamp, l.toLeft)
	each := word.width() + word.size
	times := max(1, math.Floor((long+word.size)/each))
	apart := (long - times*word.width()) / times
	var words path
	for i := range int(times) {
		x := -long/2 + apart/2 + float64(i)*(word.width()+apart)
		words.add(word.outline(word.width(), false), func(at point) point {
			return turned(l.width/2, middle, -math.Atan(steep))(point{at.x + x, at.y - word.height()/2})
		})
	}
	l.add(words, word.fill)

	edge := l.ticket.y
	note := l.fit(l.Words.TrainingNote, l.ticket.w-2*l.corner, edge*0.85, l.note, l.toLeft)
	for _, y := range []float64{(edge - note.height()) / 2, l.height - (edge+note.height())/2} {
		l.set(note, box{l.ticket.x + l.corner, y, l.ticket.w - 2*l.corner, 0}, false)
	}
}
