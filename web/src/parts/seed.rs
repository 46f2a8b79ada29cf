//! Randomness from the browser.

use web_sys::Window;

/// 128 random bits.
pub fn draw(window: &Window) -> [u64; 2] {
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = window.crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    let number = u128::from_le_bytes(bytes);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    let halves = [number as u64, (number >> 64) as u64];
    halves
}
