//! One Redis of our own for a run: a private Unix socket, no files, gone when its run is.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::child::as_server_user;
use super::server::server_user;
use super::{Bench, BenchError};

/// The programs that speak RESP and take redis-server's settings.
const SERVERS: [&str; 2] = ["redis-server", "valkey-server"];
/// One that does not answer within this time hangs.
const START_LIMIT: Duration = Duration::from_secs(60);
/// What a drill may keep in it.
const MEMORY: &str = "256mb";

/// A running Redis.
#[derive(Debug)]
pub(crate) struct Redis {
    child: Child,
    /// Its socket.
    pub socket: PathBuf,
}

/// The server that this machine has, if it has one.
pub fn find_redis() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    SERVERS.iter().find_map(|name| places.iter().map(|dir| dir.join(name)).find(|file| file.is_file()))
}

impl Bench {
    /// Starts a Redis and waits until it answers.
    pub(crate) async fn redis(&self) -> Result<Redis, BenchError> {
        let server = find_redis().ok_or(BenchError::NoRedis)?;
        let socket = self.socket_dir().join(format!("redis-{}.sock", self.next_number()));
        let mut command = Command::new(&server);
        command.args(["--port", "0", "--unixsocketperm", "700", "--save", "", "--appendonly", "no"]);
        command.args(["--maxmemory", MEMORY, "--daemonize", "no"]);
        command.arg("--unixsocket").arg(&socket).arg("--dir").arg(self.socket_dir());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let user = server_user()?;
        let child = as_server_user(&mut command, user.as_ref()).spawn();
        let mut redis = Redis { child: child.map_err(|e| BenchError::at(&server, e))?, socket };
        let deadline = Instant::now() + START_LIMIT;
        while !answers(&redis.socket).await {
            if !redis.is_alive() || Instant::now() > deadline {
                return Err(BenchError::Ours(format!("{} does not start", server.display())));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(redis)
    }
}

impl Redis {
    fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Errors mean that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.socket);
    }
}

async fn answers(socket: &Path) -> bool {
    let ping = async {
        let mut stream = UnixStream::connect(socket).await?;
        stream.write_all(b"PING\r\n").await?;
        let mut pong = [0; 7];
        stream.read_exact(&mut pong).await?;
        Ok::<_, std::io::Error>(pong == *b"+PONG\r\n")
    };
    ping.await.unwrap_or(false)
}
