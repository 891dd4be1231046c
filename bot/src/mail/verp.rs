//! Variable envelope return paths: a bounce says by the address it comes to whose letter it was.
//!
//! `b+CAMPAIGN.RECIPIENT.SEAL@bounce.domain`. The seal is keyed with the recipient's own token to
//! leave, which is in her letters and in the database and nowhere else: who can forge a bounce of
//! hers could end her subscription anyway.

use fenghuo_store::{LeaveToken, SubscriberId};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Hex digits of a seal.
const SEAL: usize = 8;

/// What names one letter: campaign and recipient, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// The campaign, `c12`.
    pub(crate) campaign: String,
    /// Whose letter it was.
    pub(crate) recipient: SubscriberId,
    seal: String,
}

impl Token {
    /// The token of the letter of `campaign` to `recipient`.
    pub(crate) fn new(campaign: &str, recipient: &SubscriberId, leave: &LeaveToken) -> Self {
        let seal = seal(campaign, recipient, leave);
        Self { campaign: campaign.to_owned(), recipient: recipient.clone(), seal }
    }

    /// Reads `CAMPAIGN.RECIPIENT.SEAL`; whether it is genuine only [`Token::is_genuine`] says.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (campaign, rest) = text.split_once('.')?;
        let (recipient, seal) = rest.split_once('.')?;
        let number = campaign.strip_prefix('c').unwrap_or_default();
        let digits = (1..=19).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        let hex = seal.len() == SEAL && seal.bytes().all(|b| b.is_ascii_hexdigit());
        Some(Self {
            campaign: digits.then(|| campaign.to_owned())?,
            recipient: SubscriberId::parse(recipient)?,
            seal: hex.then(|| seal.to_owned())?,
        })
    }

    /// Whether it was made by us for who holds `leave`.
    pub(crate) fn is_genuine(&self, leave: &LeaveToken) -> bool {
        let expected = seal(&self.campaign, &self.recipient, leave);
        expected.as_bytes().ct_eq(self.seal.as_bytes()).into()
    }

    /// `CAMPAIGN.RECIPIENT.SEAL`
    pub(crate) fn text(&self) -> String {
        format!("{}.{}.{}", self.campaign, self.recipient.as_str(), self.seal)
    }

    /// The user part of the address its bounces come to.
    pub(crate) fn user(&self) -> String {
        format!("b+{}", self.text())
    }
}

/// The token in the user part of `address`, when it is one of `domain`.
pub(super) fn token_in(address: &str, domain: &str) -> Option<Token> {
    Token::parse(user(address, domain)?.strip_prefix("b+")?)
}

/// The address that ends a subscription, whatever is written to it.
///
/// Its user part is as secret as the link in the letter: who knows it could end the subscription there.
pub(super) fn leave_address(leave: &LeaveToken, domain: &str) -> String {
    format!("u+{}@{domain}", leave.as_str())
}

/// The token in `address`, when it is one that ends a subscription.
pub(super) fn leave_in(address: &str, domain: &str) -> Option<LeaveToken> {
    LeaveToken::parse(user(address, domain)?.strip_prefix("u+")?)
}

/// The user part of `address` at `domain`, in lower case.
fn user(address: &str, domain: &str) -> Option<String> {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase();
    Some(address.strip_suffix(domain)?.strip_suffix('@')?.to_owned())
}

fn seal(campaign: &str, recipient: &SubscriberId, leave: &LeaveToken) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(leave.as_str().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(format!("bounce {campaign} {}", recipient.as_str()).as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes.iter().take(SEAL / 2).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> (SubscriberId, LeaveToken) {
        (SubscriberId::from_bits(7), LeaveToken::from_bits(9))
    }

    #[test]
    fn an_envelope_is_read_back_and_fits() {
        let (recipient, leave) = ids();
        let token = Token::new(&format!("c{}", i64::MAX), &recipient, &leave);
        assert!(token.user().len() <= 64, "{}", token.user());
        let address = format!("<{}@Bounce.Fire.Example>", token.user());
        let read = token_in(&address, "bounce.fire.example").expect("a token");
        assert_eq!(read, token);
        assert!(read.is_genuine(&leave));
    }

    #[test]
    fn a_forged_envelope_is_not_genuine() {
        let (recipient, leave) = ids();
        let token = Token::new("c12", &recipient, &leave);
        let other = Token { campaign: "c13".to_owned(), ..token.clone() };
        assert!(!other.is_genuine(&leave));
        assert!(!token.is_genuine(&LeaveToken::from_bits(10)));
    }

    #[test]
    fn an_address_that_ends_a_subscription_is_read_back() {
        let (_, leave) = ids();
        let address = leave_address(&leave, "bounce.fire.example");
        assert!(address.split('@').next().is_some_and(|user| user.len() <= 64), "{address}");
        assert_eq!(leave_in(&format!("<{address}>"), "bounce.fire.example"), Some(leave.clone()));
        assert_eq!(token_in(&address, "bounce.fire.example"), None);
        for other in [
            leave_address(&leave, "elsewhere.example"),
            address.replace("u+", "b+"),
            address.replace("u+", "u"),
            address.replace('@', "0@"),
            "u+@bounce.fire.example".to_owned(),
        ] {
            assert_eq!(leave_in(&other, "bounce.fire.example"), None, "{other}");
        }
    }

    #[test]
    fn other_addresses_carry_no_token() {
        let (recipient, leave) = ids();
        let text = Token::new("c12", &recipient, &leave).text();
        let domain = "bounce.fire.example";
        for address in [
            format!("b+{text}@elsewhere.example"),
            format!("b+{text}@evil{domain}"),
            format!("c+{text}@{domain}"),
            format!("b+-{text}@{domain}"),
            format!("b+{text}00@{domain}"),
            format!("b+c12.{}@{domain}", recipient.as_str()),
            format!("b@{domain}"),
            String::new(),
        ] {
            assert_eq!(token_in(&address, domain), None, "{address}");
        }
    }
}
