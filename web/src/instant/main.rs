//! The page of instant rooms: a driver that carries a guest's effects out, and views that show what it knows.
//!
//! The engine is `client::instant`. Here is what needs a browser: encryption, the socket, pictures, the address bar. Nothing is
//! put into any storage, and when the page is left, it is emptied.

mod door;
mod lock;
mod page;
mod photo;
mod screen;
mod view;
mod visit;
mod wait;

fn main() {
    if let Some(visit) = visit::Visit::start() {
        view::show(visit);
        visit.leave_nothing();
    }
}
