//! Prints what is wrong with the documents named on the command line, and what is vacuous in them.

fn main() {
    for path in std::env::args().skip(1) {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                println!("{path}: {error}");
                continue;
            }
        };
        let found = match conformance::Document::read(&text) {
            Ok(document) => [document.defects(), document.vacuities()].concat(),
            Err(defects) => defects,
        };
        println!("{path}: {} findings", found.len());
        for defect in found {
            println!("  {defect}");
        }
    }
}
