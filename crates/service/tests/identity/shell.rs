//! A last admin who forgot their password, on a server without mail.

use crate::house::{EMAIL, House, PASSWORD, on_both, web};
use service::{JoinError, PeopleError};

const NEW: &str = "violet anchor under tundra 92";

on_both!(f71_a_link_made_at_the_shell_sets_a_password_once_and_is_in_the_audit, link);

async fn link(house: &House) {
    let services = house.services().await;
    house.ana(&services).await;
    for unknown in ["eve@example.org", "nonsense"] {
        let tried = services.people.make_reset_link_at_the_shell(unknown).await;
        assert!(matches!(tried, Err(PeopleError::NoSuchPerson | PeopleError::Email)), "{unknown}");
    }
    let link = services.people.make_reset_link_at_the_shell(" ANA@example.org").await.unwrap();
    let (page, token) = link.split_once("#token=").unwrap();
    assert_eq!(page, "/door/reset");
    services.joining.reset_password(token, NEW, &web()).await.unwrap();
    assert!(services.identity.sign_in(EMAIL, PASSWORD, &web()).await.is_err(), "the old one is gone");
    services.identity.sign_in(EMAIL, NEW, &web()).await.unwrap();
    let again = services.joining.reset_password(token, NEW, &web()).await;
    assert!(matches!(again, Err(JoinError::LinkSpent)));
    let rows = services.audit.list(1, 99).await.unwrap();
    let made = rows.iter().find(|row| row.action == "reset_link_made").unwrap();
    assert_eq!((made.actor, made.subject.as_str()), (None, EMAIL));
    assert!(!format!("{:?}", made.after).contains(token), "and not what opens it");
}
