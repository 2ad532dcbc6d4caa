package paper

import (
	"fmt"
	"math"
)

// A point on the page, in millimetres from its upper left corner.
type point struct{ x, y float64 }

// verb is a step of an outline.
type verb byte

const (
	moveTo verb = iota // one point
	lineTo             // one point
	quadTo             // two points: the control and the end
	cubeTo             // three points: two controls and the end
	closed             // none
)

// points is how many points the step takes.
func (v verb) points() int {
	switch v {
	case moveTo, lineTo:
		return 1
	case quadTo:
		return 2
	case cubeTo:
		return 3
	default:
		return 0
	}
}

// path is an outline, filled where its winding number is not zero.
type path struct {
	verbs  []verb
	points []point
}

func (p *path) step(v verb, points ...point) {
	p.verbs = append(p.verbs, v)
	p.points = append(p.points, points...)
}

// steps gives each step with its points.
func (p *path) steps(yield func(verb, []point) bool) {
	rest := p.points
	for _, v := range p.verbs {
		n := v.points()
		if !yield(v, rest[:n]) {
			return
		}
		rest = rest[n:]
	}
}

func (p *path) polygon(corners ...point) {
	for i, corner := range corners {
		if i == 0 {
			p.step(moveTo, corner)
		} else {
			p.step(lineTo, corner)
		}
	}
	p.step(closed)
}

func (p *path) rect(b box) {
	p.polygon(point{b.x, b.y}, point{b.x + b.w, b.y}, point{b.x + b.w, b.y + b.h}, point{b.x, b.y + b.h})
}

// bow is how far the controls of a quarter circle stand from its ends, in radii.
const bow = 0.5522847498

// quarter goes on from a to b by a quarter of a circle or its dent; corner is
// where the tangents of both ends meet.
func (p *path) quarter(a, corner, b point) {
	p.step(cubeTo,
		point{a.x + (corner.x-a.x)*bow, a.y + (corner.y-a.y)*bow},
		point{b.x + (corner.x-b.x)*bow, b.y + (corner.y-b.y)*bow}, b)
}

func (p *path) circle(centre point, r float64) {
	at := func(dx, dy float64) point { return point{centre.x + dx*r, centre.y + dy*r} }
	p.step(moveTo, at(1, 0))
	p.quarter(at(1, 0), at(1, 1), at(0, 1))
	p.quarter(at(0, 1), at(-1, 1), at(-1, 0))
	p.quarter(at(-1, 0), at(-1, -1), at(0, -1))
	p.quarter(at(0, -1), at(1, -1), at(1, 0))
	p.step(closed)
}

// rounded is a box with round corners.
func (p *path) rounded(b box, r float64) {
	left, right, top, foot := b.x, b.x+b.w, b.y, b.y+b.h
	p.step(moveTo, point{left + r, top})
	p.step(lineTo, point{right - r, top})
	p.quarter(point{right - r, top}, point{right, top}, point{right, top + r})
	p.step(lineTo, point{right, foot - r})
	p.quarter(point{right, foot - r}, point{right, foot}, point{right - r, foot})
	p.step(lineTo, point{left + r, foot})
	p.quarter(point{left + r, foot}, point{left, foot}, point{left, foot - r})
	p.step(lineTo, point{left, top + r})
	p.quarter(point{left, top + r}, point{left, top}, point{left + r, top})
	p.step(closed)
}

// add takes in the other outline, each point as the function moves it.
func (p *path) add(other path, move func(point) point) {
	p.verbs = append(p.verbs, other.verbs...)
	for _, at := range other.points {
		p.points = append(p.points, move(at))
	}
}

// turned moves by (x, y) after turning clockwise by the angle, in radians.
func turned(x, y, angle float64) func(point) point {
	sin, cos := math.Sincos(angle)
	return func(at point) point { return point{x + at.x*cos - at.y*sin, y + at.x*sin + at.y*cos} }
}

// box is a rectangle by its upper left corner, in millimetres.
type box struct{ x, y, w, h float64 }

// inset is the box with a margin taken off every side.
func (b box) inset(by float64) box {
	return box{b.x + by, b.y + by, b.w - 2*by, b.h - 2*by}
}

// colour is 0xRRGGBB.
type colour uint32

func (c colour) hex() string { return fmt.Sprintf("#%06x", uint32(c)) }

func (c colour) rgb() (r, g, b int) { return int(c >> 16 & 255), int(c >> 8 & 255), int(c & 255) }

// The till's colours (frontend/src/ui/tokens.css, by day).
const (
	white      colour = 0xffffff
	black      colour = 0x000000
	sheet      colour = 0xfffaf0
	sunk       colour = 0xe9dec9
	line       colour = 0xd8c9af
	ink        colour = 0x211a14
	inkSoft    colour = 0x5a4e42
	accent     colour = 0x2440a8
	accentWash colour = 0xe3e5f2
	training   colour = 0xf3b233
)

// shape is an outline and its colour; alpha 1 hides what lies under it.
type shape struct {
	outline path
	fill    colour
	alpha   float64
}

// page is a sheet: its size in millimetres and its shapes, the lowest first.
type page struct {
	width, height float64
	title         string
	shapes        []shape
}
