//! A few seeds in every test run, and the test of the test.

#![cfg(test)]

use simulation::{Client, Library, Telling, Violation, tell};

#[tokio::test]
async fn no_seed_violates_an_invariant() {
    let library = Library::open().await.unwrap();
    let (mut calls, mut deaths) = (0, 0);
    for seed in 0..40 {
        let report = tell(&library, Telling::of(seed)).await.unwrap();
        assert_eq!(report.violations, [], "seed {seed}");
        calls += report.calls;
        deaths += report.deaths;
    }
    assert!(0 < calls && 0 < deaths, "{calls} calls, {deaths} deaths");
}

/// Each of these was a fault once: 952 and 2899 left a top-up uncounted of two that a closed position may have held (863
/// was such a case before); 108 and 150 broke the reserve while a top-up of another position was still on its way; 21,
/// 54, 858 and 1505 were silent about a position past its trigger while the calls of others took their time. In 7335 a
/// program that had its account back was silent, since it had said the same before another spoke.
#[tokio::test]
async fn no_seed_that_found_a_fault_finds_it_again() {
    let library = Library::open().await.unwrap();
    for seed in [21, 54, 108, 150, 858, 863, 952, 1165, 1505, 2899, 7335] {
        let report = tell(&library, Telling::of(seed)).await.unwrap();
        assert_eq!(report.violations, [], "seed {seed}");
    }
}

#[tokio::test]
async fn a_client_that_resends_on_a_time_out_is_caught_within_a_thousand_seeds() {
    let library = Library::open().await.unwrap();
    for seed in 0..1_000 {
        let report = tell(&library, Telling { client: Client::ResendsOnTimeout, ..Telling::of(seed) }).await.unwrap();
        if report.violations.iter().any(|violation| matches!(violation, Violation::Adds { .. } | Violation::Cap { .. }))
        {
            return;
        }
    }
    panic!("nobody noticed that top-ups were sent twice");
}

#[tokio::test]
async fn a_seed_tells_the_same_story_again_to_the_letter() {
    let (one, two) = (Library::open().await.unwrap(), Library::open().await.unwrap());
    tell(&two, Telling::of(7)).await.unwrap();
    for seed in [3, 11, 12, 13] {
        let first = tell(&one, Telling::of(seed)).await.unwrap();
        let again = tell(&two, Telling::of(seed)).await.unwrap();
        assert_eq!(first.transcript, again.transcript, "seed {seed}");
    }
}
