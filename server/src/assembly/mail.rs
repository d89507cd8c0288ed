//! Letters of the services, handed to the operator's mail server.

use domain::letter::Letter;
use notify::{LetterCarrier, Letterbox, Smtp};
use service::{Post, Postman};
use std::sync::Arc;

struct ByMail(Letterbox);

impl Postman for ByMail {
    fn take(&self, letter: Letter) {
        self.0.put(letter);
    }
}

/// From now on letters go by this server; what carries them must be run.
pub fn begin(post: &Post, smtp: Smtp) -> LetterCarrier {
    let (letterbox, carrier) = Letterbox::over(smtp);
    post.goes_by(Arc::new(ByMail(letterbox)));
    carrier
}
