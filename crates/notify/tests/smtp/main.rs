//! Letters by a real SMTP server (aiosmtpd), which takes none without STARTTLS and a sign-in.

#![cfg(test)]

use domain::Language;
use domain::letter::{Letter, LetterSubject};
use notify::{Egress, Letterbox, MailAddress, Smtp, SmtpError};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::Value;
use std::net::TcpListener;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio_util::sync::CancellationToken;

/// The Python that has aiosmtpd.
const PYTHON: &str = "AXISOR_TEST_SMTP_PYTHON";

struct MailServer {
    authority: String,
    port: u16,
    heard: Lines<BufReader<ChildStdout>>,
    _process: Child,
    _folder: TempDir,
}

impl MailServer {
    /// `None`, said aloud, where there is no aiosmtpd; a build server must have one.
    async fn start() -> Option<MailServer> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Ok(python) = std::env::var(PYTHON) else {
            assert!(std::env::var("CI").is_err(), "{PYTHON} is not set");
            eprintln!("SKIPPED by SMTP: {PYTHON} is not set; `cargo xtask test` sets it");
            return None;
        };
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        std::fs::write(&certificate, cert.pem()).unwrap();
        std::fs::write(&key, signing_key.serialize_pem()).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp/mailbox.py");
        let mut command = Command::new(python);
        command.arg(script).args([&certificate, &key]).arg(port.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let heard = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut server = MailServer { authority: cert.pem(), port, heard, _process: process, _folder: folder };
        assert_eq!(server.next().await["listening"], true);
        Some(server)
    }

    async fn next(&mut self) -> Value {
        serde_json::from_str(&self.heard.next_line().await.unwrap().expect("a line")).unwrap()
    }

    fn smtp(&self, login: &str, trusts: bool, egress: Egress) -> Smtp {
        let address = MailAddress::read(&format!("smtp://{login}@localhost:{}", self.port)).unwrap();
        let authority = trusts.then_some(self.authority.as_bytes());
        Smtp::new(address, "Axisor <axisor@example.org>", authority, egress).unwrap()
    }
}

fn here() -> Egress {
    Egress::allowing(["localhost".to_owned()])
}

fn letter(language: Language) -> Letter {
    let link = "https://axisor.example/door/reset#token=0123456789abcdef".to_owned();
    Letter { to: "ana@example.org".to_owned(), language, subject: LetterSubject::Reset { link } }
}

#[tokio::test]
async fn a_letter_arrives_by_starttls_in_the_readers_language_with_its_link_whole() {
    let Some(mut server) = MailServer::start().await else { return };
    let (letterbox, carrier) = Letterbox::over(server.smtp("ana:secret%20word", true, here()));
    let stop = CancellationToken::new();
    let carrying = tokio::spawn({
        let stop = stop.clone();
        async move { carrier.run(&stop).await }
    });
    for (language, subject, word) in [
        (Language::English, "Set a new password", "second factor"),
        (Language::Portuguese, "Crie uma senha nova", "sessões"),
    ] {
        letterbox.put(letter(language));
        let told = server.next().await;
        assert_eq!((&told["tls"], &told["login"]), (&Value::from(true), &Value::from(true)), "{told}");
        assert_eq!(told["from"], "axisor@example.org");
        assert_eq!(told["to"], Value::from(vec!["ana@example.org"]));
        assert_eq!(told["subject"], subject);
        let text = told["text"].as_str().unwrap();
        assert!(text.contains("https://axisor.example/door/reset#token=0123456789abcdef"), "{text}");
        assert!(text.contains(word), "{text}");
    }
    stop.cancel();
    carrying.await.unwrap();
    assert_eq!(letterbox.count_lost(), 0);
}

#[tokio::test]
async fn f88_a_letter_goes_to_no_server_that_is_not_who_it_says() {
    let Some(server) = MailServer::start().await else { return };
    let sent = server.smtp("ana:secret%20word", false, here()).deliver(&letter(Language::English)).await;
    assert_eq!(sent, Err(SmtpError::Tls), "its certificate is nobody's");
    let sent = server.smtp("ana:wrong", true, here()).deliver(&letter(Language::English)).await;
    assert_eq!(sent, Err(SmtpError::Refused(535)));
    let sent = server.smtp("ana:secret%20word", true, Egress::default()).deliver(&letter(Language::English)).await;
    assert_eq!(sent, Err(SmtpError::NoWay), "this machine was not named");
    let many = Letter { to: "ana@example.org, eve@example.org".to_owned(), ..letter(Language::English) };
    assert_eq!(server.smtp("ana:secret%20word", true, here()).deliver(&many).await, Err(SmtpError::Recipient));
}

#[tokio::test(start_paused = true)]
async fn f88_a_mail_server_that_falls_silent_is_given_up_and_tried_again_later() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // It takes connections, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("smtp://127.0.0.1:{}", silent.local_addr().unwrap().port());
    let egress = Egress::allowing(["127.0.0.1".to_owned()]);
    let smtp = Smtp::new(MailAddress::read(&address).unwrap(), "axisor@example.org", None, egress).unwrap();
    let letter = letter(Language::English);
    let sent = tokio::time::timeout(std::time::Duration::from_secs(60), smtp.deliver(&letter)).await;
    assert_eq!(sent, Ok(Err(SmtpError::Connection)), "it holds no other letter up");
    assert!(SmtpError::Connection.may_pass());
}
