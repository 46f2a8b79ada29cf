//! The working tree as a value: its crates and its texts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use serde_json::Value;

/// All that the rules look at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    /// The crates of the workspace.
    pub(crate) packages: Vec<Package>,
    /// The texts, by their paths.
    pub(crate) files: Vec<File>,
}

/// A crate, and what it uses.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// Its short name: `model` for `stonechat-model`.
    pub(crate) name: String,
    /// What its manifest names.
    pub(crate) uses: Vec<Dependency>,
    /// All that is built into it, however indirectly; not what only tests use.
    pub(crate) reaches: BTreeSet<String>,
}

/// One line of a manifest.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    /// The short name of a crate of the house, or the full one of another.
    pub(crate) name: String,
    /// In what section it stands.
    pub(crate) kind: Kind,
    /// Whether it is there only with a feature.
    pub(crate) optional: bool,
}

/// A section of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `dependencies` and `build-dependencies`.
    Shipped,
    /// `dev-dependencies`.
    Dev,
}

/// A text in the tree.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// From the top of the tree, with `/` between.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}

impl File {
    /// What follows the last dot of the name.
    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension)
    }

    /// Whether all of it is there for tests only.
    pub(crate) fn is_test(&self) -> bool {
        self.path.starts_with("e2e/")
            || self.path.starts_with("crates/testkit/")
            || self.path.split('/').any(|part| part == "tests" || part == "tests.rs")
    }

    /// Its lines of code with their numbers: no comments, which may name what code may not.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The number of the line where its unit tests begin.
    pub(crate) fn tests_begin(&self) -> usize {
        if self.is_test() {
            return 0;
        }
        self.text.lines().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(usize::MAX)
    }
}

/// Folders that hold nothing of ours.
const PASSED_OVER: [&str; 5] = [".git", "target", "data", "node_modules", "dist"];
/// Texts that somebody writes by hand.
const WRITTEN: [&str; 9] = ["css", "html", "js", "md", "mjs", "rs", "sh", "sql", "toml"];

impl Tree {
    /// Reads the tree under `root`.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        walk(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { packages: packages()?, files })
    }

    /// The Rust sources.
    pub(crate) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.extension() == "rs")
    }
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if !PASSED_OVER.contains(&name.as_str()) {
                walk(&entry.path(), &format!("{path}/"), files)?;
            }
            continue;
        }
        let file = File { path, text: String::new() };
        if WRITTEN.contains(&file.extension()) {
            files.push(File { text: fs::read_to_string(entry.path())?, ..file });
        }
    }
    Ok(())
}

fn packages() -> io::Result<Vec<Package>> {
    let output = crate::cargo(&["metadata", "--format-version=1"]).output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let names: BTreeMap<_, _> =
        list(&metadata, "packages").iter().map(|package| (text(package, "id"), short(package))).collect();
    let graph: Graph = metadata
        .get("resolve")
        .map(|resolve| list(resolve, "nodes").iter().map(built_from).collect())
        .unwrap_or_default();
    let members: BTreeSet<_> =
        list(&metadata, "workspace_members").iter().filter_map(|id| Some(id.as_str()?.to_owned())).collect();
    let ours = list(&metadata, "packages").iter().filter(|package| members.contains(&text(package, "id")));
    let package = |value: &Value| Package {
        name: short(value),
        uses: list(value, "dependencies").iter().map(dependency).collect(),
        reaches: closure(&graph, &text(value, "id")).iter().filter_map(|id| names.get(id).cloned()).collect(),
    };
    Ok(ours.map(package).collect())
}

/// By the id of a crate: the ids of those that it is built from.
type Graph = BTreeMap<String, Vec<String>>;

fn built_from(node: &Value) -> (String, Vec<String>) {
    let is_built_in = |edge: &&Value| list(edge, "dep_kinds").iter().any(|kind| text(kind, "kind") != "dev");
    let edges = list(node, "deps").iter().filter(is_built_in).map(|edge| text(edge, "pkg")).collect();
    (text(node, "id"), edges)
}

fn closure(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from.to_owned()];
    while let Some(id) = next.pop() {
        let new = graph.get(&id).into_iter().flatten().filter(|edge| reached.insert((*edge).clone()));
        next.extend(new.cloned());
    }
    reached
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn dependency(value: &Value) -> Dependency {
    let kind = if value.get("kind").and_then(Value::as_str) == Some("dev") { Kind::Dev } else { Kind::Shipped };
    let optional = value.get("optional").and_then(Value::as_bool).unwrap_or_default();
    Dependency { name: short(value), kind, optional }
}

fn short(value: &Value) -> String {
    let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
    name.strip_prefix("stonechat-").unwrap_or(name).to_owned()
}
