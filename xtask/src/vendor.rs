//! Scripts of others that pages load, copied from npm so that they are served from our own origin.

use crate::program::Failure;
use crate::project::Project;
use std::fs;
use std::path::Path;

const PACKAGE: &str = "lightweight-charts";
/// File in the package, file in `public/vendor`.
const FILES: [(&str, &str); 2] = [
    ("dist/lightweight-charts.standalone.production.mjs", "lightweight-charts.mjs"),
    ("LICENSE", "lightweight-charts.LICENSE.txt"),
];
const ATTRIBUTION: &str = "TradingView Lightweight Charts, https://www.tradingview.com/, \
    Copyright (c) TradingView, Inc., Apache License 2.0: see lightweight-charts.LICENSE.txt\n";

/// Puts the chart library, its licence and its attribution into `public/vendor`; files that are the same stay untouched.
pub fn copy(project: &Project) -> Result<(), Failure> {
    let package = project.node_modules().join(PACKAGE);
    let vendor = project.root.join("public/vendor");
    fs::create_dir_all(&vendor).map_err(|cause| Failure::on_path("make", &vendor, &cause))?;
    for (from, to) in FILES {
        let from = package.join(from);
        let content = fs::read(&from).map_err(|cause| Failure::on_path("read", &from, &cause))?;
        write_if_changed(&vendor.join(to), &content)?;
    }
    write_if_changed(&vendor.join("lightweight-charts.NOTICE.txt"), ATTRIBUTION.as_bytes())
}

/// Leaves a file that says this already untouched.
pub fn write_if_changed(path: &Path, content: &[u8]) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::write(path, content).map_err(|cause| Failure::on_path("write", path, &cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_file_keeps_its_time_so_that_nothing_is_built_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_if_changed(&file, b"one").unwrap();
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        fs::File::options().append(true).open(&file).unwrap().set_modified(long_ago).unwrap();
        write_if_changed(&file, b"one").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), long_ago);
        write_if_changed(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
    }
}
