package stripesim

// askBank waits for the buyer to pass 3-D Secure, or to confirm on the page of
// the method.
func (t *tx) askBank(old *intent, m *method) (result, error) {
	i := *old
	i.Status, i.Waiting, i.PaymentMethod, i.LastPaymentError = requiresAction, m, &m.ID, nil
	page := t.sim.publicURL + "/c/intents/" + i.ID
	if i.Session != "" {
		page = t.sim.publicURL + "/c/pay/" + i.Session
	}
	r := result{Status: requiresAction, Message: "Your bank asks you to confirm this payment."}
	switch {
	case m.Type != card:
		i.NextAction = &nextAction{Type: "redirect_to_url", RedirectToURL: &redirectToURL{URL: page, ReturnURL: &page}}
		r.Message = findWay(m.Type).label + " asks you to confirm this payment."
	case i.Back != nil:
		i.NextAction = &nextAction{Type: "redirect_to_url", RedirectToURL: &redirectToURL{URL: page, ReturnURL: i.Back}}
	default:
		i.NextAction = &nextAction{Type: "use_stripe_sdk", UseStripeSDK: map[string]string{
			"type": "three_d_secure_redirect", "source": newID("src_1", 23), "stripe_js": page,
		}}
	}
	put(&t.wrote.Intents, &i)
	return r, t.emit("payment_intent.requires_action", &i)
}

// answerBank is what follows from the buyer's answer to the bank.
func (t *tx) answerBank(s *session, i *intent, ok bool) (result, error) {
	if !ok {
		return t.refuse(i, nil, authenticationFailed())
	}
	m := *i.Waiting
	m.Authenticated = true
	c, _ := findCard(m.Number)
	return t.attempt(s, i, &m, c.refused)
}

// attempt asks the bank for the money: refused says what it answers, nil is
// yes. S is nil where no Checkout Session belongs to the intent.
func (t *tx) attempt(s *session, old *intent, m *method, refused *refusal) (result, error) {
	if refused != nil {
		c := t.newCharge(old, m, failed, refused)
		if err := t.emit("charge.failed", c); err != nil {
			return result{}, err
		}
		return t.refuse(old, c, refused)
	}
	i := *old
	c := t.newCharge(&i, m, succeeded, nil)
	if err := t.emit("charge.succeeded", c); err != nil {
		return result{}, err
	}
	i.receive(c, m)
	put(&t.wrote.Intents, &i)
	if err := t.emit("payment_intent.succeeded", &i); err != nil {
		return result{}, err
	}
	thanks := result{Status: succeeded, Message: "Thank you. Your payment succeeded."}
	if s == nil {
		return thanks, nil
	}
	return thanks, t.completeSession(s, m, paid)
}

// receive marks i as paid by c.
func (i *intent) receive(c *charge, m *method) {
	i.Status, i.AmountReceived, i.LatestCharge = succeeded, c.Amount, &c.ID
	i.NextAction, i.Waiting, i.LastPaymentError = nil, nil, nil
	if m != nil {
		i.PaymentMethod = &m.ID
	}
}

// refuse leaves the session open for another attempt. A charge exists only
// where the bank was asked.
func (t *tx) refuse(old *intent, c *charge, r *refusal) (result, error) {
	i := *old
	i.Status, i.PaymentMethod, i.NextAction, i.Waiting = requiresMethod, nil, nil, nil
	i.LastPaymentError = r.lastError(c)
	if c != nil {
		i.LatestCharge = &c.ID
	}
	put(&t.wrote.Intents, &i)
	code := r.decline
	if code == "" {
		code = r.code
	}
	return result{Status: "declined", Code: code, Message: r.message}, t.emit("payment_intent.payment_failed", &i)
}

// lastError is the refusal as the intent keeps it.
func (r *refusal) lastError(c *charge) *paymentError {
	e := newError(0, "card_error", r.code, "", r.message)
	out := &paymentError{Type: e.Type, Code: e.Code, DeclineCode: r.decline, DocURL: e.DocURL, Message: e.Message}
	if c == nil {
		out.Type = invalidRequest // Stripe's type for a failed authentication
	} else {
		out.Charge = c.ID
	}
	return out
}

// processLater completes the session unpaid: the bank will answer in days.
func (t *tx) processLater(s *session, old *intent, m *method) (result, error) {
	i := *old
	c := t.newCharge(&i, m, pending, nil)
	i.Status, i.PaymentMethod, i.LatestCharge, i.LastPaymentError = processing, &m.ID, &c.ID, nil
	i.NextAction, i.Waiting = nil, nil
	put(&t.wrote.Intents, &i)
	if err := t.emit("charge.pending", c); err != nil {
		return result{}, err
	}
	if err := t.emit("payment_intent.processing", &i); err != nil {
		return result{}, err
	}
	return result{Status: processing, Message: "Thank you. Your bank will confirm this payment in some days."}, t.completeSession(s, m, unpaid)
}

// completeSession ends the buyer's part.
func (t *tx) completeSession(old *session, m *method, paymentStatus string) error {
	s := *old
	s.Status, s.PaymentStatus = complete, paymentStatus
	s.CustomerDetails = &customerDetails{
		Address: &address{Country: m.country()}, Email: m.Email, Name: m.name(), TaxExempt: "none", TaxIDs: &[]struct{}{},
	}
	put(&t.wrote.Sessions, &s)
	if err := t.tellCompletion(&s); err != nil || s.PaymentLink == nil {
		return err
	}
	return t.sold(*s.PaymentLink)
}

// settle is the bank's answer to a delayed payment.
func (t *tx) settle(oldSession *session, oldIntent *intent, ok bool) error {
	s, i := *oldSession, *oldIntent
	was, _ := t.charge(*i.LatestCharge)
	c := *was
	events := []string{"charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded"}
	if ok {
		t.collect(&c)
		i.receive(&c, nil)
		s.PaymentStatus = paid
	} else {
		r := &refusal{"payment_intent_payment_attempt_failed", "", "The customer's bank account could not be debited."}
		c.Status, c.Captured, c.AmountCaptured = failed, false, 0
		c.FailureCode, c.FailureMessage = new("debit_not_authorized"), &r.message
		if c.BalanceTransaction != nil {
			c.FailureBalanceTransaction = &t.reverse(&c).ID
		}
		i.Status, i.PaymentMethod, i.LastPaymentError = requiresMethod, nil, r.lastError(&c)
		events = []string{"charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"}
	}
	put(&t.wrote.Charges, &c)
	put(&t.wrote.Intents, &i)
	put(&t.wrote.Sessions, &s)
	return t.tellEnd(&s, func() error {
		for n, v := range []any{&c, &i, &s} {
			if err := t.emit(events[n], v); err != nil {
				return err
			}
		}
		return nil
	})
}
