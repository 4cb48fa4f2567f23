//! Signed notes as C2SP specifies them (`signed-note`), with Ed25519.
//!
//! A note is text that ends in a line feed, an empty line, and one signature line:
//! `— NAME BASE64(key hash ‖ signature)`. A verifier key is `NAME+HASH+BASE64(1 ‖ public key)`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The algorithm byte of Ed25519.
const ED25519: u8 = 1;
/// How a signature line begins: an em dash and a space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";

/// Signs notes.
#[derive(Clone)]
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Checks notes of one signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

/// Why a note or key is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a key name.
    #[error("`{0}` is not a key name: it must not be empty or hold spaces or `+`")]
    Name(String),
    /// Not a verifier key.
    #[error("expected a verifier key `NAME+HASH+KEY`, found `{0}`")]
    VerifierKey(String),
    /// Not a note with one signature, written exactly as specified.
    #[error("the note is not a text, an empty line and one signature line")]
    Malformed,
    /// Signed by somebody else.
    #[error("signed by `{0}`, who is not trusted here; give the key with --key if you trust it")]
    UnknownSigner(String),
    /// The signature does not fit the text.
    #[error("the signature does not fit the text: the note was changed after it was signed")]
    Signature,
}

fn check_name(name: &str) -> Result<(), NoteError> {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
        return Err(NoteError::Name(name.to_owned()));
    }
    Ok(())
}

fn key_hash(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize();
    digest.first_chunk().copied().unwrap_or_default()
}

impl Signer {
    /// A signer with this name and secret.
    ///
    /// # Errors
    ///
    /// When `name` is empty or holds white space or `+`.
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(secret) })
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The note with its signature. A line feed is added to a text that does not end in one.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let mut text = text.to_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let mut signature = key_hash(&self.name, &self.key.verifying_key()).to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        let encoded = STANDARD.encode(signature);
        format!("{text}\n{SIGNATURE_PREFIX}{} {encoded}\n", self.name)
    }
}

impl Verifier {
    /// Reads a verifier key.
    ///
    /// # Errors
    ///
    /// When the text is not one, or its hash does not fit its name and key.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let wrong = || NoteError::VerifierKey(text.chars().take(120).collect());
        let mut fields = text.trim().splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (fields.next(), fields.next(), fields.next())
        else {
            return Err(wrong());
        };
        check_name(name)?;
        let decoded = STANDARD.decode(key).map_err(|_| wrong())?;
        let (algorithm, key) = decoded.split_first().ok_or_else(wrong)?;
        let key = <[u8; 32]>::try_from(key).map_err(|_| wrong())?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| wrong())?;
        if *algorithm != ED25519 || hash != crate::hex(&key_hash(name, &key)) {
            return Err(wrong());
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// Checks a note and returns its text. The note must be byte for byte as [`Signer::sign`]
    /// writes it.
    ///
    /// # Errors
    ///
    /// [`NoteError`], saying which of the conditions does not hold.
    pub fn verify<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, signer, signature) = split(note)?;
        let (hash, signature) = signature.split_first_chunk::<4>().ok_or(NoteError::Malformed)?;
        if signer != self.name || *hash != key_hash(&self.name, &self.key) {
            return Err(NoteError::UnknownSigner(signer.to_owned()));
        }
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::Malformed)?;
        self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Signature)?;
        Ok(text)
    }
}

impl std::fmt::Display for Verifier {
    /// The verifier key as text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        let hash = crate::hex(&key_hash(&self.name, &self.key));
        write!(f, "{}+{hash}+{}", self.name, STANDARD.encode(key))
    }
}

/// The text, the signer's name and the bytes of the signature line.
fn split(note: &str) -> Result<(&str, &str, Vec<u8>), NoteError> {
    let at = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, signatures) = note.split_at_checked(at + 1).ok_or(NoteError::Malformed)?;
    let line = signatures
        .strip_prefix('\n')
        .and_then(|rest| rest.strip_suffix('\n'))
        .and_then(|line| line.strip_prefix(SIGNATURE_PREFIX))
        .filter(|line| !line.contains('\n'))
        .ok_or(NoteError::Malformed)?;
    let (name, encoded) = line.split_once(' ').ok_or(NoteError::Malformed)?;
    let signature = STANDARD.decode(encoded).map_err(|_| NoteError::Malformed)?;
    Ok((text, name, signature))
}

/// The name of the note's signer, without checking anything.
///
/// # Errors
///
/// When the text is not a note.
pub fn signer_name(note: &str) -> Result<&str, NoteError> {
    split(note).map(|(_, name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_accepted_from_its_signer_only() {
        let signer = Signer::new("here", &[1; 32]).unwrap();
        let other = Signer::new("here", &[2; 32]).unwrap();
        let note = signer.sign("claims\n");
        assert_eq!(signer.verifier().verify(&note), Ok("claims\n"));
        assert!(matches!(other.verifier().verify(&note), Err(NoteError::UnknownSigner(_))));
        assert!(Signer::new("a b", &[1; 32]).is_err());
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let signer = Signer::new("here", &[1; 32]).unwrap();
        let note = signer.sign("claims\nmore\n");
        for byte in 0..note.len() {
            for bit in 0..8 {
                let mut changed = note.clone().into_bytes();
                changed[byte] ^= 1 << bit;
                if let Ok(changed) = String::from_utf8(changed) {
                    assert!(signer.verifier().verify(&changed).is_err(), "byte {byte} bit {bit}");
                }
            }
        }
    }

    #[test]
    fn a_verifier_key_is_read_back() {
        let verifier = Signer::new("here", &[1; 32]).unwrap().verifier();
        assert_eq!(Verifier::parse(&verifier.to_string()), Ok(verifier.clone()));
        let other_name = verifier.to_string().replace("here", "there");
        assert!(Verifier::parse(&other_name).is_err());
    }

    /// The example key of the specification of signed notes.
    #[test]
    fn reads_a_key_that_others_made() {
        let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(Verifier::parse(key).unwrap().to_string(), key);
        let note = "If you think cryptography is the answer to your problem,\n\
            then you don't know what your problem is.\n\n\
            \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        Verifier::parse(key).unwrap().verify(note).unwrap();
    }
}
