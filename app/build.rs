//! Compiles the texts anew when a translation changed.

fn main() {
    println!("cargo:rerun-if-changed=locales");
}
