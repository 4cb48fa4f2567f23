//! E-mail addresses, telephone numbers and home folders.

use crate::marked::{check, check_clean};
use consentry_deid::FindingKind::{Email, Handle, Phone};

#[test]
fn email_addresses() {
    check(
        Email,
        &[
            "Write to «grace.b@corp.io».",
            "«Grace.B+lists@Mail.Corp.IO», please",
            "<«grace@corp.io»>",
            "mailto:«grace@corp.io»?subject=hi",
            "«grace@corp.io»,«b@corp.io»;«c_d@corp.co.uk»",
            "«o'neil@corp.io» and '«neil@corp.io»'",
            "Ends a sentence: «grace@corp.io».",
            "No space after it: «grace@corp.io».Please reply",
            "«grace@example.com» may hold a real name",
            "«root@db.internal» on the private network",
            "«1.2.3@corp.io»",
            "...«grace@corp.io»...",
            "«grace@xn--mller-kva.de»",
        ],
    );
}

#[test]
fn email_addresses_in_any_script() {
    check(
        Email,
        &[
            "«björn@müller.de»",
            "пишите на «почта@пример.рф»!",
            "我的邮箱是«zhang@corp.cn»谢谢",
            "이메일은 «kim@corp.kr»로 보내세요",
            "メールは«sato@corp.jp»です。",
            "«用户@例子.公司»",
        ],
    );
}

#[test]
fn email_addresses_behind_escapes() {
    check(
        Email,
        &[
            r#"{"a":"first\n«grace@corp.io»\nlast"}"#,
            r#"{"a":"\\n«grace@corp.io»"}"#,
            r#"{"a":"\u003c«grace@corp.io»\u003e"}"#,
            "?to=%20«grace@corp.io»&x=1",
            r"\t«grace@corp.io»",
        ],
    );
}

#[test]
fn what_is_no_email_address() {
    check_clean(&[
        "git@forge.io:owner/repository.git",
        "npm install react@18.2.0 left-pad@latest",
        "logo@2x.png and logo@3x.jpg.webp",
        "@scope/package @handle",
        "user@localhost, user@host",
        "y = weights@inputs.sum()",
        "this@Activity.context",
        "a@b@c",
        "grace@corp..io",
        "grace.@corp.io",
        "@corp.io",
        "grace@",
        "grace @ corp.io",
        "x@y.notasuffix",
    ]);
    let too_long = format!("{}@corp.io", "a".repeat(65));
    check_clean(&[too_long.as_str()]);
}

#[test]
fn telephone_numbers_with_a_country_code() {
    check(
        Phone,
        &[
            "«+44 20 7946 0958»",
            "«+44 (0)20 7946 0958»",
            "«+49-30-901820», «+49 (30) 901820»",
            "«+33 6 12 34 56 78» ou «+33612345678»",
            "«+1 415 555 0134», «+14155550134», «+1 (415) 555-0134»",
            "tel:«+1-415-555-0134»",
            "wa «(+351) 912 345 678»",
            "«+86 138 0013 8000»。",
            "«0049 30 901820», «00 44 20 7946 0958»",
            "from «001-415-555-0134» on",
            "«+44 7700 900123» 2 people",
            r#"{"phone":"\n«+4930901820»"}"#,
        ],
    );
}

#[test]
fn telephone_numbers_in_national_forms() {
    check(
        Phone,
        &[
            "«415-555-0134», «(415) 555-0134», «(415)555-0134», «415.555.0134»",
            "«1-800-555-0134» «415 555 0134»",
            "«415-555-0134 ext. 22» «415-555-0134x22» «(415) 555-0134 #7»",
            "«415-555-0134»-home",
            "2024 «415-555-0134»",
            "«891-338-6737» has an area that is not assigned",
            "«06 12 34 56 78» «06.12.34.56.78»",
            "«020 7946 0958» «0171 1234567» «(020) 7946 0958»",
            "«03-1234-5678» «090-1234-5678» «06-12345678»",
            "«(85) 5986-8343»",
        ],
    );
}

#[test]
fn telephone_numbers_that_are_announced() {
    check(
        Phone,
        &[
            "call me on «4155550134»",
            r#"{"tel": "«0203 940 1234»"}, {"tel": «4155550134»}"#,
            r#"{"phone": «4915112345678»}, {'phone': '«4915112345678»'}"#,
            "phone=«8613800138000»",
            "My number is «98765 43210».",
            "手机：«13800138000»",
            "телефон «912 345-67-89»",
            "You can call «785 8949»",
            "«9885 1152» office",
            "You can call «33 93 31».",
            "phone: «12-345 678 90»",
            "not answering at «25-62-29-72»",
        ],
    );
}

#[test]
fn what_is_no_telephone_number() {
    check_clean(&[
        "1700000000 and 1700000000123 are timestamps",
        "phone_created: 1700000000123",
        "phone: 9991234567890",
        r#"{"hotel": "2039401"}"#,
        "2024-01-02 03:04:05, 02.01.2024 10:30, 12/31/2024",
        "11:02 2026-01-21-b923a398",
        "id 4155550134 of 98765 43210",
        "550e8400-e29b-41d4-a716-446655440000",
        "3f2c9b1d7a64e5f08b9c1d2e3f4a5b6c7d8e9f00",
        "pi is 3.14159265358979",
        "1 234 567 users and 12 345 678 views",
        "01 02 03 04 05 06",
        "-415-555-0134 and 415-555-0134-99",
        "/orders/415-555-0134/lines",
        "ISBN 978-0-306-40615-7",
        "+0530 and +02:00 and +12 points",
        "+210 123 4567 has no country",
        "call sleep(1000000) me 5000000",
        "version 120.0.6099.109",
        "$415-555-0134",
        "100 200 3000",
        "call me on 12.03.85 or 12-03-85",
        "33 93 31",
        "0044 0532 0130 0021",
        "tel: 12345",
    ]);
}

#[test]
fn names_of_home_folders() {
    check(
        Handle,
        &[
            "/home/«grace»/src/main.rs and /home/«grace»",
            "/Users/«grace.b»/Library",
            r"C:\Users\«Grace»\Desktop and C:\\Users\\«Grace»\\Desktop",
            r"C:\Users\«Grace Bee»\Desktop",
            r"in C:\Users\«grace» of mine",
            "C:/Users/«grace»/x, /c/Users/«grace»/x, /mnt/c/Users/«grace»/x",
            "file:///home/«grace»/x",
            "/export/home/«grace»",
            "cd /home/«grace».",
            r#"{"cwd":"\n/Users/«grace»\n"}"#,
            "~/.claude/projects/-Users-«grace»-work-cli/x.jsonl",
            "/home/«grâce»/x",
        ],
    );
}

#[test]
fn what_is_no_name_of_a_home_folder() {
    check_clean(&[
        "/home/user/x, /Users/Shared/x, /home/ubuntu, /home/<name>/x, /home/$USER/x",
        "https://shop.io/home/products/1",
        "./home/grace, src-/home/grace, x/home/grace",
        "/home/ and /Users/",
        "/home/1234/x",
        "the-Users-table",
    ]);
}
