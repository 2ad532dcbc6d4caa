package stripesim

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"
)

// maxExpand is how deep expand[] reaches. Source: docs.stripe.com/api/expanding_objects.
const maxExpand = 4

// viewer is an object that the API does not show as it is kept.
type viewer interface{ view(t *tx) any }

func (t *tx) view(v any) any {
	if w, ok := v.(viewer); ok {
		return w.view(t)
	}
	return v
}

// expansion is what stands behind a field: a noun to look up, "" where the
// field is always null here.
type expansion struct{ noun string }

// expansions are the fields of an object that can be expanded.
func expansions(object string) map[string]expansion {
	absent := expansion{}
	switch object {
	case "checkout.session":
		return map[string]expansion{
			"payment_intent": {"payment_intent"}, "line_items": {"line_items"},
			"customer": absent, "payment_link": {"payment_link"}, "invoice": absent, "setup_intent": absent, "subscription": absent,
		}
	case "payment_link":
		return map[string]expansion{"line_items": {"line_items"}, "application": absent, "on_behalf_of": absent}
	case "payment_intent":
		return map[string]expansion{
			"latest_charge": {"charge"},
			"application":   absent, "customer": absent, "invoice": absent, "on_behalf_of": absent, "review": absent,
		}
	case "charge":
		return map[string]expansion{
			"payment_intent": {"payment_intent"}, "balance_transaction": {"balance_transaction"}, "refunds": {"refunds"},
			"failure_balance_transaction": {"balance_transaction"}, "application": absent, "customer": absent,
			"invoice": absent, "on_behalf_of": absent, "review": absent, "source_transfer": absent,
		}
	case "balance_transaction":
		return map[string]expansion{"source": {"source"}}
	case "refund":
		return map[string]expansion{
			"charge": {"charge"}, "payment_intent": {"payment_intent"}, "balance_transaction": {"balance_transaction"},
			"failure_balance_transaction": {"balance_transaction"}, "source_transfer_reversal": absent, "transfer_reversal": absent,
		}
	case "dispute":
		return map[string]expansion{"charge": {"charge"}, "payment_intent": {"payment_intent"}}
	case "payout":
		return map[string]expansion{
			"balance_transaction": {"balance_transaction"}, "failure_balance_transaction": {"balance_transaction"},
			"destination": absent, "original_payout": absent, "reversed_by": absent,
		}
	case "item":
		return map[string]expansion{"taxes": {"taxes"}}
	case "price":
		return map[string]expansion{"product": {"product"}}
	case "product":
		return map[string]expansion{"default_price": {"price"}}
	default:
		return nil
	}
}

// expand renders v and replaces the ids at the paths with their objects.
func (t *tx) expand(v any, paths []string) (any, error) {
	v = t.view(v)
	if len(paths) == 0 {
		return v, nil
	}
	tree, err := render(v)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		steps := strings.Split(path, ".")
		if len(steps) > maxExpand {
			return nil, badRequest("", "expand", "You cannot expand more than %d levels of a property. Property: %s", maxExpand, path)
		}
		if err := t.expandAt(tree, steps, path); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

func (t *tx) expandAt(at map[string]any, steps []string, path string) error {
	step, rest := steps[0], steps[1:]
	object, _ := at["object"].(string)
	if len(rest) > 0 { // what is embedded is only a way to what lies under it
		switch embedded := at[step].(type) {
		case []any:
			return t.expandEach(embedded, rest, path)
		case map[string]any:
			return t.expandAt(embedded, rest, path)
		}
	}
	e, ok := expansions(object)[step]
	if !ok {
		return badRequest("", "expand", "This property cannot be expanded (%s).", path)
	}
	if err := t.fill(at, step, e); err != nil {
		return err
	}
	if next, ok := at[step].(map[string]any); ok && len(rest) > 0 {
		return t.expandAt(next, rest, path)
	}
	return nil
}

func (t *tx) expandEach(list []any, steps []string, path string) error {
	for _, element := range list {
		if object, ok := element.(map[string]any); ok {
			if err := t.expandAt(object, steps, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill puts the object in the place of its id; what is null stays null.
func (t *tx) fill(at map[string]any, step string, e expansion) error {
	id, isID := at[step].(string)
	own, _ := at["id"].(string)
	var found any
	switch {
	case e.noun == "line_items":
		if at[step] != nil {
			return nil
		}
		whole := *t
		whole.args = &form{}
		rows, url := t.linesOf(own)
		lines, err := whole.cut(rows, "line item", url)
		if err != nil {
			return err
		}
		found = lines
	case e.noun == "refunds":
		whole := *t
		whole.args = &form{}
		refunds, err := whole.cut(whole.refundsOf(own), "refund", "/v1/charges/"+own+"/refunds")
		if err != nil {
			return err
		}
		found = refunds
	case e.noun == "taxes":
		return t.fillTaxes(at, own)
	case !isID:
		return nil
	default:
		found = t.lookUp(e.noun, id)
	}
	tree, err := render(t.view(found))
	if err != nil {
		return err
	}
	at[step] = tree
	return nil
}

// linesOf are the lines of a session or of a payment link.
func (t *tx) linesOf(id string) (rows iter.Seq[row], url string) {
	if l, ok := t.link(id); ok {
		return t.lineItems(l.Lines, l.Currency), "/v1/payment_links/" + id + "/line_items"
	}
	s, _ := t.session(id)
	return t.lineItems(s.Lines, s.Currency), "/v1/checkout/sessions/" + id + "/line_items"
}

// fillTaxes tells the taxes of a line item that was shown before.
func (t *tx) fillTaxes(at map[string]any, line string) error {
	taxes := []any{}
	for _, tax := range t.taxed[line] {
		r, _ := t.taxRate(tax.Rate)
		v, err := render(&lineItemTax{Amount: tax.Amount, Rate: r, TaxableAmount: tax.Taxable})
		if err != nil {
			return err
		}
		taxes = append(taxes, v)
	}
	at["taxes"] = taxes
	return nil
}

func (t *tx) lookUp(noun, id string) any {
	switch noun {
	case "payment_intent":
		return first(t.intent(id))
	case "charge":
		return first(t.charge(id))
	case "source":
		return t.source(id)
	case "balance_transaction":
		return first(t.transaction(id))
	case "payment_link":
		return first(t.link(id))
	case "product":
		return first(t.product(id))
	default:
		return first(t.price(id))
	}
}

// source is what a balance transaction is about.
func (t *tx) source(id string) any {
	if r, ok := t.refund(id); ok {
		return r
	}
	if d, ok := t.dispute(id); ok {
		return d
	}
	if p, ok := t.payout(id); ok {
		return p
	}
	return first(t.charge(id))
}

// first drops whether it was found: an id in one of our own objects always is.
func first[T any](v T, _ bool) T { return v }

// decode reads an object and keeps its numbers exact.
func decode(raw []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var out map[string]any
	err := d.Decode(&out)
	return out, err
}
