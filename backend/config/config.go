// Package config reads what the environment says into one struct.
//
// It must not know what the settings are used for.
package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"willcall/backend/boxoffice"
)

// DefaultAddr is where the till listens unless told otherwise: loopback only.
const DefaultAddr = "127.0.0.1:4380"

// Config is how Willcall is told to run.
type Config struct {
	Data      string     // data folder; each mode keeps its book in a folder of its own below it
	Addr      string     // address of the till, WILLCALL_ADDR
	SimAddr   string     // address of the simulated Stripe in training, WILLCALL_SIM_ADDR; by default the port after the till's
	StripeURL string     // a simulated Stripe that runs by itself (willcall sim), WILLCALL_STRIPE_URL, without a path; "" starts one inside
	PayAddr   string     // address of the page on which cards are typed, over TLS, WILLCALL_PAY_ADDR; by default the port after the simulator's
	Book      Book       // which book is opened, WILLCALL_BOOK; by default the one that was open last
	Keychain  string     // WILLCALL_KEYCHAIN: "never" keeps keys in a sealed file; "" uses the system's where there is one
	LogLevel  slog.Level // WILLCALL_LOG: debug, info, warn (default), error
}

// FromEnv reads the environment through getenv. home is where the data folder
// goes by default, such as os.UserConfigDir's answer.
func FromEnv(getenv func(string) string, home string) (Config, error) {
	c := Config{
		Data:      getenv("WILLCALL_DATA"),
		Addr:      or(getenv("WILLCALL_ADDR"), DefaultAddr),
		SimAddr:   getenv("WILLCALL_SIM_ADDR"),
		StripeURL: getenv("WILLCALL_STRIPE_URL"),
		PayAddr:   getenv("WILLCALL_PAY_ADDR"),
		Book:      Book(getenv("WILLCALL_BOOK")),
		Keychain:  getenv("WILLCALL_KEYCHAIN"),
		LogLevel:  slog.LevelWarn,
	}
	if c.Data == "" {
		if home == "" {
			return c, invalid("There is no home folder to keep the data in.", "Set WILLCALL_DATA to a folder.", nil)
		}
		c.Data = filepath.Join(home, "willcall")
	}
	port, err := loopbackPort("WILLCALL_ADDR", c.Addr)
	if err != nil {
		return c, err
	}
	if c.SimAddr == "" {
		c.SimAddr = net.JoinHostPort("127.0.0.1", strconv.Itoa(after(port)))
	}
	simPort, err := loopbackPort("WILLCALL_SIM_ADDR", c.SimAddr)
	if err != nil {
		return c, err
	}
	if c.PayAddr == "" {
		c.PayAddr = net.JoinHostPort("127.0.0.1", strconv.Itoa(after(simPort)))
	}
	if _, err := loopbackPort("WILLCALL_PAY_ADDR", c.PayAddr); err != nil {
		return c, err
	}
	if c.Book != "" && !c.Book.known() {
		return c, invalid("WILLCALL_BOOK="+string(c.Book)+" is no book.", "Set it to training, test or live, or leave it out.", nil)
	}
	if c.Keychain != "" && c.Keychain != "never" {
		return c, invalid("WILLCALL_KEYCHAIN="+c.Keychain+" is not clear.", "Set it to never, or leave it out.", nil)
	}
	if c.StripeURL != "" {
		u, err := url.Parse(strings.TrimSuffix(c.StripeURL, "/"))
		if err == nil {
			c.StripeURL = u.Scheme + "://" + u.Host
		}
		if err != nil || *u != (url.URL{Scheme: "http", Host: u.Host}) || !loopback(u.Hostname()) {
			return c, invalid("WILLCALL_STRIPE_URL is not the address of a simulated Stripe on this machine.",
				"Start one with: willcall sim. Set the variable to the address that it prints, or leave it out.", err)
		}
	}
	if level := getenv("WILLCALL_LOG"); level != "" {
		if err := c.LogLevel.UnmarshalText([]byte(level)); err != nil {
			return c, invalid("WILLCALL_LOG="+level+" is not a level.", "Set it to debug, info, warn or error.", err)
		}
	}
	return c, nil
}

// loopbackPort checks that an address is on this machine alone. A till is
// shared with other devices deliberately, and not by an environment variable.
func loopbackPort(name, addr string) (int, error) {
	host, port, err := net.SplitHostPort(addr)
	n, portErr := strconv.ParseUint(port, 10, 16)
	if err != nil || portErr != nil || !loopback(host) {
		return 0, invalid(fmt.Sprintf("%s=%s is not an address of this machine alone.", name, addr), "Set it to 127.0.0.1 and a port, such as "+DefaultAddr+".", err)
	}
	return int(n), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// after is the next port; 0 stays 0, which lets the system choose.
func after(port int) int {
	if port == 0 || port == 65535 {
		return 0
	}
	return port + 1
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func invalid(message, next string, cause error) error {
	return &boxoffice.Error{Code: boxoffice.CodeInvalid, Message: message, Next: next, Cause: cause}
}
