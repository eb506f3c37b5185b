use std::pin::pin;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use futures_util::poll;

use super::{Options, interrupted};
use crate::failure::Failure;
use crate::home::Home;
use crate::web::{App, Door, Opened};

/// Open the app in the browser: `hotseat` without a command does the same
#[derive(Debug, Args)]
pub(crate) struct OpenApp {
    /// The port on loopback [default: 7410, or the next free one]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Print the address and open no browser
    #[arg(long)]
    no_open: bool,
}

impl OpenApp {
    /// What `hotseat` does without a command.
    pub(crate) fn plain() -> OpenApp {
        OpenApp { port: None, no_open: false }
    }

    pub(super) async fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let mut end = pin!(interrupted());
        // Asked once, so that the signals are handled before anybody knows that we are here.
        if poll!(&mut end).is_ready() {
            return Err(Failure::interrupted());
        }
        share_one_heap();
        let home = Home::open()?;
        let door = match Door::open(&home, self.port).await? {
            Opened::Here(door) => door,
            Opened::Elsewhere(address) => {
                self.tell(&address, options);
                println!("hotseat runs there already");
                return Ok(ExitCode::SUCCESS);
            }
        };
        // A store or a pack that cannot be opened is told instead of an address.
        let app = App::open(home, options.pack.as_deref()).await?;
        self.tell(&door.address(), options);
        if let Some(taken) = door.taken {
            println!("port {taken} is taken, so this is the next free one");
        }
        if !options.json {
            println!("Ctrl-C ends it");
        }
        door.serve(app, end).await?;
        Ok(ExitCode::SUCCESS)
    }

    /// The address comes first, so that a program can read it.
    fn tell(&self, address: &str, options: &Options) {
        if options.json {
            println!("{}", serde_json::json!({ "schema": 1, "address": address }));
        } else {
            println!("{address}");
        }
        if !self.no_open && !options.json {
            crate::web::show(address);
        }
    }
}

/// glibc gives each thread a heap of its own, and what a thread once needed stays there. The app has threads that work
/// one after the other, so that one heap does for all: the same pages then take a fifth less memory.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "nix has no mallopt")]
fn share_one_heap() {
    // SAFETY: it only sets a number, before there is a second thread. A refusal changes nothing.
    unsafe { nix::libc::mallopt(nix::libc::M_ARENA_MAX, 1) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn share_one_heap() {}
