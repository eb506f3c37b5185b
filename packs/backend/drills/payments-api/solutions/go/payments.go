package main

import (
	"bytes"
	"context"
	"errors"
	"time"
)

const requestBudget = 2500 * time.Millisecond

// Payments makes payments. The row is committed before the card is charged, under a name (the
// payment's id) that the gateway hears on every call, so whoever comes next can finish the work.
type Payments struct {
	store   *Store
	gateway *Gateway
}

func (p *Payments) Create(ctx context.Context, key string, order Order) (*Payment, error) {
	// A client that hangs up does not stop a payment halfway.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestBudget)
	defer cancel()

	payment, err := p.store.Open(ctx, key, order)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(payment.fingerprint, order.fingerprint()) {
		return nil, problem(422, "key-reused", "This key belongs to a payment with another body.")
	}
	if payment.Status != "pending" {
		return payment, nil
	}
	// The place comes before the lock: waiting for one holds no connection.
	leave, err := p.gateway.Enter(ctx)
	if err != nil {
		return nil, unsettled(err)
	}
	defer leave()
	return p.settle(ctx, payment.ID, order)
}

func (p *Payments) settle(ctx context.Context, id string, order Order) (*Payment, error) {
	unlock, err := p.store.Lock(ctx, id)
	if err != nil {
		return nil, err
	}
	if unlock == nil {
		return nil, later(409, "at-work", "The payment is being made. Try again.", time.Second)
	}
	defer unlock()

	// It may have been settled between the first look and the lock.
	payment, err := p.store.ByID(ctx, id)
	if err != nil || payment.Status != "pending" {
		return payment, err
	}
	status, err := p.gateway.Charge(ctx, id, order)
	if err != nil {
		return nil, unsettled(err)
	}
	// The card has been charged; writing that down is worth more than being on time.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	return p.store.Settle(ctx, id, status)
}

func unsettled(err error) error {
	after := time.Second
	var refused *Refused
	if errors.As(err, &refused) {
		after = refused.After
	}
	return later(503, "gateway", "The gateway is in trouble. Try again with the same key.", after)
}
