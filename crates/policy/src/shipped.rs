//! The policy sets that come with Consentry.

use crate::problem::{LoadError, Problem};
use crate::schema::list;
use crate::sources::Sources;

/// A set by the name of its folder in `policies/`, with the names and texts of its files. Without a
/// list, the files are those that most sets consist of.
macro_rules! set {
    ($folder:literal) => {
        set!($folder:
            "access.cedar",
            "never.cedar",
            "provisions.toml",
            "retain.cedar",
            "schema.cedarschema",
            "set.toml",
            "tests/cases.toml",
            "unknown.cedar",
            "use.cedar",
        )
    };
    ($folder:literal: $($name:literal),+ $(,)?) => {
        ($folder, &[$((
            $name,
            include_str!(concat!("../../../policies/", $folder, "/", $name)),
        )),+])
    };
}

type Files = &'static [(&'static str, &'static str)];

/// What products' own terms say, the reference first.
const PRODUCTS: &[(&str, Files)] = &[
    set!("claude-consumer":
        "access.cedar",
        "never.cedar",
        "provisions.toml",
        "retain.cedar",
        "schema.cedarschema",
        "set.toml",
        "tests/access.toml",
        "tests/retain.toml",
        "tests/use.toml",
        "use.cedar",
    ),
    set!("chatgpt"),
    set!("gemini"),
    set!("meta-ai"),
    set!("grok"),
    set!("mistral"),
    set!("perplexity"),
    set!("github-copilot"),
    set!("microsoft-copilot"),
];

/// What articles tell of a product.
const ARTICLES: &[(&str, Files)] = &[
    set!("claude-article-help"),
    set!("claude-article-explainer"),
    set!("claude-article-monitor"),
    set!("claude-article-guide"),
    set!("claude-article-news"),
];

impl Sources {
    /// The ids of the sets that come with Consentry: the reference first, then those of products, then
    /// what articles tell of one of them.
    pub fn shipped_ids() -> impl Iterator<Item = &'static str> {
        PRODUCTS.iter().chain(ARTICLES).map(|(id, _)| *id)
    }

    /// The ids of those of them that implement products' own terms.
    pub fn shipped_products() -> impl Iterator<Item = &'static str> {
        PRODUCTS.iter().map(|(id, _)| *id)
    }

    /// The files of a set that comes with Consentry.
    ///
    /// # Errors
    ///
    /// When there is no set of that id.
    pub fn shipped(id: &str) -> Result<Self, LoadError> {
        let found = PRODUCTS.iter().chain(ARTICLES).find(|(known, _)| *known == id);
        found.map(|(_, files)| Self::new(files.iter().copied())).ok_or_else(|| {
            let known: Vec<_> = Self::shipped_ids().collect();
            let message = format!("no policy set `{id}` comes with Consentry");
            let help = format!("there is {}; for a set of your own, give its folder", list(&known));
            let problem = Problem::error("set::unknown", message).help(help);
            LoadError { problems: vec![problem] }
        })
    }
}
