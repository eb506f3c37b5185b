use std::process::ExitCode;

use anstream::println;

use super::Options;
use crate::failure::Failure;
use crate::terminal::{BAD, GOOD};
use crate::use_cases::doctor::examine;

/// Looks at what drills need; exit code 4 when something is missing.
pub(super) async fn perform(options: &Options) -> Result<ExitCode, Failure> {
    let doctor = examine().await;
    if options.json {
        println!("{}", serde_json::to_string(&doctor).map_err(Failure::bug)?);
    } else {
        for finding in &doctor.findings {
            let (style, mark) = if finding.good { (GOOD, "good") } else { (BAD, "lacks") };
            println!("{style}{mark:<6}{style:#}{:<16}{}", finding.what, finding.found);
            if let Some(next) = &finding.next {
                println!("      next: {next}");
            }
        }
    }
    Ok(ExitCode::from(if doctor.good { 0 } else { 4 }))
}
