//! Passwords of officials: argon2id, never on the threads that serve, never many at once.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::{Error, Fault};

/// Hashes computed at once: each takes 19 MiB and some tens of milliseconds.
const AT_ONCE: usize = 2;
/// Fewest characters of a password.
const LEAST: usize = 10;
/// Most bytes of a password; more is a mistake or an attack.
const MOST: usize = 256;

/// What is computed for names nobody has, so that they cost the same time.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash_now("nobody has this password", &[7; 16]).unwrap_or_default());

/// Computes hashes; clones share the places.
#[derive(Clone, Debug)]
pub(super) struct Passwords {
    places: Arc<Semaphore>,
    /// Those who are known to have been here before do not wait behind strangers.
    known: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), known: Arc::new(Semaphore::new(1)) }
    }
}

impl Passwords {
    /// The hash of `password` for the store.
    ///
    /// # Errors
    /// [`Error::Faults`] when it is too easy to guess.
    pub(super) async fn hash(&self, name: &str, password: &str) -> Result<String, Error> {
        check(name, password).map_err(|fault| Error::Faults(vec![fault]))?;
        let password = password.to_owned();
        let salt: [u8; 16] = rand::random();
        let place = self.places.clone().acquire_owned().await.map_err(|_| Error::Hash)?;
        let hash = tokio::task::spawn_blocking(move || {
            let _place = place;
            hash_now(&password, &salt)
        });
        hash.await.ok().flatten().ok_or(Error::Hash)
    }

    /// Whether `password` is the one of `hash`; without a hash it takes the same time and is wrong.
    pub(super) async fn fits(&self, password: &str, hash: Option<&str>, known: bool) -> bool {
        if password.len() > MOST {
            return false;
        }
        let there = hash.is_some();
        let password = password.to_owned();
        let hash = hash.map(str::to_owned);
        let places = if known { &self.known } else { &self.places };
        let Ok(place) = places.clone().acquire_owned().await else { return false };
        let fits = tokio::task::spawn_blocking(move || {
            let _place = place;
            let hash = hash.as_deref().unwrap_or(&NOBODY);
            let parsed = PasswordHash::new(hash);
            parsed.is_ok_and(|hash| {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            })
        });
        fits.await.unwrap_or(false) && there
    }
}

fn hash_now(password: &str, salt: &[u8; 16]) -> Option<String> {
    let hash: PasswordHash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), salt).ok()?;
    Some(hash.to_string())
}

/// What makes a password too easy: short, all alike, the name itself, or what everybody tries first.
fn check(name: &str, password: &str) -> Result<(), Fault> {
    const COMMON: [&str; 12] = [
        "1234567890",
        "0123456789",
        "1q2w3e4r5t",
        "qwertyuiop",
        "password",
        "administrator",
        "admin123",
        "xiaofang119",
        "woaini1314",
        "11223344",
        "fenghuo",
        "119119",
    ];
    let lower = password.to_lowercase();
    let mut kinds: Vec<char> = password.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let message = if password.len() > MOST {
        "太长，最多 256 个字节"
    } else if password.chars().count() < LEAST {
        "太短，至少 10 个字；几个不相干的词连起来最好记"
    } else if kinds.len() < 5 {
        "用的字太少，容易猜；几个不相干的词连起来最好记"
    } else if !name.is_empty() && lower.contains(&name.to_lowercase()) {
        "里面有自己的名字，换一个"
    } else if COMMON
        .iter()
        .any(|common| lower.starts_with(common) && lower.len() <= common.len() + 4)
    {
        "别人最先试的就是这个，换一个"
    } else {
        return Ok(());
    };
    Err(Fault::new("password", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_no_other() {
        let passwords = Passwords::default();
        let hash = passwords.hash("马霞", "槐树下的红砖房子2026").await.expect("a hash");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(passwords.fits("槐树下的红砖房子2026", Some(&hash), false).await);
        assert!(!passwords.fits("槐树下的红砖房子2027", Some(&hash), true).await);
        assert!(!passwords.fits("nobody has this password", None, false).await);
        assert!(!passwords.fits("槐树下的红砖房子2026", Some("no hash"), false).await);
    }

    #[test]
    fn what_is_guessed_first_is_no_password() {
        for (password, fine) in [
            ("korrekt pferd batterie", true),
            ("柳河上坝前滩后沟泉湾", true),
            ("short", false),
            ("aaaaaaaaaaaaaa", false),
            ("1234567890ab", false),
            ("马霞的密码就是这个啊啊", false),
            ("password2026", false),
            (&"a1b2c3d4e5".repeat(30), false),
        ] {
            assert_eq!(check("马霞", password).is_ok(), fine, "{password}");
        }
    }
}
