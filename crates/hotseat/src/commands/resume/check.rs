use std::path::PathBuf;
use std::process::ExitCode;

use anstream::println;
use clap::Args;
use resume::check::{Report, Weight};
use resume::job::{JobCheck, Shown};
use resume::sheet::standing;
use serde_json::json;

use super::place::{Place, stored};
use crate::commands::Options;
use crate::failure::Failure;
use crate::terminal::{BAD, BOLD, DIM};
use crate::use_cases::resume::{Asked, Checked, check, job_text, read_pdf};

/// Read the PDF back as machines do, and look at figures, weak bullets and a job description
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    place: Place,
    /// The PDF; without it, the one that `build` wrote
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// A job description: text, Markdown, HTML or PDF, up to 5 MB
    #[arg(long, value_name = "FILE")]
    job: Option<PathBuf>,
    /// A figure without a source is wrong too
    #[arg(long)]
    strict: bool,
    /// Print what a machine reads, in both orders
    #[arg(long)]
    show_text: bool,
}

impl Check {
    pub(super) fn perform(self, options: &Options) -> Result<ExitCode, Failure> {
        let opened = self.place.open()?;
        let resume = self.place.resume(&opened)?;
        let pdf = self.pdf.clone().unwrap_or_else(|| self.place.beside(&opened.path, "pdf"));
        let reading = read_pdf(&pdf)?;
        let job = self.job.as_deref().map(job_text).transpose()?;
        let asked = Asked { job: job.as_deref(), strict: self.strict };
        let report = check(&resume, &reading, &stored(), asked);
        let good = report.is_good();
        let reading = self.show_text.then_some(reading);
        let checked = Checked { schema: 1, pdf, good, report, reading };
        if options.json {
            println!("{}", json!(checked));
        } else {
            print(&checked.pdf.display().to_string(), &checked.report);
            if let Some(reading) = &checked.reading {
                println!("\n{BOLD}By content order{BOLD:#}\n{}", reading.content_order);
                println!("{BOLD}By layout order{BOLD:#}\n{}", reading.layout_order);
            }
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

fn print(path: &str, report: &Report) {
    println!("{BOLD}{path}{BOLD:#}: {} pages, {} kB", report.pages, report.bytes.div_ceil(1000));
    for (name, order) in [("content order", &report.content_order), ("layout order", &report.layout_order)] {
        println!("read by {name}: {} of {} words, {} fields", order.read, order.words, order.fields);
    }
    let count = |weight| report.remarks.iter().filter(|it| it.weight == weight).count();
    for (weight, title) in [(Weight::Wrong, "Wrong"), (Weight::Ask, "To think about")] {
        if count(weight) == 0 {
            continue;
        }
        println!("\n{BOLD}{title}{BOLD:#}");
        for remark in report.remarks.iter().filter(|it| it.weight == weight) {
            let at = if remark.field.is_empty() {
                String::new()
            } else {
                format!("{DIM}{}{DIM:#}: ", remark.field)
            };
            println!("  {}: {at}{}", remark.about, remark.what);
        }
    }
    if !report.figures.is_empty() {
        println!("\n{BOLD}Figures{BOLD:#}");
        for bullet in &report.figures {
            for figure in &bullet.figures {
                println!("  {:<12} {} {DIM}{}{DIM:#}", figure.text, standing(&figure.standing), bullet.field);
            }
        }
    }
    if !report.weak.is_empty() {
        println!("\n{BOLD}Weak bullets{BOLD:#}");
        for weak in &report.weak {
            println!("  {DIM}{}{DIM:#}: {}", weak.field, weak.ask);
        }
    }
    if let Some(job) = &report.job {
        print_job(job);
    }
    match count(Weight::Wrong) {
        0 => println!("\nnothing is wrong"),
        1 => println!("\n{BAD}1 thing is wrong{BAD:#}"),
        wrong => println!("\n{BAD}{wrong} things are wrong{BAD:#}"),
    }
}

fn print_job(job: &JobCheck) {
    println!(
        "\n{BOLD}The job description{BOLD:#} ({} words; how any vendor's system rates you is not known here)",
        job.words
    );
    for it in &job.requirements {
        let shown = match &it.shown {
            Shown::WithEvidence { fields } => format!("with evidence in {}", fields.join(", ")),
            Shown::InProse { fields } => format!("told in {}", fields.join(", ")),
            Shown::OnlyAWord { fields } => format!("only a word in {}", fields.join(", ")),
            Shown::Absent => "not in the résumé".into(),
        };
        let welcome = if it.must { "" } else { " (welcome)" };
        println!("  {:<24} {shown}{DIM}{welcome}{DIM:#}", it.name);
    }
    for knockout in &job.knockouts {
        let answer = match knockout.answered {
            Some(true) => "yes: ",
            Some(false) => "no: ",
            None => "",
        };
        println!("  {BOLD}knock-out{BOLD:#}: {}\n      {answer}{}", knockout.asked, knockout.resume);
    }
    for line in &job.unread {
        println!("  {DIM}read this yourself{DIM:#}: {line}");
    }
}
