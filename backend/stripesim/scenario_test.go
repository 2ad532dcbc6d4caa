package stripesim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestScenarios plays the files of testdata/scenarios. A file is a story that
// can be read: comments, requests, what buyers do, and under each the whole
// answer. `go test -run Scenarios -update` writes the answers anew.
//
//	POST /v1/checkout/sessions      a request; indented lines are its parameters and headers
//	  mode=payment
//	  Idempotency-Key: order-1
//	PAY session-1 card=4242…        the buyer pays; also email=, debit
//	VISIT link-1                    somebody opens a payment link and begins
//	ANSWER session-1 complete       the buyer answers the bank
//	BANK intent-1 complete          the same for an intent without a session
//	SETTLE session-1 succeeded      the bank decides on a debit
//	WAIT 30m                        time passes
//	FAULT 500                       the next request is answered with this error
//
// Ids are shown as session-1, intent-1, … in the order of their appearance,
// and can be written so in later requests.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no scenarios", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			script, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &stage{box: newBox(t), names: map[string]string{}, ids: map[string]string{}, count: map[string]int{}}
			golden(t, file, s.play(string(script)))
		})
	}
}

// stage plays one scenario.
type stage struct {
	*box
	names map[string]string // id → name
	ids   map[string]string // name → id
	count map[string]int    // names by kind
}

// play carries out the steps and returns the script with the answers.
func (s *stage) play(script string) string {
	var out strings.Builder
	for _, step := range splitSteps(script) {
		for _, line := range step {
			out.WriteString(line + "\n")
		}
		if answer := s.perform(step); answer != "" {
			out.WriteString("---\n" + answer + "\n")
		}
		out.WriteString("\n")
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

// splitSteps cuts a script at its empty lines, and drops the old answers.
func splitSteps(script string) [][]string {
	var steps [][]string
	for block := range strings.SplitSeq(strings.TrimSpace(script), "\n\n") {
		asked, _, _ := strings.Cut(block, "\n---\n")
		steps = append(steps, strings.Split(asked, "\n"))
	}
	return steps
}

func (s *stage) perform(step []string) string {
	s.t.Helper()
	var form, headers []string
	var head string
	for _, line := range step {
		switch inner, indented := strings.CutPrefix(line, "  "); {
		case strings.HasPrefix(line, "#"):
		case !indented:
			head = s.real(line)
		case regexp.MustCompile(`^[A-Z][\w-]+: `).MatchString(inner):
			name, value, _ := strings.Cut(inner, ": ")
			headers = append(headers, name, s.real(value))
		default:
			name, value, _ := strings.Cut(s.real(inner), "=")
			form = append(form, name+"="+strings.NewReplacer("%", "%25", "&", "%26", "+", "%2B", " ", "+").Replace(value))
		}
	}
	verb, rest, _ := strings.Cut(head, " ")
	switch verb {
	case "":
		return ""
	case "GET", "POST", "PUT", "DELETE":
		return s.request(verb, rest, strings.Join(form, "&"), headers)
	case "WAIT":
		d, err := time.ParseDuration(rest)
		if err != nil {
			s.t.Fatal(err)
		}
		s.clock.advance(d)
		return ""
	case "FAULT":
		status, err := strconv.Atoi(rest)
		if err != nil {
			s.t.Fatal(err)
		}
		s.sim.SetFaults(Fault{Kind: FaultStatus, Status: status, Times: 1})
		return ""
	default:
		return s.act(verb, strings.Fields(rest))
	}
}

func (s *stage) request(method, path, form string, headers []string) string {
	s.t.Helper()
	r := s.do(method, path, form, headers...)
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, r.body, "", "  "); err != nil {
		s.t.Fatalf("%s %s answered %s", method, path, r.body)
	}
	answer := strconv.Itoa(r.status) + "\n"
	if r.header.Get("Idempotent-Replayed") != "" {
		answer += "Idempotent-Replayed: true\n"
	}
	return answer + s.named(pretty.String())
}

// act is what a buyer, or a bank, does: PAY, VISIT, ANSWER, BANK or SETTLE.
func (s *stage) act(verb string, words []string) string {
	s.t.Helper()
	var r result
	var err error
	switch verb {
	case "PAY":
		r, err = s.sim.submit(words[0], paymentOf(words[1:]))
	case "VISIT":
		r.Status = open
		r.Message, err = s.sim.Visit(words[0], Visitor{Reference: strings.Join(words[1:], "")})
		r.Message = s.named(r.Message)
	case "BANK":
		r.Status, err = "done", s.sim.AnswerBank(words[0], Challenge(words[1]))
	case "ANSWER":
		r, err = s.sim.authenticate(words[0], words[1] == string(Complete))
	case "SETTLE":
		err = s.sim.Settle(words[0], words[1] == succeeded)
		r.Status = "done"
	default:
		s.t.Fatalf("there is no step %s", verb)
	}
	if err != nil {
		return "error: " + s.named(err.Error())
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Status, r.Code, r.Message))
}

func paymentOf(words []string) Payment {
	p := Payment{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "card":
			p.Card = value
		case "email":
			p.Email = value
		case "debit":
			p.Delayed = true
		}
	}
	return p
}

// kinds are the ids that scenarios name.
var kinds = map[string]string{
	"cs_test_a1": "session", "plink_1": "link", "test_": "token", "re_3": "refund", "txr_1": "rate", "pi_3": "intent", "ch_3": "charge", "py_3": "charge", "txn_3": "transaction", "evt_1": "event", "prod_": "product",
	"price_1": "price", "li_1": "line", "pm_1": "method", "req_": "request", "acct_1": "account", "pmc_1": "settings", "src_1": "source", "fid": "fragment",
}

var ids = regexp.MustCompile(`\b(cs_test_a1|plink_1|test_|re_3|txr_1|pi_3|ch_3|py_3|txn_3|evt_1|prod_|price_1|li_1|pm_1|req_|acct_1|pmc_1|src_1|fid)[0-9A-Za-z]{14,}(_secret_[0-9A-Za-z]+)?`)

// named replaces the ids of an answer with names.
func (s *stage) named(answer string) string {
	return ids.ReplaceAllStringFunc(answer, func(id string) string {
		if s.names[id] == "" {
			kind := kinds[ids.FindStringSubmatch(id)[1]]
			if strings.Contains(id, "_secret_") {
				kind = "secret"
			}
			s.count[kind]++
			s.names[id] = fmt.Sprintf("%s-%d", kind, s.count[kind])
			s.ids[s.names[id]] = id
		}
		return s.names[id]
	})
}

var named = regexp.MustCompile(`\b[a-z]+-\d+\b`)

// real puts the ids back into a request.
func (s *stage) real(line string) string {
	return named.ReplaceAllStringFunc(line, func(name string) string {
		if id := s.ids[name]; id != "" {
			return id
		}
		return name
	})
}

// TestScenarioControl: a scenario whose answer has changed is noticed.
func TestScenarioControl(t *testing.T) {
	s := &stage{box: newBox(t), names: map[string]string{}, ids: map[string]string{}, count: map[string]int{}}
	played := s.play("# nothing yet\nGET /v1/events\n---\n200\n{\"object\": \"list\", \"data\": [\"an old answer\"]}\n\nPAY session-9\n")
	if strings.Contains(played, "an old answer") || !strings.Contains(played, `"has_more": false`) {
		t.Errorf("the old answer stayed:\n%s", played)
	}
	if !strings.Contains(played, "error: 404 resource_missing: No such checkout.session: 'session-9'") {
		t.Errorf("paying nothing is not told:\n%s", played)
	}
}
