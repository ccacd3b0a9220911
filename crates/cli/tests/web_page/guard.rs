//! Who is let in. After each refusal nothing is decided, and the page still works.

use serde_json::{Value, json};

use crate::server::{Answer, Server, post};

/// A body that decides something, if anybody lets it.
fn decision(server: &Server) -> Value {
    let groups = server.ask("/api/groups?view=1&count=5").json();
    let group = groups["groups"][0]["id"].as_str().expect("the seeds have groups").to_owned();
    let items = server.ask(&format!("/api/items?view=1&count=5&group={group}")).json();
    let item = &items["items"][0];
    json!({ "review": groups["review"], "stamp": item["stamp"], "id": item["id"], "scope": "here", "verdict": "accept" })
}

#[track_caller]
fn refused(server: &Server, request: &str, statuses: &[u16]) -> Answer {
    let answer = server.raw(request);
    assert!(statuses.contains(&answer.status), "{answer:?}\nto {}", &request[..request.len().min(400)]);
    assert!(server.decided().is_empty(), "{}", &request[..request.len().min(400)]);
    answer
}

/// The headers but one, which becomes these.
fn but(server: &Server, name: &str, values: &[String]) -> Vec<(&'static str, String)> {
    let mut headers = server.headers();
    let at = headers.iter().position(|(known, _)| *known == name).expect("a header of ours");
    let (name, _) = headers.remove(at);
    headers.splice(at..at, values.iter().map(|value| (name, value.clone())));
    headers
}

#[test]
fn only_the_own_host_is_served() {
    let server = Server::start();
    let body = decision(&server).to_string();
    let port = server.port;
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}:{port}\r\n{}Connection: close\r\n\r\n", server.let_in());
        assert_eq!(server.raw(&request).status, 200, "{host}");
    }
    let other = port ^ 1;
    let hosts = [
        "evil.invalid".to_owned(),
        format!("evil.invalid:{port}"),
        format!("127.0.0.1.evil.invalid:{port}"),
        format!("127.0.0.1:{port}.evil.invalid"),
        format!("evil.invalid@127.0.0.1:{port}"),
        format!("127.0.0.1:{other}"),
        "127.0.0.1".to_owned(),
        "localhost".to_owned(),
        format!("LOCALHOST:{port}"),
        format!("localhost.:{port}"),
        format!("127.0.0.1:{port}:{port}"),
        format!("127.0.0.1:0{port}"),
        format!("127.1:{port}"),
        format!("2130706433:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::]:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("::1:{port}"),
        "[".to_owned(),
        "[]".to_owned(),
        ":".to_owned(),
        "%00".to_owned(),
        "\u{e9}".to_owned(),
        String::new(),
        format!("127.0.0.1:{port}, evil.invalid"),
        format!("127.0.0.1:{port}/"),
    ];
    for host in &hosts {
        for way in ["/", "/api/state", "/assets/page.js", "/nothing"] {
            refused(&server, &format!("GET {way} HTTP/1.1\r\nHost: {host}\r\n{}Connection: close\r\n\r\n", server.let_in()), &[400, 403]);
        }
        refused(&server, &post("/api/decide", &but(&server, "Host", std::slice::from_ref(host)), &body), &[400, 403]);
    }
    let own = format!("127.0.0.1:{port}");
    for doubled in [[own.clone(), own.clone()], [own.clone(), "evil.invalid".to_owned()], ["evil.invalid".to_owned(), own.clone()]] {
        refused(&server, &post("/api/decide", &but(&server, "Host", &doubled), &body), &[400, 403]);
    }
    refused(&server, &post("/api/decide", &but(&server, "Host", &[]), &body), &[400]);
    refused(&server, &format!("GET / HTTP/1.0\r\n{}\r\n", server.let_in()), &[400]);
    // A request to a proxy names the host twice.
    refused(&server, &server.get("http://evil.invalid/api/state", &server.let_in()), &[400, 403]);
    refused(&server, &server.get(&format!("http://{own}/api/state"), &server.let_in()), &[400, 403]);
    assert_eq!(server.post("/api/decide", &decision(&server)).status, 200);
}

#[test]
fn only_the_own_origin_changes_something() {
    let server = Server::start();
    let body = decision(&server).to_string();
    let port = server.port;
    let origins = [
        "http://evil.invalid".to_owned(),
        format!("http://evil.invalid:{port}"),
        "null".to_owned(),
        format!("http://127.0.0.1:{}", port ^ 1),
        "http://127.0.0.1".to_owned(),
        format!("http://127.0.0.1:{port}.evil.invalid"),
        format!("http://127.0.0.1.evil.invalid:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("http://127.0.0.1:{port}/"),
        format!("HTTP://127.0.0.1:{port}"),
        format!("127.0.0.1:{port}"),
        String::new(),
    ];
    for way in ["/api/decide", "/api/undo", "/api/redo", "/api/questions", "/api/again", "/api/finish"] {
        for origin in &origins {
            refused(&server, &post(way, &but(&server, "Origin", std::slice::from_ref(origin)), &body), &[403]);
        }
        let own = format!("http://127.0.0.1:{port}");
        refused(&server, &post(way, &but(&server, "Origin", &[]), &body), &[403]);
        refused(&server, &post(way, &but(&server, "Origin", &[own.clone(), own]), &body), &[403]);
    }
    for site in ["cross-site", "same-site", "", "SAME-ORIGIN"] {
        let headers = [server.headers(), vec![("Sec-Fetch-Site", site.to_owned())]].concat();
        refused(&server, &post("/api/decide", &headers, &body), &[403]);
        refused(&server, &server.get("/api/state", &format!("{}Sec-Fetch-Site: {site}\r\n", server.let_in())), &[403]);
    }
    let headers = [server.headers(), vec![("Sec-Fetch-Site", "same-origin".to_owned())]].concat();
    assert_eq!(server.raw(&post("/api/decide", &headers, &body)).status, 200);
}

#[test]
fn nothing_is_shown_without_the_cookie() {
    let server = Server::start();
    let body = decision(&server).to_string();
    let cookies = [
        String::new(),
        format!("Cookie: emendo-{}=\r\n", server.port),
        format!("Cookie: emendo-{}={}\r\n", server.port, "0".repeat(64)),
        format!("Cookie: emendo-{}={}\r\n", server.port ^ 1, server.cookie.split_once('=').expect("a value").1),
        format!("Cookie: {}0\r\n", server.cookie),
        format!("Cookie: {}\r\n", &server.cookie[..server.cookie.len() - 1]),
        format!("Cookie: x{}\r\n", server.cookie),
        format!("Cookie: {}; {}x\r\n", server.cookie, server.cookie),
    ];
    for cookie in &cookies {
        for way in [
            "/",
            "/assets/page.js",
            "/assets/page.css",
            "/assets/icon.svg",
            "/favicon.ico",
            "/api/state",
            "/api/facets",
            "/api/groups?view=1&count=1",
            "/api/items?group=g",
            "/api/item?id=c",
            "/api/sample?group=g&size=1&seed=1",
            "/api/document?number=0&from=0",
            "/api/reach?id=g&scope=here",
            "/api/decide",
            "/nothing",
            "/assets/nothing",
            "/open",
            "/open/",
            "/open/x",
        ] {
            let answer = refused(&server, &server.get(way, cookie), &[403]);
            assert!(!answer.body.contains(&server.key) && answer.body.len() < 200, "{answer:?}");
        }
        let value = cookie.trim_start_matches("Cookie: ").trim_end();
        let values = if value.is_empty() { vec![] } else { vec![value.to_owned()] };
        refused(&server, &post("/api/decide", &but(&server, "Cookie", &values), &body), &[403]);
    }
    let with_others = format!("Cookie: a=b; {}; c=d\r\n", server.cookie);
    assert_eq!(server.raw(&server.get("/api/state", &with_others)).status, 200);
}

#[test]
fn the_key_of_the_page_is_needed_as_well() {
    let server = Server::start();
    let body = decision(&server).to_string();
    let cookie = server.cookie.split_once('=').expect("a value").1.to_owned();
    let wrong = [String::new(), "0".repeat(64), cookie, server.key.to_uppercase() + "A", server.key[1..].to_owned()];
    for key in &wrong {
        refused(&server, &post("/api/decide", &but(&server, "X-Emendo-Key", std::slice::from_ref(key)), &body), &[403]);
    }
    refused(&server, &post("/api/decide", &but(&server, "X-Emendo-Key", &[]), &body), &[403]);
    refused(&server, &post("/api/decide", &but(&server, "X-Emendo-Key", &[server.key.clone(), server.key.clone()]), &body), &[403]);
    assert_eq!(server.raw(&post("/api/decide", &server.headers(), &body)).status, 200);
}

#[test]
fn the_link_works_once() {
    let seeds = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("seeds");
    let server = Server::unopened(&seeds);
    let way = format!("/open/{}", server.link.rsplit('/').next().expect("a secret"));
    assert_eq!(way.len(), "/open/".len() + 64);
    // Neither the head of it, nor a wrong one, nor another host uses it up.
    for (request, status) in [
        (server.get(&way, "").replace("GET", "HEAD"), 405),
        (server.get(&way, "").replace("GET", "POST"), 405),
        (server.get(&way[..way.len() - 1], ""), 403),
        (server.get("/open/", ""), 403),
        (server.get(&way, "").replace("127.0.0.1", "evil.invalid"), 403),
    ] {
        let answer = server.raw(&request);
        assert!(answer.status == status && answer.header("set-cookie").is_empty(), "{answer:?}");
    }
    let first = server.raw(&server.get(&way, ""));
    let cookie = first.header("set-cookie")[0].split(';').next().expect("a value").to_owned();
    assert_eq!(first.status, 303);
    let second = server.raw(&server.get(&way, ""));
    assert!(second.status == 403 && second.header("set-cookie").is_empty() && second.header("location").is_empty(), "{second:?}");
    // A browser that opened it ahead has the cookie already.
    let again = server.raw(&server.get(&way, &format!("Cookie: {cookie}\r\n")));
    assert_eq!((again.status, again.header("location"), again.header("set-cookie")), (303, vec!["/"], vec![]));
}

#[test]
fn only_post_with_json_changes_something() {
    let server = Server::start();
    let body = decision(&server).to_string();
    for way in ["/api/decide", "/api/undo", "/api/redo", "/api/questions", "/api/again", "/api/finish"] {
        refused(&server, &server.get(way, &server.let_in()), &[405]);
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "post", "X"] {
            let request = post(way, &server.headers(), &body).replacen("POST", method, 1);
            refused(&server, &request, &[400, 403, 405]);
        }
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=a",
            "application/jsonp",
            "text/plain; application/json",
            "",
            "application/json; charset=utf-7",
        ] {
            refused(&server, &post(way, &but(&server, "Content-Type", &[kind.to_owned()]), &body), &[415]);
        }
        refused(&server, &post(way, &but(&server, "Content-Type", &[]), &body), &[415]);
    }
    for way in ["/", "/api/state", "/api/groups", "/assets/page.js"] {
        refused(&server, &post(way, &server.headers(), &body), &[405]);
    }
    refused(&server, &post("/nothing", &server.headers(), &body), &[404]);
}

#[test]
fn what_is_too_large_or_no_request_is_refused() {
    let server = Server::start();
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20));
    refused(&server, &post("/api/decide", &server.headers(), &large), &[413]);
    let chunk = "x".repeat(1 << 16);
    let chunked = format!("{:x}\r\n{chunk}\r\n", chunk.len()).repeat(17);
    let head = post("/api/decide", &server.headers(), "").replace("Content-Length: 0", "Transfer-Encoding: chunked");
    refused(&server, &format!("{head}{chunked}0\r\n\r\n"), &[413]);
    refused(&server, &server.get("/", &format!("{}X: {}\r\n", server.let_in(), "x".repeat(20 << 10))), &[431]);
    refused(&server, &server.get("/", &format!("{}{}", server.let_in(), "X: x\r\n".repeat(100))), &[431]);
    refused(&server, &server.get(&format!("/{}", "x".repeat(20 << 10)), &server.let_in()), &[414, 431]);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "1",
        "\"\"",
        "{}",
        "{\"review\":1}",
        "{\"review\":-1}",
        "{\"review\":1e99}",
        "\u{0}",
        &"[".repeat(100_000),
        "{\"review\":1,\"stamp\":\"\",\"id\":\"c\",\"width\":\"here\",\"verdict\":\"accept\",\"other\":1}",
        "{\"review\":1,\"stamp\":\"\",\"id\":\"c\",\"width\":\"here\",\"verdict\":\"withdraw\"}",
        "{\"review\":1,\"stamp\":\"\",\"id\":\"../../etc/passwd\",\"width\":\"here\",\"verdict\":\"accept\"}",
    ] {
        refused(&server, &post("/api/decide", &server.headers(), body), &[404, 422]);
    }
    for garbage in ["x\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{1b}[2J\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        refused(&server, garbage, &[0, 400, 403, 505]);
    }
    assert_eq!(server.ask("/api/state").status, 200);
}

#[test]
fn every_answer_says_that_it_is_nobody_elses() {
    let server = Server::start();
    let let_in = server.let_in();
    let no_host = format!("GET / HTTP/1.0\r\n{let_in}\r\n");
    let answers = [
        (200, server.get("/", &let_in)),
        (200, server.get("/assets/page.js", &let_in)),
        (200, server.get("/assets/page.css", &let_in)),
        (200, server.get("/favicon.ico", &let_in)),
        (200, server.get("/api/state", &let_in)),
        (200, server.get("/api/groups?view=1&count=3", &let_in)),
        (303, server.get(server.link.split_at("http://127.0.0.1:".len() + server.port.to_string().len()).1, &let_in)),
        (400, no_host),
        (400, server.get("/api/groups?count=x", &let_in)),
        (403, server.get("/", "")),
        (403, server.get("/open/x", "")),
        (404, server.get("/nothing", &let_in)),
        (404, server.get("/assets/nothing.js", &let_in)),
        (404, server.get("/api/document?number=999&from=0", &let_in)),
        (405, server.get("/api/decide", &let_in)),
        (405, server.get("/", &let_in).replace("GET", "OPTIONS")),
        (422, post("/api/decide", &server.headers(), "{}")),
    ];
    for (status, request) in answers {
        let answer = server.raw(&request);
        assert_eq!(answer.status, status, "{request}\n{answer:?}");
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.len() == 1 && policy[0].contains(part) && !policy[0].contains("unsafe"), "{request}\n{answer:?}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), [value], "{request}");
        }
        assert!(!answer.head.to_lowercase().contains("access-control-"), "{answer:?}");
        assert!(answer.header("content-type").iter().all(|kind| !kind.contains("html")) || request.starts_with("GET / "), "{answer:?}");
    }
}

#[test]
fn no_way_leads_to_a_file() {
    let server = Server::start();
    for way in [
        "/../Cargo.toml",
        "/assets/../mod.rs",
        "/assets/..%2f..%2fguard.rs",
        "/assets/%2e%2e/guard.rs",
        "/assets//etc/passwd",
        "/assets/page.html",
        "/assets/%00page.js",
        "/assets/page.js%00",
        "/assets/.",
        "/assets/",
        "/assets",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/decisions.jsonl",
        "/seeds/000_1ad945f829456fdb.txt",
        "/api/document?number=../../etc/passwd&from=0",
        "/api/document?number=-1&from=0",
        "/api/document?name=000_1ad945f829456fdb.txt&from=0",
        "/api/document?number=18446744073709551616&from=0",
        "/api/..%2fassets/page.js",
    ] {
        let answer = refused(&server, &server.get(way, &server.let_in()), &[400, 404]);
        assert!(!answer.body.contains("root:") && answer.body.len() < 300, "{way}: {answer:?}");
    }
}
