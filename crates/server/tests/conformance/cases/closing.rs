//! Group 7: good-byes. Each is answered, whatever is wrong with it, and what follows it is not.

use crate::{
    script::{Case, Script},
    wire::{Frame, Heard},
};

const VALID: [u16; 13] = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const INVALID: [u16; 9] = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];
const NO_TEXT: &[u8] = b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited";

/// 7.1.1 to 7.13.2.
pub(crate) fn cases() -> Vec<Case> {
    let hello = || Frame::text("Hello World!");
    let close = || Frame::close(1000, b"");
    let mut cases = vec![
        Case::new("7.1.1", move || Script::send(&[hello()]).hears([Heard::Text("Hello World!".into())])),
        Case::new("7.1.2", move || Script::send(&[close(), Frame::close_of(b"")]).answered(&[1000])),
        Case::new("7.1.3", move || Script::send(&[close(), Frame::ping("")]).answered(&[1000])),
        Case::new("7.1.4", move || Script::send(&[close(), hello()]).answered(&[1000])),
        Case::new("7.1.5", move || {
            let (first, last) = (Frame::text("fragment1").unfinished(), Frame::continuation("fragment2"));
            Script::send(&[first, close(), last]).answered(&[1000])
        }),
        Case::new("7.1.6", move || {
            let long = b"BAsd7&jh23".repeat(256 * 1024 / 10 + 1)[..256 * 1024].to_vec();
            Script::send(&[Frame::text(long.clone()), hello(), close(), Frame::ping("")])
                .hears([Heard::Text(long), Heard::Text("Hello World!".into())])
                .or_hears([])
                .answered(&[1000])
        })
        .raised()
        .informational(),
        Case::new("7.3.1", || Script::send(&[Frame::close_of(b"")]).answered(&[])),
        Case::new("7.3.2", || Script::send(&[Frame::close_of(b"a")]).answered(&[1002])),
        Case::new("7.3.3", move || Script::send(&[close()]).answered(&[1000])),
        Case::new("7.3.4", || Script::send(&[Frame::close(1000, b"Hello World!")]).answered(&[1000])),
        Case::new("7.3.5", || Script::send(&[Frame::close(1000, &[b'*'; 123])]).answered(&[1000])),
        Case::new("7.3.6", || Script::send(&[Frame::close(1000, &[b'*'; 124])]).answered(&[1002])),
        Case::new("7.5.1", || Script::send(&[Frame::close(1000, NO_TEXT)]).answered(&[1002, 1007])),
    ];
    for (number, code) in (1..).zip(VALID) {
        cases.push(Case::new(format!("7.7.{number}"), move || {
            Script::send(&[Frame::close(code, b"")]).answered(&[1000, code])
        }));
    }
    for (number, code) in (1..).zip(INVALID) {
        cases.push(Case::new(format!("7.9.{number}"), move || {
            Script::send(&[Frame::close(code, b"")]).answered(&[1002])
        }));
    }
    for (number, code) in (1..).zip([5000, 65_535]) {
        cases.push(
            Case::new(format!("7.13.{number}"), move || {
                Script::send(&[Frame::close(code, b"")]).answered(&[1000, code, 1002])
            })
            .informational(),
        );
    }
    cases
}
