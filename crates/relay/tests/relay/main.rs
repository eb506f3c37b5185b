//! Relays between real parts: what passes, and what rules do to both peers.

mod support;

mod admission;
mod http_clients;
mod http_rules;
mod pass_through;
mod postgres_clients;
mod postgres_rules;
mod redis;
