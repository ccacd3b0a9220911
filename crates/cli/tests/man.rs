//! Completions and manual pages: each shell and each command has its own.

use std::process::{Command, Output};

fn emendo(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emendo")).args(args).output().expect("emendo can be run")
}

fn told(args: &[&str]) -> String {
    let output = emendo(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

#[test]
fn every_shell_learns_the_commands_and_their_options() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = told(&["completions", shell]);
        for word in ["preview", "restore", "allow-problems"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page_with_its_options_and_examples() {
    for command in [
        "preview",
        "clean",
        "diff",
        "why",
        "map",
        "verify",
        "restore",
        "rules",
        "rules check",
        "schema",
        "rules list",
        "rules show",
        "rules try",
        "rules add",
        "init",
        "completions",
        "man",
    ] {
        let page = told(&[&["man"], &command.split(' ').collect::<Vec<_>>()[..]].concat());
        let title = format!(".TH emendo-{} 1", command.replace(' ', "-"));
        assert!(page.contains(&title) && page.contains(".SH SYNOPSIS"), "{page}");
    }
    assert!(told(&["man"]).contains("emendo\\-clean(1)") && told(&["man", "clean"]).contains("allow\\-problems"));
    assert_eq!(emendo(&["man", "clena"]).status.code(), Some(2));
}
