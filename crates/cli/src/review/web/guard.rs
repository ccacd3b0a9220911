//! Who may ask the page for what: every request passes here first, and every answer last.
//!
//! The page is open to any program on the machine and to every site in the reader's browser. A site can make the browser
//! send requests, and can make a name of its own lead here, but it cannot read the cookie, nor the key in the page.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::SharedState;

/// Nothing is run, shown or asked that does not come from here; nothing else may frame the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// So many bytes a request may carry.
const MOST_BYTES: usize = 1 << 20;

/// So long a request may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);

/// The header with the key that stands in the page.
const KEY_HEADER: HeaderName = HeaderName::from_static("x-emendo-key");

const SITE_HEADER: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The way of the one-time link.
const LINK: &str = "/open/";

/// A random text that nobody guesses.
#[derive(Clone, Debug)]
struct Secret(String);

impl Secret {
    fn new() -> Result<Self, String> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| format!("The system gives no random numbers: {error}."))?;
        Ok(Self(blake3::Hash::from_bytes(bytes).to_hex().to_string()))
    }

    /// Takes as long for any text: digests are compared, and that in equal time.
    fn is(&self, text: &str) -> bool {
        blake3::hash(self.0.as_bytes()) == blake3::hash(text.as_bytes())
    }
}

/// What lets a request in.
#[derive(Debug)]
pub struct Guard {
    hosts: [String; 3],
    cookie_name: String,
    cookie: Secret,
    key: Secret,
    link: Mutex<Option<Secret>>,
    origin: String,
}

/// Why a request is refused.
type Refusal = (StatusCode, &'static str);

impl Guard {
    /// New secrets, for the server on this port.
    pub fn new(port: u16) -> Result<Self, String> {
        Ok(Self {
            hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")],
            cookie_name: format!("emendo-{port}"),
            cookie: Secret::new()?,
            key: Secret::new()?,
            link: Mutex::new(Some(Secret::new()?)),
            origin: format!("http://127.0.0.1:{port}"),
        })
    }

    /// The link that opens the page, once.
    pub fn link(&self) -> String {
        let link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        let secret = link.as_ref().map_or("", |secret| secret.0.as_str());
        format!("{}{LINK}{secret}", self.origin)
    }

    /// The key that the page sends along with what it changes.
    pub fn key(&self) -> &str {
        &self.key.0
    }

    /// The host that was asked for, if it is one of ours.
    fn host<'h>(&self, request: &'h Request) -> Result<&'h str, Refusal> {
        if request.uri().authority().is_some() {
            return Err((StatusCode::BAD_REQUEST, "This is no proxy."));
        }
        let host = only(request.headers(), &HOST).ok_or((StatusCode::BAD_REQUEST, "A request names one host."))?;
        if !self.hosts.iter().any(|own| own == host) {
            return Err((StatusCode::FORBIDDEN, "This host is not served here."));
        }
        Ok(host)
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        let mut own = cookies.filter_map(|cookie| cookie.trim().split_once('=')).filter(|(name, _)| *name == self.cookie_name);
        own.next().is_some_and(|(_, value)| self.cookie.is(value)) && own.next().is_none()
    }

    /// What else a request that changes something needs.
    fn may_change(&self, headers: &HeaderMap, host: &str) -> Result<(), Refusal> {
        if only(headers, &ORIGIN).and_then(|origin| origin.strip_prefix("http://")) != Some(host) {
            return Err((StatusCode::FORBIDDEN, "Only the page itself may change something."));
        }
        if !only(headers, &KEY_HEADER).is_some_and(|key| self.key.is(key)) {
            return Err((StatusCode::FORBIDDEN, "The key is missing or wrong: load the page again."));
        }
        let kind = only(headers, &CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
        if !matches!(kind.as_str(), "application/json" | "application/json; charset=utf-8" | "application/json;charset=utf-8") {
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Only application/json is read."));
        }
        Ok(())
    }

    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        let host = self.host(request)?;
        let headers = request.headers();
        if !self.has_cookie(headers) {
            return Err((
                StatusCode::FORBIDDEN,
                "Open the link that emendo printed. It works once; end emendo and start it again for a new one.",
            ));
        }
        // Another site of this machine gets the cookie sent along: browsers do not part cookies by port.
        if headers.contains_key(SITE_HEADER) && !matches!(only(headers, &SITE_HEADER), Some("same-origin" | "none")) {
            return Err((StatusCode::FORBIDDEN, "Only the page itself may ask for this."));
        }
        match *request.method() {
            Method::GET => Ok(()),
            Method::POST => self.may_change(headers, host),
            _ => Err((StatusCode::METHOD_NOT_ALLOWED, "Only GET and POST are known.")),
        }
    }

    /// Answers the one-time link: the cookie, and the way to the page, whose address holds no secret.
    fn open(&self, request: &Request, secret: &str) -> Response {
        if let Err(refusal) = self.host(request) {
            return refusal.into_response();
        }
        if request.method() != Method::GET {
            return (StatusCode::METHOD_NOT_ALLOWED, "A link is opened with GET.").into_response();
        }
        let home = (LOCATION, HeaderValue::from_static("/"));
        let mut link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        if link.as_ref().is_some_and(|own| own.is(secret)) {
            *link = None;
            let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.cookie_name, self.cookie.0);
            let cookie = HeaderValue::from_str(&cookie).expect("a name and hexadecimal digits");
            return (StatusCode::SEE_OTHER, [home, (SET_COOKIE, cookie)]).into_response();
        }
        // A browser may have opened it ahead, while it was typed.
        if self.has_cookie(request.headers()) {
            return (StatusCode::SEE_OTHER, [home]).into_response();
        }
        (StatusCode::FORBIDDEN, "This link was used already, or is wrong. End emendo and start it again for a new one.").into_response()
    }
}

/// The value of a header that is there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Lets a request in or refuses it; the answer says that nobody else may use it, whatever it is.
pub async fn guard(State(shared): State<SharedState>, request: Request, next: Next) -> Response {
    let mut response = admitted(&shared, request, next).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn admitted(shared: &SharedState, request: Request, next: Next) -> Response {
    if let Some(secret) = request.uri().path().strip_prefix(LINK) {
        return shared.guard.open(&request, secret);
    }
    if let Err(refusal) = shared.guard.admit(&request) {
        return refusal.into_response();
    }
    if request.method() == Method::GET {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    match tokio::time::timeout(ARRIVAL, to_bytes(body, MOST_BYTES)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(head, Body::from(bytes))).await,
        Ok(Err(_)) => (StatusCode::PAYLOAD_TOO_LARGE, "A request may have 1 MiB.").into_response(),
        Err(_) => (StatusCode::REQUEST_TIMEOUT, "The request did not arrive whole in 30 seconds.").into_response(),
    }
}
