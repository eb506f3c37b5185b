//! Takes an answer from a person: from a file, from standard input, or from their editor.

use std::fs::File;
use std::io::{BufRead, IsTerminal, Read, Write};
use std::path::Path;
use std::process::Command;

use study::feedback::ANSWER_BYTES_MAX;

use crate::failure::Failure;
use crate::use_cases::asking::text_of;

/// Above this line stands what is asked; an answer begins below it.
const LINE: &str = "-- your answer below this line --";

/// Whether there is a person at both ends.
pub(crate) fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The answer in a file; `-` is standard input.
pub(crate) fn read_file(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        return read_all(std::io::stdin().lock(), "standard input");
    }
    let file = File::open(path).map_err(|e| Failure::io(path, &e))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(
            Failure::usage(format!("{} is a folder", path.display())).hint("name the file with your answer")
        );
    }
    read_all(file, &path.display().to_string())
}

fn read_all(from: impl Read, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    from.take(ANSWER_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Failure::usage(format!("{name}: {e}")))?;
    text_of(bytes, name)
}

/// The answer that a person writes: in `$VISUAL` or `$EDITOR`, else at the terminal up to Ctrl-D.
pub(crate) fn write_answer(prompt: &str) -> Result<String, Failure> {
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|e| !e.trim().is_empty()));
    match editor {
        Some(editor) => in_editor(&editor, prompt),
        None => {
            anstream::eprintln!(
                "Answer as you would say it, then Ctrl-D on an empty line ($EDITOR opens your editor).\n"
            );
            read_all(std::io::stdin().lock(), "your answer")
        }
    }
}

fn in_editor(editor: &str, prompt: &str) -> Result<String, Failure> {
    let mut file =
        tempfile::Builder::new().prefix("hotseat-answer-").suffix(".md").tempfile().map_err(Failure::bug)?;
    write!(file, "{prompt}\n\n{LINE}\n\n").map_err(|e| Failure::io(file.path(), &e))?;
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or(editor);
    let status = Command::new(program).args(words).arg(file.path()).status().map_err(|e| {
        Failure::usage(format!("{program}: {e}")).hint("set EDITOR to a program that is there")
    })?;
    if !status.success() {
        return Err(Failure::usage(format!("{program} ended with {status}; nothing was stored")));
    }
    let text = std::fs::read(file.path()).map_err(|e| Failure::io(file.path(), &e))?;
    let text = read_all(text.as_slice(), "your answer")?;
    let answer = text.split_once(LINE).map_or(text.as_str(), |(_, below)| below);
    read_all(answer.as_bytes(), "your answer")
}

/// A number from 0 to 100, or nothing when it is passed over.
pub(crate) fn ask_estimate() -> Result<Option<u32>, Failure> {
    for _ in 0..3 {
        anstream::eprint!("Before you see it: how good was that, 0 to 100? (Enter: no estimate) ");
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(Failure::usage)?;
        match line.trim() {
            "" => return Ok(None),
            number => match number.parse::<u32>() {
                Ok(number) if number <= 100 => return Ok(Some(number)),
                _ => anstream::eprintln!("a number from 0 to 100"),
            },
        }
    }
    Ok(None)
}
