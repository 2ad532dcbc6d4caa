package closing

// Words are a sentence for a person: what is the matter, and what to do.
type Words struct{ Reason, Next string }

// Words explains the difference in English: for paper, files and programs. The
// screens have words of their own.
func (d Difference) Words() Words {
	switch d {
	case MissingInBook:
		return Words{"Stripe took this payment, and this book does not have it.", "Look it up in Stripe's Dashboard by its id; read Stripe's books again so that it is taken in."}
	case MissingAtStripe:
		return Words{"This book has the payment, and Stripe's list of charges does not.", "Check that the book belongs to this Stripe account, and read Stripe's books again."}
	case AmountDiffers:
		return Words{"This book and Stripe have different amounts for the payment.", "Open the order and the payment in Stripe's Dashboard; Stripe's amount is what the buyer paid."}
	case TransactionMissing:
		return Words{"Stripe lists this, and its balance was not moved by it.", "Read Stripe's books again; if it stays, ask Stripe's support about the id."}
	case ChargeMissing:
		return Words{"Stripe's balance was moved by a payment that its list of charges does not have.", "Read Stripe's books again for the days before; if it stays, look the id up in the Dashboard."}
	case PaymentFailed:
		return Words{"This book has the payment as paid, and at Stripe it failed: the money is not there.", "Open the payment in Stripe's Dashboard, which says why. Tickets for it are still valid and not paid: ask the buyer to pay in another way."}
	case RefundMissingInBook:
		return Words{"Stripe moved money for a refund, and this book does not have that.", "Open the payment in the Dashboard and read Stripe's books again; the refund then shows on its order."}
	case RefundMissingAtStripe:
		return Words{"This book has the refund as done, and Stripe's balance was not moved by it.", "Open the payment in the Dashboard and see whether the buyer was given the money."}
	case RefundDiffers:
		return Words{"This book and Stripe have different amounts for the refund.", "Open the payment in the Dashboard; Stripe's amount is what went back."}
	case DisputeMissingInBook:
		return Words{"A bank moved money for a dispute that this book does not have.", "Open Disputes in the Dashboard and answer before the deadline; read Stripe's books again."}
	case DisputeMissingAtStripe:
		return Words{"This book says that a bank moved money, and Stripe's balance was not moved.", "Open the dispute in the Dashboard, and read Stripe's books again."}
	case DisputeDiffers:
		return Words{"This book and Stripe have different amounts for the dispute.", "Open the dispute in the Dashboard; Stripe's amount is what the bank moved."}
	case PayoutMissing:
		return Words{"Stripe's balance was moved by a payout that its list of payouts does not have.", "Read Stripe's books again for the days before; if it stays, ask Stripe's support."}
	case PayoutDiffers:
		return Words{"What Stripe lists in this payout, or what came back of it, does not add up to it.", "Read Stripe's books again; if it stays, ask Stripe's support about the payout."}
	case PayoutNotReturned:
		return Words{"Stripe says that this payout failed or was canceled, and its balance did not get the money back.", "Look at the payout and the balance in Stripe's Dashboard, and do not count on the money yet; if it stays, ask Stripe's support about the payout."}
	case PayoutNotListed:
		return Words{"This payout was made by hand, and Stripe does not say which payments are in it.", "Close the period instead; let Stripe pay out automatically if each payout must be matched."}
	default:
		return Words{}
	}
}
