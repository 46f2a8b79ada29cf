//! Who may use whom. A crate is a wall; what is not in this table is forbidden.

use super::{Kind, Package, Tree, Violation};

/// A crate of the house, and the crates of the house that it may use.
const EDGES: [(&str, &[&str]); 19] = [
    ("model", &[]),
    ("markup", &[]),
    ("protocol", &["model"]),
    ("client", &["markup", "model", "protocol"]),
    ("terminal", &["model", "protocol", "client"]),
    ("store", &["model"]),
    ("relay", &["model", "protocol"]),
    ("simulation", &["model", "protocol", "client", "relay"]),
    ("instant", &["model", "protocol"]),
    ("picture", &["model"]),
    ("server", &["markup", "model", "protocol", "store", "relay", "instant", "picture"]),
    ("proof", &["protocol"]),
    (
        "stonechat",
        &["model", "protocol", "store", "relay", "instant", "picture", "server", "terminal", "proof", "web-bundle"],
    ),
    ("testkit", &["model", "protocol", "client", "store", "relay", "instant", "server"]),
    ("web", &["markup", "model", "protocol", "client"]),
    ("web-bundle", &[]),
    ("bench", &["model", "protocol", "client", "testkit"]),
    ("e2e", &["model", "protocol", "client", "proof", "testkit"]),
    ("xtask", &[]),
];

/// What any crate's tests may use besides.
const FOR_TESTS: &str = "testkit";

/// The drivers of the engines.
const DRIVERS: [&str; 3] = ["rusqlite", "tokio-postgres", "deadpool-postgres"];

/// What the rooms that keep nothing must not even reach: whatever writes to a disk, or to a server that does.
const KEEPERS: [&str; 10] = [
    "store",
    "rusqlite",
    "libsqlite3-sys",
    "tokio-postgres",
    "postgres-protocol",
    "deadpool-postgres",
    "redis",
    "tempfile",
    "tracing-subscriber",
    "object_store",
];

/// All that the engine of a client is made of, without a feature: nothing that reads a clock, draws lots or opens a file or a socket.
const SANS_IO: [&str; 4] = ["markup", "model", "protocol", "serde"];

/// Crates use each other as the table says, and every crate has its line in it.
pub(super) fn crates_keep_to_their_edges(tree: &Tree) -> Vec<Violation> {
    tree.packages.iter().flat_map(|package| edges_of(package, tree)).collect()
}

fn edges_of(package: &Package, tree: &Tree) -> Vec<Violation> {
    let Package { name, uses, reaches: _ } = package;
    let Some((_, allowed)) = EDGES.iter().find(|(known, _)| known == name) else {
        let advice =
            "this crate is not in the table of edges. Write a decision, then its line in xtask/src/tidy/edges.rs.";
        return vec![Violation::of(name, advice)];
    };
    let ours = |name: &str| tree.packages.iter().any(|package| package.name == name);
    let forbidden = uses.iter().filter(|used| {
        ours(&used.name)
            && !allowed.contains(&used.name.as_str())
            && !(used.kind == Kind::Dev && (used.name == FOR_TESTS || used.name == *name))
    });
    let advice = |used: &str| {
        let may = if allowed.is_empty() { "no other crate of the house".to_owned() } else { allowed.join(", ") };
        format!("it uses {used}, and may use {may}. Move the code, or write a decision about the new edge.")
    };
    forbidden.map(|used| Violation::of(name, advice(&used.name))).collect()
}

/// What does IO for the client's engine comes with a feature, and is not there for the app and the simulation.
pub(super) fn the_client_does_no_io_by_itself(tree: &Tree) -> Vec<Violation> {
    let client = tree.packages.iter().filter(|package| package.name == "client");
    let others = client
        .flat_map(|package| &package.uses)
        .filter(|used| used.kind == Kind::Shipped && !used.optional && !SANS_IO.contains(&used.name.as_str()));
    let advice = |used: &str| {
        format!("it uses {used}. The engine does no IO: make this `optional`, and put it behind the feature `tokio`.")
    };
    others.map(|used| Violation::of("client", advice(&used.name))).collect()
}

/// Only the store depends on a driver.
pub(super) fn drivers_are_the_store_s_dependencies(tree: &Tree) -> Vec<Violation> {
    let others = tree.packages.iter().filter(|package| package.name != "store");
    let drivers = others.flat_map(|package| package.uses.iter().map(move |used| (package, used)));
    drivers
        .filter(|(_, used)| DRIVERS.contains(&used.name.as_str()))
        .map(|(package, used)| {
            Violation::of(
                &package.name,
                format!("it depends on {}. Ask the store instead; only it has drivers.", used.name),
            )
        })
        .collect()
}

/// Nothing in the whole tree of crates behind the instant rooms can keep anything.
pub(super) fn instant_rooms_reach_nothing_that_keeps(tree: &Tree) -> Vec<Violation> {
    let instant = tree.packages.iter().filter(|package| package.name == "instant");
    let reached = instant.flat_map(|package| KEEPERS.iter().filter(|keeper| package.reaches.contains(**keeper)));
    let advice = |keeper| {
        format!(
            "it reaches {keeper}, perhaps by way of another crate. `cargo tree -p stonechat-instant` shows the way; cut it."
        )
    };
    reached.map(|keeper| Violation::of("instant", advice(keeper))).collect()
}
