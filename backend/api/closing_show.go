package api

import (
	"context"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

type showClosingInput struct {
	File   string    `query:"file" enum:"csv,pdf" required:"true"`
	From   time.Time `query:"from" doc:"RFC 3339; with to, the period."`
	To     time.Time `query:"to" doc:"Included."`
	Payout string    `query:"payout" maxLength:"255" doc:"Instead of a period."`
	Zone   string    `query:"zone" maxLength:"64" doc:"IANA name of the zone that its times are written in."`
}

func (s *server) closingShowRoutes(api huma.API) {
	huma.Post(api, "/api/closing/show", s.showClosing, named("showClosing", "Show a close as a file in the system's browser, where the window itself cannot keep one"))
}

// showClosing makes the close first: what cannot be closed is told here, and
// not on a page of the browser.
func (s *server) showClosing(ctx context.Context, in *showClosingInput) (*openedBody, error) {
	if _, err := s.report(&closingInput{From: in.From, To: in.To, Payout: in.Payout}); err != nil {
		return nil, s.problem(ctx, err)
	}
	query := url.Values{}
	if in.Payout != "" {
		query.Set("payout", in.Payout)
	} else {
		query.Set("from", in.From.UTC().Format(time.RFC3339))
		query.Set("to", in.To.UTC().Format(time.RFC3339))
	}
	if in.Zone != "" {
		query.Set("zone", in.Zone)
	}
	return s.opened(s.Home() + "/api/closing." + in.File + "?" + query.Encode()), nil
}
