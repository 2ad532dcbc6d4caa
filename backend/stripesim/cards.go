package stripesim

import (
	"strings"
)

// Ways to pay.
const (
	card          = "card"
	sepaDebit     = "sepa_debit"
	usBankAccount = "us_bank_account"
	bacsDebit     = "bacs_debit"
)

// testCard is one of Stripe's well-known card numbers.
// Source: docs.stripe.com/testing.
type testCard struct {
	number    string
	label     string // on the buyer's page; "" leaves it off
	brand     string
	country   string
	funding   string
	challenge bool     // the bank asks for 3-D Secure first
	refused   *refusal // what the bank answers in the end; nil takes the money
}

// refusal is why no money was taken, in Stripe's words.
type refusal struct {
	code    string
	decline string
	message string
}

func testCards() []testCard {
	declined := func(code string) *refusal { return &refusal{"card_declined", code, "Your card was declined."} }
	return []testCard{
		{number: "4242424242424242", label: "Pays", brand: "visa", country: "US"},
		{number: "4000000000000002", label: "Declined", brand: "visa", country: "US", refused: declined("generic_decline")},
		{number: "4000000000009995", label: "No funds", brand: "visa", country: "US", refused: &refusal{"card_declined", "insufficient_funds", "Your card has insufficient funds."}},
		{number: "4000002760003184", label: "3-D Secure", brand: "visa", country: "DE", challenge: true},
		{number: "4000000000000069", label: "Expired", brand: "visa", country: "US", refused: &refusal{"expired_card", "", "Your card has expired."}},
		{number: "4000000000000127", label: "Wrong CVC", brand: "visa", country: "US", refused: &refusal{"incorrect_cvc", "", "Your card's security code is incorrect."}},
		{number: "4000002500003155", brand: "visa", country: "FR", challenge: true},
		{number: "4000008400001629", brand: "visa", country: "US", challenge: true, refused: declined("generic_decline")},
		{number: "4000000000000119", brand: "visa", country: "US", refused: &refusal{"processing_error", "", "An error occurred while processing your card. Try again in a little bit."}},
		{number: "4000000000009987", brand: "visa", country: "US", refused: declined("lost_card")},
		{number: "4000000000009979", brand: "visa", country: "US", refused: declined("stolen_card")},
		{number: "4000056655665556", brand: "visa", country: "US", funding: "debit"},
		{number: "5555555555554444", brand: "mastercard", country: "US"},
		{number: "2223003122003222", brand: "mastercard", country: "US"},
		{number: "378282246310005", brand: "amex", country: "US"},
		{number: "4000002760000016", brand: "visa", country: "DE"},
	}
}

// authenticationFailed is the answer to a failed 3-D Secure challenge.
func authenticationFailed() *refusal {
	return &refusal{"payment_intent_authentication_failure", "", "We are unable to authenticate your payment method. Please choose a different payment method and try again."}
}

// findCard reads a number as typed. A number that is no test card is refused
// as Stripe does in test mode.
func findCard(typed string) (testCard, *refusal) {
	number := strings.NewReplacer(" ", "", "-", "").Replace(typed)
	if number == "" {
		return testCard{}, &refusal{"incomplete_number", "", "Your card number is incomplete."}
	}
	for _, c := range testCards() {
		if c.number == number {
			return c, nil
		}
	}
	if !luhn(number) {
		return testCard{}, &refusal{"incorrect_number", "", "Your card number is invalid."}
	}
	return testCard{}, &refusal{"card_declined", "test_mode_live_card",
		"Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing."}
}

// luhn checks the last digit of a card's number.
func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i]) - '0'
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0 && len(number) >= 12 && len(number) <= 19
}
