//! Each rule catches what it is there for, and the tree breaks none.

use std::collections::BTreeSet;

use super::{File, Kind, Package, Tree, Violation, check, tree::Dependency};

fn real() -> Tree {
    Tree::read(&crate::root()).expect("the tree can be read")
}

fn file(path: &str, text: &str) -> Tree {
    Tree { files: vec![File { path: path.to_owned(), text: text.to_owned() }], ..Tree::default() }
}

fn package(name: &str, uses: &[(&str, Kind)]) -> Package {
    let uses =
        uses.iter().map(|(name, kind)| Dependency { name: (*name).to_owned(), kind: *kind, optional: false }).collect();
    Package { name: name.to_owned(), uses, reaches: BTreeSet::new() }
}

/// The one violation of a tree.
fn one(tree: &Tree) -> String {
    let violations: Vec<String> = check(tree).iter().map(Violation::to_string).collect();
    assert_eq!(violations.len(), 1, "{violations:?}");
    violations.concat()
}

fn assert_tidy(tree: &Tree) {
    assert_eq!(check(tree), []);
}

#[test]
fn the_tree_is_tidy() {
    let violations = check(&real());
    let list: Vec<String> = violations.iter().map(Violation::to_string).collect();
    assert!(violations.is_empty(), "\n{}", list.join("\n"));
}

#[test]
fn a_forbidden_edge_in_the_real_tree_is_caught() {
    let mut tree = Tree { files: Vec::new(), ..real() };
    assert_tidy(&tree);
    let model = tree.packages.iter_mut().find(|package| package.name == "model").expect("there is a model");
    model.uses.push(Dependency { name: "store".to_owned(), kind: Kind::Shipped, optional: false });
    assert!(one(&tree).starts_with("model: it uses store, and may use no other crate of the house."));
}

#[test]
fn the_client_s_engine_does_no_io() {
    let tree = |kind, optional| {
        let mut client = package("client", &[("model", Kind::Shipped), ("serde", Kind::Shipped)]);
        client.uses.push(Dependency { name: "tokio".to_owned(), kind, optional });
        Tree { packages: vec![package("model", &[]), client], ..Tree::default() }
    };
    assert!(one(&tree(Kind::Shipped, false)).starts_with("client: it uses tokio."));
    assert_tidy(&tree(Kind::Shipped, true));
    assert_tidy(&tree(Kind::Dev, false));
}

#[test]
fn edges_are_those_of_the_table() {
    let house = ["model", "protocol", "store", "server", "testkit", "e2e", "web"];
    let tree = |name: &str, used: &str, kind| {
        let uses = [(used, kind)];
        let packages = house.iter().map(|other| package(other, if *other == name { &uses } else { &[] }));
        Tree { packages: packages.collect(), ..Tree::default() }
    };
    let forbidden = [
        ("protocol", "server", Kind::Shipped),
        ("store", "protocol", Kind::Shipped),
        ("store", "testkit", Kind::Shipped),
        ("model", "store", Kind::Dev),
        ("web", "server", Kind::Shipped),
        ("e2e", "server", Kind::Dev),
    ];
    for (name, used, kind) in forbidden {
        let violation = one(&tree(name, used, kind));
        assert!(violation.starts_with(&format!("{name}: it uses {used}")), "{violation}");
    }
    let allowed = [
        ("server", "store", Kind::Shipped),
        ("store", "testkit", Kind::Dev),
        ("e2e", "testkit", Kind::Shipped),
        ("model", "serde", Kind::Shipped),
    ];
    for (name, used, kind) in allowed {
        assert_tidy(&tree(name, used, kind));
    }
    let stranger = Tree { packages: vec![package("shed", &[])], ..Tree::default() };
    assert!(one(&stranger).contains("not in the table of edges"));
}

#[test]
fn a_driver_outside_the_store_is_caught() {
    let tree = Tree { packages: vec![package("server", &[("rusqlite", Kind::Dev)])], ..Tree::default() };
    assert!(one(&tree).contains("only it has drivers"));
    let tree = Tree { packages: vec![package("store", &[("rusqlite", Kind::Shipped)])], ..Tree::default() };
    assert_tidy(&tree);
}

#[test]
fn a_way_from_the_instant_rooms_to_a_store_is_caught() {
    let mut tree = Tree { files: Vec::new(), ..real() };
    let instant =
        tree.packages.iter_mut().find(|package| package.name == "instant").expect("there is a crate for them");
    assert!(instant.reaches.contains("model") && instant.reaches.contains("serde"), "the tree behind it was not read");
    instant.reaches.insert("libsqlite3-sys".to_owned());
    assert!(one(&tree).starts_with("instant: it reaches libsqlite3-sys"));
    // The same rule would catch the store itself, whose tree has a driver in it.
    let store = tree.packages.iter().find(|package| package.name == "store").expect("there is a store");
    assert!(store.reaches.contains("libsqlite3-sys"));
}

#[test]
fn long_silent_and_drawer_like_files_are_caught() {
    let lines = |count: usize| format!("//! A thing.\n{}", "\n".repeat(count - 1));
    assert!(one(&file("crates/model/src/thing.rs", &lines(401))).contains("401 lines"));
    assert_tidy(&file("crates/model/src/thing.rs", &lines(400)));
    assert_tidy(&file("crates/model/src/thing/tests.rs", &lines(600)));
    assert!(one(&file("crates/model/tests/thing.rs", &lines(601))).contains("601 lines"));
    assert!(one(&file("crates/model/src/thing.rs", "use x;\n//! Late.\n")).contains("open with `//!`"));
    for path in ["crates/model/src/utils.rs", "crates/model/src/helpers/mod.rs", "web/src/common/thing.rs"] {
        assert!(one(&file(path, "//! Things.\n")).contains("names a drawer"), "{path}");
    }
}

#[test]
fn code_where_it_does_not_belong_is_caught() {
    let cases = [
        ("crates/server/src/query/rooms.rs", r#"let sql = "SELECT id FROM rooms";"#, "SQL belongs in crates/store"),
        ("crates/server/src/query/rooms.rs", r#""UPDATE rooms SET head = head + 1""#, "SQL belongs in crates/store"),
        ("crates/store/src/rooms.rs", "use rusqlite::Row;", "named outside crates/store/src/engine"),
        ("crates/relay/src/hub.rs", "// TODO: later", "name its issue"),
        ("crates/relay/src/hub.rs", "todo!()", "Write it."),
        ("crates/relay/tests/hub.rs", "#[ignore]", "switched off"),
        ("crates/relay/tests/hub.rs", "tokio::time::sleep(SECOND).await;", "a test sleeps"),
        ("crates/relay/src/hub.rs", "std::thread::sleep(SECOND);", "a test sleeps"),
        (
            "crates/relay/src/hub.rs",
            "\n#[cfg(test)]\nmod tests { async fn x() { sleep(SECOND).await } }",
            "a test sleeps",
        ),
        ("web/src/view/row.rs", r#"element.set_inner_html("<b>");"#, "content security policy"),
        ("web/src/view/row.rs", r#"view! { <p style="color: red"/> }"#, "content security policy"),
        ("web/worker.js", "document.body.innerHTML = text", "content security policy"),
    ];
    for (path, code, words) in cases {
        let opening = if path == "web/worker.js" { "" } else { "//! A thing.\n" };
        let violation = one(&file(path, &format!("{opening}{code}\n")));
        assert!(violation.contains(words), "{violation}");
    }
    let page = file("crates/server/templates/page.html", "<p style=\"x\">");
    assert!(one(&page).starts_with("crates/server/templates/page.html:1: "));
}

#[test]
fn code_where_it_belongs_is_left_alone() {
    let cases = [
        ("crates/store/src/rooms.rs", r#""SELECT id FROM rooms""#),
        ("crates/store/src/engine/sqlite.rs", "use rusqlite::Row;"),
        ("crates/server/src/lib.rs", "// No SELECT here, nor innerHTML; rusqlite neither."),
        ("crates/relay/src/hub.rs", "// TODO(#12): later"),
        ("crates/relay/src/hub.rs", "tokio::time::sleep(BACK_OFF).await;"),
        ("crates/relay/tests/hub.rs", "#[tokio::test(start_paused = true)]\nasync fn x() { sleep(SECOND).await }"),
        ("crates/testkit/src/wait.rs", "thread::sleep(PAUSE);"),
        ("web/src/view/row.rs", "let style = class;"),
    ];
    for (path, code) in cases {
        assert_tidy(&file(path, &format!("//! A thing.\n{code}\n")));
    }
}

#[test]
fn a_migration_of_one_engine_only_is_caught() {
    let tree = file("crates/store/migrations/sqlite/0002_add_marks.sql", "");
    assert!(one(&tree).starts_with("crates/store/migrations/postgres/0002_add_marks.sql: it is missing"));
}
