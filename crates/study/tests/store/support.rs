//! Stores of a test's own, and what can be seen of them from outside.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::Connection as _;
use study::store::{CardKind, Store, StoreError, export};
use tempfile::TempDir;

use super::postgres::SERVER;

static SCHEMAS: AtomicU32 = AtomicU32::new(0);

/// A place for a store, and a folder for other files.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    address: Option<String>,
}

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written to")
}

impl Home {
    pub(crate) fn sqlite() -> Home {
        Home { folder: folder(), address: None }
    }

    pub(crate) async fn postgres() -> Home {
        let schema = format!("learner_{}", SCHEMAS.fetch_add(1, Ordering::Relaxed));
        let home = Home { folder: folder(), address: Some(SERVER.address(&schema)) };
        home.tell(format!("CREATE SCHEMA {schema}")).await;
        home
    }

    /// Another one with the same engine.
    pub(crate) async fn like(&self) -> Home {
        if self.address.is_some() { Home::postgres().await } else { Home::sqlite() }
    }

    pub(crate) fn address(&self) -> OsString {
        self.address.clone().map_or_else(|| self.file().into(), Into::into)
    }

    /// The file of an SQLite store.
    pub(crate) fn file(&self) -> PathBuf {
        self.path("store.sqlite")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) async fn open(&self) -> Store {
        self.try_open().await.expect("the store opens")
    }

    pub(crate) async fn try_open(&self) -> Result<Store, StoreError> {
        Store::open(self.address()).await
    }

    /// Does something behind the store's back.
    pub(crate) async fn tell(&self, sql: impl Into<String>) {
        self.tell_in(sql, false).await;
    }

    /// The same where nothing is yet.
    pub(crate) async fn tell_anew(&self, sql: impl Into<String>) {
        self.tell_in(sql, true).await;
    }

    async fn tell_in(&self, sql: impl Into<String>, anew: bool) {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.into()));
        if let Some(address) = &self.address {
            let mut line = sqlx::PgConnection::connect(address).await.expect("the server answers");
            sql.execute(&mut line).await.expect("the statement is right");
            line.close().await.expect("the connection closes");
        } else {
            let options =
                sqlx::sqlite::SqliteConnectOptions::new().filename(self.file()).create_if_missing(anew);
            let mut line = sqlx::SqliteConnection::connect_with(&options).await.expect("the file opens");
            sql.execute(&mut line).await.expect("the statement is right");
            line.close().await.expect("the connection closes");
        }
    }
}

/// Every file below a folder, with its bytes.
pub(crate) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = path.strip_prefix(root).expect("it lies below").to_path_buf();
                files.insert(below, std::fs::read(&path).expect("the file can be read"));
            }
        }
    }
    files
}

/// All that a store holds, as the bytes of its export.
pub(crate) async fn everything(store: &Store) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = folder();
    let dir = folder.path().join("export");
    export(store, &dir).await.expect("the store can be exported");
    files(&dir)
}

/// The number of reviews is what the card says, for every card.
pub(crate) async fn cards_add_up(store: &Store) {
    for card in store.all_cards().await.expect("cards can be read") {
        let reviews = store.reviews_of(card.kind, &card.name).await.expect("reviews can be read");
        assert_eq!(reviews.len(), card.reps as usize, "{card:?}");
        let lapses = reviews.iter().filter(|review| u8::from(review.rating) == 1).count();
        assert_eq!(lapses, card.lapses as usize, "{card:?}");
    }
}

pub(crate) async fn reps(store: &Store, kind: CardKind, name: &str) -> u32 {
    store.card(kind, name).await.expect("cards can be read").map_or(0, |card| card.reps)
}
