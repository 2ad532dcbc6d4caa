package boxoffice

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"willcall/backend/money"
)

// Bounds of what can be entered. Stripe's are in words.go.
const (
	longestName  = 200
	mostTypes    = 100 // of an event; an order can have as many lines
	mostNights   = 400
	mostPerOrder = 100
	mostSeats    = 1_000_000
	mostPercent  = 100 * 10_000
	lastYear     = 2999
)

// Fault is one thing that is wrong with what was entered, and where.
type Fault struct {
	At      string // "ticketTypes[2].price"
	Message string
}

// Check says all that is wrong with an event as it was entered; nothing, if
// it can be kept.
func (e Event) Check() []Fault {
	c := &checker{}
	c.name("name", e.Name)
	c.name("place", e.Place)
	if _, err := time.LoadLocation(e.TimeZone); err != nil || e.TimeZone == "" || e.TimeZone == "Local" {
		c.add("timeZone", "%q is no time zone. Choose one such as Europe/Vienna.", e.TimeZone)
	}
	if e.Picture != "" {
		c.picture(e.Picture)
	}
	c.count("performances", len(e.Performances), mostNights)
	for i, p := range e.Performances {
		at := fmt.Sprintf("performances[%d].", i)
		switch {
		case p.StartsAt.IsZero():
			c.add(at+"startsAt", "Say when the performance starts.")
		case p.StartsAt.Year() < 2000 || p.StartsAt.Year() > lastYear:
			c.add(at+"startsAt", "A performance starts between the years 2000 and %d.", lastYear)
		case p.DoorsAt.After(p.StartsAt):
			c.add(at+"doorsAt", "The doors must open before the performance starts.")
		}
	}
	c.count("ticketTypes", len(e.TicketTypes), mostTypes)
	for i, t := range e.TicketTypes {
		c.ticketType(fmt.Sprintf("ticketTypes[%d].", i), t)
	}
	return c.faults
}

// checker collects faults.
type checker struct {
	faults []Fault
}

func (c *checker) add(at, format string, args ...any) {
	c.faults = append(c.faults, Fault{At: at, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) count(at string, n, most int) {
	switch {
	case n == 0:
		c.add(at, "There must be at least one.")
	case n > most:
		c.add(at, "There can be %d at most.", most)
	}
}

func (c *checker) name(at, text string) {
	switch {
	case strings.TrimSpace(text) == "":
		c.add(at, "This cannot be empty.")
	case utf8.RuneCountInString(text) > longestName:
		c.add(at, "%d characters are the most.", longestName)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		c.add(at, "There is a character in it that cannot be printed.")
	}
}

// description may have more than one line.
func (c *checker) description(at, text string) {
	switch {
	case utf8.RuneCountInString(text) > longestDescription:
		c.add(at, "%d characters are the most.", longestDescription)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }):
		c.add(at, "There is a character in it that cannot be printed.")
	}
}

func (c *checker) picture(address string) {
	host, ok := strings.CutPrefix(address, "https://")
	if !ok || host == "" || host[0] == '/' || len(address) > 2000 || strings.ContainsFunc(address, unicode.IsSpace) {
		c.add("picture", "The picture must be an address that begins with https://, so that the buyer's phone can load it.")
	}
}

func (c *checker) ticketType(at string, t TicketType) {
	c.name(at+"name", t.Name)
	c.description(at+"description", t.Description)
	if b := t.Bounds; b != nil {
		least, most := money.New(b.Least, t.Price.Currency), money.New(b.Most, t.Price.Currency)
		c.price(at+"bounds.least", least)
		c.price(at+"bounds.most", most)
		if b.Least > b.Most {
			c.add(at+"bounds.most", "The most must not be less than the least.")
		}
		switch suggested := t.Price.Minor; {
		case suggested == 0:
		case suggested < b.Least || suggested > b.Most:
			c.add(at+"price", "What is suggested must be from %s to %s.", least, most)
		default:
			c.price(at+"price", t.Price)
		}
	} else {
		c.price(at+"price", t.Price)
	}
	if r := t.TaxRate; r != nil {
		c.name(at+"taxRate.name", r.Name)
		if utf8.RuneCountInString(r.Name) > 50 {
			c.add(at+"taxRate.name", "50 characters are the most.") // Stripe's bound of a tax rate's display_name
		}
		if r.Percent < 0 || r.Percent > mostPercent {
			c.add(at+"taxRate.percent", "A tax is from 0 to 100 percent.")
		}
	}
	if !t.SaleFrom.IsZero() && !t.SaleUntil.IsZero() && !t.SaleFrom.Before(t.SaleUntil) {
		c.add(at+"saleUntil", "The sale must end after it begins.")
	}
	if t.Least < 0 || t.Least > mostPerOrder {
		c.add(at+"least", "An order can have from 1 to %d.", mostPerOrder)
	}
	if t.Most < 0 || t.Most > mostPerOrder || t.Most > 0 && t.Most < t.Least {
		c.add(at+"most", "An order can have from %d to %d.", max(1, t.Least), mostPerOrder)
	}
}

// price holds an amount against Stripe's rules.
func (c *checker) price(at string, a money.Amount) {
	if err := a.Chargeable(); err != nil {
		rule, _ := errors.AsType[*money.RuleError](err)
		if rule == nil {
			c.add(at, "%v", err)
			return
		}
		c.add(at, "%s", rule.Message)
	}
}

// CheckSize says what is wrong with a quota's size; "" if nothing.
func CheckSize(size int) string {
	if size < 0 || size > mostSeats {
		return fmt.Sprintf("A quota is from 0 to %d.", mostSeats)
	}
	return ""
}
