//! What is pushed to this person's devices, and does it arrive?

use model::{Session, Timestamp, limits::PUSH_HEALTH_MS};
use protocol::http::{PushDevice, PushHealth};
use store::{
    Fault,
    push::{self, Health, Told},
};

use crate::{Failure, House};

/// The devices of whoever asks, and, for an administrator, how pushes fare on the whole.
pub(crate) async fn pushes(house: &House, session: &Session) -> Result<(Vec<PushDevice>, Option<PushHealth>), Failure> {
    let (now, user, admin) = ((house.clock)(), session.person.id, session.admin);
    let read = house.store.read::<_, Fault, _>(move |conn| {
        Box::pin(async move {
            let told = push::of_user(conn, user, now).await?;
            let health = if admin { Some(push::health(conn, now.plus_ms(-PUSH_HEALTH_MS), now).await?) } else { None };
            Ok((told, health))
        })
    });
    let (told, health) = read.await?;
    let devices = told.into_iter().map(|told| device(told, session)).collect();
    let health =
        health.map(|Health { devices, arrived, failed, silent }| PushHealth { devices, arrived, failed, silent });
    Ok((devices, health))
}

/// The device of this id, if it is this person's.
pub(crate) async fn device_of(
    house: &House,
    session: &Session,
    id: model::PushId,
) -> Result<Option<push::Device>, Failure> {
    let (now, user): (Timestamp, _) = ((house.clock)(), session.person.id);
    let read = house.store.read::<_, Fault, _>(move |conn| Box::pin(push::of_user(conn, user, now)));
    Ok(read.await?.into_iter().map(|told| told.device).find(|device| device.id == id))
}

fn device(told: Told, session: &Session) -> PushDevice {
    let Told { device, created_at, sent_at, arrived_at, failed } = told;
    // The host alone: whoever knows the whole address can push there.
    let uri: Option<axum::http::Uri> = device.subscription.endpoint.parse().ok();
    let service = uri.as_ref().and_then(|uri| uri.host()).unwrap_or_default().to_owned();
    let (failed_at, failure) = failed.unzip();
    let here = device.session == session.id;
    PushDevice { id: device.id, here, service, created_at, sent_at, arrived_at, failed_at, failure }
}
