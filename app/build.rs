//! Compiles the texts of `locales/` into the module `i18n`, and refuses what could not work: a key that one language
//! lacks or has too many, a build of which the other half would not be like it.

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// The module is written by a generator, whose `expect` reads a tag that it has checked.
const LINTS: &str = r#"#[expect(clippy::expect_used, reason = "a generator wrote it, and checked what it reads")]"#;

fn main() -> Result<(), Box<dyn Error>> {
    if env::var_os("CARGO_CFG_ERASE_COMPONENTS").is_none() {
        return Err("RUSTFLAGS hides the flags of .cargo/config.toml: add `--cfg erase_components` to it".into());
    }
    println!("cargo:rerun-if-changed=locales");
    let mut config = Config::new("en")?.add_locale("pt-BR")?;
    config.options = ParseOptions::new().interpolate_display(true);
    let texts = parse_locales(None, config)?;
    let mut faults: Vec<String> = texts.diag.warnings().iter().map(ToString::to_string).collect();
    faults.extend(texts.diag.errors().iter().map(ToString::to_string));
    if !faults.is_empty() {
        return Err(faults.join("\n").into());
    }
    let module = leptos_i18n_codegen::gen_code(&texts, None, false, None, false)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("i18n.rs"), format!("{LINTS}\n{module}"))?;
    Ok(())
}
