//! `emendo review --web`: a page on this machine on which a reader decides. It listens on loopback only, and ends with the
//! review: by the reader, by Ctrl-C, or when nobody has used it for an hour.

mod answer;
mod api;
mod document;
mod guard;
mod review;
mod shown;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use self::guard::Guard;
use self::review::Review;
use crate::args::{OutputFormat, ReviewArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use crate::interrupt;
use crate::outcome::ExitStatus;
use emendo_corpus::report::escape;
use emendo_corpus::review::ReviewWorkspace;
use emendo_corpus::shown;

/// So long the page waits for its reader.
const IDLE: Duration = Duration::from_secs(60 * 60);

/// So often it is looked whether the page is to end, and what others have decided.
const TICK: Duration = Duration::from_millis(250);

/// So many connections at once: a browser opens six.
const CONNECTIONS: usize = 64;

/// So long the head of a request may take to arrive, and an idle connection may stay.
const HEAD_ARRIVAL: Duration = Duration::from_secs(30);

/// So many bytes the head of a request may have.
const HEAD_BYTES: usize = 16 << 10;

/// So many headers a request may have.
const HEADERS: usize = 64;

/// So long open answers may take once the page is to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// What all requests share.
pub type SharedState = Arc<Room>;

/// See [`SharedState`].
pub struct Room {
    guard: Guard,
    review: Mutex<Review>,
    /// Whether the page is to end.
    ends: watch::Sender<bool>,
    /// Whether everything is to be cleaned again, for what was accepted has brought up new questions.
    again: AtomicBool,
    /// When the reader did something last.
    used: Mutex<Instant>,
}

impl Room {
    /// The review, for one at a time. A panic in a request must not take it away from the reader.
    fn review(&self) -> MutexGuard<'_, Review> {
        self.review.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_used(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn idle(&self) -> Duration {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// Serves the page until the review ends.
pub fn run(args: &ReviewArgs, desk: ReviewWorkspace, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| cannot("start", &error))?;
    let outcome = runtime.block_on(serve(args, desk, console));
    runtime.shutdown_timeout(FAREWELL);
    outcome
}

fn cannot(what: &'static str, error: &dyn std::fmt::Display) -> CommandError {
    CommandError::refused(shown!(
        "The page cannot {}: {}. Decide with plain commands: emendo review --list",
        what,
        escape(&error.to_string())
    ))
}

async fn serve(args: &ReviewArgs, desk: ReviewWorkspace, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|error| cannot("listen", &error))?;
    let port = listener.local_addr().map_err(|error| cannot("listen", &error))?.port();
    // Not every machine has the newer protocol; the link names the older one.
    let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
    let shared = Arc::new(Room {
        guard: Guard::new(port).map_err(|why| CommandError::refused(escape(&why)))?,
        review: Mutex::new(Review::new(desk, args)),
        ends: watch::channel(false).0,
        again: AtomicBool::new(false),
        used: Mutex::new(Instant::now()),
    });
    let listeners: Vec<TcpListener> = std::iter::once(listener).chain(second).collect();
    let serving = tokio::spawn(accept(listeners, shared.clone()));
    tell_link(args, &shared, console)?;
    let outcome = until_the_end(args, &shared, console).await?;
    shared.ends.send_replace(true);
    // What hangs then is let go.
    let _ = tokio::time::timeout(FAREWELL, serving).await;
    farewell(args, &shared, console)?;
    Ok(outcome)
}

fn tell_link(args: &ReviewArgs, shared: &SharedState, console: &mut Console) -> Result<(), CommandError> {
    let link = shared.guard.link();
    match args.format {
        OutputFormat::Json => console.json(&format!("{}\n", serde_json::json!({ "type": "page", "link": link })))?,
        OutputFormat::Human => console.out(shown!(
            "Open this link in a browser on this machine; it works once:\n  {}\n\
             Every decision is saved at once, in {}. To end: Finish on the page, or Ctrl-C here.\n",
            escape(&link),
            escape(&shared.review().desk.file())
        ))?,
    }
    Ok(console.flush()?)
}

fn farewell(args: &ReviewArgs, shared: &SharedState, console: &mut Console) -> Result<(), CommandError> {
    let review = shared.review();
    if args.format == OutputFormat::Human {
        let file = review.desk.file();
        let more = if review.saved > 0 { "; emendo review --undo takes the last one back" } else { "" };
        console.out(shown!("The page is closed. {} saved in {}{}\n", counted(review.saved, "decision"), escape(&file), more))?;
    }
    Ok(())
}

/// Takes in what others decide, and looks for new questions, until the page is to end.
async fn until_the_end(args: &ReviewArgs, shared: &SharedState, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let mut ends = shared.ends.subscribe();
    loop {
        // An error: nobody is left who could end it.
        if let Ok(Ok(())) = tokio::time::timeout(TICK, ends.changed()).await {
            return Ok(ExitStatus::Done);
        }
        if interrupt::is_interrupted() {
            return Ok(ExitStatus::Interrupted);
        }
        if shared.idle() > IDLE {
            return Ok(ExitStatus::Done);
        }
        if shared.again.swap(false, Ordering::SeqCst) {
            // The one thread is busy with it; requests wait.
            match crate::review::open(args, console) {
                Ok(Some(desk)) => shared.review().clean_again(desk),
                Ok(None) => return Ok(ExitStatus::Interrupted),
                Err(failure) => shared.review().could_not_clean(failure),
            }
        }
        let shared = shared.clone();
        let looked = tokio::task::spawn_blocking(move || shared.review().look_around()).await;
        looked.map_err(|error| cannot("go on", &error))?;
    }
}

/// Takes connections, so many at a time, until the page is to end; then waits for open answers.
async fn accept(listeners: Vec<TcpListener>, shared: SharedState) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let router = router(&shared);
    let mut ends = shared.ends.subscribe();
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let stream = tokio::select! {
            stream = next(&listeners) => stream,
            _ = ends.changed() => break,
        };
        // What is over makes room.
        while connections.try_join_next().is_some() {}
        let (router, ends) = (router.clone(), shared.ends.subscribe());
        connections.spawn(async move {
            connection(stream, router, ends).await;
            drop(place);
        });
    }
    while connections.join_next().await.is_some() {}
}

/// The next connection that somebody of this machine makes.
async fn next(listeners: &[TcpListener]) -> TcpStream {
    loop {
        let accepted = match listeners {
            [one, other, ..] => tokio::select! {
                accepted = one.accept() => accepted,
                accepted = other.accept() => accepted,
            },
            [one] => one.accept().await,
            [] => std::future::pending().await,
        };
        match accepted {
            Ok((stream, SocketAddr::V4(from))) if from.ip().is_loopback() => return stream,
            Ok((stream, SocketAddr::V6(from))) if from.ip().is_loopback() => return stream,
            Ok(_) => {}
            // No descriptors, say: that passes.
            Err(_) => tokio::time::sleep(TICK).await,
        }
    }
}

async fn connection(stream: TcpStream, router: Router, mut ends: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_ARRIVAL).max_buf_size(HEAD_BYTES).max_headers(HEADERS);
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)));
    // How a connection ends is its own affair.
    tokio::select! {
        _ = serving.as_mut() => {}
        _ = ends.changed() => {
            serving.as_mut().graceful_shutdown();
            let _ = serving.await;
        }
    }
}

fn router(shared: &SharedState) -> Router {
    Router::new()
        .route("/", get(answer::page))
        .route("/assets/{name}", get(answer::asset))
        .route("/favicon.ico", get(answer::icon))
        .route("/api/state", get(api::state))
        .route("/api/facets", get(api::facets))
        .route("/api/groups", get(api::groups))
        .route("/api/items", get(api::items))
        .route("/api/item", get(api::item))
        .route("/api/sample", get(api::sample))
        .route("/api/document", get(api::document))
        .route("/api/reach", get(api::reach))
        .route("/api/decide", post(api::decide))
        .route("/api/undo", post(api::undo))
        .route("/api/redo", post(api::redo))
        .route("/api/questions", post(api::questions))
        .route("/api/again", post(api::again))
        .route("/api/finish", post(api::finish))
        .fallback(async || (StatusCode::NOT_FOUND, "There is nothing here."))
        .layer(from_fn_with_state(shared.clone(), guard::guard))
        .with_state(shared.clone())
}
