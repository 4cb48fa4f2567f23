//! The files of a policy set as texts with names, and the hash over them.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of a policy set: texts by name, in the bytewise order of their names.
///
/// A name is the path inside the set's folder with `/` between its parts, such as
/// `tests/train.toml`. Whoever reads a folder passes every file of it whose name and folders do not
/// begin with a dot; [`crate::PolicySet::load`] refuses names that it does not know, so that a
/// misspelled file of forbids is not silently left out.
///
/// # Example
///
/// ```
/// use consentry_policy::Sources;
/// let sources = Sources::new([("set.toml", "id = \"mine\"\n"), ("b.cedar", ""), ("a.cedar", "")]);
/// let names: Vec<_> = sources.iter().map(|(name, _)| name).collect();
/// assert_eq!(names, ["a.cedar", "b.cedar", "set.toml"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: BTreeMap<Arc<str>, Arc<str>>,
}

impl Sources {
    /// Collects files as (name, text). Of two with the same name the later one counts.
    pub fn new<N: AsRef<str>, T: AsRef<str>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        let files = files
            .into_iter()
            .map(|(name, text)| (Arc::from(name.as_ref()), Arc::from(text.as_ref())))
            .collect();
        Self { files }
    }

    /// The files as (name, text), in the bytewise order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + '_ {
        self.files.iter().map(|(name, text)| (name.as_ref(), text.as_ref()))
    }

    /// The text of the file with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(AsRef::as_ref)
    }

    /// The hash of the set: SHA-256 in lower-case hexadecimal, over one line a file in the order of
    /// the names: the SHA-256 of the file's text, two spaces, its name, a line feed.
    ///
    /// Those lines are what `sha256sum` prints, so that anyone can recompute the hash in the set's
    /// folder: `find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum`. Every change of any
    /// file changes it, comments and test cases included.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut all = Sha256::new();
        for (name, text) in self.iter() {
            all.update(hex::encode(Sha256::digest(text)));
            all.update("  ");
            all.update(name);
            all.update("\n");
        }
        hex::encode(all.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_sha256sum() {
        // printf 'x\n' > a.cedar; printf 'y\n' > tests-b; sha256sum a.cedar tests-b | sha256sum
        let sources = Sources::new([("tests-b", "y\n"), ("a.cedar", "x\n")]);
        assert_eq!(
            sources.hash(),
            "ec0b1bb18672d2f6012f0d9ad21de4fde2cf4c912d6fbc7cf23ebb6c709c4594"
        );
    }

    #[test]
    fn names_and_texts_do_not_run_into_each_other() {
        let one = Sources::new([("a", "bc"), ("d", "")]);
        let other = Sources::new([("a", "b"), ("d", "c")]);
        let renamed = Sources::new([("a", "bc"), ("e", "")]);
        assert_ne!(one.hash(), other.hash());
        assert_ne!(one.hash(), renamed.hash());
        assert_ne!(one.hash(), Sources::new([("a", "bc")]).hash());
    }
}
