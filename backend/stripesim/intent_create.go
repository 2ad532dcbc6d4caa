package stripesim

import (
	"slices"

	"willcall/backend/money"
)

// intentWriteFields are what creating and updating have in common.
func intentWriteFields() fields {
	return intentDataFields().with(fields{
		"application_fee_amount": integer(0),
		"payment_method_types":   array(0, text(5000)),
		"receipt_email":          text(0),
	})
}

func intentCreateFields() fields {
	return intentWriteFields().with(fields{
		"amount":                    integer(1).must(),
		"automatic_payment_methods": hash(fields{"allow_redirects": choice("always", "never"), "enabled": boolean().must()}),
		"currency":                  text(0).must(),
	})
}

func intentUpdateFields() fields {
	return intentWriteFields().with(fields{
		"amount": integer(1), "application_fee_amount": integer(0).clearable(), "currency": text(0), "receipt_email": text(0).clearable(),
	})
}

// createIntent makes a payment that no Checkout Session belongs to: the
// buyer's card comes from a page of the merchant's own.
func (t *tx) createIntent() (any, error) {
	a := t.args
	i := &intent{}
	i.Amount, i.Currency = a.number(0, "amount"), a.text("currency")
	if err := checkCurrency(i.Currency, "currency"); err != nil {
		return nil, err
	}
	if err := t.fillIntent(i); err != nil {
		return nil, err
	}
	asked, automatic := a.has("payment_method_types"), a.flag(!a.has("payment_method_types"), "automatic_payment_methods", "enabled")
	switch {
	case asked && automatic:
		return nil, badRequest("", "", "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.")
	case !asked && !automatic:
		i.PaymentMethodTypes = []string{card}
	case automatic:
		i.PaymentMethodTypes = t.acct.offers(i.Currency)
		i.AutomaticPaymentMethods = &automaticMethods{AllowRedirects: "always", Enabled: true}
		if a.text("automatic_payment_methods", "allow_redirects") == "never" {
			i.AutomaticPaymentMethods.AllowRedirects = "never"
			i.PaymentMethodTypes = slices.DeleteFunc(i.PaymentMethodTypes, func(name string) bool { return findWay(name).redirect })
		}
		i.PaymentMethodConfigurationDetail = &methodConfig{ID: t.acct.profile.MethodConfig}
	}
	return i, t.addIntent(i)
}

// addIntent completes a new intent with what all of them have.
func (t *tx) addIntent(i *intent) error {
	i.ID, i.Object = newID("pi_3", 23), "payment_intent"
	i.ClientSecret = i.ID + "_secret_" + newID("", 25)
	i.CaptureMethod, i.ConfirmationMethod, i.Created, i.Status = "automatic", "automatic", t.now, requiresMethod
	if i.Metadata == nil {
		i.Metadata = map[string]string{}
	}
	put(&t.wrote.Intents, i)
	return t.emit("payment_intent.created", i)
}

// updateIntent changes what is to be paid while nobody has paid, and words at
// any time. Source: docs.stripe.com/api/payment_intents/update; the wording is
// not verified for each field.
func (t *tx) updateIntent() (any, error) {
	old, err := t.pathIntent()
	if err != nil {
		return nil, err
	}
	i := *old
	for _, name := range []string{"amount", "currency", "payment_method_types", "application_fee_amount"} {
		if t.args.has(name) && (!old.undecided() || old.Session != "") {
			return nil, unexpectedState(old, "This PaymentIntent's %s could not be updated because it has a status of %s. You may only update the %s of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.", name, old.Status, name)
		}
	}
	i.Amount = t.args.number(i.Amount, "amount")
	if c := t.args.text("currency"); c != "" {
		if err := checkCurrency(c, "currency"); err != nil {
			return nil, err
		}
		i.Currency = c
	}
	if err := t.fillIntent(&i); err != nil {
		return nil, err
	}
	put(&t.wrote.Intents, &i)
	return &i, nil
}

// fillIntent copies what the request says over what i has, and holds the whole
// against Stripe's rules.
func (t *tx) fillIntent(i *intent) (err error) {
	a := t.args
	if err := t.checkIntentData(a, ""); err != nil {
		return err
	}
	for name, target := range map[string]**string{
		"description": &i.Description, "receipt_email": &i.ReceiptEmail,
		"statement_descriptor": &i.StatementDescriptor, "statement_descriptor_suffix": &i.StatementDescriptorSuffix,
	} {
		if a.has(name) {
			*target = a.maybe(name)
		}
	}
	i.Metadata = mergeMetadata(i.Metadata, a.at("metadata"))
	if a.has("application_fee_amount") {
		i.ApplicationFeeAmount = nil
		if a.text("application_fee_amount") != "" {
			i.ApplicationFeeAmount = new(a.number(0, "application_fee_amount"))
		}
	}
	if a.has("payment_method_types") {
		for n, name := range a.texts("payment_method_types") {
			if !slices.Contains(wayNames(), name) {
				return badRequest("", "payment_method_types", "The payment method type provided: %s is invalid (element %d). Please ensure the provided type is activated in your dashboard.", name, n)
			}
		}
		i.AutomaticPaymentMethods, i.PaymentMethodConfigurationDetail = nil, nil
		if i.PaymentMethodTypes, err = t.methodsAsked(a.texts("payment_method_types"), i.Currency); err != nil {
			return err
		}
	}
	if fee := i.ApplicationFeeAmount; fee != nil && *fee > i.Amount {
		return feeTooLarge("application_fee_amount", *fee, i.Amount, i.Currency)
	}
	return checkAmount(i.Amount, i.Currency)
}

// checkAmount holds a payment against Stripe's bounds for one charge.
// Source: docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.
func checkAmount(minor int64, currency string) error {
	if err := checkUnitAmount(minor, currency, "amount"); err != nil {
		return err
	}
	if least, _ := money.MinCharge(money.Currency(currency)); minor < least {
		return badRequest("amount_too_small", "amount", "Amount must be at least %s", display(least, currency))
	}
	return nil
}

// unexpectedState is the error of a request that comes too late or too early.
func unexpectedState(i *intent, format string, args ...any) *apiError {
	e := badRequest("payment_intent_unexpected_state", "", format, args...)
	e.PaymentIntent = &i.paymentIntent
	return e
}

func (t *tx) pathIntent() (*intent, error) {
	if i, ok := t.intent(t.path("intent")); ok {
		return i, nil
	}
	return nil, notFound("payment_intent", t.path("intent"), "intent")
}

func intentCancelFields() fields {
	return fields{"cancellation_reason": choice("abandoned", "duplicate", "fraudulent", "requested_by_customer")}
}

// cancelByMerchant ends an intent that nobody has paid. That of a Checkout
// Session ends with the session alone.
// Source: docs.stripe.com/api/payment_intents/cancel; wording for a session's not verified.
func (t *tx) cancelByMerchant() (any, error) {
	i, err := t.pathIntent()
	switch {
	case err != nil:
		return nil, err
	case i.Session != "":
		return nil, unexpectedState(i, "You cannot cancel this PaymentIntent because it was created by a Checkout Session. You may expire the Checkout Session instead.")
	case !i.undecided():
		return nil, unexpectedState(i, "You cannot cancel this PaymentIntent because it has a status of %s. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.", i.Status)
	}
	if err := t.cancelIntent(i.ID, t.args.maybe("cancellation_reason")); err != nil {
		return nil, err
	}
	return first(t.intent(i.ID)), nil
}
