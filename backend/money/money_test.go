package money

import (
	"errors"
	"math"
	"math/big"
	"testing"
)

func TestStringAndBack(t *testing.T) {
	for _, tt := range []struct {
		amount Amount
		want   string
	}{
		{New(2400, "eur"), "24.00 EUR"},
		{New(5, "usd"), "0.05 USD"},
		{New(-5, "usd"), "-0.05 USD"},
		{New(0, "gbp"), "0.00 GBP"},
		{New(2400, "jpy"), "2400 JPY"},
		{New(0, "krw"), "0 KRW"},
		{New(1230, "kwd"), "1.230 KWD"},
		{New(500, "isk"), "5.00 ISK"},
		{New(math.MaxInt64, "eur"), "92233720368547758.07 EUR"},
		{New(math.MinInt64, "eur"), "-92233720368547758.08 EUR"},
	} {
		if got := tt.amount.String(); got != tt.want {
			t.Errorf("String(%d %s) = %q, want %q", tt.amount.Minor, tt.amount.Currency, got, tt.want)
		}
		back, err := ParseAmount(tt.want)
		if err != nil || back != tt.amount {
			t.Errorf("ParseAmount(%q) = %v, %v", tt.want, back, err)
		}
	}
}

func TestParseAmountRefuses(t *testing.T) {
	for _, s := range []string{"", "24", "24.00", "24 EUR", "24.0 EUR", "24.000 EUR", "24,00 EUR", "1e3 JPY", "24.00 EURO", "24.00 E1R", "+1.00 EUR", "01.00 EUR", "-0.00 EUR", "1.00  EUR", "9223372036854775808 JPY"} {
		if a, err := ParseAmount(s); !errors.Is(err, ErrSyntax) {
			t.Errorf("ParseAmount(%q) = %v, %v; want ErrSyntax", s, a, err)
		}
	}
}

func TestAddKeepsCurrenciesApart(t *testing.T) {
	if _, err := New(1, "eur").Add(New(1, "usd")); !errors.Is(err, ErrCurrency) {
		t.Errorf("eur + usd: %v, want ErrCurrency", err)
	}
	sum, err := Amount{}.Add(New(7, "eur"))
	if err != nil || sum != New(7, "eur") {
		t.Errorf("nothing + 7 eur = %v, %v", sum, err)
	}
	sum, err = New(7, "eur").Add(Amount{})
	if err != nil || sum != New(7, "eur") {
		t.Errorf("7 eur + nothing = %v, %v", sum, err)
	}
}

func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		c         Currency
		decimals  int
		step, min int64
		published bool
	}{
		{"eur", 2, 1, 50, true},
		{"gbp", 2, 1, 30, true},
		{"jpy", 0, 1, 50, true},
		{"huf", 2, 1, 17500, true},
		{"isk", 2, 100, 1, false},
		{"ugx", 2, 100, 1, false},
		{"kwd", 3, 10, 1, false},
		{"xof", 0, 1, 1, false},
	} {
		lowest, published := MinCharge(tt.c)
		if tt.c.Decimals() != tt.decimals || tt.c.Step() != tt.step || lowest != tt.min || published != tt.published {
			t.Errorf("%s: decimals %d step %d least %d %v", tt.c, tt.c.Decimals(), tt.c.Step(), lowest, published)
		}
	}
}

// Arithmetic agrees with unbounded integers, or says that it overflows.
func FuzzArithmetic(f *testing.F) {
	for _, n := range []int64{0, 1, -1, 2, 2400, MaxMinor, math.MaxInt64, math.MinInt64, math.MaxInt64/2 + 1} {
		f.Add(n, int64(1))
		f.Add(int64(-1), n)
		f.Add(n, n)
	}
	f.Fuzz(func(t *testing.T, a, b int64) {
		check := func(what string, got Amount, err error, exact *big.Int) {
			t.Helper()
			switch {
			case exact.IsInt64() && (err != nil || got.Minor != exact.Int64()):
				t.Errorf("%d %s %d = %v, %v; want %s", a, what, b, got, err, exact)
			case !exact.IsInt64() && !errors.Is(err, ErrOverflow):
				t.Errorf("%d %s %d = %v, %v; want ErrOverflow", a, what, b, got, err)
			}
		}
		sum, err := New(a, "eur").Add(New(b, "eur"))
		check("+", sum, err, new(big.Int).Add(big.NewInt(a), big.NewInt(b)))
		product, err := New(a, "eur").Times(b)
		check("×", product, err, new(big.Int).Mul(big.NewInt(a), big.NewInt(b)))
	})
}

// Whatever parses is written the same way again.
func FuzzParseAmount(f *testing.F) {
	f.Add("24.00 EUR")
	f.Add("-0.05 USD")
	f.Add("2400 JPY")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAmount(s)
		if err != nil {
			return
		}
		again, err := ParseAmount(a.String())
		if err != nil || again != a {
			t.Errorf("%q: %v became %v, %v", s, a, again, err)
		}
	})
}
