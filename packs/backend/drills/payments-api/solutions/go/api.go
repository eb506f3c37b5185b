package main

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
)

const bodyBytesMax = 64 << 10

// API routes requests. It is no ServeMux, which would answer in plain text where it refuses.
type API struct {
	payments *Payments
}

type handler func(http.ResponseWriter, *http.Request) error

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if fault := recover(); fault != nil {
			log.Printf("%v\n%s", fault, debug.Stack())
			problem(500, "internal", "The service made a mistake.").write(w)
		}
	}()
	err := a.route(w, r)
	var known *Problem
	switch {
	case err == nil:
	case errors.As(err, &known):
		known.write(w)
	default:
		log.Print(err)
		problem(500, "internal", "The service made a mistake.").write(w)
	}
}

func (a *API) route(w http.ResponseWriter, r *http.Request) error {
	path := r.URL.EscapedPath()
	id, one := strings.CutPrefix(path, "/v1/payments/")
	var get, post handler
	switch {
	case path == "/healthz":
		get = health
	case path == "/v1/payments":
		get, post = a.list, a.create
	case one && id != "" && !strings.Contains(id, "/"):
		get = func(w http.ResponseWriter, r *http.Request) error { return a.one(w, r, id) }
	default:
		return problem(404, "not-found", "There is nothing at this path.")
	}
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return get(w, r)
	case r.Method == http.MethodPost && post != nil:
		return post(w, r)
	}
	refused := problem(405, "method", "This method is not for this path.")
	refused.allow = "GET, HEAD"
	if post != nil {
		refused.allow += ", POST"
	}
	return refused
}

func health(w http.ResponseWriter, _ *http.Request) error {
	writeJSON(w, 200, "application/json", map[string]string{"status": "ok"})
	return nil
}

func (a *API) create(w http.ResponseWriter, r *http.Request) error {
	mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(mediaType), "application/json") {
		return problem(415, "media-type", "The body must be application/json.")
	}
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	order, err := parseOrder(body)
	if err != nil {
		return err
	}
	key := r.Header.Get("Idempotency-Key")
	if !keyForm.MatchString(key) {
		return problem(400, "key", "Idempotency-Key must be 1 to 64 letters, digits, _ or -.")
	}
	payment, err := a.payments.Create(r.Context(), key, order)
	if err != nil {
		return err
	}
	if payment.Status == "declined" {
		declined := problem(402, "declined", "The card was declined.")
		declined.Payment = payment.ID
		return declined
	}
	w.Header().Set("Location", "/v1/payments/"+payment.ID)
	writeJSON(w, 201, "application/json", payment)
	return nil
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	tooLarge := problem(413, "too-large", "A body has at most 64 KiB.")
	if r.ContentLength > bodyBytesMax {
		w.Header().Set("Connection", "close")
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyBytesMax))
	var exceeded *http.MaxBytesError
	switch {
	case errors.As(err, &exceeded):
		return nil, tooLarge
	case err != nil:
		return nil, problem(400, "no-body", "The body did not come whole.")
	}
	return body, nil
}

func (a *API) one(w http.ResponseWriter, r *http.Request, id string) error {
	if !idForm.MatchString(id) {
		return problem(404, "not-found", "There is no such payment.")
	}
	payment, err := a.payments.store.ByID(r.Context(), id)
	if err != nil {
		return err
	}
	if payment == nil {
		return problem(404, "not-found", "There is no such payment.")
	}
	writeJSON(w, 200, "application/json", payment)
	return nil
}

func (a *API) list(w http.ResponseWriter, r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return problem(400, "query", "The query is malformed.")
	}
	limit, err := parseLimit(query)
	if err != nil {
		return err
	}
	before, err := parseCursor(query)
	if err != nil {
		return err
	}
	data, err := a.payments.store.Page(r.Context(), limit+1, before)
	if err != nil {
		return err
	}
	var next *string
	if len(data) > limit {
		data = data[:limit]
		cursor := formatCursor(data[limit-1].seq)
		next = &cursor
	}
	writeJSON(w, 200, "application/json", map[string]any{"data": data, "next": next})
	return nil
}
