package config

import (
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
)

// env is an environment for FromEnv.
func env(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func TestFromEnv(t *testing.T) {
	home := filepath.Join("home", "anna", ".config")
	usual := Config{Data: filepath.Join(home, "willcall"), Addr: "127.0.0.1:4380", SimAddr: "127.0.0.1:4381", PayAddr: "127.0.0.1:4382", LogLevel: slog.LevelWarn}
	with := func(change func(*Config)) Config {
		c := usual
		change(&c)
		return c
	}
	tests := map[string]struct {
		vars map[string]string
		want Config
	}{
		"nothing is set":     {nil, usual},
		"a data folder":      {map[string]string{"WILLCALL_DATA": "/srv/box"}, with(func(c *Config) { c.Data = "/srv/box" })},
		"an address":         {map[string]string{"WILLCALL_ADDR": "127.0.0.1:9000"}, with(func(c *Config) { c.Addr, c.SimAddr, c.PayAddr = "127.0.0.1:9000", "127.0.0.1:9001", "127.0.0.1:9002" })},
		"by name":            {map[string]string{"WILLCALL_ADDR": "localhost:9000"}, with(func(c *Config) { c.Addr, c.SimAddr, c.PayAddr = "localhost:9000", "127.0.0.1:9001", "127.0.0.1:9002" })},
		"loopback's other":   {map[string]string{"WILLCALL_ADDR": "[::1]:9000"}, with(func(c *Config) { c.Addr, c.SimAddr, c.PayAddr = "[::1]:9000", "127.0.0.1:9001", "127.0.0.1:9002" })},
		"any free port":      {map[string]string{"WILLCALL_ADDR": "127.0.0.1:0"}, with(func(c *Config) { c.Addr, c.SimAddr, c.PayAddr = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0" })},
		"the last port":      {map[string]string{"WILLCALL_ADDR": "127.0.0.1:65535"}, with(func(c *Config) { c.Addr, c.SimAddr, c.PayAddr = "127.0.0.1:65535", "127.0.0.1:0", "127.0.0.1:0" })},
		"the simulated one":  {map[string]string{"WILLCALL_SIM_ADDR": "127.0.0.1:7"}, with(func(c *Config) { c.SimAddr, c.PayAddr = "127.0.0.1:7", "127.0.0.1:8" })},
		"the cards' page":    {map[string]string{"WILLCALL_PAY_ADDR": "[::1]:443"}, with(func(c *Config) { c.PayAddr = "[::1]:443" })},
		"the cards' last":    {map[string]string{"WILLCALL_SIM_ADDR": "127.0.0.1:65535"}, with(func(c *Config) { c.SimAddr, c.PayAddr = "127.0.0.1:65535", "127.0.0.1:0" })},
		"training":           {map[string]string{"WILLCALL_BOOK": "training"}, with(func(c *Config) { c.Book = Training })},
		"the test book":      {map[string]string{"WILLCALL_BOOK": "test"}, with(func(c *Config) { c.Book = Test })},
		"the live book":      {map[string]string{"WILLCALL_BOOK": "live"}, with(func(c *Config) { c.Book = Live })},
		"no keychain":        {map[string]string{"WILLCALL_KEYCHAIN": "never"}, with(func(c *Config) { c.Keychain = "never" })},
		"a Stripe elsewhere": {map[string]string{"WILLCALL_STRIPE_URL": "http://127.0.0.1:4381"}, with(func(c *Config) { c.StripeURL = "http://127.0.0.1:4381" })},
		"with a slash":       {map[string]string{"WILLCALL_STRIPE_URL": "http://localhost:4381/"}, with(func(c *Config) { c.StripeURL = "http://localhost:4381" })},
		"in capitals":        {map[string]string{"WILLCALL_STRIPE_URL": "HTTP://[::1]:4381"}, with(func(c *Config) { c.StripeURL = "http://[::1]:4381" })},
		"a talkative log":    {map[string]string{"WILLCALL_LOG": "debug"}, with(func(c *Config) { c.LogLevel = slog.LevelDebug })},
		"a log in capitals":  {map[string]string{"WILLCALL_LOG": "ERROR"}, with(func(c *Config) { c.LogLevel = slog.LevelError })},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := FromEnv(env(test.vars), home)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("the settings are not as they should be (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFromEnvWithoutAHome(t *testing.T) {
	if _, err := FromEnv(env(nil), ""); boxoffice.ErrorCode(err) != boxoffice.CodeInvalid || !strings.Contains(err.Error(), "home") {
		t.Errorf("the error is %v, want one about the home folder", err)
	}
	got, err := FromEnv(env(map[string]string{"WILLCALL_DATA": "here"}), "")
	if err != nil || got.Data != "here" {
		t.Errorf("with a data folder no home is needed: %+v, %v", got, err)
	}
}

// TestFromEnvRefuses names the variable that is wrong and what to do about it.
// Above all, no variable may open the till or its Stripe to other machines.
func TestFromEnvRefuses(t *testing.T) {
	bad := map[string][]string{
		"WILLCALL_ADDR": {
			":4380", "0.0.0.0:4380", "[::]:4380", "192.168.1.20:4380", "till.example.org:4380", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http",
			"127.0.0.1:-1", "127.0.0.1:65536", "127.0.0.1:4380:1", "localhost.example.org:4380", "[::1%lo]:4380", "2130706433:80", "4380", "127.0.0.1:+80",
		},
		"WILLCALL_SIM_ADDR": {":4381", "10.0.0.1:4381", "127.0.0.1", "nonsense"},
		"WILLCALL_STRIPE_URL": {
			"https://api.stripe.com", "http://api.stripe.com", "https://127.0.0.1:4381", "127.0.0.1:4381", "http://", "http://127.0.0.1.example.org",
			"http://anna@127.0.0.1:4381", "http://127.0.0.1:4381/v1", "http://127.0.0.1:4381?x=1", "http://127.0.0.1:4381#x", "http://127.0.0.1:4381//",
			"http://127.0.0.1:port", "ftp://127.0.0.1", "file:///etc", ":", "\x00",
		},
		"WILLCALL_PAY_ADDR": {":4382", "0.0.0.0:4382", "192.168.1.20:4382", "till.example.org:443", "127.0.0.1", "127.0.0.1:65536"},
		"WILLCALL_BOOK":     {"real", "Live", "live ", "training/../live", "0"},
		"WILLCALL_KEYCHAIN": {"no", "Never", "always", "file", "0"},
		"WILLCALL_LOG":      {"loud", "1", "warn,debug"},
	}
	for name, values := range bad {
		for _, value := range values {
			_, err := FromEnv(env(map[string]string{name: value}), "home")
			e, ok := errors.AsType[*boxoffice.Error](err)
			if !ok || e.Code != boxoffice.CodeInvalid || !strings.Contains(e.Message, name) || e.Next == "" {
				t.Errorf("%s=%q: %v, want an error that names it and says what to do", name, value, err)
			}
		}
	}
}
