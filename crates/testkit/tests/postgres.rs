//! A test gets an empty PostgreSQL database, and gives it back.

use std::{fs, process::Command, time::Duration};

use testkit::{
    postgres::{Database, Durability, Server},
    wait::wait_until,
};

#[test]
fn each_test_has_a_database_of_its_own() {
    let (mine, yours) = (Database::create(), Database::create());
    assert_ne!(mine.url(), yours.url());
    assert!(mine.url().starts_with("postgres://stonechat:"), "{}", mine.url());
    assert_eq!(
        mine.run("CREATE TABLE stone (name text); INSERT INTO stone VALUES ('flint'); SELECT * FROM stone"),
        "flint"
    );
    assert_eq!(yours.run("SELECT count(*) FROM pg_tables WHERE tablename = 'stone'"), "0");
}

#[test]
fn a_dropped_database_is_gone() {
    let left = Database::create();
    let name = left.run("SELECT current_database()");
    drop(left);
    let other = Database::create();
    assert_eq!(other.run(&format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'")), "0");
}

#[test]
fn a_server_may_be_durable_and_ends_with_its_value() {
    let server = Server::start(Durability::Durable);
    let database = Database::create_on(&server);
    assert_eq!(database.run("SHOW fsync"), "on");
    let folder = database.run("SHOW data_directory");
    assert!(fs::metadata(&folder).is_ok());
    drop(database);
    drop(server);
    assert!(fs::metadata(&folder).is_err(), "{folder} is still there");
}

/// The test calls itself in another process, whose shared server must end with it.
#[test]
fn the_shared_server_ends_with_its_process() {
    const FILE: &str = "STONECHAT_TEST_POSTGRES_FOLDER";
    if let Some(file) = std::env::var_os(FILE) {
        let folder = Database::create().run("SHOW data_directory");
        assert!(fs::write(file, folder).is_ok());
        return;
    }
    let answer = std::env::temp_dir().join(format!("stonechat-shared-server-{}", std::process::id()));
    let mut test = Command::new(std::env::current_exe().unwrap_or_default());
    let test = test.args(["--exact", "the_shared_server_ends_with_its_process"]).env(FILE, &answer).output();
    assert!(test.is_ok_and(|output| output.status.success()));
    let folder = fs::read_to_string(&answer).unwrap_or_default();
    assert!(fs::remove_file(&answer).is_ok());
    assert!(folder.ends_with("/data"), "{folder}");
    wait_until("the server's end", Duration::from_secs(15), || fs::metadata(&folder).is_err().then_some(()));
}
