//! A document of a payments service, changed in one place at a time, and exchanges with it.

mod documents;
mod exchanges;
mod fixture;
mod good;
mod hostile;
mod random;
mod schemas;
mod twins;
mod vacuous;
