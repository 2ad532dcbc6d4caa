package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/paper"
)

// Poster is a QR code for the wall that sells one ticket type for one
// performance, out of seats that are set apart for it.
type Poster struct {
	ID            string                `json:"id"`
	Code          string                `json:"code" doc:"What the buyer says at the desk." example:"7KQ"`
	State         boxoffice.PosterState `json:"state" enum:"starting,open,closing,closed,refused"`
	PerformanceID string                `json:"performanceId"`
	TicketTypeID  string                `json:"ticketTypeId"`
	EventName     string                `json:"eventName"`
	Name          string                `json:"name"`
	Place         string                `json:"place"`
	StartsAt      time.Time             `json:"startsAt"`
	TimeZone      string                `json:"timeZone"`
	Price         money.Amount          `json:"price"`
	Allotment     int                   `json:"allotment" doc:"Seats that were set apart."`
	Arrived       int                   `json:"arrived" doc:"How many of them are sold."`
	MadeAt        time.Time             `json:"madeAt"`
	URL           string                `json:"url,omitempty" doc:"The Payment Link, where the code leads."`
	Problem       *Trouble              `json:"problem,omitempty"`
	TrainingPhone string                `json:"trainingPhone,omitempty" doc:"In training, the path of the buyer's page on the till itself."`
}

type postersBody struct {
	Body struct {
		Posters []Poster `json:"posters" doc:"Newest first."`
	}
}

type posterBody struct {
	Body Poster
}

type newPosterInput struct {
	Key  string `header:"Idempotency-Key" doc:"8 to 64 characters, new for each poster."`
	Body struct {
		PerformanceID string `json:"performanceId"`
		TicketTypeID  string `json:"ticketTypeId"`
		Allotment     int    `json:"allotment" doc:"Seats to set apart, from 1."`
	}
}

type posterInput struct {
	Poster string `path:"poster"`
}

func (s *server) posterRoutes(api huma.API) {
	huma.Get(api, "/api/posters", s.posters, named("posters", "Posters, newest first"))
	huma.Post(api, "/api/posters", s.newPoster, named("newPoster", "Set seats apart and make a code for the wall"), func(o *huma.Operation) { o.DefaultStatus = 201 })
	huma.Post(api, "/api/posters/{poster}/check", s.checkPoster, named("checkPoster", "Ask Stripe for sales by the poster now; they show by themselves"))
	huma.Post(api, "/api/posters/{poster}/show", s.showPoster, named("showPoster", "Show one of the poster's files in the system's browser, from where it can be kept or printed"))
	huma.Post(api, "/api/posters/{poster}/close", s.closePoster, named("closePoster", "Close a poster, and free what is left of its seats"))
}

func (s *server) posters(ctx context.Context, _ *struct{}) (*postersBody, error) {
	out := &postersBody{}
	out.Body.Posters = []Poster{}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		found, err := tx.Posters()
		for _, p := range found {
			out.Body.Posters = append(out.Body.Posters, s.posterView(p))
		}
		return err
	})
}

func (s *server) newPoster(ctx context.Context, in *newPosterInput) (*posterBody, error) {
	p, err := s.Desk.MakePoster(ctx, desk.PosterRequest{
		Key: in.Key, PerformanceID: in.Body.PerformanceID, TicketTypeID: in.Body.TicketTypeID, Allotment: in.Body.Allotment,
	})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &posterBody{s.posterView(p)}, nil
}

func (s *server) closePoster(ctx context.Context, in *posterInput) (*posterBody, error) {
	p, err := s.Desk.ClosePoster(ctx, in.Poster)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &posterBody{s.posterView(p)}, nil
}

func (s *server) checkPoster(ctx context.Context, in *posterInput) (*posterBody, error) {
	p, err := s.Desk.CheckPoster(in.Poster)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &posterBody{s.posterView(p)}, nil
}

type showPosterInput struct {
	Poster string `path:"poster"`
	File   string `query:"file" enum:"poster.pdf,poster.svg,code.svg,code.png" required:"true"`
	Size   string `query:"size" enum:"A4,A6" default:"A4"`
}

func (s *server) showPoster(ctx context.Context, in *showPosterInput) (*openedBody, error) {
	p, err := s.openPoster(in.Poster)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.opened(s.Home() + "/api/posters/" + p.ID + "/" + in.File + "?size=" + in.Size), nil
}

func (s *server) posterView(p boxoffice.Poster) Poster {
	v := Poster{
		ID: p.ID, Code: p.Code, State: p.State, PerformanceID: p.PerformanceID, TicketTypeID: p.TicketTypeID, EventName: p.EventName,
		Name: p.Name, Place: p.Place, StartsAt: p.StartsAt, TimeZone: p.TimeZone, Price: p.Price,
		Allotment: p.Allotment, Arrived: p.Arrived, MadeAt: p.MadeAt,
	}
	if p.State == boxoffice.PosterOpen {
		v.URL, v.TrainingPhone = p.URL, s.phoneView(p.URL)
	}
	if p.Problem != nil {
		v.Problem = &Trouble{Code: Code(p.Problem.Code), Detail: p.Problem.Detail, Next: p.Problem.Next}
	}
	return v
}

// posterFile is the poster as it is printed or shown: poster.pdf and
// poster.svg (?size=A4 or A6), or its QR code alone: code.svg and code.png.
func (s *server) posterFile(w http.ResponseWriter, r *http.Request) {
	p, err := s.openPoster(r.PathValue("poster"))
	if err != nil {
		writeProblem(w, err)
		return
	}
	kind := map[string]string{"poster.pdf": "application/pdf", "poster.svg": "image/svg+xml", "code.svg": "image/svg+xml", "code.png": "image/png"}[r.PathValue("file")]
	data, err := s.posterData(p, r.PathValue("file"), paper.Size(cmp.Or(strings.ToUpper(r.URL.Query().Get("size")), string(paper.A4))))
	if err != nil {
		writeProblem(w, s.problem(r.Context(), err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	if r.URL.Query().Has("download") {
		h.Set("Content-Disposition", `attachment; filename="willcall-poster-`+p.Code+path.Ext(r.PathValue("file"))+`"`)
	}
	_, _ = w.Write(data) //nolint:gosec // text is drawn, or escaped by paper; a client that left needs no poster
}

// openPoster finds a poster that sells; the error is not explained yet.
func (s *server) openPoster(id string) (p boxoffice.Poster, err error) {
	err = s.Book.View(func(tx *ledger.Tx) error {
		found, ok, err := tx.Poster(id)
		switch {
		case err != nil:
			return err
		case !ok:
			return boxoffice.ErrUnknownPoster()
		case found.State != boxoffice.PosterOpen:
			return &boxoffice.Error{
				Code:    boxoffice.CodeNoCode,
				Message: "Poster " + found.Code + " sells nothing at the moment, so there is nothing to print.",
				Next:    "Look at the poster's state.",
			}
		}
		p = found
		return nil
	})
	return p, err
}

func (s *server) posterData(p boxoffice.Poster, file string, size paper.Size) ([]byte, error) {
	switch file {
	case "code.svg":
		text, err := paper.QRSVG(p.URL)
		return []byte(text), err
	case "code.png":
		return paper.QRPNG(p.URL, 1024)
	case "poster.svg", "poster.pdf":
	default:
		return nil, nothingHere(file)
	}
	sheet := paper.Poster{
		EventName: p.EventName, Place: p.Place, When: p.When(), TicketName: p.Name, Price: p.Price.String(), Description: p.Description,
		URL: p.URL, Code: p.Code, SayAtDesk: "Say it at the desk, with your name.", Training: s.Mode == boxoffice.Training, Made: p.MadeAt, Fonts: s.Fonts(),
		Words: paper.Words{
			Kind: "Tickets", Scan: "Scan to buy", Desk: "Say at the desk",
			Training: "Training", TrainingNote: "For practice: no real money, no real tickets.",
		},
	}
	draw := sheet.PDF
	if file == "poster.svg" {
		draw = sheet.SVG
	}
	data, err := draw(size)
	if errors.Is(err, paper.ErrSize) {
		return nil, &boxoffice.Error{Code: boxoffice.CodeInvalid, Message: "A poster is A4 or A6.", Next: "Ask for size=A4 or size=A6.", Cause: err}
	}
	return data, err
}
