//! For authors of questions: `rubric PACK [ID…]` holds answers to the bars; `rubric PACK ID FILE`
//! shows what is found in one answer, and in which words.

use std::path::Path;

use folder::Folder;
use study::bank::Bank;
use study::proof::prove;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((pack, rest)) = args.split_first() else {
        eprintln!("rubric PACK [ID…] | rubric PACK ID FILE");
        std::process::exit(2);
    };
    let pack = Folder::read(Path::new(pack)).unwrap_or_else(|mistake| stop(&[mistake.to_string()]));
    let (bank, mistakes) = Bank::read_what_is_right(&pack);
    mistakes.iter().for_each(|mistake| eprintln!("{mistake}"));
    if let [id, file] = rest
        && Path::new(file).is_file()
    {
        return show(&bank, id, file);
    }
    for question in bank.questions.iter().filter(|q| rest.is_empty() || rest.contains(&q.id)) {
        let rows = match prove(&bank, question, &pack) {
            Ok(rows) => rows,
            Err(mistakes) => {
                mistakes.iter().for_each(|mistake| println!("{mistake}"));
                continue;
            }
        };
        println!("{}", question.id);
        for row in rows {
            let gate = row.gated.map_or_else(String::new, |gate| format!("{gate:?}"));
            let wrong = row.wrong.map_or_else(String::new, |wrong| format!("WRONG: {wrong}"));
            println!("  {:<46} {:>3}  {}/{}  {gate} {wrong}", row.answer, row.score, row.found, row.points);
        }
    }
}

fn show(bank: &Bank, id: &str, file: &str) {
    let Some(question) = bank.question(id) else { stop(&[format!("there is no question {id}")]) };
    let text = std::fs::read_to_string(file).unwrap_or_else(|e| stop(&[e.to_string()]));
    let feedback = bank.feedback(question, &text);
    let quoted = |quotes: &[[usize; 2]]| -> Vec<String> {
        quotes.iter().map(|[start, end]| text.chars().skip(*start).take(end - start).collect()).collect()
    };
    println!("score {}, gated {:?}, level {:?}", feedback.score, feedback.gated, feedback.level);
    for point in &feedback.points {
        println!("{:?} {}: {:?}", point.state, point.id, quoted(&point.quotes));
    }
    for part in &feedback.structure {
        println!("  {:?} {}: {:?}", part.state, part.id, quoted(&part.quotes));
    }
    println!("lacks {:?}", feedback.lacks);
}

fn stop(mistakes: &[String]) -> ! {
    mistakes.iter().for_each(|mistake| eprintln!("{mistake}"));
    std::process::exit(1);
}
