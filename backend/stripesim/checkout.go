package stripesim

import (
	"strings"
)

// sessionCreateFields are the parameters of a Checkout Session that Willcall
// needs. Those that Stripe knows besides (shipping, automatic tax,
// subscriptions) are refused as unknown, rather than taken and ignored.
func sessionCreateFields() fields {
	return fields{
		"allow_promotion_codes":      boolean(),
		"billing_address_collection": choice("auto"),
		"cancel_url":                 text(5000),
		"client_reference_id":        text(200),
		"currency":                   text(0),
		"custom_fields":              customFieldFields(),
		"custom_text":                hash(fields{"after_submit": messageText(), "submit": messageText()}),
		"customer_creation":          choice("if_required"),
		"customer_email":             text(0),
		"expires_at":                 integer(0),
		"line_items":                 array(maxLines, hash(lineFields())),
		"locale":                     choice("auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fr", "fr-CA", "hr", "hu", "it", "ja", "lt", "lv", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "sk", "sl", "sv", "tr", "zh"),
		"metadata":                   metadata(),
		"mode":                       choice("payment", "setup", "subscription"),
		"payment_intent_data":        hash(intentDataFields().with(fields{"application_fee_amount": integer(0), "receipt_email": text(0)})),
		"payment_method_types":       array(0, choice(wayNames()...)),
		"submit_type":                choice("auto", "book", "donate", "pay"),
		"success_url":                text(5000),
		"ui_mode":                    choice("embedded", "hosted"),
	}
}

func messageText() field { return hash(fields{"message": text(1200).must()}) }

// maxLines is the most line items of a session in payment mode.
const maxLines = 100

// createSession opens a Checkout Session. Its payment intent comes into being
// when the buyer confirms. Source: docs.stripe.com/upgrades#2022-08-01.
func (t *tx) createSession() (any, error) {
	a := t.args
	if err := t.checkSession(); err != nil {
		return nil, err
	}
	s := t.blankSession(a)
	s.ExpiresAt = a.number(s.ExpiresAt, "expires_at")
	s.CancelURL, s.SuccessURL = a.maybe("cancel_url"), a.maybe("success_url")
	s.ClientReferenceID, s.Metadata, s.Locale = a.maybe("client_reference_id"), a.metadata("metadata"), a.maybe("locale")
	if s.CustomerEmail = a.maybe("customer_email"); s.CustomerEmail != nil {
		s.CustomerDetails = &customerDetails{Email: *s.CustomerEmail, TaxExempt: "none"}
	}
	s.BillingAddressCollection, s.SubmitType = a.maybe("billing_address_collection"), a.maybe("submit_type")
	if a.has("allow_promotion_codes") {
		s.AllowPromotionCodes = new(a.flag(false, "allow_promotion_codes"))
	}
	var err error
	if s.CustomFields, err = customFields(a); err != nil {
		return nil, err
	}
	var come sums
	if s.Lines, s.Currency, come, err = t.readLines("Checkout Session"); err != nil {
		return nil, err
	}
	s.charge(come)
	if fee := s.Intent.ApplicationFee; fee != nil && *fee > s.AmountTotal {
		return nil, feeTooLarge("payment_intent_data[application_fee_amount]", *fee, s.AmountTotal, s.Currency)
	}
	if err := t.addMethods(s); err != nil {
		return nil, err
	}
	put(&t.wrote.Sessions, s)
	return s, nil
}

// blankSession is an open session of which a tells the words and what becomes
// of the payment. Nothing is for sale on it yet.
func (t *tx) blankSession(a *form) *session {
	s := &session{Fragment: newFragment(), Intent: intentDataOf(a.at("payment_intent_data"))}
	s.checkoutSession = checkoutSession{
		ID: newSessionID(t.acct), Object: "checkout.session", Mode: "payment", UIMode: "hosted",
		Created: t.now, ExpiresAt: t.now + maxOpen, Status: open, PaymentStatus: unpaid,
		CustomerCreation: "if_required", PaymentMethodCollection: "if_required",
		CustomText:   customText{AfterSubmit: messageOf(a, "after_submit"), Submit: messageOf(a, "submit")},
		CustomFields: []customField{}, ShippingOptions: []struct{}{}, TotalDetails: totalDetails{AmountShipping: new(int64(0))},
	}
	return s
}

// charge sets what the buyer pays.
func (s *session) charge(come sums) {
	s.AmountSubtotal, s.AmountTotal, s.TotalDetails.AmountTax = come.subtotal, come.total, come.tax
}

// checkSession are the rules between parameters.
func (t *tx) checkSession() error {
	a := t.args
	for _, name := range []string{"mode", "line_items", "success_url"} {
		if !a.has(name) {
			return badRequest("parameter_missing", name, "Missing required param: %s.", name)
		}
	}
	if mode := a.text("mode"); mode != "payment" {
		return badRequest("", "mode", "This simulated Stripe takes payments only: `mode` must be `payment`, not `%s`.", mode)
	}
	if a.text("ui_mode") == "embedded" {
		return badRequest("", "ui_mode", "This simulated Stripe has the hosted page only: `ui_mode` must be `hosted`.")
	}
	for _, name := range []string{"success_url", "cancel_url"} {
		if u := a.text(name); u != "" && !webAddress(u) {
			return badRequest("url_invalid", name, "Not a valid URL")
		}
	}
	if e := a.text("customer_email"); e != "" && !emailAddress(e) {
		return badRequest("email_invalid", "customer_email", "Invalid email address: %s", e)
	}
	if at := a.number(t.now+maxOpen, "expires_at"); at < t.now+minOpen || at > t.now+maxOpen {
		return badRequest("", "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.")
	}
	return t.checkIntentData(a.at("payment_intent_data"), "payment_intent_data")
}

// addMethods settles how the buyer can pay: as asked, or as the account's
// settings have it.
func (t *tx) addMethods(s *session) (err error) {
	if asked := t.args.texts("payment_method_types"); len(asked) > 0 {
		s.PaymentMethodTypes, err = t.methodsAsked(asked, s.Currency)
		return err
	}
	s.PaymentMethodTypes = t.acct.offers(s.Currency)
	s.PaymentMethodConfigurationDetail = &methodConfig{ID: t.acct.profile.MethodConfig}
	if len(s.PaymentMethodTypes) == 0 {
		return badRequest("", "", "No valid payment method types for this Checkout Session. Please ensure that you have activated payment methods compatible with your chosen currency in your dashboard (https://dashboard.stripe.com/settings/payment_methods) or specify payment_method_types.")
	}
	return nil
}

func messageOf(a *form, name string) *message {
	if m := a.text("custom_text", name, "message"); m != "" {
		return &message{Message: m}
	}
	return nil
}

func webAddress(u string) bool {
	return strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://")
}

// emailAddress is as strict as a checkout page: something, @, a domain.
func emailAddress(e string) bool {
	name, domain, ok := strings.Cut(e, "@")
	return ok && name != "" && strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(e, " \t\r\n<>,;\"") && !strings.Contains(domain, "@")
}
