//! Stored runs as evidence: what stands behind a figure, and what a passed run has to tell.

use std::path::Path;
use std::sync::OnceLock;

use judge::debrief;
use judge::verdict::{Ruling, State, Verdict, shown};
use resume::story::{Measured, Proof};
use resume::{RunFacts, digits, figures_in};

use crate::failure::Failure;
use crate::home::{Home, StoredRun};
use crate::pack::Pack;

/// The stored runs, read once, when a bullet first names one.
pub(crate) struct Stored {
    /// A résumé without runs needs none.
    home: Option<Home>,
    verdicts: OnceLock<Vec<Verdict>>,
}

impl Stored {
    /// The runs of a data directory; without one, there are none.
    pub(crate) fn of(home: Option<Home>) -> Stored {
        Stored { home, verdicts: OnceLock::new() }
    }

    /// What a run has to show: its own figures, and those of earlier tries at the same drill, which are what it
    /// was before. None if there is no such run.
    pub(crate) fn facts(&self, run: &str) -> Option<RunFacts> {
        let all = self.verdicts();
        let verdict = all.iter().find(|it| it.run.as_deref() == Some(run))?;
        let mut figures = vec![verdict.seed.to_string()];
        for finding in all.iter().filter(|it| it.drill == verdict.drill).flat_map(|it| &it.findings) {
            if let State::Held(figure) | State::Broken { figure, .. } = &finding.state {
                let values = [Some(&figure.need), Some(&figure.got), figure.par.as_ref()];
                figures.extend(values.into_iter().flatten().map(shown));
            }
        }
        let passed = verdict.ruling == Ruling::Pass;
        Some(RunFacts { passed, ruling: verdict.ruling.word().to_string(), figures })
    }

    /// What a passed run has to tell.
    pub(super) fn proof(&self, run: &str) -> Option<Proof> {
        proof(self.home.as_ref()?, run, None).ok()
    }

    fn verdicts(&self) -> &[Verdict] {
        let all = || self.home.iter().flat_map(Home::all_runs).map(|stored| stored.verdict).collect();
        self.verdicts.get_or_init(all)
    }
}

/// What a passed run has to tell. One that is missing, failed or void is refused.
pub(crate) fn proof(home: &Home, run: &str, pack: Option<&Path>) -> Result<Proof, Failure> {
    let stored = home.run(run)?;
    let verdict = &stored.verdict;
    let name = verdict.run.clone().unwrap_or_default();
    if verdict.ruling != Ruling::Pass {
        let ruling = verdict.ruling.word();
        let what = format!("run `{name}` ended with {ruling}; only a passed run stands behind a bullet");
        let hint = format!("pass the drill first: hotseat drill start {}", verdict.drill);
        return Err(Failure::usage(what).hint(hint));
    }
    let own = stored.pack();
    let drill = Pack::open(pack.or(own.as_deref()))?.drill(&verdict.drill)?;
    let level = drill.levels.iter().find(|it| it.name == verdict.level);
    Ok(Proof {
        seed: verdict.seed,
        title: drill.title.clone(),
        summary: drill.summary.clone(),
        brief: drill.brief.clone(),
        level: level.map_or(verdict.level.clone(), |it| it.title.clone()),
        topics: drill.topics.clone(),
        measured: measured(verdict, home),
        debrief: filled(&drill.debrief, &stored),
        run: name,
    })
}

/// The debrief with the run's figures in it; as it is, if the evidence is gone.
fn filled(text: &str, stored: &StoredRun) -> String {
    let reading = judge::open_run(&stored.dir).ok();
    let filled = reading.and_then(|reading| debrief::fill(text, &stored.verdict.findings, &reading).ok());
    filled.unwrap_or_else(|| text.to_string())
}

/// The figures that say something, each beside that of the first run at the same level if it broke the claim.
fn measured(verdict: &Verdict, home: &Home) -> Vec<Measured> {
    let earlier: Vec<Verdict> = home.all_runs().into_iter().map(|it| it.verdict).collect();
    let number = |it: &Verdict| number_of(it.run.as_deref().unwrap_or_default());
    let before_it = |it: &&Verdict| {
        let same = it.drill == verdict.drill && it.level == verdict.level;
        same && it.ruling == Ruling::Fail && number(it) < number(verdict)
    };
    let first = earlier.iter().filter(before_it).min_by_key(|it| number(it));
    let broken = |check: &str| {
        let finding = first?.findings.iter().find(|it| it.check == check)?;
        match &finding.state {
            State::Broken { figure, .. } => Some(shown(&figure.got)),
            State::Held(_) | State::Inconclusive(_) => None,
        }
    };
    let each = verdict.findings.iter().filter_map(|finding| {
        let (State::Held(figure) | State::Broken { figure, .. }) = &finding.state else { return None };
        let got = shown(&figure.got);
        Some(Measured {
            check: finding.check.clone(),
            claim: finding.claim.clone(),
            unit: figure.unit.clone(),
            need: shown(&figure.need),
            relation: figure.relation.words().to_string(),
            par: figure.par.as_ref().map(shown),
            before: broken(&finding.check).filter(|before| *before != got),
            got,
        })
    });
    // A claim about nothing but zero is no figure for a résumé, unless it was not zero before.
    each.filter(|it| figures_in(&it.got).iter().any(|figure| digits(figure) != "0") || it.before.is_some())
        .collect()
}

/// `7` of `slow-query-7`.
fn number_of(run: &str) -> u64 {
    run.rsplit('-').next().and_then(|it| it.parse().ok()).unwrap_or(u64::MAX)
}
