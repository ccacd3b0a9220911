//! What comes out proves itself, whatever went in.

use std::fs;
use std::process::Command;

use crate::disk::{CLEAN, Disk, Ran};

const ARTICLE: &str = " F-N-S-T-A-R-T. 1 F-N-E-N-D.  D-A-T-E-S-T-A-R-T. 2024-01-24 D-A-T-E-E-N-D.  T-I-T-L-E-S-T-A-R-T. A “title” T-I-T-L-E-E-N-D.  T-E-X-T-S-T-A-R-T. Isrfael said.  No T-E-X-T-E-N-D. ";

/// Sources of every kind that the program keeps.
fn disk() -> Disk {
    let disk = Disk::new();
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
    let wide = "\u{feff}Isrfael  “said” 𝄞\r\nso.";
    disk.put("in/wide-le.txt", utf16(wide, u16::to_le_bytes));
    disk.put("in/wide-be.txt", utf16(wide, u16::to_be_bytes));
    disk.put("in/half.txt", [&utf16(wide, u16::to_le_bytes)[..], &[0, 0xd8]].concat());
    disk.put("in/marked.txt", "\u{feff}“x”  y");
    disk.put("in/only-mark.txt", "\u{feff}");
    disk.put("in/empty.txt", "");
    disk.put("in/line-ends.txt", "a\r\nb\rc\n\r\nd  e\u{2028}f\u{85}g");
    disk.put("in/no-end.txt", "Isrfael");
    disk.put("in/latin.txt", b"caf\xe9 Isrfael\n");
    disk.put("in/two.txt", [ARTICLE, ARTICLE].concat());
    disk.put("in/broken.txt", [ARTICLE, &ARTICLE[..150], ARTICLE, "left over", ARTICLE].concat());
    disk.put("in/wide-two.txt", utf16(&["\u{feff}", ARTICLE, "left over", ARTICLE].concat(), u16::to_le_bytes));
    disk.put("in/nested/deep/a b.txt", "\u{200b}Isr\u{200b}fael\u{a0}\u{a0}x\t\ty \n\n\n\n");
    disk.put("in/\u{1b}[31m\u{202e}\n.txt", "“x”\n");
    disk
}

#[test]
fn the_sources_come_back_byte_for_byte_from_the_outputs_alone() {
    let disk = disk();
    disk.run(CLEAN).expect(3, &[]);
    let sources = disk.tree("in");
    fs::rename(disk.path("in"), disk.path("gone")).expect("it can be renamed");
    disk.run(&["verify", "out"]).expect(0, &["whole"]);
    disk.run(&["restore", "out", "-o", "back"]).expect(0, &[&format!("restored {} sources", sources.len())]);
    assert_eq!(disk.tree("back"), sources);
    disk.run(&["restore", "out", "-o", "one", "wide-le.txt"]).expect(0, &["restored 1 source"]);
    assert_eq!(disk.tree("one").len(), 1);
    assert_eq!(disk.read("out/wide-le.txt"), "Israel \"said\" 𝄞\nso.\n");
}

#[test]
fn one_altered_byte_of_any_output_is_found() {
    let disk = disk();
    disk.run(CLEAN).expect(3, &[]);
    let outputs = disk.outputs("out");
    for (name, bytes) in &outputs {
        let path = disk.path("out").join(name);
        let found = |altered: &[u8], how: &str| {
            fs::write(&path, altered).expect("it can be written");
            disk.run(&["verify", "out"]).expect(1, &["NOT whole"]);
            assert!(!how.is_empty());
        };
        for at in [0, bytes.len() / 3, bytes.len() * 2 / 3, bytes.len().saturating_sub(1)].into_iter().filter(|at| *at < bytes.len()) {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            found(&altered, &format!("byte {at} of {name}"));
        }
        found(&[bytes.as_slice(), b"\n"].concat(), &format!("a line feed more in {name}"));
        fs::remove_file(&path).expect("it can be removed");
        // Without a manifest there is nothing to verify, and without sums there is no seal, which not every folder has.
        if name != "manifest.jsonl" && name != "SHA256SUMS" {
            disk.run(&["verify", "out"]).expect(1, &["NOT whole"]);
        }
        fs::write(&path, bytes).expect("it can be written");
    }
    disk.run(&["verify", "out"]).expect(0, &["whole"]);
}

#[test]
fn the_seal_that_clean_prints_is_the_one_that_verify_asks_for() {
    let disk = disk();
    let seal = |ran: &Ran| {
        let line = ran.lines().find_map(|line| line.strip_prefix("  seal       "));
        line.unwrap_or_else(|| panic!("no seal: {}", ran.told)).to_owned()
    };
    let first = seal(&disk.run(CLEAN));
    disk.run(&["verify", "out", "--seal", &first]).expect(0, &["whole", &format!("seal {first}")]);
    disk.run(&["verify", "out", "--seal", &first.to_uppercase()]).expect(0, &["whole"]);
    disk.run(&["verify", "out", "--seal", &first[1..]]).expect(2, &["64 hexadecimal digits"]);
    disk.put("in/good.txt", "Something else.\n");
    let second = seal(&disk.run(CLEAN));
    disk.run(&["verify", "out", "--seal", &first]).expect(1, &["SHA256SUMS: The seal of this folder is", &second]);
    // A list that somebody made anew after a change of theirs fits to itself, but not to the manifest or the seal.
    let sums = disk.read("out/SHA256SUMS");
    let other: String = sums.split_inclusive('\n').skip(1).collect();
    disk.put("out/SHA256SUMS", &other);
    disk.run(&["verify", "out"]).expect(1, &["SHA256SUMS: It and the manifest do not both name the file"]);
    fs::remove_file(disk.path("out/SHA256SUMS")).expect("it can be removed");
    disk.run(&["verify", "out"]).expect(1, &["SHA256SUMS: It is missing"]);
    disk.run(&["verify", "out", "--seal", &second]).expect(1, &["SHA256SUMS: It is missing"]);
    let json = disk.run(&["clean", "in", "--isolated", "-o", "out", "--format", "json"]);
    assert!(json.told.contains(&format!("\"seal\": \"{second}\"")), "{}", json.told);
}

#[test]
fn neither_threads_nor_order_nor_a_second_run_nor_the_locale_change_a_byte() {
    let disk = disk();
    disk.put("more/z.txt", "“z”\n");
    let (forth, back) = (["in", "more"], ["more", "in"]);
    let clean = |paths: [&str; 2], out: &str, threads: &str| {
        let ran = disk.run(&[&["clean"][..], &paths, &["--isolated", "-o", out, "--threads", threads]].concat());
        ran.expect(3, &[]);
        // What to type next names the paths as they were typed.
        (disk.outputs(out), ran.told.replace(out, "OUT").replace("review more in", "review in more"))
    };
    let first = clean(forth, "out1", "1");
    assert!(first.0.len() > 40, "{:?}", first.0.keys());
    for (paths, out, threads) in [(forth, "out2", "2"), (back, "out8", "8"), (back, "out1", "8")] {
        assert_eq!(clean(paths, out, threads), first, "{out}");
    }
    let odd =
        disk.emendo(&["clean", "in", "more", "--isolated", "-o", "odd"]).env("LC_ALL", "tr_TR.UTF-8").env("TZ", "Asia/Kathmandu").output();
    assert_eq!(odd.expect("the program starts").status.code(), Some(3));
    assert_eq!(disk.outputs("odd"), first.0);
}

#[test]
fn each_diff_gives_its_article_back_through_patch() {
    let disk = Disk::new();
    disk.put("in/line-ends.txt", "a\r\nb\n\r\nd  e\n");
    disk.put("in/no-end.txt", "Isrfael\nno end");
    disk.run(CLEAN).expect(0, &[]);
    for name in ["good.txt", "line-ends.txt", "no-end.txt"] {
        let work = disk.put("work.txt", disk.read(&format!("out/{name}")));
        let patch = Command::new("patch").args(["--binary", "-R", "-s"]).arg(&work).arg(disk.path(format!("out/{name}.diff"))).output();
        assert!(patch.as_ref().is_ok_and(|patch| patch.status.success()), "{name}: {patch:?}");
        assert_eq!(disk.read("work.txt"), disk.read(&format!("in/{name}")), "{name}");
    }
}
