//! The power goes off: `cargo test --test power_cut -- --ignored --nocapture`.
//!
//! A kill leaves what a run told the system; a power cut leaves what is on the disk. So the outputs go into a
//! file system of their own, in an image. It is made to drop all that was not synced, and mounted again, as at
//! the next start of a machine. What is not seen so: a disk that loses what it said it had.
#![cfg(target_os = "linux")]

#[expect(dead_code, reason = "the rest is for the tests of runs that are killed")]
#[path = "../../corpus/tests/corpus_io/disk.rs"]
mod disk;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use disk::{State, Tree, state, tree};
use tempfile::TempDir;

/// So many cuts come at any moment of a run.
const CUTS: u32 = 200;
/// So many come right after the end of one.
const CUTS_AFTER_THE_END: usize = 30;
/// The time from one cut to the next while the outputs of an earlier run are removed, which takes some milliseconds.
const STEP_AFTER_THE_MANIFEST: Duration = Duration::from_micros(250);

const MANIFEST: &str = "manifest.jsonl";

/// Waits for a byte first: when the moment has come, nothing is to be started any more.
///
/// The call is `FS_IOC_SHUTDOWN` with `FS_SHUTDOWN_FLAGS_NOLOGFLUSH`: nothing more is written, not even the journal
/// of the file system. It is made by another program because in this one it would be unsafe code.
const SHUT_DOWN: &str = "
import fcntl, os, struct, sys
folder = os.open(sys.argv[1], os.O_RDONLY)
print('ready', flush=True)
if sys.stdin.read(1):
    fcntl.ioctl(folder, 0x8004587D, struct.pack('I', 2))
";

struct FileSystem {
    make: &'static [&'static str],
    bytes: u64,
    mount_options: &'static str,
}

const EXT4: FileSystem = FileSystem {
    make: &["mkfs.ext4", "-q"],
    bytes: 64 << 20,
    // Otherwise ext4 itself writes out a file that is to replace another, and hides that a sync is missing.
    mount_options: "loop,noauto_da_alloc",
};

const XFS: FileSystem = FileSystem {
    make: &["mkfs.xfs", "-q"],
    // None is smaller than 300 MB; most of the image is a hole.
    bytes: 320 << 20,
    mount_options: "loop",
};

/// A mounted image. It is unmounted even when a test fails.
struct Mounted<'l> {
    image: PathBuf,
    point: &'l Path,
    is_there: bool,
}

impl<'l> Mounted<'l> {
    fn new(image: PathBuf, point: &'l Path, options: &str) -> Self {
        succeed(Command::new("mount").args(["-o", options]).arg(&image).arg(point));
        Self { image, point, is_there: true }
    }

    fn tree(&self, name: &str) -> Tree {
        tree(&self.point.join(name))
    }

    /// Waits until nobody uses the image. Another process may have made itself a namespace, and with it a copy of all
    /// mounts; as long as that lives, mounting again gives back the file system that was shut down.
    fn unmount(mut self) {
        within_a_minute("the image is unmounted", || run(Command::new("umount").arg(self.point)).status.success());
        self.is_there = false;
        within_a_minute("nobody uses the image", || run(Command::new("losetup").arg("-j").arg(&self.image)).stdout.is_empty());
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        if self.is_there {
            // Lazily, because a run may still be at work there. If it fails there is nobody to tell.
            drop(Command::new("umount").arg("-l").arg(self.point).output());
        }
    }
}

/// Turns the power off.
struct Switch(Child);

impl Switch {
    fn of(mounted: &Mounted) -> Self {
        let mut command = Command::new("python3");
        command.args(["-c", SHUT_DOWN]).arg(mounted.point).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3 starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("it speaks");
        assert_eq!(line, "ready\n");
        Self(child)
    }

    fn turn_off(mut self) {
        self.0.stdin.take().expect("piped").write_all(b"!").expect("it listens");
        assert!(self.0.wait().expect("it ends").success(), "the file system is not shut down");
    }
}

/// Inputs, and an image with the outputs that an earlier run made of what they were before.
struct Lab {
    folder: TempDir,
    system: FileSystem,
    mount_point: PathBuf,
    input: (Tree, Vec<State>),
    old: Tree,
    /// What an undisturbed run leaves.
    new: Tree,
    /// How long an undisturbed run takes.
    time: Duration,
    /// Tests that run at the same time would shift each other's moments.
    _alone: MutexGuard<'static, ()>,
}

impl Lab {
    fn new(system: FileSystem) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = new_folder();
        let mount_point = folder.path().join("mounted");
        fs::create_dir(&mount_point).expect("a folder");
        let (old, new) = (Tree::new(), Tree::new());
        let mut lab = Self { folder, system, mount_point, input: (Tree::new(), Vec::new()), old, new, time: Duration::ZERO, _alone: alone };
        lab.put_inputs(old_inputs());
        lab.old = lab.make_image();
        fs::remove_dir_all(lab.path("in")).expect("removed");
        lab.put_inputs(new_inputs());
        lab.input = lab.input_now();
        (lab.new, lab.time) = lab.run_undisturbed();
        lab
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put_inputs(&self, inputs: Vec<(String, String)>) {
        for (name, text) in inputs {
            let path = self.path("in").join(name);
            fs::create_dir_all(path.parent().expect("it has a name")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
    }

    fn input_now(&self) -> (Tree, Vec<State>) {
        (tree(&self.path("in")), state(&self.path("in")))
    }

    fn make_image(&self) -> Tree {
        let image = self.path("old.img");
        File::create_new(&image).and_then(|image| image.set_len(self.system.bytes)).expect("an image");
        let (program, args) = self.system.make.split_first().expect("a program");
        succeed(Command::new(program).args(args).arg(&image));
        let mounted = Mounted::new(image, &self.mount_point, self.system.mount_options);
        succeed(&mut self.clean("out"));
        let old = mounted.tree("out");
        mounted.unmount();
        old
    }

    /// More than once, because the first time takes longer.
    fn run_undisturbed(&self) -> (Tree, Duration) {
        let run = || {
            let mounted = self.mount_copy();
            let start = Instant::now();
            succeed(&mut self.clean("out"));
            let time = start.elapsed();
            let new = mounted.tree("out");
            mounted.unmount();
            (new, time)
        };
        (0..3).map(|_| run()).min_by_key(|(_, time)| *time).expect("more than none")
    }

    /// The image as the earlier run left it.
    fn mount_copy(&self) -> Mounted<'_> {
        succeed(Command::new("cp").arg("--sparse=always").arg(self.path("old.img")).arg(self.path("now.img")));
        self.mount()
    }

    fn mount(&self) -> Mounted<'_> {
        Mounted::new(self.path("now.img"), &self.mount_point, self.system.mount_options)
    }

    /// What is left when the power is off and on again.
    fn mount_again<'l>(&'l self, mounted: Mounted<'l>) -> Mounted<'l> {
        mounted.unmount();
        self.mount()
    }

    fn emendo(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emendo"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn clean(&self, output: &str) -> Command {
        self.emendo(&["clean", "in", "--isolated", "--no-run-log", "-o", &format!("mounted/{output}")])
    }

    fn verify(&self, output: &str) -> Command {
        self.emendo(&["verify", &format!("mounted/{output}")])
    }

    /// Cuts the power in the middle of a run.
    fn cut(&self, moment: Moment) -> Fell {
        let label = format!("{moment:?}");
        let mounted = self.mount_copy();
        let switch = Switch::of(&mounted);
        let mut run = self.clean("out").spawn().expect("it starts");
        moment.wait(&mut run, &mounted.point.join("out"));
        switch.turn_off();
        let ended = run.wait_with_output().expect("it ends");
        let mounted = self.mount_again(mounted);
        let now = mounted.tree("out");
        self.check_files(&now, &label);
        self.check_manifest(&now, &label);
        let fell = self.fell(&ended, &now, &label);
        self.check_what_follows(&mounted, &now, &label);
        mounted.unmount();
        fell
    }

    /// Each file is old or whole, and none that both runs have is gone, unless it has to make room.
    fn check_files(&self, now: &Tree, label: &str) {
        for (name, bytes) in now.iter().filter(|(name, _)| !is_own(name)) {
            let is_whole = [&self.old, &self.new].iter().any(|tree| tree.get(name) == Some(bytes));
            assert!(is_whole, "{label}: {} is torn, of {} bytes", name.display(), bytes.len());
        }
        // The sums go with the old manifest and come just before the new one.
        let goes = |name: &Path| [MANIFEST, "SHA256SUMS"].iter().any(|gone| name == Path::new(gone));
        let stays = |name: &Path, old| self.new.get(name).is_some_and(|new| is_folder(new) == is_folder(old)) && !goes(name);
        let gone: Vec<_> =
            self.old.iter().filter(|(name, old)| stays(name, old) && !now.contains_key(*name)).map(|(name, _)| name).collect();
        assert!(gone.is_empty(), "{label}: {gone:?} are gone");
    }

    /// A manifest names only what is there.
    fn check_manifest(&self, now: &Tree, label: &str) {
        let manifest = Path::new(MANIFEST);
        let Some(there) = now.get(manifest) else { return };
        let named = if Some(there) == self.new.get(manifest) { &self.new } else { &self.old };
        let missing: Vec<_> = named.iter().filter(|(name, bytes)| now.get(*name) != Some(bytes)).map(|(name, _)| name).collect();
        assert!(missing.is_empty(), "{label}: the manifest names what is not there: {missing:?}");
    }

    /// Whenever a run says that it is done, it is done.
    fn fell(&self, ended: &Output, now: &Tree, label: &str) -> Fell {
        match ended.status.code() {
            Some(0) => {
                expect_tree(now, &self.new, &format!("{label}: success without a result"));
                Fell::After
            }
            Some(2) if differences(now, &self.old).is_empty() => Fell::Before,
            Some(2) if now.get(Path::new(MANIFEST)) == self.new.get(Path::new(MANIFEST)) => Fell::AfterTheManifest,
            Some(2) => Fell::During,
            _ => panic!("{label}: {}", told(ended)),
        }
    }

    /// The same command goes on from there, and no input is touched.
    fn check_what_follows(&self, mounted: &Mounted, now: &Tree, label: &str) {
        if now.contains_key(Path::new(MANIFEST)) {
            succeed_at(label, &mut self.verify("out"));
        }
        succeed_at(label, &mut self.clean("out"));
        expect_tree(&mounted.tree("out"), &self.new, &format!("{label}: the next run ends otherwise"));
        assert!(self.input_now() == self.input, "{label}: inputs are touched");
    }

    /// A kill leaves what no run after it need write, and what nobody has synced.
    fn kill_a_run(&self) {
        let mut run = self.clean("out").spawn().expect("it starts");
        sleep(self.time / 2);
        run.kill().expect("it is ours");
        run.wait().expect("it ends");
    }

    /// Cuts the power as soon as a run has said that it is done.
    fn cut_after_the_end(&self, output: &str, prepare: impl FnOnce(&Path)) {
        let mounted = self.mount_copy();
        prepare(&mounted.point.join(output));
        let switch = Switch::of(&mounted);
        succeed(&mut self.clean(output));
        switch.turn_off();
        let mounted = self.mount_again(mounted);
        expect_tree(&mounted.tree(output), &self.new, &format!("{output}: success without a result"));
        succeed(&mut self.verify(output));
        assert!(self.input_now() == self.input, "inputs are touched");
        mounted.unmount();
    }
}

fn put(tree: &Tree, folder: &Path) {
    fs::create_dir(folder).expect("a folder");
    for (name, bytes) in tree {
        let path = folder.join(name);
        if is_folder(bytes) { fs::create_dir(path) } else { fs::write(path, bytes) }.expect("there is room");
    }
}

/// When a cut is to come.
#[derive(Clone, Copy, Debug)]
enum Moment {
    AfterTheStart(Duration),
    AfterTheManifest(Duration),
}

impl Moment {
    /// One cut of five comes after the manifest: that part of a run is too short to be hit often by chance.
    fn all(time: Duration) -> Vec<Self> {
        let late = CUTS / 5;
        let spread = CUTS - late;
        // A little longer than a run takes, because none takes as long as another.
        let step = time.mul_f64(1.1) / spread;
        let spread = (0..spread).map(|number| Self::AfterTheStart(step * number));
        spread.chain((0..late).map(|number| Self::AfterTheManifest(STEP_AFTER_THE_MANIFEST * number))).collect()
    }

    fn wait(self, run: &mut Child, output: &Path) {
        match self {
            Self::AfterTheStart(delay) => sleep(delay),
            Self::AfterTheManifest(delay) => {
                // Both are there only from the moment when the new one gets its name.
                let is_there = || [MANIFEST, ".emendo-manifest.old"].iter().all(|name| output.join(name).exists());
                while !is_there() && run.try_wait().expect("it is ours").is_none() {}
                sleep(delay);
            }
        }
    }
}

/// When a cut came, by what it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fell {
    /// Nothing that the run did was on the disk.
    Before,
    During,
    /// While the outputs of the earlier run were removed.
    AfterTheManifest,
    /// The run had been successful.
    After,
}

/// In memory where that can be, because most of the time would go into the syncs of a real disk.
fn new_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder")
}

fn small(number: usize, word: &str) -> (String, String) {
    (format!("{}/{number}.txt", number % 9), format!("“{word} {number}”  Isrfael’s “gap”.\n"))
}

fn large(number: usize, word: &str) -> (String, String) {
    let mut text = String::new();
    for line in 0..20_000 {
        writeln!(text, "{word} {number} {line}").expect("a string takes all");
    }
    (format!("large/{number}.txt"), text)
}

fn old_inputs() -> Vec<(String, String)> {
    let mut inputs: Vec<_> = (0..340).map(|number| small(number, "old")).collect();
    inputs.extend((0..3).map(|number| large(number, "old")));
    inputs.extend((0..20).map(|number| (format!("gone/{number}"), format!("gone  {number}\n"))));
    inputs.extend([("folder/a", "a  file\n"), ("file", "a  file\n")].map(|(name, text)| (name.to_owned(), text.to_owned())));
    inputs
}

/// Of four a source is changed, one gone and two are the same; there are new ones; a folder is gone, one is a source
/// now and a source a folder.
fn new_inputs() -> Vec<(String, String)> {
    let word = |number: usize| if number.is_multiple_of(4) { "new" } else { "old" };
    let mut inputs: Vec<_> = (0..340).filter(|number| number % 4 != 1).map(|number| small(number, word(number))).collect();
    inputs.extend((340..420).map(|number| small(number, "new")));
    inputs.extend([large(0, "new"), large(2, "old"), large(3, "new")]);
    inputs.extend([("folder", "a  file\n"), ("file/b", "a  file\n")].map(|(name, text)| (name.to_owned(), text.to_owned())));
    inputs
}

/// What stands for one in a tree.
fn is_folder(bytes: &[u8]) -> bool {
    bytes == b"folder"
}

fn is_own(name: &Path) -> bool {
    name.file_name().is_some_and(|file| file.as_bytes().starts_with(b".emendo"))
}

fn differences<'t>(now: &'t Tree, wanted: &'t Tree) -> Vec<&'t PathBuf> {
    // A lock file that is still there locks nothing.
    let differ = |name: &&PathBuf| now.get(*name) != wanted.get(*name) && !name.ends_with(".emendo.lock");
    now.keys().chain(wanted.keys().filter(|name| !now.contains_key(*name))).filter(differ).collect()
}

fn expect_tree(now: &Tree, wanted: &Tree, label: &str) {
    let differences = differences(now, wanted);
    let some: Vec<_> = differences.iter().take(9).collect();
    assert!(some.is_empty(), "{label}: {} files are other than they should be: {some:?}", differences.len());
}

fn told(output: &Output) -> String {
    format!("{}: {}{}", output.status, String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

#[track_caller]
fn succeed(command: &mut Command) {
    succeed_at("undisturbed", command);
}

#[track_caller]
fn succeed_at(label: &str, command: &mut Command) {
    let output = run(command);
    assert!(output.status.success(), "{label}: {command:?}: {}", told(&output));
}

#[track_caller]
fn within_a_minute(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(60), "not within a minute: {what}");
        sleep(Duration::from_millis(10));
    }
}

#[expect(clippy::print_stderr, reason = "how much was tried is the result")]
fn cut_at_any_moment(system: FileSystem) {
    let lab = Lab::new(system);
    let fell: Vec<_> = Moment::all(lab.time).into_iter().map(|moment| lab.cut(moment)).collect();
    let count = |when| fell.iter().filter(|fell| **fell == when).count();
    let [before, writing, removing, after] = [Fell::Before, Fell::During, Fell::AfterTheManifest, Fell::After].map(count);
    let during = writing + removing;
    eprintln!(
        "{}: a run takes {:?}; {before} cuts before it, {during} during it ({removing} after the manifest), {after} after it",
        lab.system.make[0], lab.time
    );
    assert!(during * 3 >= fell.len(), "only {during} cuts fell during the run");
}

#[expect(clippy::print_stderr, reason = "how much was tried is the result")]
fn cut_right_after_the_end(system: FileSystem) {
    let lab = Lab::new(system);
    for number in 0..CUTS_AFTER_THE_END {
        match number % 4 {
            0 => lab.cut_after_the_end("out", |_| {}),
            1 => lab.cut_after_the_end("new/folder", |_| {}),
            2 => lab.cut_after_the_end("out", |_| lab.kill_a_run()),
            // As a checkout leaves it: all is there, and none of it on the disk.
            _ => lab.cut_after_the_end("copied", |output| put(&lab.new, output)),
        }
    }
    eprintln!("{}: {CUTS_AFTER_THE_END} cuts right after a run", lab.system.make[0]);
}

#[test]
#[ignore = "needs root, a loop device and some minutes"]
fn a_cut_at_any_moment_leaves_old_or_whole_files_on_ext4() {
    cut_at_any_moment(EXT4);
}

#[test]
#[ignore = "needs root, a loop device and some minutes"]
fn a_cut_at_any_moment_leaves_old_or_whole_files_on_xfs() {
    cut_at_any_moment(XFS);
}

#[test]
#[ignore = "needs root, a loop device and some minutes"]
fn what_a_successful_run_wrote_survives_a_cut_on_ext4() {
    cut_right_after_the_end(EXT4);
}

#[test]
#[ignore = "needs root, a loop device and some minutes"]
fn what_a_successful_run_wrote_survives_a_cut_on_xfs() {
    cut_right_after_the_end(XFS);
}
