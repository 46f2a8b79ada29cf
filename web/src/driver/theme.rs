//! Dark, light, or as the device says: an attribute of the page, kept on the device.

use web_sys::Window;

const KEY: &str = "theme";

/// A choice of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Theme {
    /// Every choice, in the order shown.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Dark, Self::Light];

    /// What was chosen on this device.
    pub(crate) fn kept(window: &Window) -> Self {
        let kept = window.local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self::ALL.into_iter().find(|theme| theme.name() == kept.as_deref()).unwrap_or_default()
    }

    /// Shows it, and keeps it.
    pub(crate) fn choose(self, window: &Window) {
        if let Ok(Some(storage)) = window.local_storage() {
            let _ = match self.name() {
                Some(name) => storage.set_item(KEY, name),
                None => storage.remove_item(KEY),
            };
        }
        self.show(window);
    }

    /// Shows it.
    pub(crate) fn show(self, window: &Window) {
        if let Some(page) = window.document().and_then(|document| document.document_element()) {
            let _ = match self.name() {
                Some(name) => page.set_attribute("data-theme", name),
                None => page.remove_attribute("data-theme"),
            };
        }
    }

    /// What it is called on the screen.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::System => "Auto",
            Self::Dark => "Dark",
            Self::Light => "Light",
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Dark => Some("dark"),
            Self::Light => Some("light"),
        }
    }
}
