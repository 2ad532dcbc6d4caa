package api

import (
	"net/http"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/paper"
)

// orderCode draws the code that the buyer scans to pay.
func (s *server) orderCode(w http.ResponseWriter, r *http.Request) {
	o, err := s.Desk.Order(r.PathValue("order"))
	if err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	for _, t := range o.Tenders {
		if t.State == boxoffice.TenderOpen && t.URL != "" { // a card that is typed has no page of its own
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

// draw answers with the QR code of the text.
func (s *server) draw(w http.ResponseWriter, r *http.Request, text string) {
	code, err := paper.ScreenQR(text)
	if err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(code)) //nolint:gosec // nothing of the text is in the drawing; a client that left needs no picture
}
