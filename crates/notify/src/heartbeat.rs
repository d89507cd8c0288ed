//! A sign of life to an address of the operator's choice, whose silence alarms somebody (healthchecks.io and its like).

use crate::DeliveryError;
use crate::egress::{AddressError, Egress};
use reqwest::{Client, Url};

/// Asks for one address; what it answers does not matter, as long as it is a success.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    client: Client,
    address: Url,
}

impl Heartbeat {
    pub fn to(address: &str, egress: &Egress) -> Result<Heartbeat, AddressError> {
        Ok(Heartbeat { client: egress.client()?, address: egress.check(address)? })
    }

    pub async fn beat(&self) -> Result<(), DeliveryError> {
        let answer = self.client.get(self.address.clone()).send().await;
        // An error's own text would name the address, which is a secret: who knows it can feign life.
        let answer = answer.map_err(|_| DeliveryError::Send("no answer".to_owned()))?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(DeliveryError::Status(status.as_u16())) }
    }
}
