//! A pack is embedded in the binary, so a change of its files is a change of the program.

fn main() {
    println!("cargo::rerun-if-changed=../../packs");
}
