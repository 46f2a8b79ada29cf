//! The cells of the panel of emoji, made by hand.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event};

/// Cells side by side; the style says it, too.
pub(super) const COLUMNS: usize = 8;

/// What is in a cell.
pub(super) enum Cell {
    /// An emoji of the table, as it looks, and its name.
    Of(&'static str, &'static str),
    /// One of the server's own: its name between colons, and its picture.
    Own(String, String),
}

/// Emoji under a heading.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) cells: Vec<Cell>,
}

impl Section {
    pub(super) fn draw(&self, page: &Document, cells: &Element) -> Result<(), JsValue> {
        let title = page.create_element("p")?;
        title.set_class_name("emoji-title");
        title.set_attribute("aria-hidden", "true")?;
        title.set_text_content(Some(self.title));
        let rows = page.create_element("div")?;
        rows.set_attribute("role", "rowgroup")?;
        rows.set_attribute("aria-label", self.title)?;
        let row = page.create_element("div")?;
        row.set_attribute("role", "row")?;
        row.set_class_name("emoji-row");
        let button = page.create_element("button")?;
        for (name, value) in [("type", "button"), ("role", "gridcell"), ("tabindex", "-1")] {
            button.set_attribute(name, value)?;
        }
        for some in self.cells.chunks(COLUMNS) {
            let row: Element = row.clone_node()?.unchecked_into();
            for cell in some {
                let button: Element = button.clone_node()?.unchecked_into();
                cell.fill(page, &button)?;
                row.append_child(&button)?;
            }
            rows.append_child(&row)?;
        }
        cells.append_child(&title)?;
        cells.append_child(&rows)?;
        Ok(())
    }
}

impl Cell {
    fn fill(&self, page: &Document, button: &Element) -> Result<(), JsValue> {
        match self {
            Self::Of(form, name) => {
                button.set_attribute("aria-label", name)?;
                button.set_text_content(Some(form));
            }
            Self::Own(form, picture) => {
                button.set_attribute("aria-label", form.trim_matches(':'))?;
                button.set_attribute("data-form", form)?;
                let image = page.create_element("img")?;
                for (name, value) in [("class", "own-emoji"), ("alt", ""), ("loading", "lazy"), ("src", picture)] {
                    image.set_attribute(name, value)?;
                }
                button.append_child(&image)?;
            }
        }
        Ok(())
    }
}

/// The emoji in a cell.
pub(super) fn form_of(cell: &Element) -> String {
    cell.get_attribute("data-form").or_else(|| cell.text_content()).unwrap_or_default()
}

/// The cell that an event happened to.
pub(super) fn cell_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("[role=gridcell]").ok()?
}

/// The row before or after, also over the border of a section.
pub(super) fn neighbour(row: &Element, forward: bool) -> Option<Element> {
    let beside = |element: &Element| {
        if forward { element.next_element_sibling() } else { element.previous_element_sibling() }
    };
    let edge = |group: &Element| if forward { group.first_element_child() } else { group.last_element_child() };
    beside(row).or_else(|| {
        // Between two sections stands a title.
        edge(&beside(&beside(&row.parent_element()?)?)?)
    })
}
