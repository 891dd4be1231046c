//! Safe mode (安全模式): AES-256-CBC over 16 random bytes, the length, the message and the `AppID`.

use std::fmt;

use aes::Aes256;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};

/// The platform pads to 32 bytes, twice the block of AES: libraries that know PKCS#7 refuse that.
const PADDING: usize = 32;
const RANDOM: usize = 16;
const LENGTH: usize = 4;

/// The 43 characters of a key are 258 bits; the last two mean nothing and need not be zero.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Key and `AppID` of an account in safe mode.
#[derive(Clone)]
pub(super) struct Cipher {
    key: [u8; 32],
    app_id: String,
}

/// Why a sealed text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// No base64, or no whole blocks.
    #[error("it is no ciphertext")]
    Shape,
    /// Sealed with another key, or damaged.
    #[error("it was not sealed with our aes_key")]
    Key,
    /// Sealed for another account.
    #[error("it was sealed for another app_id")]
    App,
}

/// Shows nothing of the key.
impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cipher({})", self.app_id)
    }
}

impl Cipher {
    /// The cipher of an `EncodingAESKey`, 43 letters and digits.
    pub(super) fn parse(aes_key: &str, app_id: &str) -> Option<Self> {
        let plain = aes_key.len() == 43 && aes_key.bytes().all(|b| b.is_ascii_alphanumeric());
        let bytes = plain.then(|| BASE64.decode(format!("{aes_key}=")).ok()).flatten()?;
        Some(Self { key: bytes.try_into().ok()?, app_id: app_id.to_owned() })
    }

    /// Seals `message` behind 16 bytes nobody can guess.
    pub(super) fn encrypt(&self, message: &str, random: [u8; RANDOM]) -> String {
        let length = u32::try_from(message.len()).expect("a message is shorter than 4 GB");
        let mut plain = Vec::with_capacity(message.len() + 128);
        plain.extend(random);
        plain.extend(length.to_be_bytes());
        plain.extend(message.as_bytes());
        plain.extend(self.app_id.as_bytes());
        let padding = PADDING - plain.len() % PADDING;
        plain.resize(plain.len() + padding, u8::try_from(padding).expect("at most 32"));
        let encryptor = cbc::Encryptor::<Aes256>::new(&self.key.into(), &self.iv().into());
        let whole = plain.len();
        let sealed = encryptor.encrypt_padded::<NoPadding>(&mut plain, whole);
        BASE64.encode(sealed.expect("whole blocks"))
    }

    /// What was sealed for us.
    pub(super) fn decrypt(&self, sealed: &str) -> Result<String, Fault> {
        let mut bytes = BASE64.decode(sealed.trim()).map_err(|_| Fault::Shape)?;
        let decryptor = cbc::Decryptor::<Aes256>::new(&self.key.into(), &self.iv().into());
        let plain = decryptor.decrypt_padded::<NoPadding>(&mut bytes).map_err(|_| Fault::Shape)?;
        let plain = without_padding(plain).ok_or(Fault::Key)?;
        let (length, rest) =
            plain.get(RANDOM..).and_then(<[u8]>::split_first_chunk::<LENGTH>).ok_or(Fault::Key)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Fault::Key)?;
        let (message, app_id) = rest.split_at_checked(length).ok_or(Fault::Key)?;
        if app_id != self.app_id.as_bytes() {
            return Err(Fault::App);
        }
        String::from_utf8(message.to_vec()).map_err(|_| Fault::Key)
    }

    fn iv(&self) -> [u8; 16] {
        *self.key.first_chunk().expect("a key has 32 bytes")
    }
}

fn without_padding(plain: &[u8]) -> Option<&[u8]> {
    let last = *plain.last()?;
    let padding = usize::from(last);
    let (text, tail) = plain.split_at_checked(plain.len().checked_sub(padding)?)?;
    ((1..=PADDING).contains(&padding) && tail.iter().all(|b| *b == last)).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::signature::sign;
    use super::*;

    /// The platform's own sample (`WXBizMsgCrypt`).
    const VENDOR: &str = "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=";
    /// wechatpy, `tests/test_crypto.py`.
    const SEALED: &str = "RgqEoJj5A4EMYlLvWO1F86ioRjZfaex/gePD0gOXTxpsq5Yj4GNglrBb8I2BAJVODGajiFnXBu7mCPatfjsu6IHCrsTyeDXzF6Bv283dGymzxh6ydJRvZsryDyZbLTE7rhnus50qGPMfp2wASFlzEgMW9z1ef/RD8XzaFYgm7iTdaXpXaG4+BiYyolBug/gYNx410cvkKR2/nPwBiT+P4hIiOAQqGp/TywZBtDh1yCF2KOd0gpiMZ5jSw3e29mTvmUHzkVQiMS6td7vXUaWOMZnYZlF3So2SjHnwh4jYFxdgpkHHqIrH/54SNdshoQgWYEvccTKe7FS709/5t6NMxuGhcUGAPOQipvWTT4dShyqio7mlsl5noTrb++x6En749zCpQVhDpbV6GDnTbcX2e8K9QaNWHp91eBdCRxthuL0=";
    const ECHO: &str =
        "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==";
    const REPLY: &str = "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGsL8GqxlhZgURnAtObvesEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeOA/uu+2IEvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1vWwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiKzHo3";

    fn vendor() -> Cipher {
        let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        Cipher::parse(key, "wx2c2769f8efd9abc2").expect("a key")
    }

    fn wechatpy() -> Cipher {
        let key = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR";
        Cipher::parse(key, "wx49f0ab532d5d035a").expect("a key")
    }

    #[test]
    fn the_sample_of_the_platform_is_read() {
        let signed = sign(&["spamtest", "1409735669", "1320562132", VENDOR]);
        assert_eq!(signed, "5d197aaffba7e9b25a30732f161a50dee96bd5fa");
        let plain = vendor().decrypt(VENDOR).expect("it is sealed for us");
        assert!(plain.contains("<Content><![CDATA[abcdteT]]></Content>"), "{plain}");
        assert!(plain.contains("<MsgId>6054768590064713728</MsgId>"), "{plain}");
    }

    #[test]
    fn the_vectors_of_wechatpy_are_read_and_written_byte_by_byte() {
        let plain = wechatpy().decrypt(SEALED).expect("it is sealed for us");
        assert!(plain.contains("<Content><![CDATA[test]]></Content>"), "{plain}");
        assert_eq!(wechatpy().decrypt(ECHO).as_deref(), Ok("5927782489442352469"));
        let reply = "<xml>\n<MsgType><![CDATA[text]]></MsgType>\n\
            <Content><![CDATA[test]]></Content>\n\
            <FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>\n\
            <ToUserName><![CDATA[messense]]></ToUserName>\n<AgentID>1</AgentID>\n\
            <CreateTime>1411525903</CreateTime>\n</xml>";
        assert_eq!(wechatpy().encrypt(reply, *b"1234567890123456"), REPLY);
        let signed = sign(&["123456", "1411525903", "461056294", REPLY]);
        assert_eq!(signed, "407518b7649e86ef23978113f92d27afa9296533");
    }

    #[test]
    fn what_is_not_sealed_for_us_is_refused() {
        let other = Cipher { app_id: "wx0000000000000000".into(), ..vendor() };
        assert_eq!(other.decrypt(VENDOR), Err(Fault::App));
        assert_eq!(wechatpy().decrypt(VENDOR), Err(Fault::Key));
        let longer = Cipher { app_id: String::new(), ..vendor() };
        assert_eq!(longer.decrypt(VENDOR), Err(Fault::App));
        for text in ["", "AAAA", "é", "AAAA BBBB", &VENDOR[..VENDOR.len() - 4]] {
            assert!(vendor().decrypt(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_43_letters_and_digits_are_a_key() {
        let good = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        for bad in ["", &good[1..], &format!("{good}="), &good.replace('a', "+")] {
            assert!(Cipher::parse(bad, "wx").is_none(), "{bad}");
        }
        assert!(!format!("{:?}", vendor()).contains("97"), "the key is not shown");
    }

    proptest! {
        #[test]
        fn every_message_comes_back(message in ".{0,300}", random: [u8; 16]) {
            let sealed = vendor().encrypt(&message, random);
            prop_assert_eq!(vendor().decrypt(&sealed), Ok(message));
        }

        #[test]
        fn damaged_texts_are_refused_without_harm(at in 0..VENDOR.len(), with in "[A-Za-z0-9+/]") {
            let mut text = VENDOR.to_owned();
            text.replace_range(at..=at, &with);
            let _ = vendor().decrypt(&text);
        }
    }
}
