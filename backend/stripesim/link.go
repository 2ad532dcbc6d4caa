package stripesim

import (
	"maps"
	"slices"
	"strconv"
)

// Bounds of a payment link. Source: docs.stripe.com/api/payment-link/create.
const (
	maxLinkLines  = 20
	maxAdjustable = 999
)

// link is a Payment Link and what Stripe keeps beside it.
type link struct {
	paymentLink `json:"payment_link"`

	Born   int64      `json:"born"`  // seconds; Stripe does not show it
	Token  string     `json:"token"` // the end of the URL
	Lines  []line     `json:"lines"`
	Intent intentData `json:"intent"`
}

// paymentLink has the shape of Stripe's payment_link.
type paymentLink struct {
	ID                        string            `json:"id"`
	Object                    string            `json:"object"`
	Active                    bool              `json:"active"`
	AfterCompletion           afterCompletion   `json:"after_completion"`
	AllowPromotionCodes       bool              `json:"allow_promotion_codes"`
	Application               none              `json:"application"`
	ApplicationFeeAmount      *int64            `json:"application_fee_amount"`
	ApplicationFeePercent     none              `json:"application_fee_percent"`
	AutomaticTax              linkTax           `json:"automatic_tax"`
	BillingAddressCollection  string            `json:"billing_address_collection"`
	ConsentCollection         none              `json:"consent_collection"`
	Currency                  string            `json:"currency"`
	CustomFields              []customField     `json:"custom_fields"`
	CustomText                customText        `json:"custom_text"`
	CustomerCreation          string            `json:"customer_creation"`
	InactiveMessage           *string           `json:"inactive_message"`
	InvoiceCreation           none              `json:"invoice_creation"`
	Livemode                  bool              `json:"livemode"`
	Metadata                  map[string]string `json:"metadata"`
	OnBehalfOf                none              `json:"on_behalf_of"`
	PaymentIntentData         *linkIntentData   `json:"payment_intent_data"`
	PaymentMethodCollection   string            `json:"payment_method_collection"`
	PaymentMethodTypes        []string          `json:"payment_method_types"` // null: by the account's settings
	PhoneNumberCollection     enabled           `json:"phone_number_collection"`
	Restrictions              *restrictions     `json:"restrictions"`
	ShippingAddressCollection none              `json:"shipping_address_collection"`
	ShippingOptions           []struct{}        `json:"shipping_options"`
	SubmitType                string            `json:"submit_type"`
	SubscriptionData          none              `json:"subscription_data"`
	TaxIDCollection           enabled           `json:"tax_id_collection"`
	TransferData              none              `json:"transfer_data"`
	URL                       string            `json:"url"`
}

type linkTax struct {
	Enabled   bool `json:"enabled"`
	Liability none `json:"liability"`
}

type afterCompletion struct {
	HostedConfirmation *confirmation `json:"hosted_confirmation,omitempty"`
	Redirect           *redirectTo   `json:"redirect,omitempty"`
	Type               string        `json:"type"`
}

type confirmation struct {
	CustomMessage *string `json:"custom_message"`
}

type redirectTo struct {
	URL string `json:"url"`
}

type restrictions struct {
	CompletedSessions completedSessions `json:"completed_sessions"`
}

type completedSessions struct {
	Count int64 `json:"count"`
	Limit int64 `json:"limit"`
}

// linkIntentData has the shape of a link's payment_intent_data.
type linkIntentData struct {
	CaptureMethod             none              `json:"capture_method"`
	Description               *string           `json:"description"`
	Metadata                  map[string]string `json:"metadata"`
	SetupFutureUsage          none              `json:"setup_future_usage"`
	StatementDescriptor       *string           `json:"statement_descriptor"`
	StatementDescriptorSuffix *string           `json:"statement_descriptor_suffix"`
	TransferGroup             none              `json:"transfer_group"`
}

func (l *link) key() string { return l.ID }
func (l *link) born() int64 { return l.Born }

// view is the link as the API shows it. Its address has 60 characters at
// most where the simulator has a loopback address.
func (l *link) view(t *tx) any {
	v := l.paymentLink
	v.URL = t.sim.publicURL + "/c/link/" + l.Token
	return &v
}

// full tells whether the link has had all the sales that it is good for.
func (l *link) full() bool {
	return l.Restrictions != nil && l.Restrictions.CompletedSessions.Count >= l.Restrictions.CompletedSessions.Limit
}

// linkFields are what creating and updating have in common.
func linkFields() fields {
	return fields{
		"after_completion": hash(fields{
			"hosted_confirmation": hash(fields{"custom_message": text(500)}),
			"redirect":            hash(fields{"url": text(2048).must()}),
			"type":                choice("hosted_confirmation", "redirect").must(),
		}),
		"custom_text":          hash(fields{"after_submit": messageText().clearable(), "submit": messageText().clearable()}),
		"inactive_message":     text(500),
		"metadata":             metadata(),
		"payment_method_types": array(0, choice(wayNames()...)),
		"restrictions":         hash(fields{"completed_sessions": hash(fields{"limit": integer(1).must()}).must()}),
	}
}

func linkCreateFields() fields {
	return linkFields().with(fields{
		"allow_promotion_codes":      boolean(),
		"application_fee_amount":     integer(0),
		"billing_address_collection": choice("auto"),
		"currency":                   text(0),
		"custom_fields":              customFieldFields(),
		"customer_creation":          choice("if_required"),
		"line_items": array(maxLinkLines, hash(fields{
			"adjustable_quantity": hash(fields{"enabled": boolean().must(), "maximum": integer(1), "minimum": integer(0)}),
			"price":               text(5000).must(),
			"quantity":            integer(1).must(),
		})).must(),
		"payment_intent_data": hash(intentDataFields()),
		"submit_type":         choice("auto", "book", "donate", "pay"),
	})
}

func linkUpdateFields() fields {
	d := intentDataFields()
	delete(d, "capture_method")
	for name, f := range d {
		d[name] = f.clearable()
	}
	return linkFields().with(fields{
		"active": boolean(), "inactive_message": text(500).clearable(), "payment_intent_data": hash(d),
		"payment_method_types": array(0, choice(wayNames()...)).clearable(),
		"restrictions":         hash(fields{"completed_sessions": hash(fields{"limit": integer(1).must()}).must()}).clearable(),
	})
}

// createLink makes a link that sells existing prices to whoever opens it.
func (t *tx) createLink() (any, error) {
	a := t.args
	lines, currency, come, err := t.readLines("Payment Link")
	if err != nil {
		return nil, err
	}
	for i, item := range a.items("line_items") {
		if lines[i].Adjustable, err = adjustableOf(item, "line_items["+strconv.Itoa(i)+"][adjustable_quantity]"); err != nil {
			return nil, err
		}
	}
	questions, err := customFields(a)
	if err != nil {
		return nil, err
	}
	token := newID("", 18)
	if !t.acct.live {
		token = "test_" + token
	}
	l := &link{Born: t.now, Token: token, Lines: lines, paymentLink: paymentLink{
		ID: newID("plink_1", 23), Object: "payment_link", Active: true, Currency: currency,
		AfterCompletion:     afterCompletion{Type: "hosted_confirmation", HostedConfirmation: &confirmation{}},
		AllowPromotionCodes: a.flag(false, "allow_promotion_codes"), BillingAddressCollection: "auto", CustomFields: questions,
		CustomerCreation: "if_required", PaymentMethodCollection: "always", ShippingOptions: []struct{}{}, SubmitType: "auto",
	}}
	if verb := a.text("submit_type"); verb != "" {
		l.SubmitType = verb
	}
	if a.has("application_fee_amount") {
		fee := a.number(0, "application_fee_amount")
		if err := t.mayTakeFee("application_fee_amount"); err != nil {
			return nil, err
		}
		if fee > come.total {
			return nil, feeTooLarge("application_fee_amount", fee, come.total, currency)
		}
		l.ApplicationFeeAmount, l.Intent.ApplicationFee = &fee, &fee
	}
	if err := t.fillLink(l); err != nil {
		return nil, err
	}
	put(&t.wrote.Links, l)
	return l, t.emit("payment_link.created", l)
}

// adjustableOf reads the bounds of a quantity that the buyer can choose.
func adjustableOf(item *form, at string) (*adjustable, error) {
	if !item.flag(false, "adjustable_quantity", "enabled") {
		return nil, nil //nolint:nilnil // a line whose quantity stands has no bounds
	}
	q := &adjustable{Minimum: item.number(0, "adjustable_quantity", "minimum"), Maximum: item.number(99, "adjustable_quantity", "maximum")}
	switch n := item.number(0, "quantity"); {
	case q.Maximum > maxAdjustable:
		return nil, badRequest("", nested(at, "maximum"), "This value must be less than or equal to %d (it currently is '%d').", maxAdjustable, q.Maximum)
	case q.Minimum > q.Maximum || n < q.Minimum || n > q.Maximum:
		return nil, badRequest("", at, "The quantity must be between the adjustable quantity's minimum, %d, and maximum, %d.", q.Minimum, q.Maximum)
	}
	return q, nil
}

// updateLink changes what the next visitors find. Sessions that are open
// already keep what they were opened with; whether they outlive active=false
// is for Assumptions to say.
func (t *tx) updateLink() (any, error) {
	old, err := t.pathLink()
	if err != nil {
		return nil, err
	}
	l := *old
	l.Active = t.args.flag(l.Active, "active")
	if err := t.fillLink(&l); err != nil {
		return nil, err
	}
	if l.Active && !old.Active && l.full() {
		return nil, badRequest("", "active", "This payment link has reached its limit of %d completed sessions. Raise the limit to activate it.", l.Restrictions.CompletedSessions.Limit)
	}
	put(&t.wrote.Links, &l)
	if err := t.emit("payment_link.updated", &l); err != nil {
		return nil, err
	}
	if old.Active && !l.Active {
		err = t.closeSessions(&l)
	}
	return &l, err
}

// fillLink copies what the request says over what l has.
func (t *tx) fillLink(l *link) (err error) {
	a := t.args
	if a.has("after_completion") {
		if l.AfterCompletion, err = afterCompletionOf(a.at("after_completion")); err != nil {
			return err
		}
	}
	for name, target := range map[string]**message{"after_submit": &l.CustomText.AfterSubmit, "submit": &l.CustomText.Submit} {
		if a.has("custom_text", name) {
			*target = messageOf(a, name)
		}
	}
	if a.has("inactive_message") {
		l.InactiveMessage = a.maybe("inactive_message")
	}
	if a.has("restrictions") {
		was := l.Restrictions
		if l.Restrictions = nil; a.has("restrictions", "completed_sessions") {
			l.Restrictions = &restrictions{completedSessions{Limit: a.number(0, "restrictions", "completed_sessions", "limit")}}
			if was != nil {
				l.Restrictions.CompletedSessions.Count = was.CompletedSessions.Count
			}
		}
	}
	if a.has("payment_method_types") {
		if l.PaymentMethodTypes, err = t.methodsAsked(a.texts("payment_method_types"), l.Currency); err != nil {
			return err
		}
		if len(l.PaymentMethodTypes) == 0 {
			l.PaymentMethodTypes = nil
		}
	}
	l.Metadata = mergeMetadata(l.Metadata, a.at("metadata"))
	return t.fillLinkIntent(l)
}

// fillLinkIntent copies what the request says of the payments to come.
func (t *tx) fillLinkIntent(l *link) error {
	a := t.args.at("payment_intent_data")
	if err := t.checkIntentData(a, "payment_intent_data"); a == nil || err != nil {
		return err
	}
	d := &l.Intent
	for name, target := range map[string]**string{
		"description": &d.Description, "statement_descriptor": &d.StatementDescriptor, "statement_descriptor_suffix": &d.StatementDescriptorSuffix,
	} {
		if a.has(name) {
			*target = a.maybe(name)
		}
	}
	d.Metadata = mergeMetadata(d.Metadata, a.at("metadata"))
	l.PaymentIntentData = &linkIntentData{
		Description: d.Description, Metadata: d.Metadata, StatementDescriptor: d.StatementDescriptor, StatementDescriptorSuffix: d.StatementDescriptorSuffix,
	}
	return nil
}

func afterCompletionOf(a *form) (afterCompletion, error) {
	kind := a.text("type")
	for _, other := range []string{"hosted_confirmation", "redirect"} {
		if other != kind && a.has(other) {
			return afterCompletion{}, badRequest("", "after_completion["+other+"]", "You may only specify `%s` when `after_completion[type]` is `%s`.", other, other)
		}
	}
	if kind == "hosted_confirmation" {
		return afterCompletion{Type: kind, HostedConfirmation: &confirmation{CustomMessage: a.maybe("hosted_confirmation", "custom_message")}}, nil
	}
	u := a.text("redirect", "url")
	switch {
	case u == "":
		return afterCompletion{}, badRequest("parameter_missing", "after_completion[redirect]", "Missing required param: after_completion[redirect].")
	case !webAddress(u):
		return afterCompletion{}, badRequest("url_invalid", "after_completion[redirect][url]", "Not a valid URL")
	}
	return afterCompletion{Type: kind, Redirect: &redirectTo{URL: u}}, nil
}

func (t *tx) pathLink() (*link, error) {
	if l, ok := t.link(t.path("payment_link")); ok {
		return l, nil
	}
	return nil, notFound("payment_link", t.path("payment_link"), "payment_link")
}

func (t *tx) getLink() (any, error) { return t.pathLink() }

func linkListFields() fields { return listFields().with(fields{"active": boolean()}) }

func (t *tx) listLinks() (any, error) {
	a := t.args
	return list(t, &t.acct.links, "payment_link", "/v1/payment_links", func(l *link) bool {
		return !a.has("active") || l.Active == a.flag(false, "active")
	})
}

func (t *tx) listLinkLines() (any, error) {
	l, err := t.pathLink()
	if err != nil {
		return nil, err
	}
	return t.cut(t.lineItems(l.Lines, l.Currency), "line item", "/v1/payment_links/"+l.ID+"/line_items")
}

// sold counts a completed session. The link closes by itself when it has had
// all that it is good for.
func (t *tx) sold(id string) error {
	old, ok := t.link(id)
	if !ok || old.Restrictions == nil {
		return nil
	}
	l := *old
	l.Restrictions = &restrictions{old.Restrictions.CompletedSessions}
	l.Restrictions.CompletedSessions.Count++
	closes := l.Active && l.full()
	l.Active = l.Active && !closes
	put(&t.wrote.Links, &l)
	if !closes {
		return nil
	}
	if err := t.emit("payment_link.updated", &l); err != nil {
		return err
	}
	return t.closeSessions(&l)
}

// closeSessions ends the open sessions of a link that has closed, if that is
// assumed.
func (t *tx) closeSessions(l *link) error {
	if !t.sim.assumed.ClosingEndsSessions {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(t.acct.open)) {
		if s, ok := t.session(id); ok && s.Status == open && s.PaymentLink != nil && *s.PaymentLink == l.ID {
			if _, err := t.expire(s); err != nil {
				return err
			}
		}
	}
	return nil
}
