//! What is refused at start, and in which words.

use super::*;
use crate::cli::{Cli, Command};
use clap::Parser;

fn check(arguments: &[&str]) -> Result<Configuration, ConfigurationError> {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let given = ["axisor", "serve", "--data", data].into_iter().chain(arguments.iter().copied());
    let Command::Serve(arguments) = Cli::try_parse_from(given).unwrap().command else { panic!("serve") };
    Configuration::check(*arguments)
}

#[test]
fn a_configuration_that_cannot_work_says_what_to_change() {
    assert!(check(&[]).is_ok());
    assert!(matches!(check(&["--demo", "--listen", "0.0.0.0:1"]), Err(ConfigurationError::DemoInPublic(_))));
    assert!(matches!(check(&["--database", "mysql://x"]), Err(ConfigurationError::Database)));
    assert!(matches!(check(&["--public-url", "http://a.org"]), Err(ConfigurationError::PublicUrl)));
    assert!(matches!(check(&["--public-url", "https://a.org/x"]), Err(ConfigurationError::PublicUrl)));
    assert!(matches!(check(&["--paper-source", "moon"]), Err(ConfigurationError::PaperSource(_))));
    assert!(matches!(check(&["--paper-balance", "0"]), Err(ConfigurationError::PaperBalance)));
    assert!(matches!(check(&["--alarm-url", "http://ntfy.sh/x"]), Err(ConfigurationError::AlarmAddress(_))));
    assert!(matches!(check(&["--heartbeat-url", "nonsense"]), Err(ConfigurationError::AlarmAddress(_))));
}

#[test]
fn keys_go_over_plain_http_to_this_machine_only() {
    for refused in ["http://api.lnmarkets.com", "http://127.0.0.1.evil.org", "ftp://127.0.0.1", "https://", ""] {
        let tried = check(&["--lnm-endpoint", refused]);
        assert!(matches!(tried, Err(ConfigurationError::Endpoint)), "{refused}");
    }
    for accepted in ["http://127.0.0.1:9", "http://[::1]:9", "http://localhost:9/", "https://api.lnmarkets.com"] {
        assert!(check(&["--lnm-endpoint", accepted]).is_ok(), "{accepted}");
    }
}

#[test]
fn f38_play_money_is_not_called_live_where_others_come_in() {
    let played = ["--lnm-endpoint", "http://127.0.0.1:9"];
    let open = [["--listen", "0.0.0.0:13010"], ["--public-url", "https://a.org"]];
    for open in &open {
        let refused = check(&[&played[..], open].concat());
        assert!(matches!(refused, Err(ConfigurationError::PlayedLive(_))), "{open:?}");
        assert!(check(open).is_ok(), "the exchange itself may be live anywhere");
    }
    assert!(check(&played).is_ok(), "a test on this machine plays for itself");
}

#[test]
fn another_market_is_asked_only_about_real_prices() {
    let asked = |arguments: &[&str]| check(arguments).unwrap().second_opinion;
    let binance = SecondOpinionSource::Binance { endpoint: None };
    let local = ["--lnm-endpoint", "http://127.0.0.1:9"];
    assert_eq!(asked(&[]), binance);
    assert_eq!(asked(&["--second-opinion", "none"]), SecondOpinionSource::Nobody);
    assert_eq!(asked(&["--demo"]), SecondOpinionSource::Nobody);
    assert_eq!(asked(&local), SecondOpinionSource::Nobody);
    assert_eq!(asked(&[&local[..], &["--second-opinion", "binance"]].concat()), binance);
    let refused = check(&["--binance-endpoint", "http://example.com"]);
    assert!(matches!(refused, Err(ConfigurationError::Endpoint)));
}

#[test]
fn an_api_origin_is_named_whole() {
    let origins = |text: &str| check(&["--api-origins", text]).map(|checked| checked.api_origins.len());
    assert_eq!(origins("https://charts.example.org,https://x.example:8443").unwrap(), 2);
    for refused in
        ["*", "null", "http://x.example", "https://x.example/", "https://*.example", "https://X.example", "https://"]
    {
        assert!(matches!(origins(refused), Err(ConfigurationError::ApiOrigin)), "{refused}");
    }
}

#[test]
fn f78_an_alarm_goes_into_a_private_network_only_where_it_was_named() {
    let alarm = ["--alarm-url", "https://192.168.1.2/x"];
    assert!(matches!(check(&alarm), Err(ConfigurationError::AlarmAddress(_))));
    assert!(check(&[&alarm[..], &["--private-hosts", "nas,192.168.1.2"]].concat()).is_ok());
}

#[test]
fn a_database_password_is_not_shown() {
    let configuration = check(&["--database", "postgres://ana:hunter2@db/axisor?sslmode=require"]).unwrap();
    assert!(!format!("{configuration:?}").contains("hunter2"));
}

#[test]
fn f78_the_log_is_sent_to_no_place_that_anyone_can_listen_at() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let fits = |arguments: &[&str]| {
        let given = ["axisor", "serve"].into_iter().chain(arguments.iter().copied());
        let Command::Serve(arguments) = Cli::try_parse_from(given).unwrap().command else { panic!("serve") };
        assert!(!format!("{arguments:?}").contains("hunter2"), "the address is not shown");
        check_log(&arguments).is_ok()
    };
    assert!(fits(&[]) && fits(&["--log-url", "https://ana:hunter2@logs.example.org/insert"]));
    assert!(!fits(&["--log-url", "http://ana:hunter2@logs.example.org/"]));
    assert!(!fits(&["--log-url", "http://127.0.0.1:9428/"]));
    assert!(fits(&["--log-url", "http://127.0.0.1:9428/", "--private-hosts", "127.0.0.1"]));
}

#[test]
fn the_database_of_another_machine_is_reached_over_tls_unless_its_host_was_named() {
    let plain = ["--database", "postgres://ana:hunter2@db.example.org/axisor"];
    let refused = check(&plain).unwrap_err();
    assert!(matches!(&refused, ConfigurationError::PlainDatabase(host) if host == "db.example.org"));
    assert!(refused.to_string().contains("?sslmode=verify-full") && !refused.to_string().contains("hunter2"));
    assert!(check(&["--database", "postgres://ana@db.example.org/axisor?sslmode=verify-full"]).is_ok());
    assert!(check(&["--database", "postgres://ana@127.0.0.1/axisor"]).is_ok());
    for named in ["--private-hosts", "--database-hosts"] {
        assert!(check(&[&plain[..], &[named, "cache,db.example.org"]].concat()).is_ok(), "{named}");
        assert!(check(&[&plain[..], &[named, "example.org"]].concat()).is_err(), "{named}");
    }
}

#[test]
fn a_server_that_speaks_tls_itself_is_as_secure_as_one_behind_a_proxy() {
    let tls = check(&["--tls-cert", "a.crt", "--tls-key", "a.key"]).unwrap();
    assert!(tls.is_secure());
    assert_eq!(
        (tls.base_url(), tls.passkey_origin()),
        ("https://127.0.0.1:13010".into(), "https://localhost:13010".into())
    );
    let plain = check(&[]).unwrap();
    assert!(!plain.is_secure() && plain.base_url().starts_with("http://"));
    assert!(Cli::try_parse_from(["axisor", "serve", "--tls-cert", "a.crt"]).is_err(), "a certificate needs its key");
}
