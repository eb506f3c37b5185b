// A payments service: POST /v1/payments charges a card, GET reads payments back.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Order struct {
	Amount    int    `json:"amount"`
	Currency  string `json:"currency"`
	Card      string `json:"card"`
	Reference string `json:"reference"`
}

type Payment struct {
	ID        string    `json:"id"`
	Amount    int       `json:"amount"`
	Currency  string    `json:"currency"`
	Reference string    `json:"reference"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"created_at"`
}

type Service struct {
	db      *pgxpool.Pool
	gateway string
}

// The lock is for two instances that start at once.
const tables = `
	BEGIN;
	SELECT pg_advisory_xact_lock(1);
	CREATE TABLE IF NOT EXISTS payments (
		id serial PRIMARY KEY,
		idempotency_key text,
		amount integer NOT NULL,
		currency text NOT NULL,
		card text NOT NULL,
		reference text NOT NULL,
		status text NOT NULL,
		created_at timestamptz NOT NULL DEFAULT now()
	);
	COMMIT;`

const fields = "id::text, amount, currency, reference, status, created_at"

func main() {
	ctx := context.Background()
	db, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := db.Exec(ctx, tables); err != nil {
		log.Fatal(err)
	}
	service := &Service{db: db, gateway: os.Getenv("GATEWAY_URL")}
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, map[string]string{"status": "ok"})
	})
	http.HandleFunc("/v1/payments", service.payments)
	http.HandleFunc("/v1/payments/", service.payment)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"error": message})
}

func (s *Service) payments(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
		s.create(w, r)
	case http.MethodGet:
		s.list(w, r)
	default:
		fail(w, 404, "not found")
	}
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) {
	var order Order
	if err := json.NewDecoder(r.Body).Decode(&order); err != nil {
		fail(w, 400, err.Error())
		return
	}
	if order.Amount == 0 || order.Currency == "" || order.Card == "" || order.Reference == "" {
		fail(w, 400, "amount, currency, card and reference are required")
		return
	}

	key := r.Header.Get("Idempotency-Key")
	if key != "" {
		row := s.db.QueryRow(r.Context(), "SELECT "+fields+" FROM payments WHERE idempotency_key = $1", key)
		if payment, err := scan(row); err == nil {
			answer(w, 200, payment)
			return
		}
	}
	status, err := s.charge(order)
	if err != nil {
		fail(w, 500, err.Error())
		return
	}
	payment, err := scan(s.db.QueryRow(r.Context(),
		`INSERT INTO payments (idempotency_key, amount, currency, card, reference, status)
		 VALUES (NULLIF($1, ''), $2, $3, $4, $5, $6) RETURNING `+fields,
		key, order.Amount, order.Currency, order.Card, order.Reference, status))
	if err != nil {
		fail(w, 500, err.Error())
		return
	}
	if status == "declined" {
		fail(w, 402, "the card was declined")
		return
	}
	answer(w, 200, payment)
}

// charge charges the card; it tries three times.
func (s *Service) charge(order Order) (string, error) {
	body, err := json.Marshal(order)
	if err != nil {
		return "", err
	}
	for attempt := 0; attempt < 3; attempt++ {
		response, err := http.Post(s.gateway+"/charges", "application/json", bytes.NewReader(body))
		if err != nil {
			continue
		}
		response.Body.Close()
		switch response.StatusCode {
		case 200:
			return "captured", nil
		case 402:
			return "declined", nil
		}
	}
	return "", errors.New("the gateway does not answer")
}

func (s *Service) payment(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/v1/payments/"))
	if err != nil || r.Method != http.MethodGet {
		fail(w, 404, "not found")
		return
	}
	payment, err := scan(s.db.QueryRow(r.Context(), "SELECT "+fields+" FROM payments WHERE id = $1", id))
	if err != nil {
		fail(w, 404, "not found")
		return
	}
	answer(w, 200, payment)
}

func (s *Service) list(w http.ResponseWriter, r *http.Request) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = 20
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
	rows, err := s.db.Query(r.Context(),
		"SELECT "+fields+" FROM payments ORDER BY id DESC LIMIT $1 OFFSET $2", limit, offset)
	if err != nil {
		fail(w, 500, err.Error())
		return
	}
	data, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Payment, error) { return scan(row) })
	if err != nil {
		fail(w, 500, err.Error())
		return
	}
	var next *string
	if len(data) == limit {
		text := strconv.Itoa(offset + limit)
		next = &text
	}
	answer(w, 200, map[string]any{"data": data, "next": next})
}

func scan(row pgx.Row) (p Payment, err error) {
	err = row.Scan(&p.ID, &p.Amount, &p.Currency, &p.Reference, &p.Status, &p.CreatedAt)
	return p, err
}
