package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const tables = `
	CREATE TABLE IF NOT EXISTS payments (
		seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		id         text NOT NULL UNIQUE,
		amount     integer NOT NULL,
		currency   text NOT NULL,
		reference  text NOT NULL,
		status     text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'captured', 'declined')),
		created_at timestamptz NOT NULL DEFAULT now()
	);
	CREATE TABLE IF NOT EXISTS idempotency_keys (
		key         text PRIMARY KEY,
		fingerprint bytea NOT NULL,
		payment     text NOT NULL UNIQUE REFERENCES payments (id)
	);`

const fields = "p.seq, p.id, p.amount, p.currency, p.reference, p.status, p.created_at"

// Both rows or none, and of two that come at once only one.
const openSQL = `
	WITH fresh AS (
		INSERT INTO idempotency_keys (key, fingerprint, payment) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO NOTHING RETURNING payment
	)
	INSERT INTO payments (id, amount, currency, reference) SELECT payment, $4, $5, $6 FROM fresh`

const (
	byKeySQL = "SELECT " + fields + `, k.fingerprint
		FROM idempotency_keys k JOIN payments p ON p.id = k.payment WHERE k.key = $1`
	byIDSQL = "SELECT " + fields + " FROM payments p WHERE p.id = $1"
	pageSQL = "SELECT " + fields + " FROM payments p WHERE p.seq < $1 ORDER BY p.seq DESC LIMIT $2"
)

const (
	poolSize   = gatewayPlaces + 8 // each place holds one for its lock; eight are for all else
	retryFor   = 800 * time.Millisecond
	lockTables = 7041
	lockFor    = "2500ms"
)

// Payment is a row, and what clients see of it.
type Payment struct {
	ID        string    `json:"id"`
	Amount    int       `json:"amount"`
	Currency  string    `json:"currency"`
	Reference string    `json:"reference"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"created_at"`

	seq         int64
	fingerprint []byte
}

// Store keeps payments in PostgreSQL.
type Store struct {
	pool *pgxpool.Pool
}

// OpenStore makes the tables and waits for a database that is not up yet.
func OpenStore(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = poolSize
	// The URL asks for no TLS; without this each connection would try it first.
	config.ConnConfig.TLSConfig, config.ConnConfig.Fallbacks = nil, nil
	config.ConnConfig.ConnectTimeout = 2 * time.Second
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	store := &Store{pool: pool}
	for giveUp := time.Now().Add(30 * time.Second); ; {
		err := store.makeTables(ctx)
		if err == nil || time.Now().After(giveUp) || ctx.Err() != nil {
			return store, err
		}
		pause(ctx, 200*time.Millisecond)
	}
}

func (s *Store) makeTables(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// IF NOT EXISTS alone fails when two instances start at the same moment.
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", lockTables); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, tables)
		return err
	})
}

// Open gives the payment of a key; it makes a pending one where there is none.
func (s *Store) Open(ctx context.Context, key string, order Order) (payment *Payment, err error) {
	err = s.retry(ctx, func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, openSQL, key, order.fingerprint(), newID(),
			order.Amount, order.Currency, order.Reference)
		if err != nil {
			return err
		}
		var fingerprint []byte
		payment, err = scan(s.pool.QueryRow(ctx, byKeySQL, key), &fingerprint)
		if err == nil {
			payment.fingerprint = fingerprint
		}
		return err
	})
	return payment, err
}

// Lock makes the caller the only one to work on a payment, until it unlocks, dies or stands still:
// the database frees the lock when the connection ends, and ends one that says nothing for lockFor.
// Who goes on after that does no harm: the gateway hears the payment's name on every call. A nil
// unlock means that somebody else has it.
func (s *Store) Lock(ctx context.Context, id string) (unlock func(), err error) {
	err = s.retry(ctx, func(ctx context.Context) error {
		conn, err := s.pool.Acquire(ctx)
		if err != nil {
			return err
		}
		var got bool
		err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", id).Scan(&got)
		if err != nil || !got {
			conn.Release()
			return err
		}
		if _, err := conn.Exec(ctx, "SET idle_session_timeout = '"+lockFor+"'"); err != nil {
			release(conn, id)
			return err
		}
		unlock = func() { release(conn, id) }
		return nil
	})
	return unlock, err
}

func release(conn *pgxpool.Conn, id string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := conn.Exec(ctx, `SELECT pg_advisory_unlock(hashtextextended($1, 0)),
		set_config('idle_session_timeout', '0', false)`, id)
	if err != nil {
		// Back in the pool, it would keep the lock.
		_ = conn.Conn().Close(ctx)
	}
	conn.Release()
}

// Settle writes down what the gateway decided.
func (s *Store) Settle(ctx context.Context, id, status string) (*Payment, error) {
	err := s.retry(ctx, func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, "UPDATE payments SET status = $2 WHERE id = $1 AND status = 'pending'", id, status)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.ByID(ctx, id)
}

// ByID gives a payment, or nil where there is none.
func (s *Store) ByID(ctx context.Context, id string) (payment *Payment, err error) {
	err = s.retry(ctx, func(ctx context.Context) error {
		payment, err = scan(s.pool.QueryRow(ctx, byIDSQL, id))
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return payment, err
}

// Page gives the newest payments before a place in their row.
func (s *Store) Page(ctx context.Context, limit int, before int64) (page []*Payment, err error) {
	err = s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, pageSQL, before, limit)
		if err != nil {
			return err
		}
		page, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Payment, error) { return scan(row) })
		return err
	})
	return page, err
}

func scan(row pgx.Row, more ...any) (*Payment, error) {
	p := &Payment{}
	err := row.Scan(append([]any{&p.seq, &p.ID, &p.Amount, &p.Currency, &p.Reference, &p.Status, &p.CreatedAt}, more...)...)
	if err != nil {
		return nil, err
	}
	p.CreatedAt = p.CreatedAt.UTC()
	return p, nil
}

// retry runs work again while the database restarts. All work here can be done twice.
func (s *Store) retry(ctx context.Context, work func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, retryFor+2*time.Second)
	defer cancel()
	for giveUp := time.Now().Add(retryFor); ; {
		err := work(ctx)
		if err == nil || !passing(err) {
			return err
		}
		if time.Now().After(giveUp) || ctx.Err() != nil {
			return later(503, "database", "The database cannot be reached. Try again.", time.Second)
		}
		// Where one connection broke, the others of its age are dead, too.
		s.pool.Reset()
		pause(ctx, 50*time.Millisecond)
	}
}

// passing tells whether another try may succeed: the connection broke, or the database is going
// down, coming up or full.
func passing(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return strings.HasPrefix(refused.Code, "57P0") || strings.HasPrefix(refused.Code, "08") || refused.Code == "53300"
	}
	var network net.Error
	var connect *pgconn.ConnectError
	return errors.As(err, &network) || errors.As(err, &connect) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

func newID() string {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		panic(err) // the system has no randomness, so nothing is safe
	}
	return "pay_" + base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding).EncodeToString(random[:])
}

func pause(ctx context.Context, length time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(length):
	}
}
