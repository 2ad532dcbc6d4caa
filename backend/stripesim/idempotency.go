package stripesim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// How long a key's first answer is given again, and how long a key can be.
// Source: docs.stripe.com/api/idempotent_requests.
const (
	answerKept = int64(24 * time.Hour / time.Second)
	maxKey     = 255
)

// firstAnswer is what the first request under an idempotency key was told.
// It is kept, errors included, for every request that began to work: not for
// one that was refused before (key, parameters, another request in progress,
// a rate limit). Source: docs.stripe.com/api/idempotent_requests, "Results
// are only saved if an API endpoint started executing".
type firstAnswer struct {
	Key     string          `json:"key"`
	Path    string          `json:"path"`
	Params  string          `json:"params"` // digest
	Status  int             `json:"status"`
	Body    json.RawMessage `json:"body"`
	At      int64           `json:"at"` // seconds
	Request string          `json:"request"`
}

func (t *tx) firstAnswer(c *call, a *answer) *firstAnswer {
	params := c.digest()
	if c.http.Context().Value(wordsKey{}) != nil {
		params = ""
	}
	return &firstAnswer{
		Key: t.sim.keptUnder(c), Path: c.http.URL.Path, Params: params, Status: a.status, Body: a.body, At: t.now, Request: c.id,
	}
}

// wordsKey marks the context of a request that FaultOtherWords is about: its
// key is kept as that of parameters which nobody can send.
type wordsKey struct{}

// otherWords is r, marked if one of the faults asks for it.
func otherWords(r *http.Request, faults []Fault) *http.Request {
	if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind == FaultOtherWords }) {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), wordsKey{}, true))
}

func (c *call) digest() string {
	sum := sha256.Sum256([]byte(c.args.canonical()))
	return hex.EncodeToString(sum[:])
}

// reserve returns the first answer under the call's key if there is one, or
// takes the key until release. A call without a key passes. Wordings: github.com/stripe/stripe-ruby/issues/503
// and /issues/598, github.com/stripe/stripe-go/issues/647.
func (s *Sim) reserve(c *call) (first *answer, kept bool, err error) {
	if c.key == "" {
		return nil, false, nil
	}
	if len(c.key) > maxKey {
		return nil, false, badRequest("", "", "Idempotency keys can be at most %d characters long.", maxKey)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[c.busyKey()] {
		return nil, false, keyInUse(c.key)
	}
	was, ok := c.account.answers[s.keptUnder(c)]
	if !ok || s.now()-was.At >= answerKept {
		s.busy[c.busyKey()] = true
		return nil, false, nil
	}
	if was.Path != c.http.URL.Path {
		return nil, false, idempotencyError("Keys for idempotent requests can only be used for the same endpoint they were first used for ('"+c.http.URL.Path+"' vs '"+was.Path+"').", c.key)
	}
	if was.Params != c.digest() {
		return nil, false, idempotencyError("Keys for idempotent requests can only be used with the same parameters they were first used with.", c.key)
	}
	return &answer{status: was.Status, body: was.Body, replayed: true, original: was.Request}, true, nil
}

// keptUnder is what the call's answer is kept under: its key, and who asks.
func (s *Sim) keptUnder(c *call) string {
	if s.assumed.KeysAreShared {
		return c.key
	}
	who := sha256.Sum256([]byte(c.caller.Value))
	return hex.EncodeToString(who[:8]) + " " + c.key
}

func (s *Sim) release(c *call) {
	if c.key == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, c.busyKey())
}

func (c *call) busyKey() string { return c.account.book() + " " + c.key }

func idempotencyError(message, key string) *apiError {
	e := newError(http.StatusBadRequest, "idempotency_error", "", "", message+" Try using a key other than '"+key+"' if you meant to execute a different request.")
	e.Retry = new(false)
	return e
}

func keyInUse(key string) *apiError {
	return newError(http.StatusConflict, invalidRequest, "idempotency_key_in_use", "",
		"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): "+key+". Please try again later.")
}
