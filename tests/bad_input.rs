//! Bad input through the whole program: a clear message, the rest done, the exit status true, and
//! nothing lost, half-written or shown raw.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn emendo() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emendo"));
    command.stdin(Stdio::null());
    command
}

fn run(args: &[&str], folder: &Path) -> (Option<i32>, String) {
    let output = emendo().args(args).current_dir(folder).output().expect("the program starts");
    let told = told(&output);
    assert_inert(&told);
    (output.status.code(), told)
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Nothing that a terminal obeys or hides.
fn assert_inert(told: &str) {
    let raw = told.chars().find(|c| {
        (c.is_control() && *c != '\n') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(raw, None, "{told:?}");
}

/// A folder with `in`, which holds one good file, and room for `out`.
fn disk() -> TempDir {
    let disk = tempfile::tempdir().expect("a folder");
    put(&disk, "in/good.txt", "It said Isrfael\u{2019}s “gap”.\n");
    disk
}

fn put(disk: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = disk.path().join(name);
    fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
    fs::write(&path, bytes).expect("it can be written");
    path
}

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    if !folder.exists() {
        return files;
    }
    for entry in ignore::WalkBuilder::new(folder).standard_filters(false).build() {
        let path = entry.expect("the folder can be read").into_path();
        if fs::symlink_metadata(&path).expect("it is there").is_file() {
            files.insert(
                path.strip_prefix(folder).expect("it lies there").to_string_lossy().into_owned(),
                fs::read(&path).expect("it can be read"),
            );
        }
    }
    files
}

const CLEAN: &[&str] = &["clean", "in", "--isolated", "-o", "out"];

#[test]
fn every_bad_input_is_named_and_the_rest_is_done() {
    let disk = disk();
    put(&disk, "outside.txt", "secret");
    put(&disk, "in/latin.txt", b"caf\xe9\n");
    put(&disk, "in/photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0");
    put(&disk, "in/.hidden", "x");
    put(&disk, "in/wide.txt", [0xff, 0xfe, b'a', 0, b' ', 0, b' ', 0, b'b', 0]);
    put(&disk, "in/half.txt", [0xff, 0xfe, 0x00, 0xd8]);
    put(&disk, "in/broken.txt", " F-N-S-T-A-R-T. 1 F-N-E-N-D.  T-E-X-T-S-T-A-R-T. cut off");
    put(&disk, "in/\u{1b}[31m\u{202e}evil\n.txt", "\u{1b}]0;title\u{7} two  spaces\u{202e} and “marks”\n");
    symlink("../outside.txt", disk.path().join("in/out-of-root.txt")).expect("a link");
    symlink(".", disk.path().join("in/loop")).expect("a link");
    symlink("nowhere", disk.path().join("in/dangling.txt")).expect("a link");
    assert!(Command::new("mkfifo").arg(disk.path().join("in/pipe.txt")).status().expect("mkfifo starts").success());
    let before = tree(&disk.path().join("in"));

    let (code, told) = run(CLEAN, disk.path());
    assert_eq!(code, Some(3), "{told}");
    for named in ["latin.txt", "half.txt", "broken.txt", "out-of-root.txt", "loop", "dangling.txt", "pipe.txt"] {
        assert!(told.contains(&format!("{named}:")), "{named} in {told}");
    }
    assert!(told.contains("hidden") && !told.contains("secret"), "{told}");
    assert_eq!(fs::read_to_string(disk.path().join("out/good.txt")).expect("it was cleaned"), "It said Israel's \"gap\".\n");
    assert_eq!(
        fs::read_to_string(disk.path().join("out/wide.txt")).expect("it was cleaned"),
        "\u{feff}a b\n".trim_start_matches('\u{feff}')
    );
    assert_eq!(fs::read(disk.path().join("out/problems/latin.txt")).expect("it was kept"), b"caf\xe9\n");
    assert_eq!(tree(&disk.path().join("in")), before, "inputs are never touched");

    let (code, told) = run(&["verify", "out"], disk.path());
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = run(&["restore", "out", "-o", "back"], disk.path());
    assert_eq!(code, Some(0), "{told}");
    let back = tree(&disk.path().join("back"));
    for name in ["good.txt", "latin.txt", "wide.txt", "half.txt", "broken.txt", "\u{1b}[31m\u{202e}evil\n.txt"] {
        assert_eq!(back.get(name), before.get(name), "{name:?} comes back byte for byte");
    }
    for args in
        [&["diff", "out"][..], &["diff", "--waiting", "out"], &["preview", "in", "--isolated"], &["clean", "--check", "in", "--isolated"]]
    {
        run(args, disk.path());
    }
    let (code, told) = run(&[CLEAN, &["--allow-problems", "50"]].concat(), disk.path());
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn what_a_person_edited_or_put_there_is_not_overwritten() {
    let disk = disk();
    assert_eq!(run(CLEAN, disk.path()).0, Some(0));
    let text = put(&disk, "out/good.txt", "edited by hand\n");
    let (code, told) = run(CLEAN, disk.path());
    assert_eq!((code, told.contains("good.txt") && told.contains("edited")), (Some(2), true), "{told}");
    assert_eq!(fs::read_to_string(text).expect("it is there"), "edited by hand\n");

    put(&disk, "other/good.txt", "somebody's\n");
    let (code, told) = run(&["clean", "in", "--isolated", "-o", "other"], disk.path());
    assert_eq!((code, told.contains("good.txt")), (Some(2), true), "{told}");
    assert_eq!(tree(&disk.path().join("other")).get("good.txt").map(Vec::as_slice), Some(&b"somebody's\n"[..]));
}

#[test]
fn an_output_that_cannot_be_written_is_refused() {
    let disk = disk();
    put(&disk, "file", "x");
    for out in ["in", "in/below", ".", "file", "/proc/emendo"] {
        let (code, told) = run(&["clean", "in", "--isolated", "-o", out], disk.path());
        assert_eq!(code, Some(2), "{out}: {told}");
        assert!(told.starts_with("error: "), "{out}: {told}");
    }
    assert_eq!(tree(disk.path()).len(), 2, "nothing was written");
}

#[test]
fn a_full_disk_leaves_no_half_file_and_the_next_run_goes_on() {
    let disk = disk();
    for number in 0..40 {
        put(&disk, &format!("in/{number}.txt"), format!("“{number}” {}\n", "word ".repeat(4000)));
    }
    // A limit on the size of files stands for a full disk: writes beyond it fail.
    let program = env!("CARGO_BIN_EXE_emendo");
    let limited = Command::new("bash")
        .args(["-c", &format!("trap '' XFSZ; ulimit -f 16; exec '{program}' clean in --isolated -o out")])
        .current_dir(disk.path())
        .output()
        .expect("bash starts");
    assert_eq!(limited.status.code(), Some(2), "{}", told(&limited));
    assert!(told(&limited).contains("too large") && told(&limited).contains("out/"), "{}", told(&limited));
    for (name, bytes) in tree(&disk.path().join("out")).iter().filter(|(name, _)| !name.contains(".emendo")) {
        assert!(bytes.ends_with(b"\n"), "{name} is whole");
    }
    assert_eq!(run(CLEAN, disk.path()).0, Some(0));
    assert_eq!(run(&["verify", "out"], disk.path()).0, Some(0));
}

#[test]
fn a_killed_or_interrupted_run_leaves_whole_files_and_the_next_one_ends_as_if_undisturbed() {
    let disk = disk();
    for number in 0..1500 {
        put(&disk, &format!("in/{number:04}.txt"), format!("“{number}”  {}\n", "Isrfael ".repeat(200)));
    }
    assert_eq!(run(&["clean", "in", "--isolated", "-o", "calm"], disk.path()).0, Some(0));
    let calm = tree(&disk.path().join("calm"));
    for (signal, delay) in [("INT", 40), ("INT", 250), ("KILL", 60), ("KILL", 300)] {
        let mut child =
            emendo().args(CLEAN).current_dir(disk.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(delay));
        let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().expect("kill starts");
        let ended = child.wait().expect("it ends");
        // Where the run was done sooner than the signal, there is nothing to see this time.
        if sent.success() && signal == "INT" && !ended.success() {
            assert_eq!(ended.code().unwrap_or(130), 130);
        }
        for (name, bytes) in tree(&disk.path().join("out")).iter().filter(|(name, _)| !name.contains(".emendo")) {
            assert_eq!(Some(bytes), calm.get(name), "{name} is whole");
        }
    }
    assert_eq!(run(CLEAN, disk.path()).0, Some(0));
    assert_eq!(
        tree(&disk.path().join("out")).into_iter().filter(|(name, _)| !name.contains(".emendo")).collect::<BTreeMap<_, _>>(),
        calm.into_iter().filter(|(name, _)| !name.contains(".emendo")).collect()
    );
}

#[test]
fn the_exit_status_tells_the_truth_when_nobody_can_listen() {
    let disk = disk();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("there is such a device");
    let run = emendo().args(["preview", "in", "--isolated"]).current_dir(disk.path()).stdout(full).output().expect("it starts");
    assert_eq!(run.status.code(), Some(2), "{}", told(&run));
    let mut child = emendo()
        .args(["rules", "list", "--isolated"])
        .current_dir(disk.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(0), "a reader who has read enough is no fault: {}", told(&ended));
}

#[test]
fn rules_and_decisions_that_cannot_be_read_stop_the_run_before_it_starts() {
    let disk = disk();
    put(&disk, "emendo.toml", "");
    put(&disk, "rules/typos/house.tsv", "wrong\tright\nb\ta\na\tb\n");
    put(&disk, "rules/dashes/house.toml", "[[rule]]\nid = 'x'\nfind = '('\n");
    let (code, told) = run(&["clean", "in", "-o", "out"], disk.path());
    assert_eq!(code, Some(2), "{told}");
    for named in ["house.tsv:2", "house.tsv:3", "dashes/house.toml:1", "dashes/house.toml:3", "help"] {
        assert!(told.contains(named), "{named} in {told}");
    }
    let decisions = put(&disk, "decisions.jsonl", "{}\nnonsense\n");
    let (code, told) =
        run(&["clean", "in", "--isolated", "-o", "out", "--decisions", decisions.to_str().expect("it is UTF-8")], disk.path());
    assert_eq!((code, told.contains("decisions.jsonl:1") && told.contains("decisions.jsonl:2")), (Some(2), true), "{told}");
    assert!(!disk.path().join("out").exists(), "nothing was written");
}

#[test]
fn decisions_are_kept_and_stale_ones_listed() {
    let disk = disk();
    let lines = [
        r#"{"schema_version":1,"decision":"replace","with":"It Said","width":"everywhere","rule":"typos/recurring/Isrfael","before":"Isrfael\u2019s","after":"Israel's"}"#,
        r#"{"schema_version":1,"decision":"reject","width":"document","source":"good.txt","rule":"quotes/curly-double","before":"“","after":"\""}"#,
        r#"{"schema_version":1,"decision":"reject","width":"document","source":"good.txt","rule":"quotes/curly-double","before":"nothing","after":"of the kind"}"#,
    ];
    put(&disk, "decisions.jsonl", lines.join("\n") + "\n");
    let (code, told) = run(&[CLEAN, &["--decisions", "decisions.jsonl"]].concat(), disk.path());
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("stale") && told.contains("line 3") && !told.contains("line 2"), "{told}");
    assert_eq!(fs::read_to_string(disk.path().join("out/good.txt")).expect("it was cleaned"), "It said Israel's “gap\".\n");
}
