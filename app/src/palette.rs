//! What the keyboard's palette offers, in the words of the pages: the browser asks for it when it is first opened.

use crate::i18n::{Locale, td_string};
use crate::language;
use serde::Serialize;

#[derive(Serialize)]
struct Palette {
    title: &'static str,
    search: &'static str,
    nothing: &'static str,
    help: &'static str,
    close: &'static str,
    then: &'static str,
    entries: Vec<Entry>,
    /// Keys that are no entry of the palette, for the help.
    keys: Vec<Shortcut>,
}

/// Leads to a page (`href`), or presses something that every page has (`command`).
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    /// Other words by which it is found.
    words: &'static str,
    href: Option<&'static str>,
    command: Option<&'static str>,
    /// Pressed one after the other.
    keys: Option<&'static str>,
}

#[derive(Serialize)]
struct Shortcut {
    keys: &'static str,
    name: &'static str,
}

/// The palette as JSON; `None` for a language that there is not.
pub fn palette(tag: &str) -> Option<String> {
    let locale = [Locale::en, Locale::pt_BR].into_iter().find(|locale| language::tag(*locale) == tag)?;
    let palette = Palette {
        title: td_string!(locale, palette.title),
        search: td_string!(locale, palette.search),
        nothing: td_string!(locale, palette.nothing),
        help: td_string!(locale, palette.help),
        close: td_string!(locale, toast.close),
        then: td_string!(locale, palette.then),
        entries: pages(locale).into_iter().chain(commands(locale)).collect(),
        keys: keys(locale),
    };
    serde_json::to_string(&palette).ok()
}

fn pages(locale: Locale) -> Vec<Entry> {
    let page = |href, name, words, keys| Entry { name, words, href: Some(href), command: None, keys };
    vec![
        page("/", td_string!(locale, nav.dashboard), td_string!(locale, palette.words_dashboard), Some("g d")),
        page("/positions", td_string!(locale, nav.positions), td_string!(locale, palette.words_positions), Some("g p")),
        page("/trade", td_string!(locale, nav.trade), td_string!(locale, palette.words_trade), Some("g t")),
        page("/guard", td_string!(locale, nav.guard), td_string!(locale, palette.words_guard), Some("g g")),
        page("/activity", td_string!(locale, nav.activity), td_string!(locale, palette.words_activity), Some("g a")),
        page(
            "/settings/accounts",
            td_string!(locale, accounts.title),
            td_string!(locale, palette.words_accounts),
            Some("g s"),
        ),
        page(
            "/settings/appearance",
            td_string!(locale, appearance.title),
            td_string!(locale, palette.words_appearance),
            None,
        ),
        page("/settings/sharing", td_string!(locale, sharing.title), td_string!(locale, palette.words_sharing), None),
        page("/settings/profile", td_string!(locale, profile.title), td_string!(locale, palette.words_profile), None),
        page("/settings/people", td_string!(locale, people.title), td_string!(locale, palette.words_people), None),
        page("/settings/security", td_string!(locale, nav.security), td_string!(locale, palette.words_security), None),
        page("/settings/tokens", td_string!(locale, tokens.title), td_string!(locale, palette.words_tokens), None),
        page("/settings/market", td_string!(locale, sources.title), td_string!(locale, palette.words_market), None),
        page("/settings/audit", td_string!(locale, audit.title), td_string!(locale, palette.words_audit), None),
        page("/welcome", td_string!(locale, welcome.begin), td_string!(locale, palette.words_welcome), None),
        page("/stop", td_string!(locale, nav.stop), td_string!(locale, palette.words_stop), None),
    ]
}

/// None of them sends money.
fn commands(locale: Locale) -> Vec<Entry> {
    let command = |command, name, words, keys| Entry { name, words, href: None, command: Some(command), keys };
    vec![
        command("theme-toggle", td_string!(locale, palette.theme), td_string!(locale, palette.words_appearance), None),
        command("language-toggle", td_string!(locale, palette.language), "English Português", None),
        command("help", td_string!(locale, palette.help), "?", Some("?")),
        command("sign-out", td_string!(locale, nav.sign_out), "", None),
    ]
}

fn keys(locale: Locale) -> Vec<Shortcut> {
    vec![
        Shortcut { keys: "Ctrl K", name: td_string!(locale, palette.title) },
        Shortcut { keys: "/", name: td_string!(locale, palette.search) },
        Shortcut { keys: "Esc", name: td_string!(locale, toast.close) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_leads_somewhere_and_no_two_have_the_same_keys() {
        for tag in ["en", "pt-BR"] {
            let told: Value = serde_json::from_str(&palette(tag).unwrap()).unwrap();
            let entries = told["entries"].as_array().unwrap();
            assert!(entries.iter().all(|entry| entry["href"].is_string() != entry["command"].is_string()), "{told}");
            let keys: Vec<_> = entries.iter().filter_map(|entry| entry["keys"].as_str()).collect();
            assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{keys:?}");
        }
        assert_eq!(palette("xx"), None);
    }
}
