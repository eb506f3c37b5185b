//! Brings a store up to date, and refuses one that is ahead of us.

use super::engine::{Engine, Session};
use super::error::StoreError;

/// Every version's step, in order. A step that was released is never changed: add another.
pub(super) const STEPS: &[&str] = &[
    include_str!("migrations/0001_begin.sql"),
    include_str!("migrations/0002_days_off.sql"),
    include_str!("migrations/0003_pinned.sql"),
    include_str!("migrations/0004_own_questions.sql"),
];

/// Performs the steps that the store has not seen, all or none, and only once if several processes
/// open it at the same time.
pub(super) async fn migrate(engine: &Engine, steps: &'static [&'static str]) -> Result<(), StoreError> {
    let mut session = engine.write().await?;
    // Somebody else may have done it while we waited.
    let seen = seen(engine, &mut session, steps).await?;
    for step in &steps[seen..] {
        session.script(step).await?;
    }
    session.execute(include_str!("version_set.sql"), &[(steps.len() as i64).into()]).await?;
    session.commit().await
}

/// How many of the steps the store has seen; a store that is ahead of us, or is none, is refused.
pub(super) async fn seen(
    engine: &Engine,
    session: &mut Session,
    steps: &'static [&'static str],
) -> Result<usize, StoreError> {
    let at = || engine.at().to_string();
    let tables = engine.tables(session).await?;
    if tables.is_empty() {
        return Ok(0);
    }
    if !tables.iter().any(|table| table == "store_version") {
        return Err(StoreError::NotAStore { at: at() });
    }
    let found = session.one(include_str!("version.sql"), &[], |row| row.int("version")).await?;
    let found = found.ok_or_else(|| StoreError::Damaged { at: at(), why: "it has no version".into() })?;
    match usize::try_from(found) {
        Ok(seen @ 1..) if seen <= steps.len() => Ok(seen),
        Ok(seen) if seen > 0 => Err(StoreError::Newer { at: at(), found, known: steps.len() as i64 }),
        _ => Err(StoreError::Damaged { at: at(), why: format!("its version is {found}") }),
    }
}
