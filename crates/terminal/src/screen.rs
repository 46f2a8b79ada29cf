//! The terminal itself: taken over at the start, and given back as it was, whatever happens.

use std::{
    io::{self, Stdout, Write as _},
    panic,
};

use ratatui::{
    Terminal,
    backend::CrosstermBackend,
    crossterm::{
        event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
        execute,
        terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
    },
};

/// A terminal that was taken over. Dropping it gives it back.
pub(crate) struct Screen(Terminal<CrosstermBackend<Stdout>>);

impl Screen {
    pub(crate) fn take() -> io::Result<Self> {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            give_back();
            before(info);
        }));
        enable_raw_mode()?;
        // From here on it is given back whatever fails.
        let screen = Terminal::new(CrosstermBackend::new(io::stdout())).inspect_err(|_| give_back()).map(Self)?;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)?;
        Ok(screen)
    }

    pub(crate) fn draw(&mut self, view: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<(u16, u16)> {
        let drawn = self.0.draw(view)?;
        Ok((drawn.area.width, drawn.area.height))
    }

    /// Rings the terminal's bell.
    pub(crate) fn ring() -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(b"\x07")?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back. What cannot be written any more, nobody sees.
fn give_back() {
    let mut out = io::stdout();
    let _ = execute!(
        out,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        ratatui::crossterm::cursor::Show
    );
    let _ = disable_raw_mode();
}
