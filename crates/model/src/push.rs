//! Where messages are pushed to when no page of a person's is open.

/// What a browser gives out so that its device can be pushed to (RFC 8030 and 8291). Whoever knows the address can push there, so it
/// is shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The address at the push service, made for this device.
    pub endpoint: String,
    /// The device's public key: a point of the curve P-256, uncompressed.
    pub public_key: Vec<u8>,
    /// What the device and this server share.
    pub auth: Vec<u8>,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription(…)")
    }
}
