//! Who may come through which door: each route of the real router, tried by each kind of person.

mod cast;
mod rows;

use super::stage::{Setting, Stage, get, text};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cast::{Cast, PEOPLE};
use rows::{Door, Row, rows};
use serde_json::Value;
use std::collections::BTreeSet;

/// How a door answered: what is written in the table.
const OUT: char = '-';
const HIDDEN: char = 'x';
const FORBIDDEN: char = '!';
const IN: char = 'o';

/// Every path of the router: axum tells them when it is asked to show itself.
fn paths(router: &Router) -> BTreeSet<String> {
    let shown = format!("{router:?}");
    let told = shown.split("RouteId(").filter_map(|part| part.split_once("): \"")?.1.split_once('"'));
    told.map(|(path, _)| path.to_owned())
        .filter(|path| path.starts_with('/') && !path.contains("axum_fallback"))
        .collect()
}

fn without_row(paths: &BTreeSet<String>, rows: &[Row]) -> Vec<String> {
    paths.iter().filter(|path| !rows.iter().any(|row| row.route == **path)).cloned().collect()
}

#[tokio::test]
async fn f79_a_route_without_a_row_in_the_matrix_fails() {
    let stage = Stage::set().await;
    let (mut paths, rows) = (paths(&stage.router), rows());
    assert!(paths.contains("/live/{account}") && paths.contains("/api/pull_stop") && paths.contains("/guard"));
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        assert!(paths.contains(path), "{path} is a server function and no route");
    }
    assert_eq!(without_row(&paths, &rows), [""; 0], "add a row to the matrix");
    let routes = rows.iter().map(|row| row.route).filter(|route| !route.is_empty());
    let stale: Vec<_> = routes.filter(|route| !paths.contains(*route)).collect();
    assert_eq!(stale, [""; 0], "rows of routes that are gone");
    paths.insert("/api/new".to_owned());
    assert_eq!(without_row(&paths, &rows), ["/api/new"], "the check itself works");
}

#[tokio::test]
async fn f79_f81_each_door_opens_to_those_it_is_for_on_sqlite() {
    try_all(&Stage::set().await).await;
}

#[tokio::test]
async fn f79_f81_each_door_opens_to_those_it_is_for_on_postgres() {
    if let Some(stage) = Stage::on_postgres(Setting::default()).await {
        try_all(&stage).await;
    }
}

async fn try_all(stage: &Stage) {
    let cast = Cast::meet(stage).await;
    let mut wrong = Vec::new();
    for row in rows() {
        let mut seen = String::new();
        for person in 0..PEOPLE.len() {
            let session = cast.session(stage, person).await;
            seen.push(knock(stage, &row, &cast, &session).await);
        }
        if seen != row.expected {
            wrong.push(format!("{:32} {} is wanted, {seen} is so", row.route, row.expected));
        }
    }
    assert!(wrong.is_empty(), "{PEOPLE:?}\n{}", wrong.join("\n"));
}

async fn knock(stage: &Stage, row: &Row, cast: &Cast, session: &str) -> char {
    let door = &row.door;
    let request = match door {
        Door::Page(path) => get(path, session).body(Body::empty()).unwrap(),
        Door::Read(path) => Request::get(path(cast)).header(header::COOKIE, session).body(Body::empty()).unwrap(),
        Door::Json(arguments) => post(row.route, session, "application/json", arguments(cast).to_string()),
        Door::Sent => post(row.route, session, "application/json", "{}".to_owned()),
        Door::Form(form) => post(row.route, session, "application/x-www-form-urlencoded", (*form).to_owned()),
    };
    let answer = stage.ask(request).await;
    let (status, place) = (answer.status(), answer.headers().get(header::LOCATION).cloned());
    if place.is_some_and(|place| place == "/sign-in") && matches!(door, Door::Page(_)) {
        return OUT;
    }
    // A stream has no end that could be read.
    if status == StatusCode::OK && matches!(door, Door::Read(_)) {
        return IN;
    }
    let said = text(answer).await;
    if matches!(door, Door::Page(_) | Door::Read(_) | Door::Sent) {
        by_status(row.route, status)
    } else {
        by_fault(row.route, status, &said)
    }
}

fn by_status(route: &str, status: StatusCode) -> char {
    match status {
        StatusCode::UNAUTHORIZED => OUT,
        StatusCode::FORBIDDEN => FORBIDDEN,
        StatusCode::NOT_FOUND => HIDDEN,
        status if status.is_success() || status.is_redirection() => IN,
        // What was sent makes no sense, whoever sends it.
        StatusCode::BAD_REQUEST if route.starts_with("/api/v1/auth/") => IN,
        // Health may be ill, and a page may be shown though its account is not served here.
        StatusCode::SERVICE_UNAVAILABLE if !route.starts_with("/live") && !route.starts_with("/api") => IN,
        status => senseless(route, status, ""),
    }
}

/// Who is let in may still be told that what they want can't be; but not that nobody knows.
fn by_fault(route: &str, status: StatusCode, said: &str) -> char {
    let fault: Value = serde_json::from_str(said).unwrap_or_default();
    match fault.get("Who").unwrap_or(&fault).as_str().unwrap_or_default() {
        "SignedOut" => OUT,
        "Forbidden" => FORBIDDEN,
        "NotFound" => HIDDEN,
        "Unavailable" | "Unreachable" | "Busy" | "NotConfirmed" => senseless(route, status, said),
        _ if status.is_success() || status.is_redirection() || !fault.is_null() => IN,
        _ => senseless(route, status, said),
    }
}

/// The row asks wrongly, or something is broken: no table wants this.
fn senseless(route: &str, status: StatusCode, said: &str) -> char {
    eprintln!("{route} answers {status} {said}");
    '?'
}

fn post(route: &str, session: &str, kind: &str, body: String) -> Request<Body> {
    Request::post(route)
        .header(header::HOST, "127.0.0.1:13010")
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, kind)
        .header(header::COOKIE, session)
        .body(Body::from(body))
        .unwrap()
}
