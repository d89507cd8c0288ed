use super::*;
use std::sync::Mutex;
use tokio::net::TcpListener;

#[test]
fn f78_only_safe_addresses_are_taken() {
    let here = ["127.0.0.1", "::1", "localhost"].map(str::to_owned);
    let egress = Egress::allowing(here);
    for good in ["https://ntfy.sh/mine", "http://127.0.0.1:8080/x", "http://[::1]/", "http://localhost/"] {
        assert!(egress.check(good).is_ok(), "{good}");
    }
    for bad in [
        "http://ntfy.sh/mine",
        "http://127.0.0.1.evil.org/",
        "https://ana:hunter2@ntfy.sh/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "nonsense",
        "",
    ] {
        assert!(matches!(egress.check(bad), Err(AddressError::Address)), "{bad}");
    }
}

#[test]
fn f78_a_private_number_needs_to_be_named_however_it_is_written() {
    for private in [
        "https://127.0.0.1/",
        "http://127.0.0.1:13010/",
        "http://localhost/",
        "https://LOCALHOST/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://172.31.255.255/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
    ] {
        assert!(matches!(Egress::default().check(private), Err(AddressError::Private)), "{private}");
    }
    assert!(Egress::allowing(["192.168.1.1".to_owned()]).check("https://192.168.1.1/").is_ok());
    assert!(Egress::allowing(["192.168.1.1".to_owned()]).check("https://192.168.1.2/").is_err());
    for public in ["https://1.1.1.1/", "https://[2606:4700:4700::1111]/", "https://172.32.0.1/", "https://100.128.0.1/"]
    {
        assert!(Egress::default().check(public).is_ok(), "{public}");
    }
}

/// A name server that answers each question with the next of its answers, and the last one for ever.
struct Changing(Mutex<Vec<&'static [&'static str]>>);

#[async_trait::async_trait]
impl Lookup for Changing {
    async fn look_up(&self, _name: &str) -> io::Result<Vec<IpAddr>> {
        let mut answers = self.0.lock().unwrap();
        let answer = if 1 < answers.len() { answers.remove(0) } else { answers[0] };
        Ok(answer.iter().map(|address| address.parse().unwrap()).collect())
    }
}

fn guarded(egress: Egress, answers: &[&'static [&'static str]]) -> Guarded {
    Guarded { egress, lookup: Arc::new(Changing(Mutex::new(answers.to_vec()))) }
}

async fn resolved(guarded: &Guarded) -> Option<Vec<String>> {
    let name = "hook.example.org".parse().unwrap();
    guarded.resolve(name).await.ok().map(|found| found.map(|address| address.ip().to_string()).collect())
}

#[tokio::test]
async fn f78_a_name_that_changes_its_mind_leads_into_no_private_network() {
    let rebinding = guarded(Egress::default(), &[&["93.184.215.14"], &["169.254.169.254"], &["127.0.0.1", "::1"]]);
    assert_eq!(resolved(&rebinding).await, Some(vec!["93.184.215.14".to_owned()]));
    assert_eq!(resolved(&rebinding).await, None);
    assert_eq!(resolved(&rebinding).await, None);
    let mixed = guarded(Egress::default(), &[&["10.0.0.1", "93.184.215.14", "::ffff:10.0.0.1"]]);
    assert_eq!(resolved(&mixed).await, Some(vec!["93.184.215.14".to_owned()]));
    let named = guarded(Egress::allowing(["hook.example.org".to_owned()]), &[&["10.0.0.1"]]);
    assert_eq!(resolved(&named).await, Some(vec!["10.0.0.1".to_owned()]));
}

#[tokio::test]
async fn f78_nothing_is_connected_to_that_was_not_checked() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://hook.example.org:{}/", listener.local_addr().unwrap().port());
    let here: &[&[&str]] = &[&["127.0.0.1"]];
    let ask = async |egress: Egress| {
        let client = egress.client_looking_up(Arc::new(Changing(Mutex::new(here.to_vec())))).unwrap();
        let asked = client.get(&address).timeout(Duration::from_millis(300)).send();
        let (accepted, asked) =
            tokio::join!(tokio::time::timeout(Duration::from_millis(300), listener.accept()), asked);
        (accepted.is_ok(), asked.is_err())
    };
    assert_eq!(ask(Egress::default()).await, (false, true));
    let (accepted, _) = ask(Egress::allowing(["hook.example.org".to_owned()])).await;
    assert!(accepted, "the same connection is made once its host is named");
}
