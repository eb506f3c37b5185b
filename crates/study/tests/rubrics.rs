//! The rubrics of the pack hold their bars: good answers score, poor ones do not, hostile ones earn nothing.

use std::path::Path;

use folder::Folder;
use study::bank::Bank;
use study::proof::prove;

fn pack() -> Folder {
    Folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/backend"))
        .expect("the pack is there")
}

#[test]
fn every_answer_is_scored_within_its_bars() {
    let pack = pack();
    let bank = Bank::read(&pack).expect("the pack has no mistakes");
    let mut rows = Vec::new();
    for question in &bank.questions {
        rows.extend(prove(&bank, question, &pack).expect("the answers are there"));
    }
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            Some(format!("{}/{}: {}, {}", row.question, row.answer, row.score, row.wrong.as_ref()?))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn the_guide_is_there_and_more() {
    let bank = Bank::read(&pack()).expect("the pack has no mistakes");
    let guide: Vec<u32> = bank.questions.iter().filter_map(|question| question.guide).collect();
    assert_eq!(guide, (1..=11).collect::<Vec<_>>());
    assert!(bank.questions.len() >= 41, "{} questions", bank.questions.len());
    assert_eq!(bank.advice.len(), 16, "six steps, six mistakes, four questions on the process");
}

#[test]
fn the_eleven_have_answers_by_people_who_knew_only_the_question() {
    let pack = pack();
    let bank = Bank::read(&pack).expect("the pack has no mistakes");
    for question in bank.questions.iter().filter(|question| question.guide.is_some()) {
        for answer in ["blind-strong-1", "blind-strong-2", "blind-fair"] {
            let path = format!("questions/{}/{answer}.md", question.id);
            assert!(pack.bytes(&path).is_some(), "{path} is missing");
        }
    }
}
