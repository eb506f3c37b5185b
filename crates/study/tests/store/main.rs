//! The learner's store, on both engines: what was acknowledged stays, and what goes out comes back.

mod concurrency;
mod crashes;
mod exports;
mod laws;
mod merging;
mod postgres;
mod records;
mod refusals;
mod samples;
mod summaries;
mod support;

/// The same test on an SQLite file and on a PostgreSQL schema, each of its own.
macro_rules! on_both {
    ($($(#[$about:meta])* async fn $name:ident($home:ident: Home) $body:block)*) => {$(
        $(#[$about])*
        mod $name {
            use super::*;

            async fn test($home: Home) $body

            #[tokio::test]
            async fn sqlite() {
                test(Home::sqlite()).await;
            }

            #[tokio::test]
            async fn postgres() {
                test(Home::postgres().await).await;
            }
        }
    )*};
}
use on_both;
