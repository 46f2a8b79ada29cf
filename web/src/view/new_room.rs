//! A private room is made here: it has no name that strangers could type, its members bring each other in.

use leptos::{ev, html, prelude::*, task::spawn_local};

use crate::{app::App, view::dialog};

pub(crate) fn new_room(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let trouble = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(input) = field.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        // Twice would be two rooms.
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            match app.create_private_room(input.value()).await {
                Ok(room) => {
                    input.set_value("");
                    dialog::close(dialog);
                    app.go(Some(room.id));
                }
                Err(why) => trouble.set(Some(why.words())),
            }
            busy.set(false);
        });
    };
    html::dialog().node_ref(dialog).class("dialog").attr("aria-labelledby", "new-room-title").child((
        dialog::head(dialog, "new-room-title", "A private room"),
        html::form().class("stack").on(ev::submit, submit).child((
            html::p().class("hint").child("Only its members know that it exists. You bring them in one by one."),
            html::label().attr("for", "new-room-name").child("Name"),
            html::input()
                .node_ref(field)
                .attr("id", "new-room-name")
                .attr("type", "text")
                .attr("autocomplete", "off")
                .attr("maxlength", "64")
                .attr("dir", "auto")
                .attr("autofocus", "")
                .attr("aria-describedby", "new-room-trouble"),
            html::p()
                .attr("id", "new-room-trouble")
                .class("trouble")
                .attr("role", "alert")
                .child(move || trouble.get()),
            html::button()
                .attr("type", "submit")
                .class("primary")
                .attr("aria-disabled", move || busy.get().then_some("true"))
                .child("Make the room"),
        )),
    ))
}
