package api

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/skip2/go-qrcode"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// orderCode draws the code that the buyer scans to pay.
func (s *server) orderCode(w http.ResponseWriter, r *http.Request) {
	o, err := s.Desk.Order(r.PathValue("order"))
	if err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	for _, t := range o.Tenders {
		if t.State == boxoffice.TenderOpen {
			s.draw(w, r, t.URL)
			return
		}
	}
	writeProblem(w, &boxoffice.Error{
		Code:    boxoffice.CodeNoCode,
		Message: "Order " + o.Code + " has no code that can be paid.",
		Next:    "Look at the order's status.",
	})
}

// ticketCode draws the code that the door scans.
func (s *server) ticketCode(w http.ResponseWriter, r *http.Request) {
	id, known := r.PathValue("ticket"), false
	err := s.view(r.Context(), func(tx *ledger.Tx) (err error) {
		_, known, err = tx.OrderByTicket(id)
		return err
	})
	switch {
	case err != nil:
		writeProblem(w, err)
	case !known:
		writeProblem(w, &boxoffice.Error{Code: boxoffice.CodeUnknownTicket, Message: "There is no such ticket in this book.", Next: "Look the order up in Sales."})
	case s.TicketKey() == nil:
		writeProblem(w, &boxoffice.Error{
			Code:    boxoffice.CodeVaultLocked,
			Message: "The key that signs tickets is sealed, so their codes cannot be shown. The ticket is valid.",
			Next:    "Open the sealed keys with the passphrase, in Settings.",
		})
	default:
		s.draw(w, r, boxoffice.TicketCode(s.TicketKey(), id))
	}
}

// draw answers with the QR code of the text. The least error correction makes
// the largest modules, and a screen is not torn or stained.
func (s *server) draw(w http.ResponseWriter, r *http.Request, text string) {
	code, err := qrcode.New(text, qrcode.Low)
	if err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(svg(code.Bitmap()))) // a client that left needs no picture
}

// svg draws modules black on white, one path for all runs, so that the picture
// is sharp at any size. The bitmap has its quiet zone.
func svg(modules [][]bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`,
		len(modules), len(modules), len(modules), len(modules))
	for y, row := range modules {
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] {
				x++
			}
			if x > start {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", start, y, x-start, x-start)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}
