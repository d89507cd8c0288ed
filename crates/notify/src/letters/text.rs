//! What letters say, in the language of whoever reads them.

use domain::letter::{Letter, LetterSubject};
use domain::{Language, Role};

/// The subject line and the plain text.
pub fn written(letter: &Letter) -> (&'static str, String) {
    let (subject, text) = match letter.language {
        Language::English => english(&letter.subject),
        Language::Portuguese => portuguese(&letter.subject),
    };
    let foot = match letter.language {
        Language::English => {
            "If you did not expect this letter, do nothing: without the link nothing happens. Never hand a link on."
        }
        Language::Portuguese => {
            "Se você não esperava esta carta, não faça nada: sem o link nada acontece. Nunca repasse um link."
        }
    };
    (subject, format!("{text}\r\n\r\n-- \r\nAxisor. {foot}\r\n"))
}

fn english(subject: &LetterSubject) -> (&'static str, String) {
    match subject {
        LetterSubject::Invitation { link, role } => {
            let role = match role {
                Role::Viewer => "a viewer: you see the accounts that others share with you",
                Role::Operator => "an operator: you have accounts of your own",
                Role::Admin => "an admin: you also decide who may be here",
            };
            let text = format!(
                "Somebody wants you on their Axisor, as {role}.\r\n\r\nThis link works once, for seven days:\r\n\r\n{link}"
            );
            ("You are invited to Axisor", text)
        }
        LetterSubject::Registration { link } => {
            ("Finish your registration", format!("This link works once, for an hour:\r\n\r\n{link}"))
        }
        LetterSubject::AlreadyKnown { link } => (
            "You are registered already",
            format!(
                "Somebody wanted to register with this address, which is registered already. If it was you, sign in or \
                 set a new password here:\r\n\r\n{link}"
            ),
        ),
        LetterSubject::Reset { link } => (
            "Set a new password",
            format!(
                "With this link you set a new password, once. Every session of yours ends then, and a second factor is \
                 still asked.\r\n\r\n{link}"
            ),
        ),
        LetterSubject::Verification { link } => (
            "Show that this address is yours",
            format!("This link works once, for an hour:\r\n\r\n{link}"),
        ),
        LetterSubject::PasswordChanged => (
            "Your password was changed",
            "Your password was changed, and your other sessions, tokens and programs have ended. If it was not you, tell \
             an admin of your server at once."
                .to_owned(),
        ),
        LetterSubject::FactorsReset => (
            "Your second factors were taken away",
            "An admin took your authenticator, passkeys and recovery codes away, and ended your sessions. Your password \
             alone opens your account now: sign in and add a second factor. If you did not ask for it, tell them at once."
                .to_owned(),
        ),
    }
}

fn portuguese(subject: &LetterSubject) -> (&'static str, String) {
    match subject {
        LetterSubject::Invitation { link, role } => {
            let role = match role {
                Role::Viewer => "observador: você vê as contas que outras pessoas compartilham com você",
                Role::Operator => "operador: você tem contas próprias",
                Role::Admin => "administrador: você também decide quem pode estar aqui",
            };
            let text = format!(
                "Alguém quer você no Axisor dele, como {role}.\r\n\r\nEste link funciona uma vez, por sete dias:\r\n\r\n{link}"
            );
            ("Você foi convidado para o Axisor", text)
        }
        LetterSubject::Registration { link } => {
            ("Conclua seu cadastro", format!("Este link funciona uma vez, por uma hora:\r\n\r\n{link}"))
        }
        LetterSubject::AlreadyKnown { link } => (
            "Você já está cadastrado",
            format!(
                "Alguém quis se cadastrar com este endereço, que já está cadastrado. Se foi você, entre ou crie uma senha \
                 nova aqui:\r\n\r\n{link}"
            ),
        ),
        LetterSubject::Reset { link } => (
            "Crie uma senha nova",
            format!(
                "Com este link você cria uma senha nova, uma vez. Todas as suas sessões terminam, e o segundo fator \
                 continua sendo pedido.\r\n\r\n{link}"
            ),
        ),
        LetterSubject::Verification { link } => {
            ("Mostre que este endereço é seu", format!("Este link funciona uma vez, por uma hora:\r\n\r\n{link}"))
        }
        LetterSubject::PasswordChanged => (
            "Sua senha foi mudada",
            "Sua senha foi mudada, e suas outras sessões, chaves e programas terminaram. Se não foi você, avise já um \
             administrador do seu servidor."
                .to_owned(),
        ),
        LetterSubject::FactorsReset => (
            "Seus segundos fatores foram retirados",
            "Um administrador retirou seu autenticador, suas chaves de acesso e seus códigos de recuperação, e encerrou \
             suas sessões. Agora só a senha abre sua conta: entre e adicione um segundo fator. Se você não pediu isso, \
             avise já."
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_says_something_else_in_each_language_and_carries_its_link() {
        let link = || "https://axisor.example/door/x#token=t".to_owned();
        let subjects = [
            LetterSubject::Invitation { link: link(), role: Role::Viewer },
            LetterSubject::Registration { link: link() },
            LetterSubject::AlreadyKnown { link: link() },
            LetterSubject::Reset { link: link() },
            LetterSubject::Verification { link: link() },
            LetterSubject::PasswordChanged,
            LetterSubject::FactorsReset,
        ];
        for subject in subjects {
            let write =
                |language| written(&Letter { to: "ana@example.org".to_owned(), language, subject: subject.clone() });
            let (english, portuguese) = (write(Language::English), write(Language::Portuguese));
            assert_ne!(english.0, portuguese.0);
            assert_ne!(english.1, portuguese.1);
            let has_link = !matches!(subject, LetterSubject::PasswordChanged | LetterSubject::FactorsReset);
            for (_, text) in [english, portuguese] {
                assert_eq!(text.contains(&link()), has_link, "{text}");
            }
        }
    }
}
