//! The smallest binary that can be a supervisor; tests and examples use it.

fn main() {
    program::supervise_if_asked();
    eprintln!("This binary is started by the crate `program`, never by hand.");
    std::process::exit(2);
}
