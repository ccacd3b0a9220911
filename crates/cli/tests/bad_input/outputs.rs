//! Output folders that cannot be written, and what stands in them already.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::disk::{CLEAN, Disk, ran};

#[test]
fn no_output_that_a_person_edited_is_overwritten() {
    let disk = Disk::new();
    disk.run(CLEAN).expect(0, &[]);
    let whole = disk.outputs("out");
    assert_eq!(whole.len(), 7, "{:?}", whole.keys());
    for (name, bytes) in &whole {
        disk.put(format!("out/{name}"), [bytes, b"edited by hand\n".as_slice()].concat());
        let edited = disk.tree("out");
        disk.run(CLEAN).expect(2, &[name.as_str(), "edited", "use another output folder"]);
        assert_eq!(disk.tree("out"), edited, "nothing was touched");
        disk.put(format!("out/{name}"), bytes);
    }
    disk.run(CLEAN).expect(0, &[]);
    // What a person removed is no edit: it is written again.
    fs::remove_file(disk.path("out/good.txt")).expect("it is there");
    disk.run(CLEAN).expect(0, &[]);
    assert_eq!(disk.outputs("out"), whole);
}

#[test]
fn no_file_of_somebody_else_is_overwritten() {
    for name in ["good.txt", "good.txt.diff", "record/good.txt.jsonl", "documents.csv", "manifest.jsonl", "record"] {
        let disk = Disk::new();
        disk.put(format!("out/{name}"), "somebody's\n");
        disk.put("out/notes.md", "not in the way\n");
        let before = disk.outputs("out");
        disk.run(CLEAN).expect(2, &[name, "use another output folder"]);
        assert_eq!(disk.outputs("out"), before, "{name}");
        fs::remove_file(disk.path(format!("out/{name}"))).expect("it is there");
        disk.run(CLEAN).expect(0, &[]);
        assert_eq!(disk.read("out/notes.md"), "not in the way\n");
    }
}

#[test]
fn an_output_that_is_no_place_for_outputs_is_refused() {
    let disk = Disk::new();
    disk.put("file", "x");
    symlink("in", disk.path("same")).expect("a link");
    let places = [
        ("in", "is the input in: use a folder beside it"),
        ("in/below", "lies in the input in: use a folder beside it"),
        ("same/below", "lies in the input in: use a folder beside it"),
        (".", "holds the input in: use a folder beside it"),
        ("in/../.", "holds the input in: use a folder beside it"),
        ("file", "is not a folder: give another name"),
        ("file/below", "not a folder"),
        ("/dev/null", "is not a folder: give another name"),
        ("/proc/emendo", "no such file or folder"),
    ];
    for (out, said) in places {
        let ran = disk.run(&["clean", "in", "--isolated", "-o", out]);
        ran.expect(2, &["error: ", out, said]);
        assert!(!ran.told.contains("os error"), "{}", ran.told);
    }
    assert_eq!(disk.tree(".").len(), 2, "nothing was written");
}

#[test]
fn an_output_that_may_not_be_written_is_refused() {
    let disk = Disk::new();
    fs::create_dir(disk.path("locked")).expect("a folder");
    fs::set_permissions(disk.path("locked"), fs::Permissions::from_mode(0o555)).expect("it is ours");
    for out in ["locked", "locked/below"] {
        disk.run_unprivileged(&["clean", "in", "--isolated", "-o", out]).expect(2, &[out, "permission denied", "check its permissions"]);
    }
    assert_eq!(disk.tree("locked").len(), 0);

    disk.run_unprivileged(CLEAN).expect(0, &[]);
    fs::set_permissions(disk.path("out"), fs::Permissions::from_mode(0o000)).expect("it can be had");
    for args in [&["verify", "out"][..], &["restore", "out", "-o", "back"], CLEAN] {
        disk.run_unprivileged(args).expect(2, &["out", "permission denied"]);
    }
    fs::set_permissions(disk.path("out"), fs::Permissions::from_mode(0o755)).expect("it can be had");
}

/// Forty sources whose texts are larger than what there is room for.
fn large() -> Disk {
    let disk = Disk::empty();
    for number in 0..40 {
        disk.put(format!("in/{number}.txt"), format!("“{number}” {}\n", "word ".repeat(4000)));
    }
    disk
}

#[track_caller]
fn goes_on_from_there(disk: &Disk) {
    for (name, bytes) in disk.outputs("out") {
        assert!(bytes.ends_with(b"\n"), "{name} is whole");
    }
    assert!(!disk.path("out/manifest.jsonl").exists(), "nothing says that the run was done");
    disk.run(CLEAN).expect(0, &[]);
    disk.run(&["verify", "out"]).expect(0, &["40 sources"]);
}

#[test]
fn where_files_may_not_grow_no_half_file_is_left_and_the_next_run_goes_on() {
    let disk = large();
    let program = env!("CARGO_BIN_EXE_emendo");
    let limited = Command::new("bash")
        .args(["-c", &format!("trap '' XFSZ; ulimit -f 16; exec '{program}' clean in --isolated -o out")])
        .current_dir(disk.path("."))
        .output()
        .expect("bash starts");
    ran(&limited).expect(2, &["Cannot write out/", "too large"]);
    goes_on_from_there(&disk);
}

/// Only the administrator can mount a small disk; the test above stands for this one elsewhere.
#[test]
#[expect(clippy::print_stderr, reason = "what is not tested is told")]
fn on_a_full_disk_no_half_file_is_left_and_the_next_run_goes_on() {
    let disk = large();
    fs::create_dir(disk.path("small")).expect("a folder");
    // The folder is mounted for this process alone, and gone with it; so what is left on it is copied out.
    let script = format!(
        "mount -t tmpfs -o size=256k none small || exit 77; '{}' clean in --isolated -o small/out; code=$?; cp -a small/out out; exit $code",
        env!("CARGO_BIN_EXE_emendo")
    );
    let full = Command::new("unshare").args(["-m", "sh", "-c", &script]).current_dir(disk.path(".")).output();
    let Ok(full) = full.map(|output| ran(&output)) else { return eprintln!("there is no unshare: not tested") };
    if full.code == Some(77) || full.told.starts_with("unshare:") {
        return eprintln!("this user may not mount a disk: not tested\n{}", full.told);
    }
    full.expect(2, &["Cannot write small/out/", "the disk is full; make room and run again"]);
    goes_on_from_there(&disk);
}

#[test]
fn a_second_run_at_the_same_time_is_refused() {
    let disk = Disk::empty();
    for number in 0..600 {
        disk.put(format!("in/{number}.txt"), "“x”\n");
    }
    disk.run(&["clean", "in", "--isolated", "-o", "calm"]).expect(0, &[]);
    let mut first = disk.emendo(CLEAN).stdout(Stdio::null()).spawn().expect("the program starts");
    wait_for("the first text", || disk.path("out/0.txt").exists());
    let signal = |name: &str| Command::new("kill").args([name, &first.id().to_string()]).status().expect("kill starts").success();
    assert!(signal("-STOP"));
    let process = format!("(process {})", first.id());
    disk.run(CLEAN).expect(2, &["Another run writes to out", &process, "wait for it to end, or use another output folder"]);
    assert!(signal("-CONT"));
    assert_eq!(first.wait().expect("it ends").code(), Some(0), "the first run is not disturbed");
    assert_eq!(disk.outputs("out"), disk.outputs("calm"));
}

/// Waits for what a run does; a minute is longer than any machine takes.
pub fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_there() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what} did not come");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn restoring_overwrites_nothing_and_a_damaged_source_does_not_keep_the_others_back() {
    let disk = Disk::new();
    disk.put("in/more.txt", "more  text\n");
    disk.run(CLEAN).expect(0, &[]);
    disk.put("back/more.txt", "mine\n");
    disk.run(&["restore", "out", "-o", "back"]).expect(2, &["back/more.txt", "nothing is overwritten", "another folder"]);
    assert_eq!(disk.tree("back").len(), 1, "nothing was written");

    disk.put("out/record/good.txt.jsonl", "not what emendo wrote\n");
    disk.run(&["restore", "out", "-o", "rest"]).expect(3, &["record/good.txt.jsonl", "emendo verify out", "restored 1 of 2 sources"]);
    assert_eq!(disk.read("rest/more.txt"), "more  text\n");
    assert_eq!(disk.tree("rest").len(), 1);
}
