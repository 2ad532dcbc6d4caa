package stripeapi

import (
	"net/http"
	"time"
)

// leap is how far one answer may move what is believed of Stripe's clock.
// A Date has whole seconds, and an answer can be slow.
const leap = 5 * time.Second

// dates learns Stripe's clock from the Date of its answers.
//
// A single Date that is far from the others is not believed: a proxy may have
// set it. A laptop whose own clock is set moves them all, so two in a row that
// agree are. Of the first two, if they do not agree, the one counts that is
// nearer to the laptop's clock.
type dates struct {
	offset time.Duration // Stripe's clock less ours
	known  bool
	sure   bool // a second Date agreed, or the laptop's own clock does

	doubted   time.Duration // what the newest Date says, where it was not believed
	hasDoubts bool

	read moment // when the newest Date that was believed came
}

// moment is a moment on the laptop's clock, which somebody may set, and on one
// that nobody can, but which may stand still while the laptop sleeps.
type moment struct{ local, steady time.Time }

// jumped reports whether the two have gone apart since the Date that is believed:
// the laptop's clock was set, or it slept.
func (d *dates) jumped(now moment) bool {
	return d.known && !near(now.local.Sub(d.read.local), now.steady.Sub(d.read.steady))
}

// learn takes in a Date header that came at a moment. The true time is up to a
// second after it: half a second is added.
func (d *dates) learn(date string, came moment) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	offset := at.Add(time.Second / 2).Sub(came.local)
	switch {
	case d.known && near(offset, d.offset), d.hasDoubts && near(offset, d.doubted):
		*d = dates{offset: offset, known: true, sure: true, read: came}
	case !d.known, !d.sure && offset.Abs() < d.offset.Abs():
		*d = dates{offset: offset, known: true, sure: offset.Abs() <= leap, read: came}
	default:
		d.doubted, d.hasDoubts = offset, true
	}
}

func near(a, b time.Duration) bool { return (a - b).Abs() <= leap }
