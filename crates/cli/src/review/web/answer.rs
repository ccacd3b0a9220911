//! What answers are made of: the page, its parts, and JSON in which no text can be anything but text.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;
use serde_json::{Value, json};

use super::SharedState;
use crate::command_error::CommandError;
use emendo_corpus::report::{VisibleText, escape, escape_json};
use emendo_corpus::review::ReviewError;

/// Script, styles and icon.
#[derive(RustEmbed)]
#[folder = "src/review/web/assets"]
struct Assets;

/// The page itself holds no text of the corpus: the script asks for it.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'s> {
    key: &'s str,
}

/// The page.
pub async fn page(State(shared): State<SharedState>) -> Response {
    shared.is_used();
    match (Page { key: shared.guard.key() }).render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// A part of the page, by its name.
pub async fn asset(Path(name): Path<String>) -> Response {
    let kind = match name.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => "image/svg+xml",
    };
    match Assets::get(&name) {
        Some(file) => ([(CONTENT_TYPE, kind)], file.data).into_response(),
        None => (StatusCode::NOT_FOUND, "There is nothing here.").into_response(),
    }
}

/// What browsers ask for unasked.
pub async fn icon() -> Response {
    asset(Path("icon.svg".to_owned())).await
}

/// Why a request was not done.
#[derive(Debug)]
pub struct Trouble {
    status: StatusCode,
    message: VisibleText,
}

impl Trouble {
    /// What was asked for makes no sense.
    pub fn unclear(message: impl Into<VisibleText>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, message: message.into() }
    }

    /// There is no such thing.
    pub fn missing(message: impl Into<VisibleText>) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: message.into() }
    }

    /// The reader saw something else than there is now.
    pub fn stale(message: impl Into<VisibleText>) -> Self {
        Self { status: StatusCode::CONFLICT, message: message.into() }
    }

    /// What is wrong, for people.
    pub fn into_message(self) -> VisibleText {
        self.message
    }

    /// It was tried, and failed.
    pub fn failed(message: impl Into<VisibleText>) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, message: message.into() }
    }
}

impl From<ReviewError> for Trouble {
    fn from(failure: ReviewError) -> Self {
        CommandError::from(failure).into()
    }
}

impl From<CommandError> for Trouble {
    fn from(failure: CommandError) -> Self {
        match failure {
            CommandError::Refused(message) => Self::failed(message),
            CommandError::Rules(_) => Self::failed("The rule files have errors: emendo rules check names them."),
            CommandError::Output(error) => Self::failed(escape(&error.to_string())),
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        (self.status, Inert(json!({ "error": self.message }))).into_response()
    }
}

/// JSON that stays JSON wherever it gets to, and shows what it holds.
#[derive(Debug)]
pub struct Inert(pub Value);

impl IntoResponse for Inert {
    fn into_response(self) -> Response {
        let text = self.0.to_string();
        let text = escape_json(&text).replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        ([(CONTENT_TYPE, "application/json")], text).into_response()
    }
}

/// An answer in JSON.
pub type Answer = Result<Inert, Trouble>;
