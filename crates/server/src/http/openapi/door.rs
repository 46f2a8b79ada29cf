//! One method at one address of the API: what answers there, and what the document says of it.

use std::{any, collections::BTreeMap, sync::Arc};

use axum::{
    handler::Handler,
    http::StatusCode,
    routing::{MethodFilter, MethodRouter, on},
};
use serde_json::{Value, json};
use utoipa::{IntoParams, PartialSchema, ToSchema, openapi::path::ParameterIn};

use super::exact;
use crate::House;

const JSON: &str = "application/json";

/// A method at an address.
pub(crate) struct Door {
    pub(super) method: &'static str,
    pub(super) route: MethodRouter<Arc<House>>,
    /// `module.function` of the handler: the operation's name, and the group it is in.
    pub(super) name: String,
    pub(super) summary: &'static str,
    /// Whether it answers to whoever asks.
    pub(super) open: bool,
    pub(super) parameters: Vec<Value>,
    pub(super) body: Option<Value>,
    pub(super) answers: BTreeMap<u16, Value>,
    pub(super) schemas: Vec<(String, Value)>,
}

macro_rules! methods {
    ($($name:ident $filter:ident),*) => {$(
        #[doc = concat!("`", stringify!($filter), "`, answered by a handler, and what it is for.")]
        pub(crate) fn $name<H, T>(handler: H, summary: &'static str) -> Door
        where
            H: Handler<T, Arc<House>>,
            T: 'static,
        {
            Door::new::<H>(stringify!($name), on(MethodFilter::$filter, handler), summary)
        }
    )*};
}
methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);

impl Door {
    fn new<H>(method: &'static str, route: MethodRouter<Arc<House>>, summary: &'static str) -> Self {
        let mut path = any::type_name::<H>().rsplit("::");
        let function = path.next().unwrap_or_default();
        let name = format!("{}.{function}", path.next().unwrap_or_default());
        Self {
            method,
            route,
            name,
            summary,
            open: false,
            parameters: Vec::new(),
            body: None,
            answers: BTreeMap::new(),
            schemas: Vec::new(),
        }
    }

    /// Nobody needs to be signed in.
    pub(crate) fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Parameters of the query string.
    pub(crate) fn asks<P: IntoParams>(mut self) -> Self {
        let parameters = P::into_params(|| Some(ParameterIn::Query));
        self.parameters.extend(parameters.iter().map(|parameter| {
            let mut parameter = json!(parameter);
            exact::never_null(&mut parameter);
            parameter
        }));
        self
    }

    /// A header that has to be there.
    pub(crate) fn needs(mut self, header: &str, schema: &Value) -> Self {
        self.parameters.push(json!({ "name": header, "in": "header", "required": true, "schema": schema }));
        self
    }

    /// A JSON body.
    pub(crate) fn takes<T: ToSchema>(mut self) -> Self {
        let schema = self.knows::<T>();
        self.body = Some(json!({ "required": true, "content": { JSON: { "schema": schema } } }));
        self
    }

    /// A body of plain bytes.
    pub(crate) fn takes_bytes(mut self) -> Self {
        self.body = Some(json!({ "required": true, "content": { "application/octet-stream": {} } }));
        self
    }

    /// 200, with JSON.
    pub(crate) fn gives<T: ToSchema>(self) -> Self {
        self.answers_with::<T>(StatusCode::OK)
    }

    /// 201, with JSON.
    pub(crate) fn makes<T: ToSchema>(self) -> Self {
        self.answers_with::<T>(StatusCode::CREATED)
    }

    /// 204.
    pub(crate) fn gives_nothing(self) -> Self {
        self.says(StatusCode::NO_CONTENT, "Done.")
    }

    /// 200, with bytes of whatever kind they are, or a part of them, or that they are the same as before.
    pub(crate) fn gives_bytes(self) -> Self {
        let bytes = |words: &str| json!({ "description": words, "content": { "*/*": {} } });
        let mut door = self
            .says(StatusCode::NOT_MODIFIED, "The same as before.")
            .says(StatusCode::RANGE_NOT_SATISFIABLE, "There is no such part.");
        door.answers.insert(200, bytes("The bytes."));
        door.answers.insert(206, bytes("The part that was asked for."));
        door
    }

    /// An answer without a body that is documented.
    pub(crate) fn says(mut self, status: StatusCode, words: &str) -> Self {
        self.answers.insert(status.as_u16(), json!({ "description": words }));
        self
    }

    fn answers_with<T: ToSchema>(mut self, status: StatusCode) -> Self {
        let schema = self.knows::<T>();
        let words = status.canonical_reason().unwrap_or_default();
        let answer = json!({ "description": words, "content": { JSON: { "schema": schema } } });
        self.answers.insert(status.as_u16(), answer);
        self
    }

    fn knows<T: ToSchema>(&mut self) -> Value {
        self.schemas.extend(schemas::<T>());
        json!({ "$ref": format!("#/components/schemas/{}", T::name()) })
    }
}

/// The form of a type and of all that it is made of.
pub(super) fn schemas<T: ToSchema>() -> Vec<(String, Value)> {
    let mut found = vec![(T::name().into_owned(), <T as PartialSchema>::schema())];
    T::schemas(&mut found);
    found.into_iter().map(|(name, schema)| (name, json!(schema))).collect()
}
