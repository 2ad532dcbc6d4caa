//go:build window

package windowtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// screen is a virtual display of its own: nothing else draws on it or types into it.
type screen struct {
	t       *testing.T
	display string // ":42"
}

// The display's size: the smaller of the two laptops that the screens are designed for is wider than it is high.
const screenSize = "1280x800x24"

// openScreen starts Xvfb on a display number that it finds free itself, and ends it with the test.
func openScreen(t *testing.T) *screen {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	xvfb := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", screenSize, "-nolisten", "tcp", "-noreset")
	xvfb.ExtraFiles = []*os.File{writer}
	if err := xvfb.Start(); err != nil {
		t.Fatalf("Xvfb does not start: %v (make setup installs it)", err)
	}
	writer.Close()
	t.Cleanup(func() { stop(t, xvfb, 5*time.Second) })
	number, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb tells no display: %v", err)
	}
	return &screen{t, ":" + strings.TrimSpace(number)}
}

// run runs a tool on the display and returns what it prints.
func (s *screen) run(name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(s.t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, &stderr)
	}
	return out, nil
}

// waitForWindow waits until a window with name in its title is shown, and points at it, since no window manager gives it
// the keyboard.
func (s *screen) waitForWindow(name string) {
	s.t.Helper()
	var id string
	eventually(s.t, "a window named "+name, func() error {
		out, err := s.run("xdotool", "search", "--onlyvisible", "--name", name)
		id, _, _ = strings.Cut(string(out), "\n")
		return err
	})
	if _, err := s.run("xdotool", "mousemove", "--window", id, "4", "4", "windowfocus", "--sync", id); err != nil {
		s.t.Fatal(err)
	}
}

// press types one key, by its X name: Return, 1, p.
func (s *screen) press(key string) {
	s.t.Helper()
	if _, err := s.run("xdotool", "key", key); err != nil {
		s.t.Fatal(err)
	}
}

// enter clicks at a place, replaces what is in the field there by text, and presses Return.
func (s *screen) enter(x, y int, text string) {
	s.t.Helper()
	_, err := s.run("xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y), "click", "1", "sleep", "0.1",
		"key", "ctrl+a", "type", "--delay", "5", text)
	if err != nil {
		s.t.Fatal(err)
	}
	s.press("Return")
}

// shoot takes a picture of the whole display and keeps it in out/ under name.
func (s *screen) shoot(name string) image.Image {
	s.t.Helper()
	path := picture(s.t, name)
	if _, err := s.run("import", "-silent", "-window", "root", path); err != nil {
		s.t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		s.t.Fatalf("%s is no picture: %v", path, err)
	}
	return img
}

// waitUntilPainted waits until the display shows something other than from, which may be nil, and shows it still a moment
// later. It returns what that is.
func (s *screen) waitUntilPainted(name string, from image.Image) image.Image {
	s.t.Helper()
	var now image.Image
	eventually(s.t, "a painted and quiet screen ("+name+")", func() error {
		last := now
		now = s.shoot(name)
		if n := colours(now); n < 12 {
			return fmt.Errorf("the screen has %d colours", n)
		}
		if last == nil || differ(last, now) > 0 {
			return errors.New("the screen still changes")
		}
		if from != nil && differ(from, now) == 0 {
			return errors.New("the screen is what it was")
		}
		return nil
	})
	return now
}

// codes reads every QR code on the display, sorted.
func (s *screen) codes(name string) []string {
	s.shoot(name)
	out, err := s.run("zbarimg", "--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture(s.t, name))
	if err != nil && len(out) == 0 {
		return nil // zbarimg fails where there is no code
	}
	return slices.Sorted(strings.SplitSeq(strings.TrimSpace(string(out)), "\n"))
}

// picture is where the picture of that name is kept.
func picture(t *testing.T, name string) string {
	t.Helper()
	dir, err := filepath.Abs("out")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name+".png")
}

// colours counts the distinct colours of img.
func colours(img image.Image) int {
	seen := map[[3]uint32]struct{}{}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			red, green, blue, _ := img.At(x, y).RGBA()
			seen[[3]uint32{red, green, blue}] = struct{}{}
		}
	}
	return len(seen)
}

// differ counts the pixels in which a and b differ.
func differ(a, b image.Image) (n int) {
	r := a.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				n++
			}
		}
	}
	return n
}
