//! Officials and how they log in at the desk.

use std::net::IpAddr;
use std::time::Duration;

use fenghuo_store::{Actor, DeskSession, DeskToken, Official, OfficialChange, OfficialRole};
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use super::throttle::Guess;
use super::{Error, Fault, Office};

/// How long a session lasts: a working day.
const SESSION: SignedDuration = SignedDuration::from_hours(12);
/// Most characters of a name.
const NAME: usize = 20;

/// Somebody has logged in.
#[derive(Clone, Debug)]
pub struct Login {
    /// For the cookie; only its hash is kept.
    pub token: DeskToken,
    /// What every form of hers must repeat.
    pub csrf: String,
    /// Who she is.
    pub official: Official,
    /// When the session ends.
    pub expires: Timestamp,
    /// For a cookie of a year: on this browser she is never slowed down by the guesses of others.
    pub device: String,
}

/// Why nobody has logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Name or password are wrong, or the account is disabled: which of them is not told.
    #[error("wrong name or password")]
    Wrong,
    /// Too many wrong guesses from there; nothing was looked at.
    #[error("too many wrong guesses; wait {} s", .0.as_secs() + 1)]
    Wait(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] fenghuo_store::Error),
}

impl LoginError {
    /// The same for people at the desk.
    pub fn chinese(&self) -> String {
        match self {
            Self::Wrong => "姓名或密码不对".to_owned(),
            Self::Wait(wait) => format!("试错太多次，等 {} 秒再试", wait.as_secs() + 1),
            Self::Store(_) => "系统现在登不上，请稍后再试".to_owned(),
        }
    }
}

/// What a browser sends to log in.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    /// Name of the official.
    pub name: &'a str,
    /// Her password.
    pub password: &'a str,
    /// Where she writes from.
    pub from: Option<IpAddr>,
    /// What [`Login::device`] was when she logged in on this browser before.
    pub device: Option<&'a str>,
}

impl Office {
    /// Logs in. Unknown and disabled names take the same time and get the same answer as wrong passwords.
    ///
    /// # Errors
    /// See [`LoginError`].
    pub async fn login(&self, credentials: Credentials<'_>) -> Result<Login, LoginError> {
        let Credentials { name, password, from, device } = credentials;
        let name: String = name.trim().chars().take(NAME + 1).collect();
        let now = self.now();
        let hash = self.store().password_hash(&name).await?;
        let known =
            device.zip(hash.as_deref()).is_some_and(|(mark, hash)| marked(&name, hash, mark));
        let guess = Guess { name: &name, from, known };
        let pause = self.throttle().admit(&guess, now).map_err(LoginError::Wait)?;
        // Counted before it is looked at: many at once are many, too.
        self.throttle().wrong(&guess, now);
        tokio::time::sleep(pause).await;
        let fits = self.passwords().fits(password, hash.as_deref(), known).await;
        let (true, Some(hash)) = (fits, hash) else { return Err(LoginError::Wrong) };
        self.throttle().right(&guess);
        let Some(official) = self.store().official(&name).await? else {
            return Err(LoginError::Wrong);
        };
        let token = DeskToken::from_bits(rand::random());
        let csrf = format!("{:032x}", rand::random::<u128>());
        let expires = now + SESSION;
        match self.store().open_desk_session(&token, &name, &csrf, expires).await {
            Ok(()) => {}
            Err(fenghuo_store::Error::NotAllowed) => return Err(LoginError::Wrong),
            Err(error) => return Err(error.into()),
        }
        Ok(Login { token, csrf, official, expires, device: mark(&name, &hash) })
    }

    /// The session of `token`, while it lasts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn session(
        &self,
        token: &DeskToken,
    ) -> Result<Option<DeskSession>, fenghuo_store::Error> {
        self.store().desk_session(token, self.now()).await
    }

    /// Ends the session of `token`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn logout(&self, token: &DeskToken) -> Result<(), fenghuo_store::Error> {
        self.store().close_desk_session(token).await
    }

    /// Adds an official.
    ///
    /// # Errors
    /// [`Error::Faults`] for name or password; what the store refuses.
    pub async fn add_official(
        &self,
        name: &str,
        role: OfficialRole,
        password: &str,
        actor: &Actor,
    ) -> Result<(), Error> {
        check_name(name)?;
        let hash = self.passwords().hash(name, password).await?;
        Ok(self.store().add_official(name, role, &hash, actor, self.now()).await?)
    }

    /// Gives an official another password and ends her sessions.
    ///
    /// # Errors
    /// [`Error::Faults`] for the password; what the store refuses.
    pub async fn set_password(
        &self,
        name: &str,
        password: &str,
        actor: &Actor,
    ) -> Result<(), Error> {
        let hash = self.passwords().hash(name, password).await?;
        let change = OfficialChange::Password(hash);
        Ok(self.store().change_official(name, change, actor, self.now()).await?)
    }

    /// Changes what an official may do and ends her sessions.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn set_role(
        &self,
        name: &str,
        role: OfficialRole,
        actor: &Actor,
    ) -> Result<(), Error> {
        let change = OfficialChange::Role(role);
        Ok(self.store().change_official(name, change, actor, self.now()).await?)
    }

    /// Disables an official, or enables her again, and ends her sessions.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn set_disabled(
        &self,
        name: &str,
        disabled: bool,
        actor: &Actor,
    ) -> Result<(), Error> {
        let change = OfficialChange::Disabled(disabled);
        Ok(self.store().change_official(name, change, actor, self.now()).await?)
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let plain = |c: char| c.is_alphanumeric() || "-_.·".contains(c);
    let length = name.chars().count();
    if (1..=NAME).contains(&length) && name.chars().all(plain) {
        return Ok(());
    }
    let message = format!("用 1 到 {NAME} 个字母、数字或汉字，不要空格");
    Err(Error::Faults(vec![Fault::new("name", message)]))
}

/// The mark of a browser on which `name` has logged in; another password makes another mark.
fn mark(name: &str, hash: &str) -> String {
    keyed(name, hash).finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn marked(name: &str, hash: &str, mark: &str) -> bool {
    let bytes: Option<Vec<u8>> = (mark.len() == 64 && mark.is_ascii())
        .then(|| {
            (0..64).step_by(2).map(|at| u8::from_str_radix(&mark[at..at + 2], 16).ok()).collect()
        })
        .flatten();
    bytes.is_some_and(|bytes| keyed(name, hash).verify_slice(&bytes).is_ok())
}

fn keyed(name: &str, hash: &str) -> Hmac<Sha256> {
    let mut keyed =
        Hmac::<Sha256>::new_from_slice(hash.as_bytes()).expect("a key of any length will do");
    keyed.update(b"device of ");
    keyed.update(name.as_bytes());
    keyed
}
