package stripesim

func (b *box) tap(path, body string) reply {
	b.t.Helper()
	return b.do("POST", "/c/pay/"+path, body, "Content-Type", "application/json", "Authorization", "")
}
