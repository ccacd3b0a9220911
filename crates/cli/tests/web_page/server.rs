//! emendo with its page, on a copy of nothing: the seeds are only read. Requests are written byte by byte, as no client
//! would write them.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// The program.
pub const EMENDO: &str = env!("CARGO_BIN_EXE_emendo");

/// A server, and what a reader's browser knows of it.
pub struct Server {
    pub child: Child,
    pub port: u16,
    pub link: String,
    pub cookie: String,
    pub key: String,
    pub disk: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The values of a header.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// On the seeds, with the page opened.
    pub fn start() -> Self {
        Self::on(&Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("seeds"))
    }

    pub fn on(corpus: &Path) -> Self {
        Self::opened(Self::unopened(corpus))
    }

    /// With rules of a folder as well.
    pub fn with_rules(corpus: &Path, rules: &Path) -> Self {
        Self::opened(Self::spawn(corpus, &["--rules".as_ref(), rules.as_os_str()]))
    }

    fn opened(mut server: Self) -> Self {
        let way = server.link.split_once(&format!(":{}", server.port)).expect("a link names its port").1.to_owned();
        let opened = server.raw(&server.get(&way, ""));
        assert_eq!((opened.status, opened.header("location")), (303, vec!["/"]), "{opened:?}");
        let cookies = opened.header("set-cookie");
        let [cookie] = cookies.as_slice() else { panic!("{opened:?}") };
        assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/") && cookie.starts_with(&format!("emendo-{}=", server.port)));
        cookie.split(';').next().expect("it has a value").clone_into(&mut server.cookie);
        let page = server.raw(&server.get("/", &server.let_in()));
        let key = page.body.split("name=\"emendo-key\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        key.expect("the page holds its key").clone_into(&mut server.key);
        server
    }

    /// Before anybody has used the link.
    pub fn unopened(corpus: &Path) -> Self {
        Self::spawn(corpus, &["--isolated".as_ref()])
    }

    fn spawn(corpus: &Path, args: &[&OsStr]) -> Self {
        let disk = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(EMENDO)
            .arg("review")
            .arg(corpus)
            .args(["--web", "--format", "json", "--by", "A. Reader"])
            .args(args)
            .arg("--decisions")
            .arg(disk.path().join("decisions.jsonl"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("emendo starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("emendo says its link");
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
        let address = said["link"].as_str().expect("it is a text").to_owned();
        let port =
            address.split(':').nth(2).and_then(|rest| rest.split('/').next()).and_then(|port| port.parse().ok()).expect("it has a port");
        Self { child, port, link: address, cookie: String::new(), key: String::new(), disk }
    }

    pub fn decisions(&self) -> PathBuf {
        self.disk.path().join("decisions.jsonl")
    }

    /// What was decided so far.
    pub fn decided(&self) -> Vec<u8> {
        std::fs::read(self.decisions()).unwrap_or_default()
    }

    /// The header that lets a reader in.
    pub fn let_in(&self) -> String {
        format!("Cookie: {}\r\n", self.cookie)
    }

    /// A request as a browser would write it.
    pub fn get(&self, way: &str, headers: &str) -> String {
        format!("GET {way} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{headers}Connection: close\r\n\r\n", self.port)
    }

    /// The headers of a request that changes something.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("Host", format!("127.0.0.1:{}", self.port)),
            ("Cookie", self.cookie.clone()),
            ("Origin", format!("http://127.0.0.1:{}", self.port)),
            ("Content-Type", "application/json".to_owned()),
            ("X-Emendo-Key", self.key.clone()),
        ]
    }

    pub fn ask(&self, way: &str) -> Answer {
        self.raw(&self.get(way, &self.let_in()))
    }

    pub fn post(&self, way: &str, body: &Value) -> Answer {
        self.raw(&post(way, &self.headers(), &body.to_string()))
    }

    /// Sends bytes, and reads until the connection is closed.
    pub fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
        // The server may close the connection before all has arrived.
        let _ = stream.write_all(request.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).expect("answers are UTF-8");
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }
}

/// A request with a body.
pub fn post(way: &str, headers: &[(&str, String)], body: &str) -> String {
    let headers = headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect::<String>();
    format!("POST {way} HTTP/1.1\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}
