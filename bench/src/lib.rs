//! A crowd that speaks the protocol to the real program, and says what it saw.
//!
//! In comes the name of a proof and its size, out goes a table of figures with PASS or FAIL behind each promise. The
//! program under test runs as its operator would run it: a process, a port, a database. Nothing that ships uses this.

pub mod black_hole;
pub mod book;
pub mod crowd;
pub mod device;
pub mod fault_path;
pub mod frames;
pub mod http;
pub mod ledger;
pub mod link;
pub mod lists;
pub mod people;
pub mod proof;
pub mod quantile;
pub mod record;
pub mod report;
pub mod resumes;
pub mod seat;
pub mod sender;
pub mod server;
pub mod stalled;
pub mod toll;
