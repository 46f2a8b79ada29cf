//! All SQL is in the store, in one text for both engines; the drivers are behind its engine.

use std::collections::BTreeSet;

use super::{File, Tree, Violation};

/// How a statement begins.
const STATEMENTS: [&str; 9] = [
    "SELECT ",
    "INSERT INTO ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
];
/// The drivers, as code names them.
const DRIVERS: [&str; 3] = ["rusqlite", "tokio_postgres", "deadpool_postgres"];
/// The folders of the migrations.
const MIGRATIONS: [&str; 2] = ["crates/store/migrations/sqlite/", "crates/store/migrations/postgres/"];

/// Statements stand in the store only, and drivers in its engine only.
pub(super) fn sql_is_in_the_store(tree: &Tree) -> Vec<Violation> {
    tree.rust().filter(|file| !speaks_of_it(file)).flat_map(in_file).collect()
}

/// This file names what it looks for, the lent PostgreSQL is tried out with some SQL, and hostile texts pretend to be some.
fn speaks_of_it(file: &File) -> bool {
    const SPEAKING: [&str; 2] = ["crates/testkit/tests/postgres.rs", "e2e/tests/hostile/strings.rs"];
    file.path.starts_with("xtask/src/tidy") || SPEAKING.contains(&file.path.as_str())
}

fn in_file(file: &File) -> Vec<Violation> {
    let store = file.path.starts_with("crates/store/");
    // Its tests look at a file behind the store's back.
    let engine = file.path.starts_with("crates/store/src/engine") || file.path.starts_with("crates/store/tests/");
    let mut violations = Vec::new();
    for (number, line) in file.code() {
        let statement =
            STATEMENTS.iter().any(|begin| line.contains(begin)) || line.contains("UPDATE ") && line.contains(" SET ");
        if !store && statement {
            let advice = "SQL belongs in crates/store, in the file of its noun. Call a function of it.";
            violations.push(Violation::at(&file.path, number, advice));
        }
        if let Some(driver) = DRIVERS.iter().find(|driver| line.contains(*driver) && !engine) {
            let advice = format!("{driver} is named outside crates/store/src/engine. Go through `store::Conn`.");
            violations.push(Violation::at(&file.path, number, advice));
        }
    }
    violations
}

/// Each migration stands in both folders, under one name.
pub(super) fn both_engines_have_each_migration(tree: &Tree) -> Vec<Violation> {
    let names = |folder: &str| -> BTreeSet<&str> {
        tree.files.iter().filter_map(|file| file.path.strip_prefix(folder)).collect()
    };
    let [sqlite, postgres] = MIGRATIONS;
    let lacks = |folder: &str, other: &str| -> Vec<Violation> {
        let (here, there) = (names(folder), names(other));
        let missing = there.difference(&here);
        missing
            .map(|name| Violation::of(&format!("{folder}{name}"), format!("it is missing; {other} has it. Write it.")))
            .collect()
    };
    [lacks(sqlite, postgres), lacks(postgres, sqlite)].concat()
}
