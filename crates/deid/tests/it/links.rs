//! Mentions, profiles, and tokens in URLs.

use crate::marked::{check, check_clean};
use consentry_deid::FindingKind::{Email, Handle, UrlCredentials};
use consentry_deid::{Engine, Scope};

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

#[test]
fn users_of_urls_leave_the_host_alone() {
    check(
        Handle,
        &[
            "git clone https://«anna»@github.com/org/repo",
            "https://«anna.meier»@bitbucket.org/org/repo.git.",
            "postgres://«grace_b»@db.corp.io/app and ftp://«grace»@ftp.corp.io",
            "https://«grace»@corp.io",
        ],
    );
    check(
        UrlCredentials,
        &[
            "SENTRY_DSN=https://«3f2c9b1d7a64e5f08b9c1d2e3f4a5b6c»@o123.ingest.sentry.io/456",
            "dsn: \"https://«q7Zr2Kx9WmB4tYc8LpV3»@errors.corp.io/3\"",
            "init('http://«3f2c9b1d7a64e5f08b9c1d2e3f4a5b6c»@10.x:9000/3')",
        ],
    );
    check(UrlCredentials, &["postgres://«token:CYJDB3cD3QGqIpT8»@db.corp.io/app"]);
    check_clean(&[
        "ssh://git@github.com/org/repo.git https://oauth2@corp.io/x ftp://anonymous@ftp.corp.io",
        "postgres://postgres@db.corp.io/app https://user@corp.io https://username@corp.io",
        "https://$USER@corp.io https://<user>@corp.io https://{user}@corp.io",
    ]);
    check(Email, &["mailto://«grace@corp.io» xmpp://«grace@corp.io» https://x.io/«grace@corp.io»"]);
}

#[test]
fn what_stands_for_the_user_of_a_url_is_left_alone() {
    for url in [
        "https://grace@corp.io/x",
        "https://3f2c9b1d7a64e5f08b9c1d2e3f4a5b6c@o1.ingest.sentry.io/4",
    ] {
        let (_, host) = url.split_once('@').unwrap();
        let mut scope = Scope::new([3; 32]);
        let once = Engine::structured().redact(url, &mut scope).text.into_owned();
        assert!(once != url && once.ends_with(host), "{once}");
        assert_eq!(Engine::structured().redact(&once, &mut scope).text, once);
    }
}
