//! Typesets a JSON Resume in every template, for looking at and for timing:
//! `cargo run --release -p typeset --example typeset -- resume.json FOLDER [a4|letter]`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use typeset::{Paper, Template, Typesetter};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, folder, paper @ ..] = arguments.as_slice() else {
        return Err("say which JSON file to read and in which folder to write".into());
    };
    let paper: Paper = paper.first().map_or("a4", String::as_str).parse()?;
    let mut resume = serde_json::from_str(&std::fs::read_to_string(source)?)?;
    let began = Instant::now();
    let mut typesetter = Typesetter::new();
    println!("fonts and templates: {} ms", began.elapsed().as_millis());
    for template in Template::ALL {
        for what in ["first", "again", "after an edit"] {
            if what == "after an edit" {
                edit(&mut resume);
            }
            let began = Instant::now();
            let pdf = typesetter.pdf(&resume, template, paper)?;
            let took_ms = began.elapsed().as_secs_f64() * 1e3;
            println!("{template}, {what}: {took_ms:.1} ms, {} pages, {} bytes", pdf.pages, pdf.bytes.len());
            if what == "first" {
                pdf.warnings.iter().for_each(|warning| println!("  {warning}"));
                std::fs::write(Path::new(folder).join(format!("{template}.pdf")), pdf.bytes)?;
            }
        }
    }
    Ok(())
}

/// Adds a word to the last entry's first point, as somebody does who watches the result.
fn edit(resume: &mut serde_json::Value) {
    let last = resume["work"].as_array_mut().and_then(|work| work.last_mut());
    if let Some(serde_json::Value::String(point)) = last.and_then(|job| job.pointer_mut("/highlights/0")) {
        point.push_str(" again");
    }
}
