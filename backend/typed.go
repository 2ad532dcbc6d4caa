package backend

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"strings"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/reconcile"
	"willcall/backend/stripeapi"
)

// typed is the page on which a card is typed. Stripe.js wants https and a page
// of an origin of its own (docs.stripe.com/security/guide#tls), so it is served
// beside the till and shown in the system's browser.
type typed struct {
	book    *book
	backend *Backend
}

// trainingPublishable is what the page shows the simulator's stand-in.
const trainingPublishable = "pk_test_training"

// Page implements api.Typed.
func (t *typed) Page(orderID string) string {
	return fmt.Sprintf("https://%s/pay.html?order=%s", t.backend.secure.Addr(), orderID)
}

// Payment implements api.Typed.
func (t *typed) Payment(ctx context.Context, o boxoffice.Order, tender boxoffice.Tender) (api.Payment, error) {
	p := api.Payment{OrderCode: o.Code, Amount: tender.Amount, State: tender.State, Mode: modeOf(t.book.name), PublishableKey: trainingPublishable}
	if t.book.connection != nil {
		p.PublishableKey = t.book.connection.Publishable()
	}
	if t.book.simulator != nil {
		p.StandIn = api.StandInPath
	}
	if p.PublishableKey == "" {
		return p, &boxoffice.Error{
			Code:    boxoffice.CodeNotConnected,
			Message: "There is no publishable key, without which no card can be typed here. Nobody was charged.",
			Next:    "Enter it in Settings, beside the restricted key; or cancel, and let the buyer pay by phone.",
		}
	}
	if tender.State != boxoffice.TenderOpen {
		return p, nil
	}
	var err error
	if p.ClientSecret, err = t.book.client.ClientSecret(ctx, tender.SessionID); err != nil {
		return p, unreachable(err)
	}
	return p, nil
}

// unreachable says for a person why Stripe did not answer.
func unreachable(err error) error {
	failure, ok := err.(*stripeapi.Error) //nolint:errorlint // the client returns nothing else
	if !ok {
		return err
	}
	p := reconcile.Words(failure)
	return &boxoffice.Error{Code: p.Code, Message: p.Detail + " Nobody was charged.", Next: p.Next, Cause: err}
}

// page serves what the page for cards needs and nothing else of the till's.
func (b *Backend) page() http.Handler {
	return api.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !onPage(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		b.current().ServeHTTP(w, r)
	}))
}

func onPage(path string) bool {
	payment := strings.HasPrefix(path, "/api/orders/") && strings.HasSuffix(path, "/payment")
	return path == "/pay.html" || path == api.CallbackPath || payment || strings.HasPrefix(path, "/assets/") ||
		strings.HasPrefix(path, "/training/elements/") || path == "/ticket.svg"
}

// certificate makes the page's own, for this machine and this run. No authority
// knows a box office on a laptop: the browser asks once whether to trust it.
func (b *Backend) certificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("backend: certificate: %w", err)
	}
	now := b.now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "Willcall on this machine"},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(30 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("backend: certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
