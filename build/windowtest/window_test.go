//go:build window

package windowtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// order is what these tests read of the till's order.
type order struct {
	Code, Status string
	Tenders      []struct{ SessionID, URL, State string }
	Tickets      []struct{ Code string }
}

// A volunteer opens Willcall, sells one ticket by keyboard, pays as the buyer on the phone beside the till, and the window
// shows the ticket by itself.
func TestASaleInTheWindow(t *testing.T) {
	s := openScreen(t)
	started := time.Now()
	w := openTill(t, s, t.TempDir())
	s.waitForWindow("Willcall")
	welcome := s.waitUntilPainted("1-welcome", nil)
	t.Logf("painted and quiet after %v", time.Since(started).Round(time.Millisecond))

	s.press("Return") // practise now
	sell := s.waitUntilPainted("2-sell", welcome)
	s.press("1") // the first ticket type
	s.waitUntilPainted("3-cart", sell)
	s.press("p") // pay by phone

	var sessions struct {
		Data []struct{ ID, URL, Status string }
	}
	eventually(t, "the simulator to hold the sale's session", func() error {
		if err := w.sim("/v1/checkout/sessions", &sessions); err != nil {
			return err
		}
		if len(sessions.Data) != 1 || sessions.Data[0].Status != "open" {
			return fmt.Errorf("sessions: %+v", sessions.Data)
		}
		return nil
	})
	session := sessions.Data[0]
	eventually(t, "the session's code on the screen", func() error {
		if codes := s.codes("4-code"); !slices.Contains(codes, session.URL) {
			return fmt.Errorf("read %q off the screen, want %q", codes, session.URL)
		}
		return nil
	})
	// The screens have their live stream open now: in process, over no socket.
	if n, err := w.connections(); err != nil || n != 0 {
		t.Errorf("the window holds %d connections to the till's socket (error %v), want none", n, err)
	}

	paid := payOnThePhone(t, s, w)
	eventually(t, "the window to show the ticket by itself", func() error {
		if codes := s.codes("5-paid"); !slices.Contains(codes, paid.Tickets[0].Code) {
			return fmt.Errorf("read %q off the screen, want the ticket's %q", codes, paid.Tickets[0].Code)
		}
		return nil
	})
	s.waitUntilPainted("5-paid", nil)
}

// payOnThePhone plays the buyer on the phone at the right of the window. Its fields are looked for from the top down: Return
// in the first of them pays. A field is given time to answer, since the window turns away from the phone by itself; and once
// the simulator has the money nothing more is typed, since the till may take a while to hear of it.
func payOnThePhone(t *testing.T, s *screen, w *till) (paid order) {
	t.Helper()
	complete := func() bool {
		var sessions struct{ Data []struct{ Status string } }
		if err := w.sim("/v1/checkout/sessions", &sessions); err != nil {
			t.Fatal(err)
		}
		return len(sessions.Data) == 1 && sessions.Data[0].Status == "complete"
	}
	for y := 400; y < 640 && !complete(); y += 20 {
		s.enter(1000, y, "buyer@example.com")
		for patience := time.Now().Add(5 * time.Second); !complete() && time.Now().Before(patience); {
			time.Sleep(50 * time.Millisecond)
		}
	}
	if !complete() {
		t.Fatal("the buyer cannot pay on the phone beside the till")
	}
	eventually(t, "the till to have the money", func() error {
		var list struct{ Orders []order }
		if err := w.api("/api/orders", &list); err != nil {
			return err
		}
		if len(list.Orders) != 1 || list.Orders[0].Status != "paid" || len(list.Orders[0].Tickets) != 1 {
			return fmt.Errorf("orders: %+v", list.Orders)
		}
		paid = list.Orders[0]
		return nil
	})
	return paid
}

// A second window on the same book says so and sells nothing; once the first is closed, its button opens the till.
func TestASecondWindowSaysThatTheBookIsOpen(t *testing.T) {
	data := t.TempDir()
	first := openTill(t, openScreen(t), data)
	eventually(t, "the first till", func() error { return first.api("/healthz", &struct{}{}) })

	s := openScreen(t)
	second := openTill(t, s, data)
	s.waitForWindow("Willcall")
	locked := s.waitUntilPainted("6-locked", nil)
	if err := second.api("/healthz", &struct{}{}); err == nil {
		t.Error("two tills are open on one book")
	}
	if !strings.Contains(second.log.String(), "book_locked") {
		t.Errorf("the log does not tell of the lock:\n%s", second.log)
	}

	first.close()
	s.press("Return") // try again
	eventually(t, "the second till after trying again", func() error { return second.api("/healthz", &struct{}{}) })
	s.waitUntilPainted("7-opened-after-all", locked)
}
