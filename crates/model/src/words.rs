//! The closed word lists of the history format. Each word has one spelling, the one that is
//! written in a history and seen by policies.

use serde::{Deserialize, Serialize};

/// Declares a closed list: an enum, its spellings, and the way back from a spelling.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word of the list, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The spelling used in histories and policies.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The word with this spelling; `None` for anything outside the list.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What an account pays for.
    Plan {
        /// Consumer.
        Free = "free",
        /// Consumer.
        Pro = "pro",
        /// Consumer.
        Max = "max",
        /// Commercial.
        Team = "team",
        /// Commercial.
        Enterprise = "enterprise",
        /// Commercial.
        Work = "work",
        /// Commercial.
        Gov = "gov",
        /// Commercial.
        Education = "education",
        /// Commercial: the developers' interface.
        Api = "api",
    }
}

words! {
    /// The product surface on which a conversation took place.
    Surface {
        /// A chat.
        Chat = "chat",
        /// A coding session.
        Code = "code",
        /// The browser extension.
        Browser = "browser",
        /// The developers' interface.
        Api = "api",
    }
}

words! {
    /// Who a message speaks for. Independent of the origin of its parts.
    Role {
        /// The person.
        User = "user",
        /// The model.
        Assistant = "assistant",
        /// Instructions and notices of the product.
        System = "system",
        /// The answer of a tool.
        Tool = "tool",
    }
}

words! {
    /// The kind of a part.
    Kind {
        /// Written text.
        Text = "text",
        /// The model's reasoning.
        Thinking = "thinking",
        /// The model calls a tool; the text holds the arguments.
        ToolCall = "tool_call",
        /// What a tool answered.
        ToolResult = "tool_result",
        /// A file that was attached.
        Attachment = "attachment",
        /// A picture.
        Image = "image",
        /// A writing style that the person chose.
        Style = "style",
        /// Preferences that the person set.
        Preferences = "preferences",
    }
}

words! {
    /// Where the content of a part comes from. Decides what the terms say about it.
    Origin {
        /// Typed or pasted by the person.
        User = "user",
        /// Written by the model.
        Assistant = "assistant",
        /// Written by the product.
        System = "system",
        /// The answer of a built-in tool.
        Tool = "tool",
        /// A file that the person attached.
        File = "file",
        /// Seen by the provider's own browser extension.
        Browser = "browser",
        /// Brought in by a connector or an MCP server.
        Connector = "connector",
    }
}

words! {
    /// How a person rated an answer.
    Rating {
        /// A good answer.
        Up = "up",
        /// A bad answer.
        Down = "down",
    }
}

words! {
    /// Where a choice was made.
    Via {
        /// While signing up.
        Signup = "signup",
        /// In a notice.
        Notice = "notice",
        /// In the settings.
        Settings = "settings",
        /// By a program.
        Api = "api",
    }
}

words! {
    /// A data subject's request.
    RequestKind {
        /// To see the data.
        Access = "access",
        /// To receive the data.
        Export = "export",
        /// To have the data erased.
        Erasure = "erasure",
        /// To object to a use.
        Objection = "objection",
    }
}

words! {
    /// A programme that an account can join; joining is an explicit choice of its own.
    Programme {
        /// Consumer accounts that test unreleased models.
        TrustedTester = "trusted-tester",
        /// API customers that share their data.
        DevelopmentPartner = "development-partner",
    }
}

words! {
    /// Which store holds a part. The two are never mixed in one dataset.
    Store {
        /// The conversations themselves.
        Conversation = "conversation",
        /// Copies made when feedback was given.
        Feedback = "feedback",
    }
}

words! {
    /// What a legal hold is placed on.
    HoldSubject {
        /// Everything of an account.
        Account = "account",
        /// One conversation.
        Conversation = "conversation",
    }
}

impl Plan {
    /// Whether the plan is one of the consumer plans: `free`, `pro`, `max`.
    #[must_use]
    pub const fn is_consumer(self) -> bool {
        matches!(self, Self::Free | Self::Pro | Self::Max)
    }

    /// Whether the plan is one of the commercial plans: every plan that is not a consumer plan.
    #[must_use]
    pub const fn is_commercial(self) -> bool {
        !self.is_consumer()
    }
}

/// The purpose whose choice governs training. Purposes are otherwise free words.
pub const MODEL_IMPROVEMENT: &str = "model-improvement";
