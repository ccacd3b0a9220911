//! Ctrl-C and termination signals: how a command ends early between two pieces of work.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

/// Set by a signal.
static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// Whether a signal ends the process at once, as it does without a handler.
static ENDS_AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(true)));

/// Installs the handlers of the process. Only `main` calls this: they belong to the program, and not to a library.
///
/// A signal ends the process at once until a command says that it looks for signals itself.
///
/// # Errors
///
/// The system refuses a handler.
pub fn install_signal_handler() -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    #[cfg(unix)]
    let signals = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
    #[cfg(not(unix))]
    let signals = [SIGINT, SIGTERM];
    for signal in signals {
        signal_hook::flag::register_conditional_default(signal, ENDS_AT_ONCE.clone())?;
        signal_hook::flag::register(signal, INTERRUPTED.clone())?;
    }
    Ok(())
}

/// From now on a signal ends nothing: the command looks at [`interrupted`] between two pieces of work.
pub fn catch_interrupts() {
    ENDS_AT_ONCE.store(false, Ordering::SeqCst);
}

/// Whether somebody interrupted the process: set by a signal.
pub fn interrupted() -> &'static AtomicBool {
    &INTERRUPTED
}

/// Whether somebody interrupted the process.
#[cfg(any(feature = "screen", feature = "web"))]
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}
