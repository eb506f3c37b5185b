package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"strconv"
	"time"
)

const (
	callsMax = 3
	callTime = 1200 * time.Millisecond
	// Few enough that an outage meets few calls before the breaker opens; in calm weather a
	// call takes milliseconds, so that those who wait for a place get one.
	gatewayPlaces = 16
	placeWait     = time.Second
	// What is left of a request's time after its last call: to write the result down.
	reserve = 300 * time.Millisecond
)

var errUnsettled = errors.New("the gateway did not settle the payment")

// Gateway charges cards, within bounds of time, of calls, and of calls at once.
type Gateway struct {
	url     string
	client  *http.Client
	places  chan struct{}
	breaker *Breaker
	budget  *Budget
}

func NewGateway(url string) *Gateway {
	return &Gateway{
		url: url,
		client: &http.Client{
			// On a connection that it kept alive, net/http would by itself send a request with
			// an Idempotency-Key once more: a call that nobody counted.
			Transport:     &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		places:  make(chan struct{}, gatewayPlaces),
		breaker: NewBreaker(time.Now),
		budget:  NewBudget(time.Now),
	}
}

// Enter waits for a place among those who may call; leave gives it back.
func (g *Gateway) Enter(ctx context.Context) (leave func(), err error) {
	timer := time.NewTimer(placeWait)
	defer timer.Stop()
	select {
	case g.places <- struct{}{}:
		return func() { <-g.places }, nil
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil, errUnsettled
}

// Charge gives "captured" or "declined"; any error leaves it open whether the card was charged.
func (g *Gateway) Charge(ctx context.Context, key string, order Order) (string, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
		defer cancel()
	}
	pauseFor := 100 * time.Millisecond
	for call := 1; ; call++ {
		status, again, err := g.call(ctx, key, order)
		if err == nil || !again || call == callsMax || !g.budget.Spend() {
			return status, err
		}
		wait := pauseFor + time.Duration(rand.Int63n(int64(pauseFor/2)))
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait+100*time.Millisecond {
			return "", err
		}
		pause(ctx, wait)
		pauseFor *= 3
	}
}

// call asks once; again tells whether another call may mend the error.
func (g *Gateway) call(ctx context.Context, key string, order Order) (status string, again bool, err error) {
	report, err := g.breaker.Enter()
	if err != nil {
		return "", false, err
	}
	g.budget.Earn()
	answer, err := g.post(ctx, key, order)
	switch {
	case err != nil:
		report(failed)
		return "", true, err
	case answer.status == http.StatusTooManyRequests:
		report(unknown)
		g.breaker.Hold(answer.retryAfter)
		return "", false, &Refused{After: answer.retryAfter}
	case answer.status == 200 && answer.Status == "captured":
		report(succeeded)
		return "captured", false, nil
	case answer.status == http.StatusPaymentRequired:
		report(succeeded)
		return "declined", false, nil
	case answer.status >= 500 || answer.status == 200:
		report(failed)
		return "", true, fmt.Errorf("the gateway answered %d", answer.status)
	}
	report(succeeded)
	return "", false, fmt.Errorf("%w: it answered %d", errUnsettled, answer.status)
}

type gatewayAnswer struct {
	Status     string `json:"status"`
	status     int
	retryAfter time.Duration
}

func (g *Gateway) post(ctx context.Context, key string, order Order) (answer gatewayAnswer, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	body, err := json.Marshal(order)
	if err != nil {
		return answer, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url+"/charges", bytes.NewReader(body))
	if err != nil {
		return answer, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	response, err := g.client.Do(request)
	if err != nil {
		return answer, err
	}
	defer response.Body.Close()
	answer.status = response.StatusCode
	answer.retryAfter = time.Second
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds >= 0 {
		answer.retryAfter = time.Duration(seconds) * time.Second
	}
	if response.StatusCode != 200 {
		return answer, nil
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return answer, err
	}
	return answer, json.Unmarshal(content, &answer)
}
