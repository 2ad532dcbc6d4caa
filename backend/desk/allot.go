package desk

import (
	"cmp"
	"math/bits"
	"slices"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// allotted turns the lines into line items that cost the amount together, each
// ticket in proportion to its price in the catalogue. A line whose tickets
// cannot all cost the same becomes several, so that each item is its unit price
// times its quantity, and a refund of one ticket is whole.
func allotted(c boxoffice.Catalogue, lines []SaleLine, amount money.Amount) (items []boxoffice.LineItem, err error) {
	var weights []int64
	var sum money.Amount
	for _, l := range lines {
		event, performance, ok := c.Find(l.PerformanceID)
		if !ok {
			return nil, unknownPerformance()
		}
		kind, ok := event.TicketTypeByID(l.TicketTypeID)
		if !ok {
			return nil, unknownType()
		}
		each := money.New(cmp.Or(l.UnitPrice, kind.Price.Minor), kind.Price.Currency)
		total, err := each.Times(int64(l.Quantity))
		if err != nil {
			return nil, tooLarge(err)
		}
		if sum.Currency != "" && sum.Currency != total.Currency {
			return nil, mixedCurrency()
		}
		if sum, err = sum.Add(total); err != nil {
			return nil, tooLarge(err)
		}
		items = append(items, boxoffice.LineItem{
			PerformanceID: l.PerformanceID, TicketTypeID: l.TicketTypeID, EventName: event.Name, Name: kind.Name,
			Place: event.Place, StartsAt: performance.StartsAt, TimeZone: event.TimeZone,
			Quantity: l.Quantity, Donation: kind.Donation, TaxRate: kind.TaxRate,
		})
		for range l.Quantity {
			weights = append(weights, each.Minor)
		}
	}
	if len(items) == 0 {
		return nil, &boxoffice.Error{
			Code:    boxoffice.CodeEmptyOrder,
			Message: "Nobody knows what this money was to buy. No seats were given; the money waits.",
			Next:    "Choose the performance and the tickets.",
		}
	}
	return split(items, shares(amount, weights), amount.Currency), nil
}

func mixedCurrency() error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeMixedCurrency,
		Message: "The tickets are priced in different currencies, so nobody can say what part of the money is for which. No seats were given.",
		Next:    "Choose tickets of one currency.",
	}
}

// split gives each item the shares of its tickets, equal ones together.
func split(items []boxoffice.LineItem, shares []int64, currency money.Currency) (lines []boxoffice.LineItem) {
	for _, l := range items {
		n := l.Quantity
		for n > 0 {
			run := 1
			for run < n && shares[run] == shares[0] {
				run++
			}
			l.Quantity, l.UnitPrice, l.Total = run, money.New(shares[0], currency), money.New(shares[0]*int64(run), currency)
			lines, shares, n = append(lines, l), shares[run:], n-run
		}
	}
	return lines
}

// shares divides the amount in proportion to the weights, in whole steps of
// its currency: what is left over goes to those who lost most by it, and of
// equals to the first. Weights of nothing at all count the same. They are not
// negative, and their sum is an int64.
func shares(amount money.Amount, weights []int64) []int64 {
	var sum uint64
	for _, w := range weights {
		sum += uint64(w)
	}
	step := amount.Currency.Step()
	steps := uint64(amount.Minor / step)
	parts, lost, order := make([]int64, len(weights)), make([]uint64, len(weights)), make([]int, len(weights))
	left := amount.Minor / step
	for i, w := range weights {
		weight, all := uint64(w), sum
		if sum == 0 {
			weight, all = 1, uint64(len(weights))
		}
		high, low := bits.Mul64(steps, weight) // below all × 2⁶⁴, since no weight is above all
		whole, rest := bits.Div64(high, low, all)
		parts[i], lost[i], order[i] = int64(whole)*step, rest, i
		left -= int64(whole)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lost[b], lost[a]) })
	for _, i := range order[:left] {
		parts[i] += step
	}
	parts[0] += amount.Minor % step
	return parts
}
