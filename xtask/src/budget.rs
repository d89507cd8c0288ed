//! How much a browser has to download before the first page lives, and the most that it may be.

use crate::program::Failure;
use std::fs;
use std::path::Path;

/// The most that the wasm which comes at once may weigh, the dashboard in it, compressed with brotli as it is served, in
/// bytes. The other pages are downloaded when somebody goes there.
const MOST: u64 = 250_000;
/// What it shall come down to.
const GOAL: u64 = 150_000;

/// The page's wasm in bytes: as it is, and as it travels.
#[derive(Debug, PartialEq, Eq)]
struct Weight {
    raw: u64,
    brotli: u64,
}

/// Prints what the page's wasm weighs.
pub fn report(site_root: &Path) -> Result<(), Failure> {
    let Weight { raw, brotli } = weigh(site_root)?;
    println!("[build] wasm: {raw} bytes, {brotli} bytes with brotli (at most {MOST}, goal {GOAL})");
    Ok(())
}

/// Fails when the page's wasm is too heavy.
pub fn enforce(site_root: &Path) -> Result<(), Failure> {
    let Weight { brotli, .. } = weigh(site_root)?;
    if brotli <= MOST {
        return Ok(());
    }
    let over = brotli.saturating_sub(MOST);
    let remedy = "look for what came in with `twiggy top`, or load it lazily; the budget is in xtask/src/budget.rs";
    Err(Failure::new(format!("the page's wasm is {over} bytes over its budget of {MOST}"), remedy))
}

fn weigh(site_root: &Path) -> Result<Weight, Failure> {
    let folder = site_root.join("pkg");
    let entries = fs::read_dir(&folder).map_err(|cause| Failure::on_path("read", &folder, &cause))?;
    let (mut raw, mut brotli) = (None, None);
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let size = || entry.metadata().ok().map(|metadata| metadata.len());
        match name.strip_prefix("axisor.") {
            Some(rest) if rest.ends_with(".wasm") => raw = size(),
            Some(rest) if rest.ends_with(".wasm.br") => brotli = size(),
            _ => {}
        }
    }
    let missing = || Failure::new(format!("no wasm in {}", folder.display()), "run `cargo xtask build` again");
    Ok(Weight { raw: raw.ok_or_else(missing)?, brotli: brotli.ok_or_else(missing)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(compressed: usize) -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        let package = site.path().join("pkg");
        fs::create_dir(&package).unwrap();
        fs::write(package.join("axisor.Ab_1-x.wasm"), vec![0; 900_000]).unwrap();
        fs::write(package.join("axisor.Ab_1-x.wasm.br"), vec![0; compressed]).unwrap();
        fs::write(package.join("axisor.Ab_1-x.wasm.gz"), vec![0; 7]).unwrap();
        site
    }

    #[test]
    fn a_page_may_weigh_as_much_as_its_budget_and_not_a_byte_more() {
        assert!(enforce(site(250_000).path()).is_ok());
        let text = enforce(site(250_001).path()).unwrap_err().to_string();
        assert!(text.contains("1 bytes over"), "{text}");
    }

    #[test]
    fn both_weights_are_read() {
        assert_eq!(weigh(site(1234).path()).unwrap(), Weight { raw: 900_000, brotli: 1234 });
    }

    #[test]
    fn a_site_without_wasm_is_a_failure() {
        assert!(enforce(tempfile::tempdir().unwrap().path()).is_err());
    }
}
