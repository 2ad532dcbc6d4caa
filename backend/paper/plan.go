package paper

// plan is where things are on a page of one size, in millimetres from its upper
// left corner. A6 is not A4 made small: small letters have to stay readable.
type plan struct {
	width, height float64
	ticket        box     // the page is one large ticket
	tear          float64 // where its perforation is, from the top
	corner, notch float64 // radii of its corners and of the dents at the tear
	hole, holes   float64 // radius of the perforation's holes, and from one to the next
	edge          float64 // how thick its lower part's line is
	pad           float64 // from its edge to what is printed
	code          float64 // how wide the QR code is, quiet zone included
	gap           float64 // between what belongs together

	kind, name, when, place, ticketName, price style
	scan, description, desk, short, say, url   style
	note, stamp                                style
	ribbon                                     float64 // how thick the training stamp's ribbon is
}

func planOf(size Size) (plan, error) {
	switch size {
	case A4:
		return plan{
			width: 210, height: 297, ticket: box{12, 12, 186, 273}, tear: 128, corner: 7, notch: 6, hole: 1.25, holes: 4.4, edge: 0.35, pad: 13, code: 100, gap: 5,

			kind:        style{bold: true, largest: 6.5, least: 3.5, lines: 1, leading: 1.2, fill: accentWash},
			name:        style{bold: true, largest: 36, least: 4.2, leading: 1.1, fill: sheet},
			when:        style{bold: true, largest: 8.5, least: 3.6, lines: 3, leading: 1.2, fill: sheet},
			place:       style{largest: 7, least: 3.4, lines: 3, leading: 1.2, fill: accentWash},
			ticketName:  style{bold: true, largest: 9, least: 3.2, lines: 4, leading: 1.15, fill: ink},
			price:       style{bold: true, largest: 14, least: 3.2, lines: 1, leading: 1.1, fill: accent},
			scan:        style{bold: true, largest: 9.5, least: 3.2, lines: 4, leading: 1.12, fill: accent},
			description: style{largest: 4.6, least: 2.8, leading: 1.3, fill: inkSoft},
			desk:        style{largest: 4.2, least: 2.4, lines: 2, leading: 1.2, fill: inkSoft},
			short:       style{bold: true, largest: 11, least: 3, lines: 2, leading: 1.1, fill: ink},
			say:         style{largest: 3.9, least: 2.4, lines: 6, leading: 1.25, fill: inkSoft},
			url:         style{largest: 4, least: 2, lines: 3, leading: 1.2, fill: inkSoft},
			note:        style{bold: true, largest: 5.4, least: 2.4, lines: 1, leading: 1.2, fill: ink},
			stamp:       style{bold: true, largest: 15, least: 3, lines: 1, leading: 1.2, fill: ink},
			ribbon:      23,
		}, nil
	case A6:
		return plan{
			width: 105, height: 148, ticket: box{6, 6, 93, 136}, tear: 61, corner: 4, notch: 3.4, hole: 0.75, holes: 2.7, edge: 0.25, pad: 6, code: 52, gap: 2.5,

			kind:        style{bold: true, largest: 3.6, least: 2.4, lines: 1, leading: 1.2, fill: accentWash},
			name:        style{bold: true, largest: 18, least: 2.9, leading: 1.1, fill: sheet},
			when:        style{bold: true, largest: 4.7, least: 2.5, lines: 3, leading: 1.2, fill: sheet},
			place:       style{largest: 4, least: 2.4, lines: 3, leading: 1.2, fill: accentWash},
			ticketName:  style{bold: true, largest: 5, least: 2.2, lines: 4, leading: 1.15, fill: ink},
			price:       style{bold: true, largest: 7.2, least: 2.4, lines: 1, leading: 1.1, fill: accent},
			scan:        style{bold: true, largest: 5, least: 2.4, lines: 4, leading: 1.12, fill: accent},
			description: style{largest: 2.7, least: 2, leading: 1.25, fill: inkSoft},
			desk:        style{largest: 2.5, least: 1.9, lines: 2, leading: 1.2, fill: inkSoft},
			short:       style{bold: true, largest: 6, least: 2, lines: 2, leading: 1.1, fill: ink},
			say:         style{largest: 2.3, least: 1.9, lines: 6, leading: 1.25, fill: inkSoft},
			url:         style{largest: 2.5, least: 1.7, lines: 2, leading: 1.2, fill: inkSoft},
			note:        style{bold: true, largest: 3, least: 1.8, lines: 1, leading: 1.2, fill: ink},
			stamp:       style{bold: true, largest: 8, least: 2, lines: 1, leading: 1.2, fill: ink},
			ribbon:      12,
		}, nil
	default:
		return plan{}, ErrSize
	}
}
