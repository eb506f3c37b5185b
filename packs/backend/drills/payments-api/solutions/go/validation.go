package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Order is what a client asks for; only parseOrder makes one.
type Order struct {
	Amount    int    `json:"amount"`
	Currency  string `json:"currency"`
	Card      string `json:"card"`
	Reference string `json:"reference"`
}

var (
	keyForm    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	idForm     = regexp.MustCompile(`^pay_[0-9A-HJKMNP-TV-Z]{26}$`)
	cardForm   = regexp.MustCompile(`^card_[a-z0-9]{4,32}$`)
	amountForm = regexp.MustCompile(`^[1-9][0-9]{0,6}$`)
	limitForm  = regexp.MustCompile(`^([1-9][0-9]?|100)$`)
)

// fingerprint is equal for equal orders, however their JSON was written.
func (o Order) fingerprint() []byte {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // it has only strings and a number
	}
	sum := sha256.Sum256(text)
	return sum[:]
}

func parseOrder(body []byte) (order Order, err error) {
	if !utf8.Valid(body) || !json.Valid(body) {
		return order, problem(400, "no-json", "The body is no JSON.")
	}
	// A struct would do, but encoding/json takes "AMOUNT" for "amount" there.
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return order, invalid("The body must be an object.")
	}
	for name := range members {
		switch name {
		case "amount", "currency", "card", "reference":
		default:
			return order, invalid("There is a member that nobody knows.")
		}
	}
	if amount := string(members["amount"]); amountForm.MatchString(amount) {
		order.Amount, _ = strconv.Atoi(amount)
	}
	if order.Amount < 1 || order.Amount > 1_000_000 {
		return order, invalid("amount must be an integer from 1 to 1000000.")
	}
	order.Currency = text(members["currency"])
	if c := order.Currency; c != "EUR" && c != "GBP" && c != "USD" {
		return order, invalid("currency must be EUR, GBP or USD.")
	}
	order.Card = text(members["card"])
	if !cardForm.MatchString(order.Card) {
		return order, invalid("card must look like card_ and 4 to 32 small letters or digits.")
	}
	order.Reference = text(members["reference"])
	length := utf8.RuneCountInString(order.Reference)
	// PostgreSQL stores no NUL.
	if length < 1 || length > 64 || strings.ContainsRune(order.Reference, 0) {
		return order, invalid("reference must be text of 1 to 64 characters, none of them NUL.")
	}
	return order, nil
}

// text is the string that raw holds, or "" when it is missing or no string.
func text(raw json.RawMessage) (value string) {
	if bytes.HasPrefix(raw, []byte{'"'}) {
		_ = json.Unmarshal(raw, &value)
	}
	return value
}

func parseLimit(query url.Values) (int, error) {
	values, given := query["limit"]
	if !given {
		return 20, nil
	}
	if len(values) != 1 || !limitForm.MatchString(values[0]) {
		return 0, problem(400, "limit", "limit must be a number from 1 to 100.")
	}
	return strconv.Atoi(values[0])
}

func formatCursor(seq int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("before:" + strconv.FormatInt(seq, 10)))
}

// parseCursor gives the place in the row of payments before which the page begins.
func parseCursor(query url.Values) (int64, error) {
	values, given := query["cursor"]
	if !given {
		return math.MaxInt64, nil
	}
	refused := problem(400, "cursor", "cursor must be one that a page gave as next.")
	plain, err := base64.RawURLEncoding.DecodeString(values[0])
	if err != nil {
		return 0, refused
	}
	number, found := strings.CutPrefix(string(plain), "before:")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !found || seq < 1 {
		return 0, refused
	}
	return seq, nil
}

func invalid(detail string) *Problem { return problem(422, "invalid", detail) }
