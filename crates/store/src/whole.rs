//! Whether a SQLite file is whole, and a copy of it that is.

use crate::{Result, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, SqlitePool};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Prices of the past: most of the file by far, and a hole in it moves no money.
const NOT_CHECKED: [&str; 2] = ["candles", "settlements"];

/// Looks through every table that somebody's money depends on. An empty file is whole.
pub async fn check(pool: &SqlitePool, file: &Path) -> Result<()> {
    let of_corrupt = |error| damage(file, error);
    let tables = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'";
    let tables = sqlx::query_scalar::<_, String>(tables).fetch_all(pool).await.map_err(of_corrupt)?;
    for table in tables.iter().filter(|table| !NOT_CHECKED.contains(&table.as_str())) {
        let check = AssertSqlSafe(format!("pragma quick_check('{table}')"));
        let said = sqlx::query_scalar::<_, String>(check).fetch_all(pool).await.map_err(of_corrupt)?;
        if said.iter().any(|word| word != "ok") {
            return Err(StoreError::Damaged { file: file.to_owned(), fault: format!("{table}: {}", said.join("; ")) });
        }
    }
    Ok(())
}

/// Damage that shows in an error.
pub fn damage(file: &Path, error: sqlx::Error) -> StoreError {
    match StoreError::Database(error) {
        error if error.is_damage() => {
            StoreError::Damaged { file: file.to_owned(), fault: "it does not hold what it should".to_owned() }
        }
        error => error,
    }
}

/// Copies a SQLite database, also while programs use it, as it is at one moment. What is at `to` afterwards is whole and
/// on disk; whatever was there before stays, and the copy is refused.
pub async fn back_up(url: &str, to: &Path) -> Result<()> {
    if !url.starts_with("sqlite:") {
        return Err(StoreError::NotSqlite);
    }
    let failed = |source: io::Error| StoreError::Copy { to: to.to_owned(), source };
    if to.exists() {
        return Err(failed(io::ErrorKind::AlreadyExists.into()));
    }
    let partial = PathBuf::from(format!("{}.partial", to.display()));
    empty_of_our_own(&partial).map_err(failed)?;
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::from_str(url)?.read_only(true)).await?;
    sqlx::query("vacuum into $1").bind(partial.to_string_lossy().as_ref()).execute(&mut connection).await?;
    connection.close().await?;
    File::open(&partial).and_then(|copy| copy.sync_all()).map_err(failed)?;
    fs::rename(&partial, to).map_err(failed)?;
    to.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or(Ok(()), sync_folder).map_err(failed)
}

/// Secrets in it are sealed, and still nobody else's to read. What a copy that was broken off left is written over.
fn empty_of_our_own(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Its names are on disk as well.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
