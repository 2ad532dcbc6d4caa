package main

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// What the till keeps to, and what Stripe's document of the API allows, in
// characters.
const (
	tillName, mostName               = 250, 5000
	tillDescription, mostDescription = 500, 40000
)

func wordChecks() []check {
	const words, sim = "boxoffice/words.go", "stripesim/product.go"
	return []check{
		{"4.1", "a product's name of 250 characters is taken whole", words, func(l *line, ctx context.Context) (string, error) {
			return l.whole(ctx, boxoffice.ProductRequest{Name: long("n", tillName)})
		}},
		{"4.2", "a name of 251 to 5000 characters is taken, and one of 5001 is refused", sim, func(l *line, ctx context.Context) (string, error) {
			return l.lengths(ctx, mostName, func(n int) boxoffice.ProductRequest { return boxoffice.ProductRequest{Name: long("n", n)} }, tillName+1, 500, 1000, mostName)
		}},
		{"4.3", "a product's description of 500 characters is taken whole", words, func(l *line, ctx context.Context) (string, error) {
			return l.whole(ctx, boxoffice.ProductRequest{Name: "Check", Description: long("d", tillDescription)})
		}},
		{"4.4", "a description of 501 to 40000 characters is taken, and one of 40001 is refused", sim, func(l *line, ctx context.Context) (string, error) {
			return l.lengths(ctx, mostDescription, func(n int) boxoffice.ProductRequest {
				return boxoffice.ProductRequest{Name: "Check", Description: long("d", n)}
			}, tillDescription+1, 1000, mostDescription)
		}},
		{"4.5", "250 emoji are 250 characters, and come back as they went", words, func(l *line, ctx context.Context) (string, error) {
			return l.whole(ctx, boxoffice.ProductRequest{Name: long("🎭", tillName)})
		}},
		{"4.6", "Hebrew and Arabic come back as they went, marks and joiners included", words, func(l *line, ctx context.Context) (string, error) {
			return l.whole(ctx, boxoffice.ProductRequest{Name: "הַמְלֵט · هاملت \u200f· 👨‍👩‍👧", Description: "שורה 5, מושב 7 · الصف ٥"})
		}},
		{"4.7", "a session's own line takes a name of 250 and a description of 500 characters", "desk/sell.go", func(l *line, ctx context.Context) (string, error) {
			r := l.newRequest(l.Now().Add(codeLife))
			r.LineItems = []boxoffice.SessionLine{{
				Name: long("🎭", tillName), Description: long("ש", tillDescription), UnitPrice: money.New(2400, "eur"), Quantity: 1,
			}}
			s, err := l.makeSession(ctx, l.newKey(), r)
			return s.ID, err
		}},
	}
}

// long is a text of n characters that neither begins nor ends with a space.
func long(letter string, n int) string { return strings.Repeat(letter, n) }

// whole makes a product, and wants its words back as they are.
func (l *line) whole(ctx context.Context, r boxoffice.ProductRequest) (string, error) {
	r.Metadata = l.metadata()
	p, err := l.makeProduct(ctx, r)
	if err != nil {
		return "", err
	}
	if p.Name != r.Name || p.Description != r.Description {
		return "", deny("the name came back as %d characters of %d, the description as %d of %d", runes(p.Name), runes(r.Name), runes(p.Description), runes(r.Description))
	}
	return fmt.Sprintf("name of %d characters, description of %d", runes(r.Name), runes(r.Description)), nil
}

// lengths tries those that should be taken, and one past the most.
func (l *line) lengths(ctx context.Context, most int, of func(int) boxoffice.ProductRequest, taken ...int) (string, error) {
	var saw []string
	for _, n := range taken {
		if _, err := l.whole(ctx, of(n)); err != nil {
			if f := failed(err); f != nil && f.Failure == stripeapi.Refused {
				return "", deny("%d characters: %s; before that taken: %s", n, told(f), strings.Join(saw, ", "))
			}
			return "", err
		}
		saw = append(saw, fmt.Sprint(n))
	}
	_, err := l.whole(ctx, of(most+1))
	refusal, err := wantRefused(err, fmt.Sprintf("%d characters", most+1))
	return strings.Join(saw, ", ") + " taken; " + refusal, err
}

func runes(text string) int { return utf8.RuneCountInString(text) }

// codeLife is how long the till gives a buyer.
const codeLife = 31 * time.Minute
