package boxoffice

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Stripe's document allows 5000 characters of a product's name and 40000 of
// its description; people have met bounds of 250 and 500, so these are kept.
const (
	longestTitle       = 250
	longestDescription = 500
)

// Title says what is bought: the event and the kind of ticket.
func (l LineItem) Title() string { return title(l.EventName, l.Name) }

// Where says where and when, in the event's own time zone.
func (l LineItem) Where() string { return where(l.Place, l.StartsAt, l.TimeZone) }

// Words say what the order is for, on Stripe's receipt and in its Dashboard.
func (o Order) Words() string {
	var text strings.Builder
	text.WriteString("Willcall " + o.Code)
	for _, l := range o.LineItems {
		fmt.Fprintf(&text, " · %d × %s", l.Quantity, l.Title())
	}
	return Shorten(text.String(), longestDescription)
}

// Descriptor is what stands on the buyer's card statement behind the account's
// own name, for a code. Stripe wants a letter in it, which a code may lack, and
// leaves 10 characters beside the longest name
// (docs.stripe.com/get-started/account/statement-descriptors).
func Descriptor(code string) string { return "WC " + code }

// Where says where and when, in the event's own time zone.
func (p Poster) Where() string { return where(p.Place, p.StartsAt, p.TimeZone) }

// When says when, in the event's own time zone.
func (p Poster) When() string { return strings.TrimPrefix(where("", p.StartsAt, p.TimeZone), ", ") }

func title(event, kind string) string {
	const between = " · "
	whole := event + between + kind
	if utf8.RuneCountInString(whole) <= longestTitle {
		return whole
	}
	kind = between + Shorten(kind, longestTitle/2)
	return Shorten(event, longestTitle-utf8.RuneCountInString(kind)) + kind
}

func where(place string, at time.Time, timeZone string) string {
	zone, err := time.LoadLocation(timeZone)
	if err != nil {
		zone = time.UTC
	}
	when := at.In(zone).Format(", Mon 2 Jan 2006, 15:04")
	return Shorten(place, longestDescription-len(when)) + when
}

// Shorten cuts a text to so many characters, and shows that it did.
func Shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
