package reconcile

import (
	"errors"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// Explain turns a failure of Stripe's into an error for a person who asked,
// when nothing was to be changed by it.
func Explain(err error) error {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok {
		return err
	}
	p := Words(failure)
	return &boxoffice.Error{Code: p.Code, Message: p.Detail + " Nothing was changed.", Next: p.Next, Cause: err}
}

// problem says why Stripe made no code, and what that means for the money.
func problem(err error) boxoffice.Problem {
	p := problemOf(err)
	p.Detail += " No code was made, nobody was charged, and the seats are free again."
	return p
}

// linkProblem says why Stripe made no link for a poster.
func linkProblem(err error) boxoffice.Problem {
	p := problemOf(err)
	p.Detail += " There is no link, and the poster's seats are free again."
	return p
}

// refundProblem says why Stripe gave nothing back.
func refundProblem(err error) boxoffice.Problem {
	p := problemOf(err)
	p.Detail += " Nothing was given back, and the tickets are what they were."
	p.Next = "Look at the refunds of this payment: it may have been refunded in the Dashboard. Ask again, or give the money back in another way."
	return p
}

// mirrorProblem says why Stripe's catalogue is not what the book's is.
func mirrorProblem(err error) boxoffice.Problem {
	p := problemOf(err)
	p.Detail += " The till sells all the same; only posters wait for Stripe."
	p.Next = "Change the ticket type, or ask Stripe again."
	return p
}

func problemOf(err error) boxoffice.Problem {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok {
		failure = &stripeapi.Error{Failure: stripeapi.Broken}
	}
	return Words(failure)
}

// Words says what failed in a sentence for the cashier.
func Words(failure *stripeapi.Error) boxoffice.Problem {
	switch failure.Failure {
	case stripeapi.NotConnected:
		return boxoffice.Problem{
			Code:   boxoffice.CodeNotConnected,
			Detail: "This book is not connected to a Stripe account at the moment.",
			Next:   "Connect it in Settings, or open the sealed keys with the passphrase.",
		}
	case stripeapi.Forbidden:
		if !failure.OfRequest() {
			return keyRefused()
		}
		return boxoffice.Problem{
			Code:   boxoffice.CodeStripePermission,
			Detail: "This till's key is not allowed to do that: " + failure.Message,
			Next:   "Ask the organizer to give the key this permission in Stripe's dashboard.",
		}
	case stripeapi.BadKey:
		return keyRefused()
	case stripeapi.Busy:
		return boxoffice.Problem{
			Code:   boxoffice.CodeStripeBusy,
			Detail: "Stripe has more requests than it takes at the moment.",
			Next:   "Wait a few seconds, then try again.",
		}
	case stripeapi.Refused, stripeapi.Missing, stripeapi.KeyReused, stripeapi.Conflict:
		return boxoffice.Problem{
			Code:   boxoffice.CodeStripeRefused,
			Detail: "Stripe refused: " + failure.Message,
			Next:   "Change the order and try again; if it stays, tell the organizer what Stripe said.",
		}
	default:
		return boxoffice.Problem{
			Code:   boxoffice.CodeStripeUnreachable,
			Detail: "Stripe cannot be reached.",
			Next:   "Check that this laptop is online (open any web page), then try again.",
		}
	}
}

// keyRefused is what is said of a key that is dead, or whose platform the
// account does not know any more.
func keyRefused() boxoffice.Problem {
	return boxoffice.Problem{
		Code:   boxoffice.CodeStripeKey,
		Detail: "Stripe does not accept this till's key.",
		Next:   "Ask the organizer to check the key in Stripe's dashboard.",
	}
}
