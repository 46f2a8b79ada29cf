//! Which markers belong together: each that closes takes the nearest of its kind that is open.

use crate::{
    scan::{Run, Token, Tokens},
    work,
};

#[derive(Default)]
struct Pairing {
    /// The runs that are open, by place.
    open: Vec<usize>,
    /// Below this height of `open` there is none, by kind: what was looked for in vain is not looked for twice.
    none_below: [usize; 8],
}

/// Finds the pairs. What is inside a link pairs inside it.
pub(crate) fn pair(tokens: &mut Tokens<'_>) {
    let mut outside = Pairing::default();
    let mut inside = None;
    for token in &tokens.list {
        match token {
            Token::Run(place) => inside.as_mut().unwrap_or(&mut outside).meet(&mut tokens.runs, *place),
            Token::Open(Some(_)) => inside = Some(Pairing::default()),
            Token::Close(_) => inside = None,
            Token::Open(None)
            | Token::Text(_)
            | Token::Code(_)
            | Token::Address(_)
            | Token::Mention(_)
            | Token::Emoji(_) => {}
        }
    }
}

impl Pairing {
    fn meet(&mut self, runs: &mut [Run], place: usize) {
        let Some((before, run)) =
            runs.split_at_mut_checked(place).and_then(|(before, rest)| Some((before, rest.first_mut()?)))
        else {
            return;
        };
        while run.closes && run.free > 0 && self.close(before, run) {}
        if run.opens && run.free > 0 {
            self.open.push(place);
        }
    }

    /// Pairs a run with the nearest of its kind, if there is one. What was opened between the two stays text.
    fn close(&mut self, before: &mut [Run], run: &mut Run) -> bool {
        let Some(below) = self.none_below.get_mut(kind(run)) else { return false };
        let height = self.open.len();
        let near = self.open.iter().skip(*below).rposition(|other| {
            work::steps(1);
            before.get(*other).is_some_and(|other| fits(other, run))
        });
        let Some(near) = near else {
            *below = height;
            return false;
        };
        self.open.truncate(*below + near + 1);
        let Some(other) = self.open.last().and_then(|other| before.get_mut(*other)) else { return false };
        let width = run.free.min(other.free).min(2);
        run.free -= width;
        other.free -= width;
        run.ended.push(width);
        other.begun.push(width);
        if other.free == 0 {
            self.open.pop();
        }
        for below in &mut self.none_below {
            *below = (*below).min(self.open.len());
        }
        true
    }
}

/// Whether one may end the other: as many as it has, or some of three.
fn fits(open: &Run, close: &Run) -> bool {
    open.sign == close.sign && (open.free == close.free || open.free == 3 || close.free == 3)
}

/// Runs that look for the same.
fn kind(run: &Run) -> usize {
    match run.sign {
        '*' => run.free - 1,
        '_' => run.free + 2,
        '~' => 6,
        _ => 7,
    }
}
