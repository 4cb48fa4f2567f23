//! Mentions, profiles, and tokens in URLs.

use crate::marked::{check, check_clean};
use consentry_deid::FindingKind::{Handle, UrlCredentials};

#[test]
fn mentions() {
    check(
        Handle,
        &[
            "thanks @«grace_b», that works",
            "as @«grace» said, and @«gracehopper»!",
            "@«grace» can you look at this?",
            "cc @«GraceB».",
            "ask @«Grace_99» about it",
            r#"{"text":"\n@«grace», hi"}"#,
        ],
    );
    check_clean(&[
        "@property\ndef name(self):",
        "@app.route('/x')\n@pytest.fixture\n@Override\n@dataclass(frozen=True)",
        "npm i @scope/package react@latest @types/node",
        "use the @Injectable decorator or the @click handler",
        "@media (max-width: 10px) and @param name the name",
        "@name = 1 and x = @name and (@a, @b) and @x(1)",
        "user@host and @2x and @ and @a",
        " * @see other, // @ts-ignore",
        "the @grace decorator and @inbounds for i",
        "@everyone @here please, @latest is fine",
    ]);
}

#[test]
fn profiles() {
    check(
        Handle,
        &[
            "https://github.com/«graceb» and https://github.com/«graceb»/.",
            "https://www.linkedin.com/in/«grace-b-1234»/details",
            "https://de.linkedin.com/in/«grace-b»",
            "twitter.com/«graceb»/status/123, x.com/«graceb»",
            "https://instagram.com/«grace.b»?hl=en",
            "https://www.tiktok.com/@«graceb» (https://medium.com/@«graceb»/a-story)",
            "https://t.me/«graceb»",
            "https://www.reddit.com/user/«graceb»",
        ],
    );
    check_clean(&[
        "https://github.com/rust-lang/rust and github.com/serde-rs/serde/issues/1",
        "https://github.com/features https://twitter.com/home https://www.facebook.com/profile.php?id=1",
        "https://example.com/graceb https://notgithub.com/graceb my-github.com/graceb",
        "https://linkedin.com/company/x https://reddit.com/r/rust https://github.com/ ",
        "https://github.com/your-username",
    ]);
}

#[test]
fn tokens_in_urls() {
    check(
        UrlCredentials,
        &[
            "https://corp.io/x?access_token=«q7Zr2Kx9WmB4tYc8»&y=1",
            "https://corp.io/x?a=1&sig=«q7Zr2Kx9WmB4%2BYc8%3D»",
            "https://corp.io/#id_token=«q7Zr2Kx9WmB4»",
            r#"{"u":"https://corp.io/x?a=1\u0026api_key=«q7Zr2Kx9WmB4»"}"#,
            "https://b.corp.io/o?X-Amz-Date=20250101T000000Z&X-Amz-Signature=«0f1e2d3c4b5a69788796a5b4c3d2e1f0».",
            "http://10.x/?user=a&amp;password=«hunter2»",
        ],
    );
    check_clean(&[
        "https://corp.io/x?token=short1 https://corp.io/?page=12345678 https://corp.io/?session=current",
        "https://corp.io/?access_token=${TOKEN}&api_key={api_key_12345}&token=your_token_1234",
        "https://corp.io/?q=token=q7Zr2Kx9WmB4",
        "https://corp.io/?password=",
    ]);
}
