package main

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Problem is an error that is told to the client, in the form of RFC 9457.
type Problem struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	Status  int    `json:"status"`
	Detail  string `json:"detail"`
	Payment string `json:"payment,omitempty"`

	retryAfter time.Duration
	allow      string
}

func (p *Problem) Error() string { return p.Detail }

func problem(status int, name, detail string) *Problem {
	return &Problem{Type: "/problems/" + name, Title: http.StatusText(status), Status: status, Detail: detail}
}

// later is a problem that passes: the same request may be sent again.
func later(status int, name, detail string, after time.Duration) *Problem {
	p := problem(status, name, detail)
	p.retryAfter = max(after, time.Second)
	return p
}

func (p *Problem) write(w http.ResponseWriter) {
	if p.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retryAfter.Seconds()))))
	}
	if p.allow != "" {
		w.Header().Set("Allow", p.allow)
	}
	writeJSON(w, p.Status, "application/problem+json", p)
}

func writeJSON(w http.ResponseWriter, status int, mediaType string, body any) {
	content, err := json.Marshal(body)
	if err != nil {
		panic(err) // every body is made of strings and numbers
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(status)
	w.Write(content)
}
