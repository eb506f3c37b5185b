//! Prints what a machine reads from a PDF.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which PDF?")?;
    let reading = resume::reading::read(&std::fs::read(path)?)?;
    println!("== content order\n{}", reading.content_order);
    println!("== layout order\n{}", reading.layout_order);
    println!("== links {:?}\n== unmapped {:?}", reading.links, reading.unmapped);
    Ok(())
}
