package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

const (
	mostLines    = 100 // Stripe's limit of line items with price_data
	mostQuantity = 100 // tickets of one type in one order
	longestEmail = 254 // RFC 5321, 4.5.3.1.3
)

// Sale is what a cashier asks for.
type Sale struct {
	Key        string // idempotency key, 8 to 64 visible ASCII characters, new for each sale
	LineItems  []SaleLine
	BuyerEmail string               // "" for none
	Tender     boxoffice.TenderKind // "" is Phone
}

// SaleLine is so many tickets of a type for a performance.
type SaleLine struct {
	PerformanceID string
	TicketTypeID  string
	Quantity      int
	UnitPrice     int64 // what the buyer chose to pay for each, in minor units; 0 where the price is fixed
}

// check returns the sale with lines of the same kind added up, or says what is
// wrong with it. It looks at the sale alone.
func (s Sale) check() (Sale, error) {
	if !wellFormedKey(s.Key) {
		return s, &boxoffice.Error{
			Code:    boxoffice.CodeKeyMissing,
			Message: "The sale came without an idempotency key, which keeps two taps from being two sales. Nothing was sold.",
			Next:    "Send an Idempotency-Key header of 8 to 64 letters, digits or signs, new for each sale.",
		}
	}
	email, err := checkEmail(s.BuyerEmail)
	if err != nil {
		return s, err
	}
	s.BuyerEmail = email
	switch s.Tender {
	case "":
		s.Tender = boxoffice.Phone
	case boxoffice.Phone, boxoffice.CardTender:
	default:
		return s, &boxoffice.Error{
			Code:    boxoffice.CodeInvalid,
			Message: "Nothing is paid by " + strconv.Quote(string(s.Tender)) + ". Nothing was sold.",
			Next:    "Choose the buyer's phone, or a card typed at the till.",
		}
	}
	var lines []SaleLine
	at := map[SaleLine]int{}
	for _, l := range s.LineItems {
		if l.Quantity < 1 || l.Quantity > mostQuantity {
			return s, badQuantity(l.Quantity)
		}
		kind := SaleLine{PerformanceID: l.PerformanceID, TicketTypeID: l.TicketTypeID, UnitPrice: l.UnitPrice}
		i, ok := at[kind]
		if !ok {
			at[kind] = len(lines)
			lines = append(lines, l)
			continue
		}
		if lines[i].Quantity += l.Quantity; lines[i].Quantity > mostQuantity {
			return s, badQuantity(lines[i].Quantity)
		}
	}
	switch {
	case len(lines) == 0:
		return s, &boxoffice.Error{
			Code:    boxoffice.CodeEmptyOrder,
			Message: "There is nothing in the order. Nothing was sold.",
			Next:    "Choose at least one ticket.",
		}
	case len(lines) > mostLines:
		return s, &boxoffice.Error{
			Code:    boxoffice.CodeBadQuantity,
			Message: fmt.Sprintf("%d kinds of ticket are more than one payment can list. Nothing was sold.", len(lines)),
			Next:    fmt.Sprintf("Choose %d kinds at most, and make a second order of the rest.", mostLines),
			Params:  map[string]string{"most": strconv.Itoa(mostLines)},
		}
	}
	s.LineItems = lines
	return s, nil
}

// wellFormedKey reports whether the key is 8 to 64 visible ASCII characters.
// The book keeps text: bytes that are none would not be found again, and the
// second tap would be a second sale.
func wellFormedKey(key string) bool {
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return len(key) >= 8 && len(key) <= 64
}

func checkEmail(email string) (string, error) {
	email = strings.TrimSpace(email)
	if email == "" {
		return "", nil
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > longestEmail || !strings.Contains(email[strings.LastIndex(email, "@"):], ".") {
		return "", &boxoffice.Error{
			Code:    boxoffice.CodeBadEmail,
			Message: "That is not an e-mail address. Nothing was sold.",
			Next:    "Correct it, or leave it empty: the buyer can enter it on their phone.",
			Cause:   err,
		}
	}
	return email, nil
}

func badQuantity(n int) error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeBadQuantity,
		Message: fmt.Sprintf("%d is not a number of tickets that can be sold at once. Nothing was sold.", n),
		Next:    fmt.Sprintf("Choose between 1 and %d of each kind.", mostQuantity),
		Params:  map[string]string{"most": strconv.Itoa(mostQuantity)},
	}
}

// fingerprint tells whether two sales with one key are the same sale.
func (s Sale) fingerprint() string {
	return fingerprint(struct {
		Lines  []SaleLine
		Email  string
		Tender boxoffice.TenderKind
	}{s.LineItems, s.BuyerEmail, s.Tender})
}

// fingerprint tells one thing that was asked for from another.
func fingerprint(asked any) string {
	text, err := json.Marshal(asked)
	if err != nil {
		panic(err) // strings and integers always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// price turns the sale into line items at today's prices.
func price(c boxoffice.Catalogue, s Sale, now time.Time) (items []boxoffice.LineItem, total money.Amount, err error) {
	ordered := map[string]int{} // of each type
	for _, l := range s.LineItems {
		ordered[l.TicketTypeID] += l.Quantity
	}
	for _, l := range s.LineItems {
		event, performance, ok := c.Find(l.PerformanceID)
		if !ok || event.Archived {
			return nil, total, unknownPerformance()
		}
		kind, ok := event.TicketTypeByID(l.TicketTypeID)
		if !ok {
			return nil, total, unknownType()
		}
		if err := sellable(kind, ordered[kind.ID], now); err != nil {
			return nil, total, err
		}
		each, err := unitPrice(kind, l)
		if err != nil {
			return nil, total, err
		}
		sum, err := each.Times(int64(l.Quantity))
		if err != nil {
			return nil, total, tooLarge(err)
		}
		if len(items) > 0 && total.Currency != sum.Currency {
			return nil, total, &boxoffice.Error{
				Code:    boxoffice.CodeMixedCurrency,
				Message: "The tickets are priced in different currencies, and one payment has one. Nothing was sold.",
				Next:    "Sell them as two orders.",
				Cause:   err,
			}
		}
		if total, err = total.Add(sum); err != nil {
			return nil, total, tooLarge(err)
		}
		items = append(items, boxoffice.LineItem{
			PerformanceID: l.PerformanceID, TicketTypeID: l.TicketTypeID, EventName: event.Name, Name: kind.Name,
			Place: event.Place, StartsAt: performance.StartsAt, TimeZone: event.TimeZone,
			UnitPrice: each, Quantity: l.Quantity, Total: sum, Donation: kind.Donation, TaxRate: kind.TaxRate,
		})
	}
	return items, total, chargeable(total)
}

func unknownPerformance() error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeUnknownPerformance,
		Message: "The performance is not in the catalogue. Nothing was sold.",
		Next:    "Reload the till, then choose again.",
	}
}

func unknownType() error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeUnknownTicketType,
		Message: "The ticket type is not sold for this event. Nothing was sold.",
		Next:    "Reload the till, then choose again.",
	}
}

// sellable says why so many of a type cannot be sold now.
func sellable(kind boxoffice.TicketType, ordered int, now time.Time) error {
	params := map[string]string{"name": kind.Name}
	switch {
	case !kind.OnSale(now):
		return &boxoffice.Error{
			Code: boxoffice.CodeNotOnSale, Message: kind.Name + " is not on sale now. Nothing was sold.",
			Next: "Choose another kind, or change when it is sold in Events and tickets.", Params: params,
		}
	case ordered < kind.LeastPerOrder(), ordered > kind.MostPerOrder():
		return &boxoffice.Error{
			Code:    boxoffice.CodeBadQuantity,
			Message: fmt.Sprintf("An order has from %d to %d of %s. Nothing was sold.", kind.LeastPerOrder(), kind.MostPerOrder(), kind.Name),
			Next:    "Change how many there are in the order.",
			Params:  map[string]string{"name": kind.Name, "least": strconv.Itoa(kind.LeastPerOrder()), "most": strconv.Itoa(kind.MostPerOrder())},
		}
	default:
		return nil
	}
}

// unitPrice is what each costs: the type's price, or within its bounds what
// the buyer chose.
func unitPrice(kind boxoffice.TicketType, l SaleLine) (money.Amount, error) {
	if kind.Bounds == nil {
		if l.UnitPrice != 0 && l.UnitPrice != kind.Price.Minor {
			return money.Amount{}, &boxoffice.Error{
				Code:    boxoffice.CodeBadPrice,
				Message: kind.Name + " costs " + kind.Price.String() + ", and not what was asked for. Nothing was sold.",
				Next:    "Reload the till, then choose again.",
			}
		}
		return kind.Price, nil
	}
	each := money.New(l.UnitPrice, kind.Price.Currency)
	least, most := money.New(kind.Bounds.Least, each.Currency), money.New(kind.Bounds.Most, each.Currency)
	if each.Minor < least.Minor || each.Minor > most.Minor {
		return each, &boxoffice.Error{
			Code:    boxoffice.CodeBadPrice,
			Message: fmt.Sprintf("For %s the buyer chooses from %s to %s. Nothing was sold.", kind.Name, least, most),
			Next:    "Enter an amount between the two.",
			Params:  map[string]string{"name": kind.Name, "least": least.String(), "most": most.String()},
		}
	}
	if err := each.Chargeable(); err != nil {
		return each, &boxoffice.Error{Code: boxoffice.CodeBadPrice, Message: err.Error() + " Nothing was sold.", Next: "Enter another amount.", Cause: err}
	}
	return each, nil
}

// chargeable holds a total against the least and the most that Stripe charges.
func chargeable(total money.Amount) error {
	least, _ := money.MinCharge(total.Currency)
	switch {
	case total.Minor > money.MaxMinor:
		return tooLarge(nil)
	case total.Minor < least:
		return &boxoffice.Error{
			Code:    boxoffice.CodeAmountTooSmall,
			Message: "Stripe charges no less than " + money.New(least, total.Currency).String() + " at once. Nothing was sold.",
			Next:    "Add a ticket to the order.",
			Params:  map[string]string{"least": money.New(least, total.Currency).String()},
		}
	default:
		return nil
	}
}

func tooLarge(cause error) error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeAmountTooLarge,
		Message: "The total is more than Stripe charges at once. Nothing was sold.",
		Next:    "Sell it as several orders.",
		Cause:   cause,
	}
}

// claim says what the items take out of each quota, or that there is not
// enough. The scarcest quota over an item says how many are left.
func claim(c boxoffice.Catalogue, items []boxoffice.LineItem) ([]boxoffice.Claim, error) {
	taken := make([]int, len(c.Quotas))
	for _, l := range items {
		if l.Donation {
			continue
		}
		left, listed := 0, false
		for i, q := range c.Quotas {
			if !q.Covers(l.PerformanceID, l.TicketTypeID) {
				continue
			}
			if rest := q.Available() - taken[i]; !listed || rest < left {
				left, listed = rest, true
			}
			taken[i] += l.Quantity
		}
		if l.Quantity > left {
			return nil, soldOut(l, left)
		}
	}
	var claims []boxoffice.Claim
	for i, q := range c.Quotas {
		if taken[i] > 0 {
			claims = append(claims, boxoffice.Claim{QuotaID: q.ID, Seats: taken[i]})
		}
	}
	return claims, nil
}

func soldOut(l boxoffice.LineItem, left int) error {
	message, next := fmt.Sprintf("Only %d of %s are left. Nothing was sold.", left, l.Name), "Take fewer tickets, or another kind."
	if left <= 0 {
		left = 0
		message, next = l.Name+" is sold out. Nothing was sold.", "Choose another kind of ticket or another performance."
	}
	return &boxoffice.Error{
		Code: boxoffice.CodeSoldOut, Message: message, Next: next,
		Params: map[string]string{"name": l.Name, "available": strconv.Itoa(left)},
	}
}
