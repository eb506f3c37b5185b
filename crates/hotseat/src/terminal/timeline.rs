//! A history as a ladder in the terminal: a lane for everybody, a line for each event.

use judge::history::{Event, History, Lane, What};
use judge::sql::Value;
use judge::verdict::shown;
use textwrap::core::display_width;

/// Lanes stand so far apart.
const STEP: usize = 5;
/// Where the first lane stands.
const FIRST: usize = 13;

/// The marks, also without colour.
pub(crate) const CUT: char = '✗';
const CHARGE: char = '●';
const BACK: char = '▲';

/// One line for each event and each phase, below a line that names the lanes. None is wider than `columns`.
pub(crate) fn lines(history: &History, columns: usize) -> Vec<String> {
    let began_us = history.events.first().map_or(0, |it| it.at_us);
    let mut away = vec![false; lane_count(history)];
    let mut phases = history.phases.iter().peekable();
    let mut lines = vec![header(history)];
    for event in &history.events {
        while let Some(phase) = phases.next_if(|phase| phase.started_us <= event.at_us) {
            lines.push(cut(&format!("{:>10}  {}", "", phase.name), columns));
        }
        if let (What::Back, Lane::Instance(_)) = (event.what, event.lane) {
            away[place(history, event.lane)] = false;
        }
        let window = history
            .windows
            .iter()
            .any(|it| it.over_us.is_some_and(|over_us| (it.at_us..=over_us).contains(&event.at_us)));
        let ms = (event.at_us - began_us) / 1000;
        let gutter = if window { '┃' } else { ' ' };
        let rungs = rungs(history, event, &away);
        lines.push(cut(&format!("{ms:>7} ms{gutter} {rungs}  {}", words(event, began_us)), columns));
        if let What::Killed | What::Frozen | What::Ended = event.what {
            away[place(history, event.lane)] = true;
        }
    }
    lines
}

/// What happens, in words that do without the ladder; `began_us` is when the story began.
pub(crate) fn words(event: &Event, began_us: i64) -> String {
    let detail = shown(&Value::Text(event.detail.clone()));
    let who = match event.lane {
        Lane::Customer => "customer".to_owned(),
        Lane::Instance(number) => format!("#{number}"),
        Lane::Gateway => "gateway".to_owned(),
    };
    let told = match event.what {
        What::Back if ["runs again", "goes on"].contains(&&*detail) => format!("{who} {detail}"),
        What::Ended => format!("{who} {detail}"),
        What::NotSent => format!("not sent: {detail}"),
        What::LeftOut => format!("… {detail}"),
        _ => detail,
    };
    match event.times {
        1 => told,
        times => format!("{times} × until {} ms: {told}", (event.until_us - began_us) / 1000),
    }
}

fn lane_count(history: &History) -> usize {
    usize::try_from(history.instances).unwrap_or(0) + 2
}

/// Which lane it is, from the left.
fn place(history: &History, lane: Lane) -> usize {
    let last = lane_count(history) - 1;
    match lane {
        Lane::Customer => 0,
        Lane::Instance(number) => usize::try_from(number).unwrap_or(1).clamp(1, last - 1),
        Lane::Gateway => last,
    }
}

fn header(history: &History) -> String {
    let mut line = " ".repeat(FIRST - 2);
    line.push_str("cust");
    for number in 1..=history.instances {
        let at = FIRST + STEP * usize::try_from(number).unwrap_or(0);
        line.push_str(&" ".repeat((at - 1).saturating_sub(line.chars().count())));
        line.push_str(&format!("#{number}"));
    }
    line.push_str(&" ".repeat(STEP - 3));
    line.push_str("gate");
    line
}

/// The lanes at one moment, and the arrow between two of them.
fn rungs(history: &History, event: &Event, away: &[bool]) -> String {
    let mut line = vec![' '; STEP * (away.len() - 1) + 1];
    for (lane, away) in away.iter().enumerate() {
        line[lane * STEP] = if *away { ' ' } else { '│' };
    }
    let from = place(history, event.lane) * STEP;
    match event.to.map(|to| place(history, to) * STEP) {
        Some(to) if to > from => {
            line[from..to].fill('─');
            (line[from], line[to - 1]) = ('├', '▶');
        }
        Some(to) if to < from => {
            line[to + 1..=from].fill('─');
            (line[from], line[to + 1]) = ('┤', '◀');
        }
        _ => {
            line[from] = match event.what {
                What::Charged => CHARGE,
                What::Back => BACK,
                What::LeftOut => '⋮',
                what if what.is_trouble() => CUT,
                _ => line[from],
            }
        }
    }
    line.into_iter().collect()
}

fn cut(line: &str, columns: usize) -> String {
    let line = line.trim_end();
    if display_width(line) <= columns {
        return line.to_owned();
    }
    let mut kept = String::new();
    for it in line.chars() {
        if display_width(&kept) + display_width(it.encode_utf8(&mut [0; 4])) >= columns {
            break;
        }
        kept.push(it);
    }
    kept + "…"
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use judge::history::{Request, Span, Window};

    fn event(at_us: i64, lane: Lane, to: Option<Lane>, what: What, detail: &str) -> Event {
        Event { at_us, lane, to, what, detail: detail.into(), times: 1, until_us: at_us }
    }

    /// A payment that was charged, and whose instance was killed.
    pub(crate) fn killed() -> History {
        let (customer, one, gateway) = (Lane::Customer, Lane::Instance(1), Lane::Gateway);
        History {
            of: "payment p-1".into(),
            instances: 2,
            request: Request {
                exchange: 1,
                method: "POST".into(),
                path: "/v1/payments".into(),
                headers: vec![("idempotency-key".into(), "k".into())],
                body: Some("{}".into()),
            },
            phases: vec![Span { name: "accidents".into(), started_us: 0, ended_us: 900_000 }],
            windows: vec![Window {
                at_us: 9_000,
                over_us: Some(400_000),
                instance: Some(1),
                fault: "killed".into(),
            }],
            events: vec![
                event(1_000, customer, Some(one), What::Sent, "POST /v1/payments"),
                event(7_000, one, Some(gateway), What::Called, "POST /charges, without a key"),
                event(8_000, gateway, None, What::Charged, "charge 1: 304 USD, ch_1"),
                event(8_500, gateway, Some(one), What::CallAnswered, "200"),
                event(9_000, one, None, What::Killed, "instance 1 killed (killed)"),
                event(9_500, customer, None, What::Unanswered, "no answer: connection closed"),
                event(400_000, one, None, What::Back, "runs again"),
                event(500_000, customer, Some(Lane::Instance(2)), What::Sent, "POST /v1/payments"),
            ],
        }
    }

    #[test]
    fn a_history_is_a_ladder() {
        let lines = lines(&killed(), 80);
        // Without the milliseconds.
        let ladder: Vec<String> = lines.iter().map(|line| line.chars().skip(10).collect()).collect();
        let wanted = [
            " cust  #1   #2  gate",
            "  accidents",
            "  ├───▶│    │    │  POST /v1/payments",
            "  │    ├────────▶│  POST /charges, without a key",
            "  │    │    │    ●  charge 1: 304 USD, ch_1",
            "  │    │◀────────┤  200",
            "┃ │    ✗    │    │  instance 1 killed (killed)",
            "┃ ✗         │    │  no answer: connection closed",
            "┃ │    ▲    │    │  #1 runs again",
            "  ├────────▶│    │  POST /v1/payments",
        ];
        assert_eq!(ladder, wanted);
    }

    #[test]
    fn no_line_is_too_wide_and_none_moves_the_cursor() {
        let mut history = killed();
        history.events[0].detail = format!("POST /\u{1b}[2J\n{}", "字".repeat(90));
        for line in lines(&history, 80) {
            assert!(display_width(&line) <= 80 && !line.contains(char::is_control), "{line:?}");
        }
    }
}
