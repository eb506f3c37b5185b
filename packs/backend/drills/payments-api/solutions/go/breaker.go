package main

import (
	"fmt"
	"sync"
	"time"
)

const (
	windowSize   = 10 // the latest calls that count
	failuresOpen = 5  // this many failures among them open the breaker
	openTime     = 1500 * time.Millisecond
	// A probe that has not reported by then is given up, so that another may go.
	probeTime = 1800 * time.Millisecond
)

// Refused says that no call must be made for a while.
type Refused struct {
	After time.Duration
}

func (r *Refused) Error() string { return fmt.Sprintf("no call to the gateway for %s", r.After) }

type outcome int

const (
	succeeded outcome = iota
	failed
	unknown // says nothing about the gateway's health
)

// Breaker keeps calls away from a gateway that fails: closed, open, half-open with one probe.
type Breaker struct {
	now func() time.Time

	mu         sync.Mutex
	failures   [windowSize]bool
	at         int
	round      int // grows each time the breaker opens or closes; late reports are of an old one
	open       bool
	probeAfter time.Time
	holdUntil  time.Time
}

func NewBreaker(now func() time.Time) *Breaker { return &Breaker{now: now} }

// Enter is asked before each call. Its report is told how the call went.
func (b *Breaker) Enter() (report func(outcome), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if now.Before(b.holdUntil) {
		return nil, &Refused{After: b.holdUntil.Sub(now)}
	}
	if b.open {
		if now.Before(b.probeAfter) {
			return nil, &Refused{After: b.probeAfter.Sub(now)}
		}
		b.probeAfter = now.Add(probeTime)
	}
	round := b.round
	return func(o outcome) { b.report(round, o) }, nil
}

func (b *Breaker) report(round int, o outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if round != b.round || o == unknown {
		return
	}
	if b.open {
		if o == succeeded {
			b.turn(false)
		} else {
			b.probeAfter = b.now().Add(openTime)
		}
		return
	}
	b.failures[b.at%windowSize] = o == failed
	b.at++
	count := 0
	for _, failure := range b.failures {
		if failure {
			count++
		}
	}
	if count >= failuresOpen {
		b.turn(true)
	}
}

func (b *Breaker) turn(open bool) {
	b.open = open
	b.round++
	b.failures = [windowSize]bool{}
	b.probeAfter = b.now().Add(openTime)
}

// Hold keeps all calls back for as long as the gateway asked.
func (b *Breaker) Hold(length time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	// A little longer, for the gateway's clock may run behind.
	until := b.now().Add(length + 50*time.Millisecond)
	if until.After(b.holdUntil) {
		b.holdUntil = until
	}
}

// Budget makes retries a share of the calls, so that they cannot multiply an overload.
type Budget struct {
	now func() time.Time

	mu     sync.Mutex
	tokens float64
	seen   time.Time
}

const (
	budgetMax       = 20.0
	budgetShare     = 0.2
	budgetPerSecond = 2.0
)

func NewBudget(now func() time.Time) *Budget {
	return &Budget{now: now, tokens: budgetMax, seen: now()}
}

// Earn is told of each call.
func (b *Budget) Earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(budgetShare)
}

// Spend asks for one retry.
func (b *Budget) Spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(0)
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

func (b *Budget) refill(more float64) {
	now := b.now()
	more += now.Sub(b.seen).Seconds() * budgetPerSecond
	b.seen = now
	b.tokens = min(budgetMax, b.tokens+more)
}
