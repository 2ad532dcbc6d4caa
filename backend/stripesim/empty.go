package stripesim

// payouts and disputes are lists that an account has from its first day on,
// before there is anything in them. The simulator pays nothing out, and no
// buyer of its disputes.

func payoutListFields() fields {
	return listFields().with(fields{
		"arrival_date": timeRange(), "created": timeRange(), "destination": text(5000), "status": text(5000),
	})
}

func disputeListFields() fields {
	return listFields().with(fields{"charge": text(5000), "created": timeRange(), "payment_intent": text(5000)})
}

func (*tx) listPayouts() (any, error) { return nothingIn("/v1/payouts") }

func (*tx) listDisputes() (any, error) { return nothingIn("/v1/disputes") }

func nothingIn(url string) (any, error) {
	return page{Object: "list", Data: []any{}, URL: url}, nil
}
