package api

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
)

// scan reads a QR code as a phone's camera would: from the picture's modules,
// drawn into pixels.
func scan(t *testing.T, picture string) string {
	t.Helper()
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("WILLCALL_REQUIRE_TOOLS") == "1" {
			t.Fatal("zbarimg is not installed: apt-get install zbar-tools")
		}
		t.Skip("zbarimg is not installed")
	}
	read := exec.CommandContext(t.Context(), reader, "--nodbus", "-q", "--raw", "-Sdisable", "-Sqr.enable", "png:-")
	read.Stdin = bytes.NewReader(paint(t, picture))
	text, err := read.Output()
	if err != nil {
		t.Fatalf("nothing can be read from the code: %v", err)
	}
	return strings.TrimSuffix(string(text), "\n")
}

// moduleSize is how many pixels a module has on each side.
const moduleSize = 4

// paint turns the picture into a PNG: white, and each run of dark modules.
func paint(t *testing.T, picture string) []byte {
	t.Helper()
	box := regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)"`).FindStringSubmatch(picture)
	if len(box) != 3 || box[1] != box[2] {
		t.Fatalf("the picture is no square: %.200s", picture)
	}
	size, err := strconv.Atoi(box[1])
	if err != nil {
		t.Fatal(err)
	}
	pixels := image.NewGray(image.Rect(0, 0, size*moduleSize, size*moduleSize))
	for i := range pixels.Pix {
		pixels.Pix[i] = 255
	}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(picture, -1) {
		var x, y, length int
		if _, err := fmt.Sscan(strings.Join(run[1:4], " "), &x, &y, &length); err != nil || run[3] != run[4] || x+length > size || y >= size {
			t.Fatalf("the run %v leaves the picture: %v", run, err)
		}
		for px := x * moduleSize; px < (x+length)*moduleSize; px++ {
			for py := y * moduleSize; py < (y+1)*moduleSize; py++ {
				pixels.SetGray(px, py, color.Gray{})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, pixels); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The code on the till's screen is the buyer's page, to the last character of
// its fragment.
func TestOrderCodeIsTheURL(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	// As long as Stripe's are.
	long := "https://checkout.stripe.com/c/pay/cs_live_a1" + strings.Repeat("bC3d", 14) + "#fid" + strings.Repeat("kdUl9%2F", 35)
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact {
		f := testkit.Obliges(i)[0].(boxoffice.OpenedFact)
		f.URL = long
		return []boxoffice.Fact{f}
	})
	s.ask(row{method: "POST", path: "/api/orders", header: keyed("key-of-this-sale"), body: sale}.request(s, s.emptyHouse()))
	codes, _ := s.page("")
	a := s.ask(row{path: "/api/orders/" + codes[0] + "/code.svg"}.request(s, s.emptyHouse()))
	if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	if got := scan(t, a.body); got != long {
		t.Errorf("the code says %q, want %q", got, long)
	}
}

// The code of a ticket is what the order says, and the door can check it with
// the public key alone.
func TestTicketCodeIsSigned(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	id := h.paid.Tickets[0].ID
	got := scan(t, s.get("/api/tickets/"+id+"/code.svg", http.StatusOK))
	if got != boxoffice.TicketCode(ticketKey(), id) || !strings.Contains(s.get("/api/orders/"+h.paid.ID, http.StatusOK), `"code":"`+got+`"`) {
		t.Errorf("the code says %q, and the order another", got)
	}
	public := ticketKey().Public().(ed25519.PublicKey)
	if read, ok := boxoffice.ReadTicketCode(public, got); !ok || read != id {
		t.Errorf("the door reads %q, %v", read, ok)
	}
}

// What is too long for any code is a problem, not half a picture.
func TestCodeOfTooMuch(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact {
		f := testkit.Obliges(i)[0].(boxoffice.OpenedFact)
		f.URL = "https://checkout.stripe.com/" + strings.Repeat("x", 5000)
		return []boxoffice.Fact{f}
	})
	s.ask(row{method: "POST", path: "/api/orders", header: keyed("key-of-this-sale"), body: sale}.request(s, s.emptyHouse()))
	codes, _ := s.page("")
	row{name: "too long", path: "/api/orders/" + codes[0] + "/code.svg", status: 500, code: "internal"}.checkIn(s, s.emptyHouse())
}
