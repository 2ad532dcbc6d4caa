package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
)

// drillTime is how long the simulated Stripe may take over a drill: a month
// away is many sales.
const drillTime = 30 * time.Second

// drillAnswer is the most that the simulator's answer about drills may weigh.
const drillAnswer = 1 << 20

// Drill is a situation that a trainer brings about at the simulated Stripe, by
// name. Its words are the screens'.
type Drill struct {
	Name  string `json:"name"`
	Group string `json:"group" doc:"Whose trouble it is: network, stripe, buyer, money, access, away."`
	// Lasting ones go on until they are ended; the others are done at once.
	Lasting bool       `json:"lasting" doc:"It goes on until it is ended; otherwise it is done at once."`
	On      bool       `json:"on" doc:"It goes on now."`
	Since   *time.Time `json:"since,omitempty" doc:"When it was begun, by the simulated Stripe's clock."`
	Cases   []int      `json:"cases" doc:"Which of the nasty cases it brings about."`
}

type drillsBody struct {
	Body struct {
		Drills []Drill `json:"drills"`
	}
}

type drillInput struct {
	Drill string `path:"drill" pattern:"^[a-z][a-z0-9_]*$" maxLength:"60"`
	Body  struct {
		On   *bool `json:"on,omitempty" doc:"Begin a lasting drill or end it; begin, or do it once, when absent."`
		Days int   `json:"days,omitempty" minimum:"0" maximum:"60" doc:"How long the till was away, for the drills that ask."`
	}
}

func (s *server) drillRoutes(api huma.API) {
	huma.Get(api, "/api/training/drills", s.drills, named("drills", "What a trainer can bring about, in training"))
	huma.Put(api, "/api/training/drills/{drill}", s.drill, named("drill", "Begin a drill, end it, or do it once"))
	huma.Delete(api, "/api/training/drills", s.quiet, named("quiet", "End every drill"), func(o *huma.Operation) {
		o.DefaultStatus = http.StatusOK
	})
}

func (s *server) drills(ctx context.Context, _ *struct{}) (*drillsBody, error) {
	out := &drillsBody{}
	out.Body.Drills = []Drill{}
	if err := s.control(ctx, http.MethodGet, "drills", nil, &out.Body.Drills); err != nil {
		return nil, s.problem(ctx, err)
	}
	for i := range out.Body.Drills {
		if out.Body.Drills[i].Cases == nil {
			out.Body.Drills[i].Cases = []int{}
		}
	}
	return out, nil
}

func (s *server) drill(ctx context.Context, in *drillInput) (*drillsBody, error) {
	on := in.Body.On == nil || *in.Body.On
	ask := map[string]any{"on": on}
	if in.Body.Days > 0 {
		ask["days"] = in.Body.Days
	}
	if err := s.control(ctx, http.MethodPut, "drills/"+in.Drill, ask, nil); err != nil {
		return nil, s.problem(ctx, err)
	}
	s.Log.InfoContext(ctx, "api: a drill", slog.String("drill", in.Drill), slog.Bool("on", on))
	return s.drills(ctx, nil)
}

func (s *server) quiet(ctx context.Context, _ *struct{}) (*drillsBody, error) {
	if err := s.control(ctx, http.MethodDelete, "drills", nil, nil); err != nil {
		return nil, s.problem(ctx, err)
	}
	s.Log.InfoContext(ctx, "api: every drill has ended")
	return s.drills(ctx, nil)
}

// control turns one of the simulator's knobs. Outside training there is no
// simulator, and no drill.
func (s *server) control(ctx context.Context, method, knob string, ask, answer any) error {
	if s.Phone == nil {
		return &boxoffice.Error{
			Code:    boxoffice.CodeNotFound,
			Message: "Drills are for training. This book is not the training book, and nothing was changed.",
			Next:    "Open the training book in the settings.",
		}
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, s.Phone.JoinPath("_sim", knob).String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	got, err := (&http.Client{Timeout: drillTime}).Do(r)
	if err != nil {
		return noSimulator(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(io.LimitReader(got.Body, drillAnswer))
	if err != nil {
		return noSimulator(err)
	}
	if got.StatusCode != http.StatusOK {
		return drillRefused(got.StatusCode, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// drillRefused says why the simulator did not do it: it knows no such drill,
// or finds nothing to do it to.
func drillRefused(status int, text []byte) error {
	var told struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(text, &told) // without a reason the status must do
	switch status {
	case http.StatusConflict:
		return &boxoffice.Error{
			Code:    boxoffice.CodeDrillRefused,
			Message: sentence(told.Error),
			Next:    "Bring the till to where the drill fits, then try again.",
		}
	case http.StatusNotFound, http.StatusBadRequest:
		return &boxoffice.Error{
			Code:    boxoffice.CodeNotFound,
			Message: "The simulated Stripe knows no such drill. Nothing was changed.",
			Next:    "Reload the drills.",
			Cause:   fmt.Errorf("status %d: %s", status, told.Error),
		}
	}
	return noSimulator(fmt.Errorf("status %d: %s", status, told.Error))
}

func noSimulator(cause error) error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeStripeUnreachable,
		Message: "The simulated Stripe does not answer. The drill may not have begun.",
		Next:    "Restart Willcall.",
		Cause:   cause,
	}
}

// sentence writes a reason as one: a capital first, a full stop last.
func sentence(reason string) string {
	if reason == "" {
		return "The drill found nothing to work on."
	}
	return string(bytes.ToUpper([]byte(reason[:1]))) + strings.TrimSuffix(reason[1:], ".") + "."
}
