//! Taking everything along: a folder of plain files, or the same in one archive, out and in again.

mod archive;
mod pipe;

use std::path::{Path, PathBuf};

use hyper::body::Bytes;
use serde::Serialize;
use study::store::{Exported, Imported, Store};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::{JoinHandle, spawn_blocking};
use utoipa::ToSchema;

use crate::failure::Failure;
use pipe::{Part, Reader, Writer};

pub(crate) use archive::BYTES_MAX;

/// How many pieces of an archive may wait for whoever is slower.
const PIECES: usize = 8;

/// What was written to a folder.
#[derive(Debug, Serialize)]
pub(crate) struct WrittenOut {
    /// The version of this shape.
    pub schema: u32,
    /// The folder.
    pub dir: PathBuf,
    pub exported: Exported,
}

/// What was taken from a folder.
#[derive(Debug, Serialize)]
pub(crate) struct TakenIn {
    /// The version of this shape.
    pub schema: u32,
    /// The folder.
    pub dir: PathBuf,
    pub imported: Imported,
}

/// What was taken from an archive.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Received {
    /// The version of this shape.
    pub schema: u32,
    /// What was new; everything else was there already.
    pub imported: Imported,
}

/// Writes everything into a folder that is made.
pub(crate) async fn export(store: &Store, dir: &Path) -> Result<WrittenOut, Failure> {
    let exported = study::store::export(store, dir).await?;
    Ok(WrittenOut { schema: 1, dir: dir.into(), exported })
}

/// Takes back what [`export`] wrote.
pub(crate) async fn import(store: &Store, dir: &Path) -> Result<TakenIn, Failure> {
    let imported = study::store::import(store, dir).await?;
    Ok(TakenIn { schema: 1, dir: dir.into(), imported })
}

/// Everything as one archive with a folder of this name in it, piece by piece. Work on many files is done
/// beside the thread that answers requests.
pub(crate) async fn send(store: Store, name: String) -> Result<Receiver<std::io::Result<Bytes>>, Failure> {
    let handle = Handle::current();
    let write = move || -> Result<(TempDir, PathBuf), Failure> {
        let beside = tempfile::tempdir().map_err(|e| Failure::io(&std::env::temp_dir(), &e))?;
        let dir = beside.path().join(&name);
        handle.block_on(study::store::export(&store, &dir))?;
        Ok((beside, dir))
    };
    let (beside, dir) = spawn_blocking(write).await.map_err(Failure::bug)??;
    let (sender, pieces) = mpsc::channel(PIECES);
    spawn_blocking(move || {
        let failed = sender.clone();
        if let Err(error) = archive::pack(&dir, Writer::to(sender)) {
            // Whoever asked may have gone.
            let _ = failed.blocking_send(Err(error));
        }
        drop(beside);
    });
    Ok(pieces)
}

/// An archive that is coming in. It is looked at while it comes, and taken in once all of it is there.
pub(crate) struct Intake {
    sender: mpsc::Sender<Part>,
    bytes: u64,
    job: JoinHandle<Result<Imported, Failure>>,
}

impl Intake {
    pub(crate) fn begin(store: Store) -> Intake {
        let (sender, parts) = mpsc::channel(PIECES);
        let handle = Handle::current();
        let job = spawn_blocking(move || {
            let beside = tempfile::tempdir().map_err(|e| Failure::io(&std::env::temp_dir(), &e))?;
            let dir = archive::unpack(Reader::of(parts), beside.path(), archive::LIMITS)?;
            let named = |failure: Failure| failure.without(&format!("{}/", dir.display()));
            handle.block_on(study::store::import(&store, &dir)).map_err(|error| named(error.into()))
        });
        Intake { sender, bytes: 0, job }
    }

    /// Takes the next piece. False if the archive is larger than any may be; then nothing is taken in.
    pub(crate) async fn take(&mut self, piece: Bytes) -> bool {
        self.bytes += piece.len() as u64;
        // One that was refused is heard to its end, so that the reason can be told.
        let _ = self.sender.send(Part::Piece(piece)).await;
        self.bytes <= BYTES_MAX
    }

    /// Ends it: nothing doubled, and all of it or nothing.
    pub(crate) async fn finish(self) -> Result<Received, Failure> {
        let _ = self.sender.send(Part::End).await;
        let imported = self.job.await.map_err(Failure::bug)??;
        Ok(Received { schema: 1, imported })
    }
}
