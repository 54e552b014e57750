//! The `hoclieu` program.
fn main() {}
