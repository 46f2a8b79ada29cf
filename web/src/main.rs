//! The web client of Stonechat: a driver that carries the engine's effects out, and views that show what it knows.
//!
//! Bytes → `client::step` → state → view, and nothing the other way round but [`client::Input`]. The engine is the one that
//! the tests torture; here is only what needs a browser. Views are built with functions, not with the `view!` macro: the
//! macro writes still parts of a page through `innerHTML`, which the page's policy forbids.

mod api;
mod app;
mod chat;
mod driver;
mod emoji;
mod rows;
mod screen;
mod view;

fn main() {
    if let Some(app) = app::App::start() {
        view::show(app);
        app.connect();
    }
}
